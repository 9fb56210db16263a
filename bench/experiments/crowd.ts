/**
 * Many connections: what an idle one costs the service in memory, how long one message to all of them takes, and what
 * many senders achieve together.
 *
 * @module
 */

import type { ClientSide, ServiceSide } from "../harness/commands.ts";
import { Pair } from "../harness/pair.ts";
import type { Runtime } from "../harness/runtimes.ts";
import { median } from "../harness/statistics.ts";
import { WorkerProcess } from "../harness/worker_process.ts";
import { type Experiment, failed, type Laboratory, ownOn } from "./experiment.ts";

/** So many connections are held by one process of clients. */
const PER_PROCESS = 2_500;

/** How often a message is broadcast for one measurement. */
const BROADCASTS = 3;

/** A service and many clients, in several processes. */
class Crowd implements AsyncDisposable {
  readonly service: WorkerProcess<ServiceSide>;
  readonly #clients: WorkerProcess<ClientSide>[] = [];
  readonly #start: () => WorkerProcess<ClientSide>;
  #port: number | undefined;

  constructor({ built }: Laboratory, runtime: Runtime, candidate: string) {
    const program = { ...built.program(candidate), runtime };
    this.service = new WorkerProcess({ ...program, role: "service" });
    this.#start = () => new WorkerProcess({ ...program, role: "client" });
  }

  /** Sees to it that there are so many connections. */
  async grow(total: number): Promise<void> {
    this.#port ??= await this.service.call("serve", "ping");
    for (let index = 0; index * PER_PROCESS < total; index++) {
      const client = this.#clients[index] ??= this.#start();
      await client.call("connect", "ping", this.#port, Math.min(PER_PROCESS, total - index * PER_PROCESS));
    }
  }

  /** Sends one message to all; how long it takes, in milliseconds. */
  async broadcast(): Promise<number> {
    const counts = await Promise.all(this.#clients.map(async (client) => {
      await client.call("awaitPushed");
      return await client.call("connected", "ping");
    }));
    const start = performance.now();
    const arrived = this.#clients.map((client, index) => client.call("pushedAll", counts[index]!));
    await Promise.all([this.service.call("broadcast", "ping"), ...arrived]);
    return performance.now() - start;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.service, ...this.#clients].map((worker) => worker[Symbol.asyncDispose]()));
  }
}

/** Runs something for each runtime and each of our own candidates, several times. */
async function forEach(
  laboratory: Laboratory,
  what: string,
  act: (runtime: Runtime, candidate: string, round: number) => Promise<void>,
): Promise<void> {
  for (let round = 0; round < laboratory.effort.generations; round++) {
    for (const runtime of laboratory.runtimes) {
      for (const candidate of ownOn(runtime, laboratory)) {
        laboratory.say(`${what}, ${runtime.name}, ${candidate}, ${round + 1} of ${laboratory.effort.generations}`);
        await act(runtime, candidate, round).catch((error) => failed(laboratory, runtime.name, candidate, error));
      }
    }
  }
}

const idle: Experiment = {
  metrics: ["idle-memory", "broadcast"],
  quick: false,
  async run(laboratory) {
    const { effort, samples } = laboratory;
    const [few, some, many] = [1, 2, 10].map((thousands) => thousands * effort.perMille) as [number, number, number];
    const differs = /^(holdfast|bare)(-node-tls)?(@|$)/;
    await forEach(laboratory, "idle connections", async (runtime, candidate, round) => {
      // A promise for each request makes no difference to who sends none.
      if (!differs.test(candidate)) return;
      const add = (metric: string, value: number) => samples.add(metric, runtime.name, candidate, round, value);
      await using crowd = new Crowd(laboratory, runtime, candidate);
      const before = await crowd.service.call("residentMemory");
      for (const size of [some, many]) {
        await crowd.grow(size);
        add(`idle-memory-${size}`, (await crowd.service.call("residentMemory") - before) / size);
      }
      await using fewer = new Crowd(laboratory, runtime, candidate);
      await fewer.grow(few);
      const times = { fewer: [] as number[], all: [] as number[] };
      for (let i = 0; i < BROADCASTS; i++) {
        times.fewer.push(await fewer.broadcast());
        times.all.push(await crowd.broadcast());
      }
      add(`broadcast-${few}`, median(times.fewer));
      add(`broadcast-${many}`, median(times.all));
    });
  },
};

const senders: Experiment = {
  metrics: ["told-per-second"],
  quick: false,
  async run(laboratory) {
    const { built, effort, samples } = laboratory;
    const sizes = [1, 10, 100, 1_000].map((size) => Math.ceil(size * effort.perMille / 1_000));
    await forEach(laboratory, "many senders", async (runtime, candidate, round) => {
      await using pair = new Pair({ built, candidate, service: runtime, client: runtime });
      await pair.connect("ping", Math.max(...sizes));
      for (const [index, lines] of [sizes[0]!, ...sizes].entries()) {
        const told = await pair.service.call("told", "ping");
        const start = performance.now();
        const sent = await pair.client.call("tell", "ping", lines, effort.milliseconds);
        await pair.service.call("toldAll", "ping", told + sent);
        const rate = sent * 1_000 / (performance.now() - start);
        // The first warms up.
        if (index > 0) samples.add(`told-per-second-${lines}`, runtime.name, candidate, round, rate);
      }
    });
  },
};

/** See the module's text. */
export const crowdExperiments: readonly Experiment[] = [idle, senders];
