/**
 * Finds the part of a declaration that has a problem: it is left out, and the rest can be read.
 *
 * @module
 */

import type { Piece } from "./split.ts";
import type { Span } from "./syntax.ts";
import type { Tokens } from "./tokens.ts";

/** What is open at some place of a declaration. */
interface Level {
  /** The bracket: its token. */
  readonly bracket: number;
  /** What its items are, if it has any that can be left out. */
  readonly items: "fields" | "clauses" | undefined;
  /** The first token of the present item. */
  from: number;
}

/** A declaration, and what of its text has not been blanked out yet. */
export interface Remains {
  readonly tokens: Tokens;
  readonly piece: Piece;
  /** Where its text begins in the file. */
  readonly base: number;
  readonly text: string;
}

/**
 * Finds the innermost field, enum value or clause around a problem, with the comma behind it.
 *
 * @param remains The declaration.
 * @param offset Where the problem is, in the file.
 * @returns From where to where it goes; `undefined` if there is nothing less than the declaration to leave out.
 */
export function faultyItem(remains: Remains, offset: number): Span | undefined {
  const { tokens: { starts, ends, first }, piece: { to, unmatched } } = remains;
  const { at, levels } = levelsAt(remains, offset);
  const depth = levels.findLastIndex(({ items }) => items !== undefined);
  if (depth < 0 || at === to) return undefined;
  const level = levels[depth]!;
  const inner = levels.length - 1 - depth;
  // Of a bracket that is not closed on its line, where one is not closed at all, it is not guessed what else it takes in.
  const isUnclosed = unmatched !== undefined && inner > 0 && first[at]!;
  const last = isUnclosed ? at - 1 : lastToken(remains, at, level, inner);
  return last < level.from ? undefined : { start: starts[level.from]!, end: ends[last]! };
}

/** The last token of an item that goes on at a token, with the comma behind it; `inner` brackets are open in it. */
function lastToken(remains: Remains, at: number, level: Level, inner: number): number {
  const { tokens: { kinds }, piece: { to } } = remains;
  let open = inner;
  let last = at - 1;
  for (let end = at; end < to; end++) {
    if (isBlank(remains, end)) continue;
    const kind = kinds[end]!;
    if (open === 0 && end > level.from && separates(remains, end, level)) return kind === "," ? end : last;
    if (open === 0 && isClosing(kind)) break;
    if (isOpening(kind)) open++;
    else if (isClosing(kind)) open--;
    last = end;
  }
  return last;
}

/**
 * Finds the bracket that is open at a place.
 *
 * @param remains The declaration.
 * @param offset The place, in the file.
 * @returns The innermost bracket's token; `undefined` if none is open.
 */
export function openBracket(remains: Remains, offset: number): number | undefined {
  return levelsAt(remains, offset).levels.at(-1)?.bracket;
}

/** What is open at a place, and the first token that ends behind it. */
function levelsAt(remains: Remains, offset: number): { readonly at: number; readonly levels: readonly Level[] } {
  const { tokens: { kinds, ends }, piece: { from, to } } = remains;
  const levels: Level[] = [];
  let at = from;
  for (; at < to && ends[at]! <= offset; at++) {
    if (isBlank(remains, at)) continue;
    const kind = kinds[at]!;
    const top = levels.at(-1);
    if (isOpening(kind)) levels.push({ bracket: at, items: itemsBehind(remains, at, top), from: at + 1 });
    else if (isClosing(kind)) levels.pop();
    else if (top !== undefined && separates(remains, at, top)) top.from = kind === "," ? at + 1 : at;
  }
  return { at, levels };
}

/** Whether a token has been blanked out. */
function isBlank({ tokens, base, text }: Remains, at: number): boolean {
  return text.charCodeAt(tokens.starts[at]! - base) === 0x20;
}

function isOpening(kind: string): boolean {
  return kind === "<" || kind === "{" || kind === "(";
}

function isClosing(kind: string): boolean {
  return kind === ">" || kind === "}" || kind === ")";
}

/** What stands behind a bracket: in `list<…>` and in a range, nothing that could be left out. */
function itemsBehind(remains: Remains, at: number, top: Level | undefined): Level["items"] {
  const { tokens: { kinds }, piece: { from } } = remains;
  if (kinds[at] === "(") return undefined;
  if (kinds[at] === "{") return isToken(remains, from, "service") ? "clauses" : "fields";
  if (at === from + 1 || kinds[at - 1] !== "word") return "fields";
  return top?.items === "clauses" && isToken(remains, at - 1, "connect") ? "fields" : undefined;
}

/** Whether a token lies between two items: a comma, or the first word of the next clause. */
function separates(remains: Remains, at: number, { items }: Level): boolean {
  if (items === "fields") return remains.tokens.kinds[at] === ",";
  return items === "clauses" && ["receives", "sends", "connect"].some((word) => isToken(remains, at, word));
}

function isToken({ tokens: { starts, ends }, base, text }: Remains, at: number, word: string): boolean {
  return ends[at]! - starts[at]! === word.length && text.startsWith(word, starts[at]! - base);
}
