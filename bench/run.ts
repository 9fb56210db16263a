/**
 * Measures Holdfast beside bare frames and its peers: `deno task bench`. See `README.md`.
 *
 * @module
 */

import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { ROOT } from "../tests/runtimes.ts";
import { type Arguments, BadUsage, readArguments, USAGE } from "./arguments.ts";
import { compare } from "./compare.ts";
import { allocationExperiment, printAllocators } from "./experiments/allocations.ts";
import { codecExperiment } from "./experiments/codec.ts";
import { compileExperiment } from "./experiments/compile.ts";
import { crowdExperiments } from "./experiments/crowd.ts";
import type { Experiment, Laboratory } from "./experiments/experiment.ts";
import { processesExperiment } from "./experiments/processes.ts";
import { stallExperiment } from "./experiments/stalls.ts";
import { steadyExperiments } from "./experiments/steady.ts";
import { buildAll } from "./harness/build.ts";
import { isPeerName } from "./harness/candidates.ts";
import { familyOf } from "./harness/metrics.ts";
import { installPackages } from "./harness/packages.ts";
import { RUNTIMES } from "./harness/runtimes.ts";
import { Samples } from "./harness/samples.ts";
import { judge } from "./report/goals.ts";
import { resultsText, writePlots } from "./report/results.ts";
import { goalTable, measuredMetrics, metricTable } from "./report/table.ts";

const EXPERIMENTS: readonly Experiment[] = [
  ...steadyExperiments,
  stallExperiment,
  allocationExperiment,
  ...crowdExperiments,
  processesExperiment,
  codecExperiment,
  compileExperiment,
];

// What has been made is taken away at the end, and the workers end with their input.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(1));
process.exitCode = await main();

async function main(): Promise<number> {
  try {
    const options = readArguments(process.argv.slice(2));
    if (options.help) console.log(USAGE);
    else if (options.against !== undefined) return await compare(options, measure);
    else if (options.from.length > 0) report(options, readResults(options.from), newest(options.from));
    else if (options.profile) await profile(options);
    else {
      const samples = await measureAll(options);
      report(options, samples, new Date());
      // A peer may fail: that is a result. Holdfast may not.
      return samples.failures.some(({ candidate }) => !isPeerName(candidate)) ? 1 : 0;
    }
    return 0;
  } catch (error) {
    if (!(error instanceof BadUsage)) throw error;
    console.error(error.message);
    return 2;
  }
}

function readResults(files: readonly string[]): Samples {
  const samples = new Samples();
  for (const file of files) samples.read(JSON.parse(readFileSync(file, "utf8")));
  return samples;
}

/** When the last of some files was written. */
function newest(files: readonly string[]): Date {
  return new Date(Math.max(...files.map((file) => statSync(file).mtimeMs)));
}

async function measureAll(options: Arguments): Promise<Samples> {
  const { candidates } = options;
  if (candidates.some(isPeerName)) installPackages();
  using built = await buildAll(candidates);
  return await measure(options, { built, candidates });
}

/** Runs all experiments that are asked for. */
async function measure(
  { effort, only, quick, runtimes }: Arguments,
  subject: Pick<Laboratory, "built" | "candidates">,
): Promise<Samples> {
  const samples = new Samples();
  // One of a family is measured with the others of it.
  const asked = new Set([...only, ...only.map(familyOf)]);
  const wants = (metric: string) => asked.size === 0 || asked.has(metric) || asked.has(familyOf(metric));
  const say = (text: string) => console.error(`# ${text}`);
  for (const experiment of EXPERIMENTS) {
    if (quick && !experiment.quick && only.length === 0 || !experiment.metrics.some(wants)) continue;
    await experiment.run({ ...subject, runtimes, effort, samples, wants, say });
  }
  return samples;
}

async function profile({ candidates, effort, runtimes }: Arguments): Promise<void> {
  using built = await buildAll(candidates);
  const laboratory = {
    built,
    candidates,
    effort,
    runtimes,
    samples: new Samples(),
    wants: () => true,
    say: console.error,
  };
  await printAllocators(laboratory);
}

function report({ json, plots, results }: Arguments, samples: Samples, date: Date): void {
  const rows = samples.rows();
  for (const metric of measuredMetrics(rows)) console.log(`${metricTable(metric, samples)}\n`);
  console.log(goalTable(judge(samples)));
  for (const { candidate, runtime, why } of samples.failures) console.log(`${candidate} on ${runtime} failed: ${why}`);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(rows)}\n`);
  if (plots !== undefined) writePlots(plots, samples);
  if (!results) return;
  writePlots(join(ROOT, "bench", "plots"), samples);
  writeFileSync(join(ROOT, "bench", "RESULTS.md"), resultsText(samples, RUNTIMES, date));
}
