/**
 * The command line of the bench.
 *
 * @module
 */

import { parseArgs } from "node:util";
import type { Effort } from "./experiments/experiment.ts";
import { CANDIDATES } from "./harness/candidates.ts";
import { metricNamed, METRICS } from "./harness/metrics.ts";
import { type Runtime, RUNTIMES } from "./harness/runtimes.ts";

/** What is to be done. */
export interface Arguments {
  readonly help: boolean;
  readonly quick: boolean;
  readonly effort: Effort;
  readonly runtimes: readonly Runtime[];
  /** Names of candidates. */
  readonly candidates: readonly string[];
  /** Names of metrics or families; empty for all. */
  readonly only: readonly string[];
  readonly json: string | undefined;
  readonly plots: string | undefined;
  readonly results: boolean;
  /** Files to report on instead of measuring. */
  readonly from: readonly string[];
  readonly profile: boolean;
  /** A revision to compare with. */
  readonly against: string | undefined;
  readonly threshold: number;
}

/** A command line that can't be obeyed. */
export class BadUsage extends Error {}

const FULL: Effort = { generations: 3, rounds: 3, milliseconds: 500, waits: 20, perMille: 1_000, compiling: 2_000 };
const QUICK: Effort = { generations: 1, rounds: 3, milliseconds: 200, waits: 20, perMille: 1_000, compiling: 500 };
/** Just enough to see that all of it works. */
const SMOKE: Effort = { generations: 1, rounds: 1, milliseconds: 5, waits: 2, perMille: 10, compiling: 1 };

/** How many peers `--quick` has. */
const QUICK_PEERS = 2;

/** How much slower this tree may be than another revision. */
const DEFAULT_THRESHOLD = 0.85;

/** What `--help` prints. */
export const USAGE: string = `deno task bench [OPTIONS]

  --quick              Holdfast, bare frames and the two fastest peers, and the metrics that say most: within 3 minutes
  --only METRIC        only this one, or this family; may be repeated
  --runtime NAME       only deno, bun or node; may be repeated
  --candidate NAME     only this one; may be repeated, or be a list with commas
  --generations N      start everything anew so often: ${FULL.generations}, and ${QUICK.generations} with --quick; fewer take less time, and resolve less
  --json FILE          write the results to a file
  --plots FOLDER       write an SVG plot for each metric
  --results            write bench/RESULTS.md and bench/plots/
  --from FILE          do not measure, but report on what --json has written; may be repeated, for more rounds or other metrics
  --against REVISION   compare with another revision of Holdfast: ends with 1 if this tree is slower
  --threshold RATIO    with --against: how slow is too slow; ${DEFAULT_THRESHOLD}
  --profile            print who allocates on the hot path, on Node
  --smoke              measure next to nothing, to see that it works

Metrics: ${METRICS.map(({ name }) => name).join(", ")}
Candidates: ${CANDIDATES.map(({ name }) => name).join(", ")}`;

const OPTIONS = {
  help: { type: "boolean", short: "h" },
  quick: { type: "boolean" },
  smoke: { type: "boolean" },
  only: { type: "string", multiple: true },
  runtime: { type: "string", multiple: true },
  candidate: { type: "string", multiple: true },
  generations: { type: "string" },
  json: { type: "string" },
  plots: { type: "string" },
  results: { type: "boolean" },
  from: { type: "string", multiple: true },
  profile: { type: "boolean" },
  against: { type: "string" },
  threshold: { type: "string" },
} as const;

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new BadUsage(`${(error as Error).message}\n${USAGE}`);
  }
}

/** Reads a command line. */
export function readArguments(args: readonly string[]): Arguments {
  const values = parse(args);
  const { quick = false, smoke = false, against, profile = false } = values;
  const only = list(values.only);
  for (const name of only) {
    if (metricNamed(name) === undefined) throw new BadUsage(`There is no metric ${name}.\n${USAGE}`);
  }
  const threshold = Number(values.threshold ?? DEFAULT_THRESHOLD);
  if (!(threshold > 0)) throw new BadUsage("--threshold is a number above 0.");
  const effort = smoke ? SMOKE : quick ? QUICK : FULL;
  const generations = Number(values.generations ?? effort.generations);
  if (!Number.isInteger(generations) || generations < 1) throw new BadUsage("--generations is a whole number above 0.");
  const chosen = list(values.candidate);
  const isOwnOnly = against !== undefined || profile || smoke;
  const preset = isOwnOnly ? CANDIDATES.filter(({ name }) => name === "holdfast" || name === "bare" && !profile) : quick
    ? quickCandidates()
    : CANDIDATES;
  return {
    help: values.help ?? false,
    quick: quick || against !== undefined,
    effort: { ...effort, generations },
    runtimes: choose("runtime", RUNTIMES, list(values.runtime), RUNTIMES),
    candidates: choose("candidate", CANDIDATES, chosen, preset).map(({ name }) => name),
    only,
    json: values.json,
    plots: values.plots,
    results: values.results ?? false,
    from: values.from ?? [],
    profile,
    against,
    threshold,
  };
}

function list(values: readonly string[] = []): readonly string[] {
  return values.flatMap((value) => value.split(","));
}

function choose<T extends { readonly name: string }>(
  what: string,
  all: readonly T[],
  names: readonly string[],
  preset: readonly T[],
): readonly T[] {
  if (names.length === 0) return preset;
  return names.map((name) => {
    const found = all.find((one) => one.name === name);
    if (found === undefined) {
      throw new BadUsage(`There is no ${what} ${name}, but ${all.map(({ name }) => name).join(", ")}.`);
    }
    return found;
  });
}

function quickCandidates(): readonly (typeof CANDIDATES)[number][] {
  const peers = CANDIDATES.filter(({ file }) => file.startsWith("peers/"));
  return CANDIDATES.filter((candidate) => !peers.includes(candidate) || peers.indexOf(candidate) < QUICK_PEERS);
}
