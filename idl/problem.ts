/**
 * Problems in `.msg` files: where, what, and what to do, for people who have never seen a parser.
 *
 * @module
 */

import { eastAsianWidth } from "get-east-asian-width";
import type { Span } from "./syntax.ts";

/** How many problems are told in one run; of the others, only how many they are. */
export const MAX_PROBLEMS = 100;

/** How many columns of a line are shown around its problem. */
const MAX_WIDTH = 100;
/** How much of a line is looked at on each side of its problem: there are characters that take no column. */
const REACH = 4 * MAX_WIDTH;
/** How a tab is shown. */
const TAB = "  ";

/** Something that is wrong in a file. */
export interface Problem {
  /** The file, as it was given or as an import led to it. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
  /** The column, from 1, in characters (Unicode code points). */
  readonly column: number;
  /** Behind the last character that it is about, counted as `line` and `column` are. */
  readonly end: { readonly line: number; readonly column: number };
  /** The place in the file's text, in UTF-16 code units from 0. */
  readonly offset: number;
  /** How much of the text it is about, in UTF-16 code units. */
  readonly length: number;
  /** What is wrong: a sentence. */
  readonly message: string;
  /** What to do about it: a sentence. */
  readonly hint?: string;
  /** The line of the text; absent where the problem is about the file as a whole. */
  readonly source?: string;
}

/** The text of a file, which knows its lines. */
export class Source {
  readonly file: string;
  readonly text: string;
  #lines: number[] | undefined;
  /** The last place that was asked for: a line may be as long as the file, and is counted through once. */
  #last = { start: -1, offset: 0, column: 1 };

  constructor(file: string, text: string) {
    this.file = file;
    this.text = text;
  }

  /** A problem at a place in this text. */
  problem(place: Span, message: string, hint?: string): Problem {
    const { line, column, source } = this.#locate(place.start);
    const length = place.end - place.start;
    const { file } = this;
    const end = this.#end(place, line, column);
    const hints = hint !== undefined && { hint };
    return { file, line, column, end, offset: place.start, length, message, ...hints, source };
  }

  #end(place: Span, line: number, column: number): Problem["end"] {
    const lines = this.text.slice(place.start, place.end).split("\n");
    const last = [...lines.at(-1)!].length;
    return { line: line + lines.length - 1, column: lines.length === 1 ? column + last : last + 1 };
  }

  /** `file:line:column` of a place. */
  at(place: Span): string {
    const { line, column } = this.#locate(place.start);
    return `${this.file}:${line}:${column}`;
  }

  #locate(offset: number): { line: number; column: number; source: string } {
    const lines = this.#lines ??= lineStarts(this.text);
    let low = 0;
    let high = lines.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (lines[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    const start = lines[low]!;
    const end = low + 1 < lines.length ? lines[low + 1]! - 1 : this.text.length;
    const known = this.#last.start === start && this.#last.offset <= offset ? this.#last : { offset: start, column: 1 };
    let { offset: at, column } = known;
    for (; at < offset; column++) at += this.text.codePointAt(at)! > 0xffff ? 2 : 1;
    this.#last = { start, offset: at, column };
    return { line: low + 1, column, source: this.text.slice(start, end).replace(/\r$/, "") };
  }
}

