/**
 * A service, clients in several processes, and a line of its own for each client.
 *
 * @module
 */

import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DevelopmentCertificate } from "../../compiler/certificate.ts";
import type { Limits } from "../../mod.ts";
import { Child } from "./child.ts";
import type { ClientsSettings } from "./clients.ts";
import type { Event } from "./control.ts";
import type { Accounts } from "./lab.ts";
import { Line } from "./proxy.ts";
import type { ServiceSettings } from "./service.ts";
import type { Load } from "./talker.ts";

/** A runtime's way to run the two programs. */
export interface Commands {
  readonly runtime: string;
  readonly service: readonly string[];
  readonly clients: readonly string[];
}

/** What a {@link Setup} is made with. */
export interface SetupOptions {
  /** Who runs the service. */
  readonly service: Commands;
  /** Who runs the clients: a process for each. */
  readonly clients: readonly Commands[];
  /** How many clients each process has. */
  readonly count: number;
  readonly certificate: DevelopmentCertificate;
  readonly limits: Partial<Limits>;
  /** Whether each process writes a journal that outlives it. */
  readonly journals: boolean;
}

/** See the module's text. */
export class Setup implements AsyncDisposable {
  readonly #options: SetupOptions;
  readonly #folder: string = mkdtempSync(join(tmpdir(), "holdfast-faults-"));
  #journals = 0;
  #port = 0;
  service!: Child;
  readonly clients: Child[] = [];
  /** By the clients' names. */
  readonly lines: Map<string, Line> = new Map();
  /** Hears what the clients say by themselves. */
  heard: (event: Event) => void = () => {};
  /** Processes that did not end by themselves when they had closed everything, and sessions that were left. */
  leaked = 0;

  private constructor(options: SetupOptions) {
    this.#options = options;
  }

  /** Starts all processes, and connects all clients. */
  static async start(options: SetupOptions): Promise<Setup> {
    const setup = new Setup(options);
    try {
      await setup.startService();
      await Promise.all(options.clients.map((commands, index) => setup.startClients(commands, index)));
      return setup;
    } catch (error) {
      await setup[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Starts the service, the first time or again, at the same port. */
  async startService(): Promise<void> {
    const { certificate: { cert, key }, limits, service } = this.#options;
    const settings: ServiceSettings = { port: this.#port, cert, key, limits, ...this.#journal() };
    const { child, ready } = await Child.start(service.service, settings);
    this.service = child;
    this.#port = ready["port"] as number;
  }

  /** Starts a process of clients. */
  async startClients(commands: Commands, index: number): Promise<Child> {
    const { certificate: { ca }, count, limits } = this.#options;
    const urls: Record<string, string> = {};
    for (let i = 1; i <= count; i++) {
      const name = `${commands.runtime}-${index}-${i}`;
      const line = await Line.open(this.#port);
      this.lines.set(name, line);
      urls[name] = `tls://localhost:${line.port}/Tests/Faults`;
    }
    const settings: ClientsSettings = { urls, ca, limits, ...this.#journal() };
    const { child } = await Child.start(commands.clients, settings);
    this.clients.push(child);
    child.heard = (event) => this.heard(event);
    await child.call("connect");
    return child;
  }

  /** Lets both sides talk. */
  async talk(load: Load): Promise<void> {
    await Promise.all([this.service, ...this.clients].map((child) => child.call("talk", load)));
  }

  /** Lets both sides end what they have to say, and waits until it has been handled. */
  async hush(): Promise<void> {
    await Promise.all([this.service, ...this.clients].map((child) => child.call("hush")));
  }

  /** The accounts of all processes that there are. */
  accounts(): Promise<Accounts[]> {
    return Promise.all([this.service, ...this.clients].map((child) => child.call<Accounts>("accounts")));
  }

  /** The journals of all processes that there were, in the order in which they began. */
  journals(): string[] {
    return readdirSync(this.#folder).sort().map((name) => readFileSync(join(this.#folder, name), "utf8"));
  }

  /** Closes all, and counts what is left. */
  async close(): Promise<void> {
    for (const child of this.clients) {
      if (!await child.close()) this.leaked++;
    }
    const { connections } = await this.service.call<{ connections: number }>("stats");
    this.leaked += connections;
    if (!await this.service.close()) this.leaked++;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.service, ...this.clients].map((child) => child?.kill()));
    for (const line of this.lines.values()) line.close();
    rmSync(this.#folder, { recursive: true });
  }

  #journal(): { journal?: string } {
    if (!this.#options.journals) return {};
    return { journal: join(this.#folder, `${String(++this.#journals).padStart(4, "0")}.txt`) };
  }
}
