/**
 * Results as Markdown tables, which can be read as they are, too.
 *
 * @module
 */

import { CANDIDATES, isPeerName } from "../harness/candidates.ts";
import { familyOf, metricNamed, METRICS } from "../harness/metrics.ts";
import { ratioOf, type Row, type Samples } from "../harness/samples.ts";
import type { Verdict } from "./goals.ts";
import { shown } from "./numbers.ts";

/** A table: titles, and rows of as many cells. Columns that begin with a number stand to the right. */
export function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = titles.map((title, column) => Math.max(title.length, 3, ...rows.map((row) => row[column]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`;
  return [line(titles), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** The names of all metrics that were measured, in the order of their list. */
export function measuredMetrics(rows: readonly Row[]): readonly string[] {
  const names = [...new Set(rows.map(({ metric }) => metric))];
  const place = (name: string) => METRICS.findIndex((metric) => metric.name === name || metric.name === familyOf(name));
  const size = (name: string) => Number(/\d+$/.exec(name)?.[0] ?? 0);
  return names.sort((one, other) => place(one) - place(other) || size(one) - size(other));
}

/** Where a candidate stands: as in the list, and those that are not in it behind. */
export function placeOf(candidate: string): number {
  const place = CANDIDATES.findIndex(({ name }) => name === candidate);
  if (place >= 0) return place;
  return isPeerName(candidate) ? CANDIDATES.length : 0.5;
}

/** A table of one metric. */
export function metricTable(metric: string, samples: Samples): string {
  const rows = samples.rows().filter((row) => row.metric === metric);
  const runtimes = [...new Set(rows.map(({ runtime }) => runtime))];
  const ratio = (row: Row, other: Row | undefined) => {
    const spread = other === undefined || other.candidate === row.candidate ? undefined : ratioOf(row, other);
    return spread === undefined ? "" : shown(spread.value);
  };
  const cells = runtimes.flatMap((runtime) => {
    const bare = samples.row(metric, runtime, "bare");
    const peer = samples.bestPeer(metric, runtime);
    const own = rows.filter((row) => row.runtime === runtime);
    return own.sort((one, other) => placeOf(one.candidate) - placeOf(other.candidate)).map((row) => {
      const { candidate, value, low, high } = row;
      return [runtime, candidate, shown(value), `${shown(low)} to ${shown(high)}`, ratio(row, bare), ratio(row, peer)];
    });
  });
  const { title, unit } = metricNamed(metric)!;
  const heading = `### ${metric}\n\n${title[0]!.toUpperCase()}${title.slice(1)}.\n\n`;
  return heading + table(["runtime", "candidate", unit, "middle half", "of bare", "of the best peer"], cells);
}

/** A table of the goals. */
export function goalTable(verdicts: readonly Verdict[]): string {
  const cells = verdicts.map(({ goal, runtime, measured, met }) => [goal, runtime, measured, met ? "met" : "MISSED"]);
  return table(["goal", "runtime", "measured", ""], cells);
}