function lineStarts(text: string): number[] {
  const starts = [text.startsWith("\ufeff") ? 1 : 0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** Collects problems, and holds back those of which there are too many. */
export class Problems {
  readonly #problems: Problem[] = [];
  #more = 0;

  /** Whether there is any. */
  get any(): boolean {
    return this.#problems.length > 0;
  }

  /** Whether there are so many that it does not matter whether there are more. */
  get full(): boolean {
    return this.#problems.length >= MAX_PROBLEMS;
  }

  /**
   * Takes note of a problem.
   *
   * @param source The file.
   * @param place Where in it.
   * @param message What is wrong: a sentence. A function is called only if the problem is among those that are told.
   * @param hint What to do about it; the same holds.
   */
  add(source: Source, place: Span, message: string | (() => string), hint?: () => string | undefined): void {
    if (this.#problems.length < MAX_PROBLEMS) {
      this.#problems.push(source.problem(place, typeof message === "string" ? message : message(), hint?.()));
    } else this.#more++;
  }

  /** Takes note of a problem with a file as a whole. */
  addFile(file: string, message: string, hint?: string): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(fileProblem(file, message, hint));
    else this.#more++;
  }

  /** The problems, file by file in the order in which files came up, and in each in the order of the text. */
  list(): Problem[] {
    const files = new Map<string, number>();
    for (const { file } of this.#problems) if (!files.has(file)) files.set(file, files.size);
    const sorted = this.#problems.toSorted((a, b) =>
      a.file === b.file ? a.offset - b.offset : files.get(a.file)! - files.get(b.file)!
    );
    const last = sorted.at(-1);
    if (this.#more > 0 && last !== undefined) {
      const others = this.#more === 1 ? "another problem" : `another ${this.#more} problems`;
      sorted.push(fileProblem(last.file, `At least ${others} can't be shown before some of these are solved.`));
    }
    return sorted;
  }
}

/** A problem with a file as a whole. */
export function fileProblem(file: string, message: string, hint?: string): Problem {
  const start = { line: 1, column: 1 };
  return { file, ...start, end: start, offset: 0, length: 0, message, ...(hint !== undefined && { hint }) };
}

/**
 * Writes a problem out for a person: file, line and column, the line itself with a caret below, what is wrong and what
 * to do.
 *
 * @param problem The problem.
 * @returns Several lines, without a line feed at the end.
 */
export function formatProblem(problem: Problem): string {
  const { file, line, column, message, hint, source } = problem;
  const hints = hint === undefined ? [] : [`    ${hint}`];
  if (source === undefined) return [`${printable(file)}: ${printable(message)}`, ...hints].join("\n");
  const { text, caret } = excerpt(source, column, problem.length);
  const margin = " ".repeat(String(line).length);
  return [
    `${printable(file)}:${line}:${column}: ${printable(message)}`,
    ` ${line} | ${text}`.trimEnd(),
    ` ${margin} | ${caret}`,
    ...hints,
  ].join("\n");
}

/**
 * Writes problems out, one below the other.
 *
 * @param problems The problems.
 * @returns The text, without a line feed at the end.
 */
export function formatProblems(problems: readonly Problem[]): string {
  return problems.map(formatProblem).join("\n\n");
}

/** The line, or as much of a long one as can be shown, and the marks below the problem. */
function excerpt(line: string, column: number, length: number): { text: string; caret: string } {
  // Only what may be shown is looked at character by character: a line may be as long as a file.
  const target = characterOffset(line, column - 1);
  const before = [...line.slice(Math.max(0, target - REACH), target)].reverse();
  const after = [...line.slice(target, target + REACH)];
  let left = fit(before, MAX_WIDTH);
  let right = fit(after, MAX_WIDTH);
  if (left.columns + right.columns > MAX_WIDTH || target > REACH || line.length - target > REACH) {
    left = fit(before, MAX_WIDTH / 2);
    right = fit(after, MAX_WIDTH - left.columns);
  }
  const lead = left.count < before.length || target > REACH ? "…" : "";
  const tail = right.count < after.length || line.length - target > REACH ? "…" : "";
  const marked = fit([...line.slice(target, target + Math.min(length, REACH))], right.columns).columns;
  return {
    text: lead + [...left.text].reverse().join("") + right.text + tail,
    caret: " ".repeat(lead.length + left.columns) + "^".repeat(Math.max(1, marked)),
  };
}

/** As many of the characters, from the first on, as fit into so many columns. */
function fit(characters: readonly string[], columns: number): { text: string; columns: number; count: number } {
  let text = "";
  let used = 0;
  let count = 0;
  for (const character of characters) {
    const shown = glyph(character);
    const wide = width(shown);
    if (used + wide > columns) break;
    text += shown;
    used += wide;
    count++;
  }
  return { text, columns: used, count };
}

/** The offset of a line's character, in UTF-16 code units. */
function characterOffset(line: string, characters: number): number {
  let at = 0;
  for (let left = characters; left > 0 && at < line.length; left--) at += line.codePointAt(at)! > 0xffff ? 2 : 1;
  return at;
}

/** How a character is shown, if it is not one that could lead a terminal astray. */
function glyph(character: string): string {
  if (character === "\t") return TAB;
  return UNPRINTABLE.test(character) ? "\ufffd" : character;
}

/** Control characters, half surrogate pairs, line ends of other kinds, and marks that turn the direction of writing. */
// deno-lint-ignore no-control-regex
const UNPRINTABLE = /[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\u202a-\u202e\u2066-\u2069]/u;

function printable(text: string): string {
  return [...text].map((character) => UNPRINTABLE.test(character) ? "\ufffd" : character).join("");
}

/** How many columns a glyph takes in a terminal. */
function width(shown: string): number {
  if (shown === TAB) return TAB.length;
  return /^[\p{Mark}\p{Format}]$/u.test(shown) ? 0 : eastAsianWidth(shown.codePointAt(0)!);
}

/**
 * Thrown where `.msg` text that has problems is asked for its definition. Its text shows them all.
 *
 * @example
 * ```ts
 * import { MsgError, parse } from "holdfast";
 *
 * try {
 *   parse("Ping < text: strin >");
 * } catch (error) {
 *   if (!(error instanceof MsgError)) throw error;
 *   console.assert(error.problems[0]?.hint === "Did you mean `string`?");
 * }
 * ```
 */
export class MsgError extends Error {
  /** Always `MsgError`. */
  override readonly name = "MsgError";
  /** What is wrong. */
  readonly problems: readonly Problem[];

  /**
   * Makes an error of problems.
   *
   * @param problems What is wrong: one at least.
   */
  constructor(problems: readonly Problem[]) {
    super(formatProblems(problems));
    this.problems = problems;
  }
}
