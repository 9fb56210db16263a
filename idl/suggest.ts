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

/** The words of a rule that are no properties, and how many slips away a property must be. Only `none` has one form. */
const RULE_WORDS: readonly (readonly [word: string, slips: number])[] = [["all", 1], ["none", 1], ["authenticated", 2]];

/**
 * Finds the word of a rule that is meant by what would be a property, if it is but a slip away: nobody has such a
 * property, so that everybody would be locked out.
 *
 * @param name What stands in the rule.
 * @returns `all`, `none` or `authenticated`; `undefined` for these, and for what may be a property.
 */
export function misspeltRule(name: string): string | undefined {
  if (name.length > MAX_LENGTH) return undefined;
  const written = name.toLowerCase();
  return RULE_WORDS.find(([word, slips]) => {
    if (word === (word === "none" ? name : written)) return false;
    return distance(written, word) <= slips;
  })?.[0];
}
