/**
 * Cuts a file into its declarations before any of them is parsed, so that a broken one does not hide the others, and so
 * that the parser, which recurses, never meets brackets that are nested too deep.
 *
 * Where brackets match, a declaration ends with them. Where they do not, it ends at the next line that starts as only a
 * declaration does: `Name <`, `enum Name {`, `type Name =`, `service A/`, `import "`.
 *
 * @module
 */

import type { Tokens } from "./tokens.ts";

/** How deep brackets may be nested. */
export const MAX_DEPTH = 64;

/** The tokens of one declaration. */
export interface Piece {
  /** The first token and the one behind the last. */
  readonly from: number;
  readonly to: number;
  /** A bracket that is not closed, or that closes none: its token. */
  readonly unmatched?: number;
  /** The bracket with which nesting became too deep: its token. */
  readonly tooDeep?: number;
}

const CLOSING: Readonly<Record<string, string>> = { "<": ">", "{": "}", "(": ")" };
const OPENING: Readonly<Record<string, string>> = { ">": "<", "}": "{", ")": "(" };

/** What can't be followed by a declaration: something is missing in between. */
const JOINING: ReadonlySet<string> = new Set(["=", "|", ":", "<", "(", "->"]);

/**
 * Cuts a file into declarations.
 *
 * @param text The text of the file.
 * @param tokens Its tokens.
 * @returns The declarations, in order; each token belongs to exactly one.
 */
export function split(text: string, tokens: Tokens): Piece[] {
  const { kinds, first } = tokens;
  const pieces: Piece[] = [];
  let from = 0;
  let open: number[] = [];
  let unmatched: number | undefined;
  let tooDeep: number | undefined;

  const cut = (to: number) => {
    unmatched ??= open.at(-1);
    pieces.push({ from, to, ...(unmatched !== undefined && { unmatched }), ...(tooDeep !== undefined && { tooDeep }) });
    from = to;
    open = [];
    unmatched = tooDeep = undefined;
  };

  for (let at = 0; at < kinds.length; at++) {
    const kind = kinds[at]!;
    if (at > from && kind === "word") {
      const isJoined = JOINING.has(kinds[at - 1]!);
      if (open.length === 0 && !isJoined && startsDeclaration(text, tokens, at)) cut(at);
      else if (first[at]! && isHead(text, tokens, at, isJoined, kinds[open.at(-1) ?? -1])) cut(at);
    }
    if (kind in CLOSING) {
      if (open.length === MAX_DEPTH) tooDeep ??= at;
      open.push(at);
    } else if (kind in OPENING) {
      const matches = (opened: number) => kinds[opened] === OPENING[kind];
      let opened = open.length > 0 && matches(open.at(-1)!) ? open.length - 1 : -1;
      if (opened < 0 && unmatched === undefined) {
        // A bracket that closes an outer one closes those within it too. Looked for once: there may be many such.
        opened = open.slice(0, MAX_DEPTH).findLastIndex(matches);
        unmatched = at;
      }
      if (opened >= 0) open.length = opened;
      if (opened === 0 && !isWord(text, tokens, from, "type")) cut(at + 1);
    } else if (kind === "text" && at === from + 1 && isWord(text, tokens, from, "import")) cut(at + 1);
  }
  if (from < kinds.length) cut(kinds.length);
  return pieces;
}

/** Whether a declaration may start here, between brackets that all match. */
function startsDeclaration(text: string, { kinds, starts, ends }: Tokens, at: number): boolean {
  const next = kinds[at + 1];
  const word = text.slice(starts[at], Math.min(ends[at]!, starts[at]! + 8));
  if (word === "import") return next === "text";
  // In `type Grid = list<int>` the bracket belongs to the type: nothing but `=` or `|` stands before it.
  return next === "<" || (next === "word" && KEYWORDS.has(word));
}

const KEYWORDS: ReadonlySet<string> = new Set(["enum", "type", "service"]);

/** Whether this can be nothing but the head of a declaration, though a bracket is open or something is missing. */
function isHead(text: string, tokens: Tokens, at: number, isJoined: boolean, within: string | undefined): boolean {
  const { kinds } = tokens;
  const [second, third] = [kinds[at + 1], kinds[at + 2]];
  if (second === "<") return !isJoined && !(within === "{" && isWord(text, tokens, at, "connect"));
  if (second === "text") return isWord(text, tokens, at, "import");
  if (second !== "word") return false;
  return (third === "{" && isWord(text, tokens, at, "enum")) || (third === "=" && isWord(text, tokens, at, "type"))
    || (third === "/" && isWord(text, tokens, at, "service"));
}

/** Whether a token is this word. */
export function isWord(text: string, { starts, ends }: Tokens, at: number, word: string): boolean {
  return ends[at]! - starts[at]! === word.length && text.startsWith(word, starts[at]);
}
