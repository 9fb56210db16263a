/**
 * What could be written at a place, judged by what stands before it: that is mostly half of something, which the parser
 * can make nothing of.
 *
 * @module
 */

import { type Piece, split } from "../../idl/split.ts";
import type { Span } from "../../idl/syntax.ts";
import { tokenize, type Tokens } from "../../idl/tokens.ts";

/** What could be written. */
export type Wanted =
  | { readonly kind: "declaration" | "clause" | "extends" | "type" | "message" | "rule" | "service" | "path" }
  /** A default of a field whose type is written in these words and texts. */
  | { readonly kind: "value"; readonly types: readonly string[] };

/** What could be written, and what of it has been. */
export interface Context {
  readonly wanted: Wanted;
  /** What is to be replaced. */
  readonly place: Span;
}

/**
 * Finds out what could be written at a place.
 *
 * @param text The text.
 * @param offset The place.
 * @returns `undefined` where it is for the user to think of something: in comments, say, or for new names.
 */
export function contextAt(text: string, offset: number): Context | undefined {
  const tokens = tokenize(text);
  const { kinds, starts, ends, comments } = tokens;
  const isInComment = comments.some(({ start, end }) =>
    start < offset && (offset < end || (offset === end && text.startsWith("//", start)))
  );
  if (isInComment) return undefined;
  const count = countBefore(starts, offset);
  const last = count - 1;
  const isInLast = last >= 0 && offset <= ends[last]!;
  const pieces = split(text, tokens);
  if (isInLast && kinds[last] === "text") {
    const piece = pieceOf(pieces, last);
    const isPath = piece !== undefined && last === piece.from + 1 && wordAt(text, tokens, piece.from) === "import";
    if (!isPath) return undefined;
    const close = text.charAt(ends[last]! - 1) === '"' && ends[last]! > starts[last]! + 1 ? 1 : 0;
    return { wanted: { kind: "path" }, place: { start: starts[last]! + 1, end: ends[last]! - close } };
  }
  if (isInLast && kinds[last] === "pattern") return undefined;
  const isInWord = isInLast && kinds[last] === "word";
  const place = { start: isInWord ? starts[last]! : offset, end: offset };
  const wanted = wantedBehind(text, tokens, pieces, isInWord ? last : count, isInWord);
  if (wanted?.kind !== "service") return wanted && { wanted, place };
  const name = /[A-Za-z0-9_/]*$/.exec(text.slice(Math.max(0, offset - 600), offset))![0];
  return { wanted, place: { start: offset - name.length, end: offset } };
}

/** How many tokens start before an offset. */
function countBefore(starts: readonly number[], offset: number): number {
  let [low, high] = [0, starts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function pieceOf(pieces: readonly Piece[], token: number): Piece | undefined {
  return pieces.find(({ from, to }) => from <= token && token < to);
}

function wordAt(text: string, { starts, ends }: Tokens, at: number): string {
  return text.slice(starts[at], ends[at]);
}

/** What could follow the tokens before one: the one that is being written, if any. */
function wantedBehind(
  text: string,
  tokens: Tokens,
  pieces: readonly Piece[],
  to: number,
  isInWord: boolean,
): Wanted | undefined {
  const { kinds, first } = tokens;
  const piece = to === 0 ? undefined : pieceOf(pieces, to - 1);
  if (piece === undefined) return { kind: "declaration" };
  const word = (at: number) => wordAt(text, tokens, at);
  const head = word(piece.from);
  const level = levelAt(text, tokens, piece.from, to, head);
  const last = kinds[to - 1]!;
  switch (level?.kind) {
    case "clauses":
      return level.expects ?? { kind: "clause" };
    case "fields":
      if (last === "=") return { kind: "value", types: typesBefore(text, tokens, to - 1) };
      return last === ":" || last === "|" ? { kind: "type" } : undefined;
    case "item":
      return last === "<" || last === "|" ? { kind: "type" } : undefined;
    case undefined: {
      if (head === "type" && (last === "=" || last === "|")) return { kind: "type" };
      if (head === "service" && kinds[to - 3] === "word" && kinds[to - 2] === "/" && to === piece.from + 4) {
        return { kind: "extends" };
      }
      if (head === "service" && isBehindExtends(word, piece, to)) return { kind: "service" };
      if (head === "type") {
        return to > piece.from + 3 && (!isInWord || first[to]!) ? { kind: "declaration" } : undefined;
      }
      return last === ">" || last === "}" || last === "text" ? { kind: "declaration" } : undefined;
    }
    default:
      return undefined;
  }
}

/** Whether `extends` stands right before, or before the first half of a service's name. */
function isBehindExtends(word: (at: number) => string, { from }: Piece, to: number): boolean {
  const behind = to - (from + 4);
  return behind >= 1 && behind <= 3 && word(from + 4) === "extends";
}

/** What is open at a place. */
interface Level {
  readonly kind: "fields" | "item" | "range" | "values" | "clauses";
  /** In a service: what commas separate. */
  operand: "rule" | "message";
  /** In a service: what must follow, if it is no new clause. */
  expects: Wanted | undefined;
}

function levelAt(text: string, tokens: Tokens, from: number, to: number, head: string): Level | undefined {
  const { kinds } = tokens;
  const levels: Level[] = [];
  const open = (kind: Level["kind"]) => levels.push({ kind, operand: "message", expects: undefined });
  for (let at = from; at < to; at++) {
    const kind = kinds[at]!;
    const top = levels.at(-1);
    if (kind === "<") open(opensFields(text, tokens, at, from, top, head) ? "fields" : "item");
    else if (kind === "(") open("range");
    else if (kind === "{") open(head === "service" ? "clauses" : "values");
    else if (kind === ">" || kind === ")" || kind === "}") levels.pop();
    else if (top?.kind === "clauses") takeIntoClauses(text, tokens, at, top);
  }
  return levels.at(-1);
}

function opensFields(
  text: string,
  tokens: Tokens,
  at: number,
  from: number,
  top: Level | undefined,
  head: string,
): boolean {
  if (tokens.kinds[at - 1] !== "word") return true;
  if (top === undefined) return at === from + 1 && head !== "type";
  return top.kind === "clauses" && wordAt(text, tokens, at - 1) === "connect";
}

/** Takes note of a token of a service's body. */
function takeIntoClauses(text: string, tokens: Tokens, at: number, level: Level): void {
  const { kinds } = tokens;
  const kind = kinds[at]!;
  const isName = level.expects !== undefined || /^[:.-]$/.test(kinds[at - 1] ?? "");
  level.expects = undefined;
  if (kind === "->") level.expects = { kind: "message" };
  else if (kind === ",") level.expects = { kind: level.operand };
  else if (kind === "word" && !isName) {
    const word = wordAt(text, tokens, at);
    if (word !== "auth" && word !== "receives" && word !== "sends") return;
    level.operand = word === "auth" ? "rule" : "message";
    level.expects = { kind: level.operand };
  }
}

/** The words and texts of the type of a field, whose `=` stands at a token. */
function typesBefore(text: string, tokens: Tokens, at: number): string[] {
  const types: string[] = [];
  for (let before = at - 1; before >= 0 && tokens.kinds[before] !== ":"; before--) {
    const kind = tokens.kinds[before];
    if (kind === "word" || kind === "text") types.push(wordAt(text, tokens, before));
  }
  return types.reverse();
}
