/**
 * Where the random tests begin. Each run takes another seed and prints it; `HOLDFAST_SEED` repeats a run, and
 * `HOLDFAST_RUNS` makes it so many times as long.
 *
 * @module
 */

import process from "node:process";

/** From which all random choices of this run follow. */
export const SEED: number = wholeNumber("HOLDFAST_SEED") ?? crypto.getRandomValues(new Int32Array(1))[0]!;

/**
 * What fast-check is to do.
 *
 * @param what What is tested: it stands beside the printed seed.
 * @param usual How many runs there are where the environment does not ask for more.
 */
export function seeded(what: string, usual: number): { readonly seed: number; readonly numRuns: number } {
  const numRuns = usual * (wholeNumber("HOLDFAST_RUNS") ?? 1);
  console.log(`${what}: ${numRuns} runs; HOLDFAST_SEED=${SEED} repeats them`);
  return { seed: SEED, numRuns };
}

function wholeNumber(variable: string): number | undefined {
  const text = process.env[variable];
  if (text === undefined || text === "") return undefined;
  const number = Number(text);
  if (Number.isSafeInteger(number)) return number;
  throw new Error(`${variable} is ${JSON.stringify(text)}: a whole number is expected.`);
}
