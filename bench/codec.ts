/**
 * What it costs to write and to read a message's fields, beside what it costs the peers: nanoseconds, the median of
 * many rounds in which all take turns, and the range of the middle half; and how many times as fast as the fastest peer
 * Holdfast is, round by round.
 *
 *     deno run -A bench/codec.ts [--quick] [--runtime NAME] [--json FILE]
 *
 * @module
 */

import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "../tests/runtimes.ts";
import type { Measured } from "./codec/candidate.ts";
import { installPackages } from "./harness/packages.ts";
import { type Runtime, RUNTIMES, versionOf } from "./harness/runtimes.ts";
import { type Spread, spreadOf } from "./harness/statistics.ts";

/** One line of the JSON file. */
interface Row extends Spread {
  readonly metric: string;
  readonly runtime: string;
  readonly candidate: string;
  readonly unit: string;
}

/** How many times as fast as the fastest peer the codec that generates has to be. */
const GOALS: { readonly [metric: string]: number } = {
  "encode-ping": 2,
  "decode-ping": 1,
  "encode-record": 2,
  "decode-record": 1.1,
};

const HOLDFAST = "holdfast";

/** Runs the worker on a runtime. */
function measured(worker: string, runtime: Runtime, ...options: readonly string[]): readonly Measured[] {
  const [command, ...args] = runtime.command([]);
  const { status, stdout } = spawnSync(command, [...args, worker, ...options], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) throw new Error(`The measurement failed on ${runtime.name}.`);
  return JSON.parse(stdout);
}

/** Of the peers, the one with the least median. */
function fastestPeer(all: readonly Measured[]): Measured {
  const median = ({ samples }: Measured) => spreadOf(samples)!.value;
  return all.filter(({ candidate }) => !candidate.startsWith(HOLDFAST)).sort((a, b) => median(a) - median(b))[0]!;
}

/** Prints one metric, and gives its rows. */
function report(runtime: string, metric: string, all: readonly Measured[]): readonly Row[] {
  const rows = all.map(({ candidate, unit, samples }): Row => ({
    ...{ metric, runtime, candidate, unit },
    ...spreadOf(samples)!,
  }));
  console.log(`\n${metric}, ${runtime}`);
  for (const { candidate, value, low, high, unit } of rows) {
    const spread = low === high ? "" : `  [${low.toFixed(0)}, ${high.toFixed(0)}]`;
    console.log(`  ${candidate.padEnd(22)} ${value.toFixed(0).padStart(6)} ${unit}${spread}`);
  }
  const goal = GOALS[metric];
  if (goal === undefined) return rows;
  const fastest = fastestPeer(all);
  const own = all.find(({ candidate }) => candidate === HOLDFAST)!;
  const speed = spreadOf(own.samples.map((sample, round) => fastest.samples[round]! / sample))!;
  const { value, low, high } = speed;
  console.log(
    `  ${HOLDFAST} is ${value.toFixed(2)} [${low.toFixed(2)}, ${
      high.toFixed(2)
    }] times as fast as ${fastest.candidate}: `
      + `goal ${goal}, ${value >= goal ? "met" : "MISSED"}`,
  );
  return [...rows, {
    ...{ metric: `${metric}-speed`, runtime, candidate: HOLDFAST, unit: "of the fastest peer" },
    ...speed,
  }];
}

const { values: options } = parseArgs({
  options: { quick: { type: "boolean" }, runtime: { type: "string" }, json: { type: "string" } },
});
installPackages();
const worker = join(ROOT, "bench", "dist", "codec.mjs");
await build({
  absWorkingDir: ROOT,
  entryPoints: ["bench/codec/worker.ts"],
  outfile: worker,
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: ["avsc", "bebop", "msgpackr", "protobufjs"],
  logLevel: "warning",
});
const rows: Row[] = [];
for (const runtime of RUNTIMES.filter(({ name }) => options.runtime === undefined || options.runtime === name)) {
  const rounds = options.quick === true ? "25" : "151";
  const all = [...measured(worker, runtime, rounds), ...measured(worker, runtime, rounds, "interpreting")];
  const name = `${runtime.name} ${versionOf(runtime)}`;
  for (const metric of new Set(all.map(({ metric }) => metric))) {
    rows.push(...report(name, metric, all.filter((one) => one.metric === metric)));
  }
}
if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(rows, undefined, 2)}\n`);
