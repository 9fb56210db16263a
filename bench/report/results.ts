/**
 * `bench/RESULTS.md`, with a plot for each metric beside it.
 *
 * @module
 */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { cpus, totalmem, type as system } from "node:os";
import { join } from "node:path";
import { NOT_SHARED } from "../experiments/processes.ts";
import { CANDIDATES } from "../harness/candidates.ts";
import { packages } from "../harness/packages.ts";
import { type Runtime, versionOf } from "../harness/runtimes.ts";
import type { Samples } from "../harness/samples.ts";
import { judge } from "./goals.ts";
import { plot } from "./plot.ts";
import { goalTable, measuredMetrics, metricTable } from "./table.ts";

/** Writes the plots of all metrics. */
export function writePlots(folder: string, samples: Samples): void {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const rows = samples.rows();
  for (const metric of measuredMetrics(rows)) {
    const drawn = rows.filter((row) => row.metric === metric && row.value > 0);
    if (drawn.length > 0) writeFileSync(join(folder, `${metric}.svg`), plot(metric, drawn));
  }
}

/** Makes the text of `RESULTS.md`. */
export function resultsText(samples: Samples, runtimes: readonly Runtime[], date: Date): string {
  const rows = samples.rows();
  const [processor] = cpus();
  const machine = `${cpus().length} processors (${processor?.model ?? "unknown"}), ${
    Math.round(totalmem() / 2 ** 30)
  } GiB, ${system()}`;
  const versions = [
    ...runtimes.map((runtime) => `${runtime.name} ${versionOf(runtime)}`),
    ...packages().filter(([name]) => !name.startsWith("@types/")).map(([name, version]) => `${name} ${version}`),
  ];
  const cannot = CANDIDATES.flatMap(({ name, cannot = {} }) =>
    Object.entries(cannot).map(([runtime, why]) => `- ${name} on ${runtime}: ${why}.`)
  );
  const failures = samples.failures.map(({ candidate, runtime, why }) => `- ${candidate} on ${runtime} failed: ${why}`);
  return `# Results

Made by \`deno task bench --results\`: change nothing here. How to read it, and what is measured, is in
[README.md](README.md).

- Date: ${date.toISOString().slice(0, 10)}
- Machine: ${machine}
- Versions: ${versions.join(", ")}

Each number is a median; "middle half" is the range between the quartiles. Ratios are medians of the ratios of each round,
in which all take turns.

## Goals

${goalTable(judge(samples))}

Why goals are missed, and what would have to change: [MISSED.md](MISSED.md).

## Not measured

${[...cannot, `- shared-port on node: ${NOT_SHARED}.`, ...failures].join("\n")}

## Measurements

${
    measuredMetrics(rows).map((metric) => `${metricTable(metric, samples)}\n\n![${metric}](plots/${metric}.svg)`).join(
      "\n\n",
    )
  }
`;
}
