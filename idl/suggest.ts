/**
 * Guesses what a misspelt name was meant to be.
 *
 * @module
 */

import { distance } from "fastest-levenshtein";

/** Longer names are not compared: comparing takes time that grows with the square of their length. */
const MAX_LENGTH = 64;

/**
 * Finds the candidate that is nearest to a name.
 *
 * @param name The name that is not known.
 * @param candidates The names that are.
 * @returns A hint, if one is so near that it may have been meant.
 */
export function suggest(name: string, candidates: Iterable<string>): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  // About one slip for every three letters; two letters that changed places count as two.
  let least = name.length < 4 ? 1 : Math.max(2, Math.floor(name.length / 3));
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) > least) continue;
    const far = distance(wanted, candidate.toLowerCase());
    if (far > least || (far === least && nearest !== undefined)) continue;
    nearest = candidate;
    least = far;
  }
  return nearest === undefined ? undefined : `Did you mean \`${nearest}\`?`;
}
