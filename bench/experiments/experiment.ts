/**
 * What an experiment is given, and what it gives.
 *
 * @module
 */

import type { Built } from "../harness/build.ts";
import { CANDIDATES, isPeerName } from "../harness/candidates.ts";
import type { Runtime } from "../harness/runtimes.ts";
import type { Samples } from "../harness/samples.ts";

/** How much to measure. */
export interface Effort {
  /** How often everything starts anew. */
  readonly generations: number;
  /** How often each measures in each. */
  readonly rounds: number;
  /** How long one measurement lasts, in milliseconds. */
  readonly milliseconds: number;
  /** How often what should come at once is waited for. */
  readonly waits: number;
  /** How many connections there are in one that counts them, of a thousand. */
  readonly perMille: number;
  /** Over how long compiling is measured, for each size, in milliseconds. */
  readonly compiling: number;
}

/** What an experiment is given. */
export interface Laboratory {
  readonly built: Built;
  readonly runtimes: readonly Runtime[];
  /** Names of candidates. */
  readonly candidates: readonly string[];
  readonly effort: Effort;
  readonly samples: Samples;
  /** Whether a metric is wanted. */
  readonly wants: (metric: string) => boolean;
  /** Says how far it has come. */
  readonly say: (text: string) => void;
}

/** Measures one or more metrics, and adds them to the samples. */
export interface Experiment {
  /** Names, or those of families. */
  readonly metrics: readonly string[];
  /** Whether `--quick` has it. */
  readonly quick: boolean;
  run(laboratory: Laboratory): Promise<void>;
}

/** Those of the candidates that run on a runtime. */
export function candidatesOn(runtime: Runtime, { candidates }: Laboratory): readonly string[] {
  const cannot = (name: string) =>
    CANDIDATES.find((candidate) => name.split("@")[0] === candidate.name)?.cannot?.[runtime.name] !== undefined;
  return candidates.filter((name) => !cannot(name));
}

/** Holdfast and bare frames, of the candidates that run on a runtime. */
export function ownOn(runtime: Runtime, laboratory: Laboratory): readonly string[] {
  return candidatesOn(runtime, laboratory).filter((name) => !isPeerName(name));
}

/** Keeps in mind that a candidate did not get through. */
export function failed({ samples, say }: Laboratory, runtime: string, candidate: string, error: unknown): void {
  const text = error instanceof Error ? error.message : String(error);
  const why = text.split("\n").filter((line) => line.trim() !== "").slice(0, 3).join(" | ");
  say(`${candidate} failed on ${runtime}: ${text}`);
  const isKnown = samples.failures.some((one) => one.runtime === runtime && one.candidate === candidate);
  if (!isKnown) samples.failures.push({ runtime, candidate, why });
}
