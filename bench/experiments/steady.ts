/**
 * What goes over connections that are there: all candidates run at once, and take turns.
 *
 * @module
 */

import type { Kind } from "../candidates/candidate.ts";
import { Pair } from "../harness/pair.ts";
import type { Runtime } from "../harness/runtimes.ts";
import { median } from "../harness/statistics.ts";
import { candidatesOn, type Experiment, failed, type Laboratory } from "./experiment.ts";

/** So many connections are opened one after the other for one measurement. */
const CONNECTS = 10;

/** One measurement; gives values by metric. */
interface Measure {
  readonly metrics: readonly string[];
  readonly quick: boolean;
  run(pair: Pair, milliseconds: number): Promise<Record<string, number>>;
}

/** Round trips: their rate, and what they cost both processes, in µs. */
async function exchange(pair: Pair, kind: Kind, lines: number, depth: number, milliseconds: number) {
  await pair.connect(kind, lines);
  const before = await pair.service.call("processorTime");
  const { count, time, all, processor } = await pair.client.call("exchange", kind, lines, depth, milliseconds);
  const served = await pair.service.call("processorTime") - before;
  return { rate: count * 1e6 / time, trip: time / count, cost: (processor + served) / all };
}

function flight(name: string, lines: number, depth: number): Measure {
  return {
    metrics: [`cpu-${name}`, `rate-${name}`],
    quick: name !== "1x64",
    async run(pair, milliseconds) {
      const { rate, cost } = await exchange(pair, "ping", lines, depth, milliseconds);
      return { [`cpu-${name}`]: cost, [`rate-${name}`]: rate };
    },
  };
}

function roundTrips(kind: Kind, depth: number): Measure {
  const metric = named("roundtrips-per-second", kind);
  return {
    metrics: kind === "ping" ? [metric, "cpu-per-round-trip"] : [metric],
    quick: kind === "ping",
    async run(pair, milliseconds) {
      const { rate, cost } = await exchange(pair, kind, 1, depth, milliseconds);
      return { [metric]: rate, ...kind === "ping" && { "cpu-per-round-trip": cost } };
    },
  };
}

function pushed(kind: Kind): Measure {
  const metric = named("pushed-per-second", kind);
  return {
    metrics: [metric],
    quick: kind === "ping",
    async run(pair, milliseconds) {
      await pair.connect(kind, 1);
      await pair.client.call("awaitPushed");
      const start = performance.now();
      const sent = await pair.service.call("push", kind, milliseconds);
      await pair.client.call("pushedAll", sent);
      return { [metric]: sent * 1000 / (performance.now() - start) };
    },
  };
}

function named(metric: string, kind: Kind): string {
  return kind === "ping" ? metric : `${metric}-${kind}`;
}

const MEASURES: readonly Measure[] = [
  roundTrips("ping", 1024),
  roundTrips("record", 1024),
  roundTrips("bytes", 16),
  pushed("ping"),
  pushed("record"),
  pushed("bytes"),
  {
    metrics: ["round-trip"],
    quick: true,
    run: async (pair, milliseconds) => ({ "round-trip": (await exchange(pair, "ping", 1, 1, milliseconds)).trip }),
  },
  flight("64x1", 64, 1),
  flight("1x8", 1, 8),
  flight("1x64", 1, 64),
  {
    metrics: ["connect"],
    quick: true,
    async run(pair) {
      const times = await pair.client.call("firstAnswers", "ping", await pair.serve("ping"), CONNECTS);
      return { connect: median(times) / 1000 };
    },
  },
];

/** See the module's text. */
export const steadyExperiments: readonly Experiment[] = [true, false].map((quick) => {
  const measures = MEASURES.filter((measure) => measure.quick === quick);
  return {
    metrics: measures.flatMap(({ metrics }) => metrics),
    quick,
    async run(laboratory) {
      const wanted = measures.filter(({ metrics }) => metrics.some(laboratory.wants));
      for (let generation = 0; generation < laboratory.effort.generations; generation++) {
        for (const runtime of laboratory.runtimes) await runGeneration(laboratory, wanted, runtime, generation);
      }
    },
  };
});

async function runGeneration(
  laboratory: Laboratory,
  measures: readonly Measure[],
  runtime: Runtime,
  generation: number,
): Promise<void> {
  const { built, effort, say } = laboratory;
  await using stack = new AsyncDisposableStack();
  const pairs = new Map(
    candidatesOn(runtime, laboratory).map((candidate) => {
      return [candidate, stack.use(new Pair({ built, candidate, service: runtime, client: runtime }))];
    }),
  );
  // The first round warms up.
  for (let round = -1; round < effort.rounds; round++) {
    say(`${runtime.name}, ${generation + 1} of ${effort.generations}, round ${round + 1} of ${effort.rounds}`);
    const number = round < 0 ? undefined : generation * effort.rounds + round;
    for (const measure of measures) await takeTurns(laboratory, measure, runtime, pairs, number);
  }
}

/** Lets each pair measure once. */
async function takeTurns(
  laboratory: Laboratory,
  { run }: Measure,
  { name }: Runtime,
  pairs: Map<string, Pair>,
  round: number | undefined,
): Promise<void> {
  const { effort, samples, wants } = laboratory;
  const entries = [...pairs];
  // In another order each time: who comes first may find the machine in another state.
  const first = (round ?? 0) % Math.max(1, entries.length);
  for (const [candidate, pair] of [...entries.slice(first), ...entries.slice(0, first)]) {
    try {
      const values = await run(pair, effort.milliseconds);
      if (round === undefined) continue;
      for (const [metric, value] of Object.entries(values)) {
        if (wants(metric)) samples.add(metric, name, candidate, round, value);
      }
    } catch (error) {
      pairs.delete(candidate);
      failed(laboratory, name, candidate, error);
    }
  }
}
