/**
 * What Holdfast is to reach, and whether it has.
 *
 * @module
 */

import { familyOf } from "../harness/metrics.ts";
import { ratioOf, type Row, type Samples } from "../harness/samples.ts";
import type { Spread } from "../harness/statistics.ts";
import { shown } from "./numbers.ts";

/** A goal, on one runtime, and what was measured. */
export interface Verdict {
  readonly goal: string;
  readonly runtime: string;
  readonly measured: string;
  readonly met: boolean;
}

/** A bound on a ratio. */
interface RatioGoal {
  readonly metric: string;
  readonly versus: "bare" | "peer";
  readonly least?: number;
  readonly most?: number;
  /** Which of Holdfast's ways; messages unless said otherwise. */
  readonly candidate?: string;
  /** Which bare frames. */
  readonly reference?: (runtime: string) => string;
}

/** Of a service on the same transport as Holdfast's: on Deno that is `node:tls`, since Deno's own holds answers back. */
const likeHoldfast = (runtime: string) => runtime === "deno" ? "bare-node-tls" : "bare";
const withPromises = (runtime: string) => `${likeHoldfast(runtime)}-promise`;

const RATIOS: readonly RatioGoal[] = [
  { metric: "roundtrips-per-second", versus: "bare", least: 0.4 },
  { metric: "roundtrips-per-second", versus: "peer", least: 8 },
  { metric: "pushed-per-second", versus: "peer", least: 6 },
  { metric: "roundtrips-per-second-record", versus: "peer", least: 2 },
  { metric: "pushed-per-second-record", versus: "peer", least: 2 },
  { metric: "roundtrips-per-second-bytes", versus: "peer", least: 2 },
  { metric: "roundtrips-per-second-bytes", versus: "bare", least: 0.9 },
  { metric: "pushed-per-second-bytes", versus: "peer", least: 2 },
  { metric: "pushed-per-second-bytes", versus: "bare", least: 0.9 },
  { metric: "round-trip", versus: "bare", most: 1.15 },
  { metric: "cpu-64x1", versus: "bare", most: 1.2, candidate: "holdfast-request", reference: withPromises },
  { metric: "cpu-1x8", versus: "bare", most: 1.2, candidate: "holdfast-request", reference: withPromises },
  { metric: "connect", versus: "bare", most: 1.3, reference: likeHoldfast },
  { metric: "cpu-per-round-trip", versus: "bare", most: 3 },
  { metric: "encode-record", versus: "peer", most: 1 / 2 },
  { metric: "decode-record", versus: "peer", most: 1 / 1.1 },
  { metric: "encode-ping", versus: "peer", most: 1 / 2 },
  { metric: "decode-ping", versus: "peer", most: 1 },
  { metric: "idle-memory", versus: "bare", most: 1.25 },
];

/** What waits for so long, in ms, was held back. */
const STALL = 38;

/** How much more the largest size may cost than its share, where time should grow linearly. */
const LINEAR = 2;

/** All goals of which something was measured. */
export function judge(samples: Samples): readonly Verdict[] {
  const rows = samples.rows();
  return [
    ...RATIOS.flatMap((goal) => judgeRatio(goal, rows, samples)),
    ...judgeStalls(rows),
    ...judgeSeed(rows, samples),
    ...judgeSenders(rows),
    ...judgeProcesses(rows),
    ...judgeGrowth(rows),
  ];
}

function judgeRatio(goal: RatioGoal, rows: readonly Row[], samples: Samples): readonly Verdict[] {
  const { metric, versus, least = -Infinity, most = Infinity, candidate = "holdfast", reference } = goal;
  const own = rows.filter((row) =>
    (row.metric === metric || familyOf(row.metric) === metric) && row.candidate === candidate
  );
  return own.flatMap((row) => {
    const other = versus === "peer"
      ? samples.bestPeer(row.metric, row.runtime)
      : samples.row(row.metric, row.runtime, reference?.(row.runtime) ?? "bare");
    const ratio = other === undefined ? undefined : ratioOf(row, other);
    if (ratio === undefined) return [];
    const bound = goal.least === undefined ? `at most ${shown(most)}` : `at least ${shown(least)}`;
    const met = ratio.value >= least && ratio.value <= most;
    const measured = `${ratioText(ratio)} of ${other!.candidate}`;
    return [{ goal: `${row.metric}: ${bound} of ${versus}`, runtime: row.runtime, measured, met }];
  });
}

