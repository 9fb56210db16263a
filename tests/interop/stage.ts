/**
 * What a case has: a client of DIRAC's, and what can be asked of it.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Dirac, Result, Told } from "./dirac.ts";
import type { Callers, COMPONENTS, Way } from "./lab.ts";
import type { Dict, PythonValue } from "./values.ts";

/**
 * Services as the cases see them: `Lab` tells `new`, `connected`, `message`, `pushed` and `dropped`, as `LabHandler`
 * does; only administrators may connect to `Guarded`; `Small` has room for few.
 */
export interface Services {
  /** Whose they are. */
  readonly kind: "dirac" | "holdfast";
  /** Where one can be reached. */
  url(component: Component): string;
  next(event: string, fits?: (told: Told) => boolean): Promise<Told>;
}

/** What follows `Tests/` in their names. */
export type Component = (typeof COMPONENTS)[number];

/** What a case has. */
export class Stage {
  readonly way: Way;
  readonly process: Dirac;
  readonly services: Services;
  readonly callers: Callers;
  /** The case's client. */
  readonly client: string;
  #isOpen = false;

  constructor(way: Way, process: Dirac, services: Services, callers: Callers, client: string) {
    this.way = way;
    this.process = process;
    this.services = services;
    this.callers = callers;
    this.client = client;
  }

  /** Opens the client, for `Lab`: Alice in `lab_user` where there is TLS, unless told otherwise. */
  async open(options: Dict = this.usual, url: string = this.services.url("Lab")): Promise<void> {
    await this.process.order("open", { client: this.client, url, options });
    this.#isOpen = true;
    await this.process.order("rename", { client: this.client, name: this.client });
    for (const message of ["Pong", "Echoed", "Sampled", "Emptied", "Notice"]) await this.subscribe(message);
  }

  subscribe(message: string, answer: "ok" | "error" | "raise" = "ok"): Promise<unknown> {
    return this.process.order("subscribe", { client: this.client, message, answer });
  }

  connect(args: Dict = {}): Promise<Result> {
    return this.process.order<Result>("connect", { client: this.client, arguments: args });
  }

  /** Whom a client is, unless told otherwise. */
  get usual(): Dict {
    return this.way.protocol === "dips" ? this.callers.user : {};
  }

  /** Another client, in the same process. */
  another(): Stage {
    return new Stage(this.way, this.process, this.services, this.callers, `${this.client}'`);
  }

  /** Opens the client and connects it. */
  async connected(options?: Dict): Promise<void> {
    await this.open(options);
    ok(await this.connect());
    await this.heard("connected");
  }

  send(name: string, values: Dict, acknowledged = false): Promise<Result> {
    return this.process.order<Result>("send", { client: this.client, name, values, acknowledged });
  }

  call(method: string, args: readonly PythonValue[], component: Component = "Lab"): Promise<Result> {
    const call = { url: this.services.url(component), options: this.usual, method, arguments: args };
    return this.process.order<Result>("call", call);
  }

  async disconnect(): Promise<void> {
    if (this.#isOpen) await this.process.order("disconnect", { client: this.client });
  }

  /** The next event of this client's process about this client. */
  told(event: string): Promise<Told> {
    return this.process.next(event, (one) => one["client"] === this.client);
  }

  /** What the client's next message holds. */
  async message(name: string): Promise<PythonValue> {
    const told = await this.told("message");
    assert.equal(told["name"], name);
    return told["values"]!;
  }

  /** The next event of the service about this client's connection. */
  heard(event: "new" | "connected"): Promise<Told> {
    return this.services.next(event, (one) => one["identity"] === this.client);
  }
}

/** Expects success, and gives back what came of it. */
export function ok(result: Result): PythonValue {
  assert.ok(result.OK, `It failed: ${"Message" in result ? result.Message : ""}`);
  return result.Value;
}

/** The acknowledgement and the end of the connection are handled by two threads, and either may be first. */
export function acknowledged(result: Result): void {
  if (!result.OK) failed(result, "Connection closed by peer");
}

/** Expects failure, in these words. */
export function failed(result: Result, message: string): void {
  assert.ok(!result.OK, "It succeeded.");
  assert.ok(result.Message.includes(message), result.Message);
}
