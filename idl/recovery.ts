/**
 * Finds the part of a declaration that has a problem: it is left out, and the rest can be read.
 *
 * @module
 */

import { isWord, type Piece } from "./split.ts";
import type { Span } from "./syntax.ts";
import type { Tokens } from "./tokens.ts";

/** What is open at some place of a declaration. */
interface Level {
  /** What its items are, if it has any that can be left out. */
  readonly items: "fields" | "clauses" | undefined;
  /** The first token of the present item. */
  from: number;
}

/**
 * Finds the innermost field, enum value or clause around a problem, with the comma behind it.
 *
 * @param text The text of the file.
 * @param tokens Its tokens.
 * @param piece The declaration, in which all brackets match.
 * @param offset Where the problem is.
 * @returns From where to where it goes; `undefined` if there is nothing less than the declaration to leave out.
 */
export function faultyItem(text: string, tokens: Tokens, piece: Piece, offset: number): Span | undefined {
  const { kinds, starts, ends } = tokens;
  const levels: Level[] = [];
  let at = piece.from;
  for (; at < piece.to && ends[at]! <= offset; at++) {
    const kind = kinds[at]!;
    const top = levels.at(-1);
    if (isOpening(kind)) levels.push({ items: itemsBehind(text, tokens, piece, at, top), from: at + 1 });
    else if (isClosing(kind)) levels.pop();
    else if (top !== undefined && separates(text, tokens, at, top)) top.from = kind === "," ? at + 1 : at;
  }
  const depth = levels.findLastIndex(({ items }) => items !== undefined);
  if (depth < 0 || at === piece.to) return undefined;
  const level = levels[depth]!;
  let end = at;
  for (let open = levels.length - 1 - depth; end < piece.to; end++) {
    const kind = kinds[end]!;
    if (open === 0 && (isClosing(kind) || (end > level.from && separates(text, tokens, end, level)))) break;
    if (isOpening(kind)) open++;
    else if (isClosing(kind)) open--;
  }
  const last = kinds[end] === "," ? end : end - 1;
  return last < level.from ? undefined : { start: starts[level.from]!, end: ends[last]! };
}

function isOpening(kind: string): boolean {
  return kind === "<" || kind === "{" || kind === "(";
}

function isClosing(kind: string): boolean {
  return kind === ">" || kind === "}" || kind === ")";
}

/** What stands behind a bracket: in `list<…>` and in a range, nothing that could be left out. */
function itemsBehind(text: string, tokens: Tokens, piece: Piece, at: number, top: Level | undefined): Level["items"] {
  const { kinds } = tokens;
  if (kinds[at] === "(") return undefined;
  if (kinds[at] === "{") return isWord(text, tokens, piece.from, "service") ? "clauses" : "fields";
  if (at === piece.from + 1 || kinds[at - 1] !== "word") return "fields";
  return top?.items === "clauses" && isWord(text, tokens, at - 1, "connect") ? "fields" : undefined;
}

/** Whether a token lies between two items: a comma, or the first word of the next clause. */
function separates(text: string, tokens: Tokens, at: number, { items }: Level): boolean {
  if (items === "fields") return tokens.kinds[at] === ",";
  return items === "clauses" && ["receives", "sends", "connect"].some((word) => isWord(text, tokens, at, word));
}
