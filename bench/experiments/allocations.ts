/**
 * How many bytes a round trip allocates, on V8: with so large a young generation that nothing is collected meanwhile, the
 * heap grows by what was allocated.
 *
 * @module
 */

import type { Allocator } from "../harness/commands.ts";
import { Pair } from "../harness/pair.ts";
import { isV8, type Runtime, RUNTIMES } from "../harness/runtimes.ts";
import { type Experiment, failed, type Laboratory, ownOn } from "./experiment.ts";

/** In MiB. */
const YOUNG = 512;
const V8_FLAGS = [`--min-semi-space-size=${YOUNG}`, `--max-semi-space-size=${YOUNG}`];

/** Short, so that what is allocated has room. In milliseconds. */
const MEASURED = 50;

const DEPTH = 1_024;

/** See the module's text. */
export const allocationExperiment: Experiment = {
  metrics: ["allocated-service", "allocated-client"],
  quick: false,
  async run(laboratory) {
    const { built, effort, runtimes, samples, say } = laboratory;
    for (let round = 0; round < effort.generations; round++) {
      for (const runtime of runtimes.filter(isV8)) {
        for (const candidate of ownOn(runtime, laboratory)) {
          say(`allocations, ${runtime.name}, ${candidate}, ${round + 1} of ${effort.generations}`);
          try {
            await using pair = new Pair({ built, candidate, service: runtime, client: runtime, v8Flags: V8_FLAGS });
            const [service, client] = await allocatedBy(pair, effort.milliseconds);
            samples.add("allocated-service", runtime.name, candidate, round, service);
            samples.add("allocated-client", runtime.name, candidate, round, client);
          } catch (error) {
            failed(laboratory, runtime.name, candidate, error);
          }
        }
      }
    }
  },
};

async function allocatedBy(pair: Pair, milliseconds: number): Promise<[service: number, client: number]> {
  const { sides } = pair;
  await pair.connect("ping", 1);
  await pair.client.call("exchange", "ping", 1, DEPTH, milliseconds);
  for (const side of sides) await side.call("collectGarbage");
  const before = await Promise.all(sides.map((side) => side.call("allocated")));
  const { all } = await pair.client.call("exchange", "ping", 1, DEPTH, Math.min(milliseconds, MEASURED));
  const after = await Promise.all(sides.map((side) => side.call("allocated")));
  return [(after[0]! - before[0]!) / all, (after[1]! - before[1]!) / all];
}

/** Who allocates what on Node: prints those who allocate most, by side, in bytes per round trip. */
export async function printAllocators({ built, candidates, effort }: Laboratory): Promise<void> {
  const node: Runtime | undefined = RUNTIMES.find(({ name }) => name === "node");
  if (node === undefined) throw new Error("Only Node's inspector tells who allocates, and there is no Node.");
  for (const candidate of candidates) {
    await using pair = new Pair({ built, candidate, service: node, client: node });
    const { sides } = pair;
    await pair.connect("ping", 1);
    await pair.client.call("exchange", "ping", 1, DEPTH, effort.milliseconds);
    for (const side of sides) await side.call("startSampling");
    const { all } = await pair.client.call("exchange", "ping", 1, DEPTH, effort.milliseconds);
    for (const side of sides) {
      const allocators: readonly Allocator[] = await side.call("stopSampling");
      console.log(`\n${candidate}, ${side === sides[0] ? "service" : "client"}: bytes per round trip, by function`);
      for (const { name, place, bytes } of allocators.slice(0, 20)) {
        console.log(`${(bytes / all).toFixed(1).padStart(8)}  ${name}  ${place}`);
      }
    }
  }
}
