/**
 * The patterns of strings: RE2's syntax, run by an engine whose time grows linearly with the text. A definition may come
 * from a peer, and so may the text: neither may take memory or time out of proportion.
 *
 * - A pattern's text and its compiled program are bounded. What it would compile to is estimated first, since
 *   `(abc){1000}` is short and its program is not.
 * - The engine keeps the states it has seen; what one pattern may keep is bounded too.
 *
 * @module
 */

import { RE2JS } from "re2js";

/** How long a pattern's text may be, in UTF-16 code units. */
const MAX_LENGTH = 1_000;
/** How many instructions a pattern may compile to. */
const MAX_PROGRAM = 1_000;
/** How many instructions it may seem to compile to before it is tried. */
const MAX_ESTIMATE = 20_000;
/** The most that RE2 lets nested repetitions multiply to. */
const MAX_REPETITION = 1_000;
/** How many bytes of states the engine may keep for one pattern. */
const MAX_STATES = 256 * 1024;

/** What the language writes otherwise, or can't write: line ends and other control characters, and an escaped slash. */
// deno-lint-ignore no-control-regex
const UNWRITABLE = /[\x00-\x1f\x7f-\x9f\u2028\u2029]/;

/** A compiled pattern. */
export interface Pattern {
  /** Whether the whole of a text matches. */
  matches(text: string): boolean;
}

/**
 * Says what is wrong with a pattern.
 *
 * @param text The pattern, without the slashes around it; a slash in it stands for itself.
 * @returns The problem in plain words; `undefined` if there is none.
 */
export function patternProblem(text: string): string | undefined {
  const compiled = compile(text);
  return typeof compiled === "string" ? compiled : undefined;
}

/**
 * Compiles a pattern.
 *
 * @param text A pattern in which {@link patternProblem} finds nothing.
 * @returns The compiled pattern, to be kept by the caller.
 * @throws {RangeError} If there is a problem after all.
 */
export function compilePattern(text: string): Pattern {
  const compiled = compile(text);
  if (typeof compiled === "string") throw new RangeError(compiled);
  return compiled;
}

function compile(text: string): RE2JS | string {
  if (text.length > MAX_LENGTH) return `the pattern is longer than ${MAX_LENGTH} characters`;
  if (!text.isWellFormed()) return "the pattern is not valid Unicode";
  if (UNWRITABLE.test(text)) {
    return "the pattern has a line end or control character: write it as an escape, such as \\n";
  }
  if (/^(?:[^\\]|\\[^/])*\\\//s.test(text)) return "the pattern has an escaped slash: a slash stands for itself";
  const tooLarge = `the pattern repeats too much: it compiles to more than ${MAX_PROGRAM} instructions`;
  if (estimate(text) > MAX_ESTIMATE) return tooLarge;
  let compiled: RE2JS;
  try {
    compiled = RE2JS.compile(text);
  } catch (error) {
    return `the pattern can't be read: ${(error as Error).message.replace("error parsing regexp: ", "")}`;
  }
  if (compiled.programSize() > MAX_PROGRAM) return tooLarge;
  const states = compiled.re2().dfa;
  states.stateBudget = states.memBudget = MAX_STATES;
  return compiled;
}

/** An upper bound of the program's size: a repetition multiplies either one atom or, behind a bracket, a whole group. */
function estimate(text: string): number {
  let atoms = text.length;
  let groups = 1;
  for (const [whole, before, least, most] of text.matchAll(/(.?)\{(\d+)(?:,(\d*))?\}/gsu)) {
    const count = Math.min(Math.max(Number(least), Number(most ?? 0), 1), MAX_REPETITION);
    if (whole !== undefined && before === ")") groups = Math.min(groups * count, MAX_REPETITION);
    else atoms += count;
  }
  return atoms * groups;
}
