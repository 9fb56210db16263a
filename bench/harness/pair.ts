/**
 * A candidate under measurement: the process of its service, and one of its clients.
 *
 * @module
 */

import type { Kind } from "../candidates/candidate.ts";
import type { Built } from "./build.ts";
import type { ClientSide, Common, ServiceSide } from "./commands.ts";
import type { Runtime } from "./runtimes.ts";
import { WorkerProcess } from "./worker_process.ts";

/** What a pair is started with. */
export interface PairOptions {
  readonly built: Built;
  /** The candidate's name. */
  readonly candidate: string;
  readonly service: Runtime;
  readonly client: Runtime;
  readonly v8Flags?: readonly string[];
}

/** Two processes that talk. */
export class Pair implements AsyncDisposable {
  readonly service: WorkerProcess<ServiceSide>;
  readonly client: WorkerProcess<ClientSide>;
  readonly #ports = new Map<Kind, number>();

  constructor({ built, candidate, service, client, v8Flags = [] }: PairOptions) {
    const program = { ...built.program(candidate), v8Flags };
    this.service = new WorkerProcess({ ...program, role: "service", runtime: service });
    this.client = new WorkerProcess({ ...program, role: "client", runtime: client });
  }

  /** Both, for commands that both obey: first the service. */
  get sides(): readonly [WorkerProcess<Common>, WorkerProcess<Common>] {
    return [this.service, this.client];
  }

  /** Starts the service of a kind, if there is none yet; gives back its port. */
  async serve(kind: Kind): Promise<number> {
    const port = this.#ports.get(kind) ?? await this.service.call("serve", kind);
    this.#ports.set(kind, port);
    return port;
  }

  /** Sees to it that there are so many connections of a kind. */
  async connect(kind: Kind, lines: number): Promise<void> {
    const isNew = !this.#ports.has(kind);
    await this.client.call("connect", kind, await this.serve(kind), lines);
    if (isNew) await this.client.call("verify", kind);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.service[Symbol.asyncDispose](), this.client[Symbol.asyncDispose]()]);
  }
}
