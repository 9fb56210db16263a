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

/** The words of a rule that are no properties. Only `none` has one form. */
const RULE_WORDS = ["all", "none", "authenticated"];

/**
 * Finds the word of a rule that is meant by what would be a property, if that is the word in another form, or with a letter
 * left out, doubled or in its neighbour's place: nobody has such a property, so that everybody would be locked out. What
 * has another letter in it is a word of its own, as `node` and `call` are.
 *
 * @param name What stands in the rule.
 * @returns `all`, `none` or `authenticated`; `undefined` for these, and for what may be a property.
 */
export function misspeltRule(name: string): string | undefined {
  const written = name.toLowerCase();
  return RULE_WORDS.find((word) => written === word ? word === "none" && name !== word : isSlip(written, word));
}

/** Whether a slip of the fingers makes one of the other; the first letter is seldom the one that is left out. */
function isSlip(written: string, word: string): boolean {
  for (let i = 0; i < word.length; i++) {
    const [before, letter, after] = [word.slice(0, i), word[i]!, word.slice(i + 1)];
    if (i > 0 && written === before + after) return true;
    if (written === before + letter + letter + after) return true;
    if (written === before + after.slice(0, 1) + letter + after.slice(1)) return true;
  }
  return false;
}
