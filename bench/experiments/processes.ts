/**
 * What a second process on the same port is good for, where handlers have work to do. Where they have none, clients take as
 * much of the machine as the service: on two processors, nothing is left for another process.
 *
 * @module
 */

import type { ClientSide, ServiceSide } from "../harness/commands.ts";
import type { Runtime } from "../harness/runtimes.ts";
import { WorkerProcess } from "../harness/worker_process.ts";
import { candidatesOn, type Experiment, failed, type Laboratory } from "./experiment.ts";

/** Why there is nothing of Node. */
export const NOT_SHARED = "Node 20 can't share a port among processes";

/** How many processes serve. */
const SIZES = [1, 2];

/** Over so many connections, which the system spreads over the processes, each with so many in flight. */
const LINES = 64;
const DEPTH = 4;

/** What a handler has to do: some 50 µs. */
const WORK = 50_000;

/** Some processes that serve on one port, and one of clients. */
class Team implements AsyncDisposable {
  readonly #services: readonly WorkerProcess<ServiceSide>[];
  readonly #client: WorkerProcess<ClientSide>;

  constructor({ built }: Laboratory, runtime: Runtime, candidate: string, size: number) {
    const program = { ...built.program(candidate), runtime };
    this.#services = Array.from(
      { length: size },
      () => new WorkerProcess<ServiceSide>({ ...program, role: "service" }),
    );
    this.#client = new WorkerProcess({ ...program, role: "client" });
  }

  async start(): Promise<void> {
    let sharedPort = 0;
    for (const service of this.#services) sharedPort = await service.call("serve", "ping", { sharedPort, work: WORK });
    await this.#client.call("connect", "ping", sharedPort, LINES);
    await this.#client.call("verify", "ping");
  }

  /** Round trips per second. */
  async rate(milliseconds: number): Promise<number> {
    const { count, time } = await this.#client.call("exchange", "ping", LINES, DEPTH, milliseconds);
    return count * 1e6 / time;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#client, ...this.#services].map((worker) => worker[Symbol.asyncDispose]()));
  }
}

/** See the module's text. */
export const processesExperiment: Experiment = {
  metrics: ["shared-port"],
  quick: false,
  async run(laboratory) {
    const { effort, runtimes, say } = laboratory;
    for (let generation = 0; generation < effort.generations; generation++) {
      for (const runtime of runtimes) {
        if (runtime.name === "node") continue;
        for (const candidate of candidatesOn(runtime, laboratory).filter((name) => /^holdfast(@|$)/.test(name))) {
          say(`processes on one port, ${runtime.name}, ${candidate}, ${generation + 1} of ${effort.generations}`);
          await compare(laboratory, runtime, candidate, generation)
            .catch((error) => failed(laboratory, runtime.name, candidate, error));
        }
      }
    }
  },
};

/** Lets one process, and several, take turns. */
async function compare(laboratory: Laboratory, runtime: Runtime, candidate: string, generation: number): Promise<void> {
  const { effort, samples } = laboratory;
  await using stack = new AsyncDisposableStack();
  const teams = SIZES.map((size) => ({ size, team: stack.use(new Team(laboratory, runtime, candidate, size)) }));
  for (const { team } of teams) await team.start();
  // The first round warms up.
  for (let round = -1; round < effort.rounds; round++) {
    for (const { size, team } of teams) {
      const rate = await team.rate(effort.milliseconds);
      if (round < 0) continue;
      samples.add(`shared-port-${size}`, runtime.name, candidate, generation * effort.rounds + round, rate);
    }
  }
}