/** A ratio and its spread. */
export function ratioText({ value, low, high }: Spread): string {
  return `${shown(value)} (${shown(low)} to ${shown(high)})`;
}

function judgeStalls(rows: readonly Row[]): readonly Verdict[] {
  return rows.filter((row) => row.metric === "stall" && row.candidate === "holdfast").map(({ runtime, value }) => ({
    goal: "stall: none of 40 ms",
    runtime,
    measured: `${shown(value)} ms`,
    met: value < STALL,
  }));
}

/** What stable connections were made for: a call over one that is there, against one for each call. */
function judgeSeed(rows: readonly Row[], samples: Samples): readonly Verdict[] {
  return rows.filter((row) => row.metric === "connect" && row.candidate === "holdfast").flatMap((row) => {
    const call = samples.row("round-trip", row.runtime, "holdfast");
    if (call === undefined) return [];
    const factor = row.value * 1_000 / call.value;
    return [{
      goal: "a call on the stable connection, against a connection for each",
      runtime: row.runtime,
      measured: `${shown(factor)} times as fast`,
      met: factor > 1,
    }];
  });
}

/** Rows of a family of Holdfast's, by runtime, by size. */
function familyRows(rows: readonly Row[], family: string): readonly (readonly Row[])[] {
  const own = rows.filter((row) => familyOf(row.metric) === family && row.candidate === "holdfast");
  const size = ({ metric }: Row) => Number(metric.slice(family.length + 1));
  const runtimes = [...new Set(own.map(({ runtime }) => runtime))];
  return runtimes.map((runtime) =>
    own.filter((row) => row.runtime === runtime).sort((one, other) => size(one) - size(other))
  );
}

function judgeSenders(rows: readonly Row[]): readonly Verdict[] {
  return familyRows(rows, "told-per-second").map((sizes) => {
    const rates = sizes.map(({ value }) => value);
    const share = Math.min(...rates) / Math.max(...rates);
    const measured = `the least is ${shown(share)} of the best`;
    return {
      goal: "told-per-second: from 1 to 1,000 clients within 0.7 of the best",
      runtime: sizes[0]!.runtime,
      measured,
      met: share >= 0.7,
    };
  });
}

function judgeProcesses(rows: readonly Row[]): readonly Verdict[] {
  return familyRows(rows, "shared-port").filter((sizes) => sizes.length > 1).map((sizes) => {
    const factor = sizes.at(-1)!.value / sizes[0]!.value;
    return {
      goal: "two processes on one port, against one",
      runtime: sizes[0]!.runtime,
      measured: `${shown(factor)} times as much`,
      met: factor > 1,
    };
  });
}

function judgeGrowth(rows: readonly Row[]): readonly Verdict[] {
  const judgeFamily = (family: string, perItem: boolean) =>
    familyRows(rows, family).filter((sizes) => sizes.length > 1).map((sizes) => {
      const [first, last] = [sizes[0]!, sizes.at(-1)!];
      const [few, many] = [first, last].map(({ metric }) => Number(metric.slice(family.length + 1))) as [
        number,
        number,
      ];
      const factor = last.value / first.value / (perItem ? 1 : many / few);
      return {
        goal: `${family}: linear from ${few} to ${many}`,
        runtime: first.runtime,
        measured: `${shown(factor)} times its share`,
        met: factor <= LINEAR,
      };
    });
  return [...judgeFamily("broadcast", false), ...judgeFamily("compile", true)];
}
