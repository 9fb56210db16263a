/**
 * A file's tokens, as coarse as is enough to cut it into declarations and to find what a problem is about: brackets,
 * separators, words, text, patterns. It shares its lexical rules with `grammar.peggy`, and it is never wrong about where
 * a comment, a text or a pattern ends. Linear, without recursion, and without regular expressions that could run away.
 *
 * @module
 */

import type { Doc, Span } from "./syntax.ts";

/** Tokens, column by column: a file of millions of them must not cost an object each. */
export interface Tokens {
  /** `word` (names and numbers), `text`, `pattern`, or for all others the character itself; `->` is one token. */
  readonly kinds: string[];
  readonly starts: number[];
  readonly ends: number[];
  /** Whether the token is the first on its line. */
  readonly first: boolean[];
  readonly comments: Span[];
  readonly docs: Map<number, Doc>;
  /** Doc comments that follow something on their line, or that nothing follows, not even a blank line. */
  readonly strayDocs: Span[];
  /** A comment that is never closed: it takes in all that follows. */
  readonly openComment?: Span;
}

const TAB = 0x09, LF = 0x0a, CR = 0x0d, SPACE = 0x20, QUOTE = 0x22, STAR = 0x2a, DASH = 0x2d, SLASH = 0x2f;
const BACKSLASH = 0x5c, GREATER = 0x3e, BOM = 0xfeff;

/**
 * Cuts text into tokens.
 *
 * @param text The text of a file.
 * @returns Its tokens and comments.
 */
export function tokenize(text: string): Tokens {
  const kinds: string[] = [], starts: number[] = [], ends: number[] = [], first: boolean[] = [];
  const comments: Span[] = [], strayDocs: Span[] = [], docs = new Map<number, Doc>();
  let openComment: Span | undefined;
  let lineHasToken = false;
  let lineIsBlank = true;
  let pendingDocs: Span[] = [];
  let at = text.charCodeAt(0) === BOM ? 1 : 0;

  while (at < text.length) {
    const start = at;
    const code = text.charCodeAt(at);
    if (code === LF) {
      // What stands above a blank line is about the file, or about nothing any more.
      if (lineIsBlank) pendingDocs = [];
      lineHasToken = false;
      lineIsBlank = true;
      at++;
      continue;
    }
    if (code === SPACE || code === TAB || code === CR) {
      at++;
      continue;
    }
    lineIsBlank = false;
    const next = code === SLASH ? text.charCodeAt(at + 1) : 0;
    if (next === SLASH) {
      at = lineEnd(text, at);
      const comment = { start, end: at };
      comments.push(comment);
      if (text.charCodeAt(start + 2) !== SLASH || text.charCodeAt(start + 3) === SLASH) continue;
      if (lineHasToken) strayDocs.push(comment);
      else pendingDocs.push(comment);
      continue;
    }
    if (next === STAR) {
      const close = text.indexOf("*/", at + 2);
      at = close < 0 ? text.length : close + 2;
      comments.push({ start, end: at });
      if (close < 0) openComment = { start, end: start + 2 };
      // A comment that goes over several lines ends the line that it began on.
      if (text.slice(start, at).includes("\n")) lineHasToken = false;
      continue;
    }
    let kind: string;
    if (isWordCode(code)) {
      while (at < text.length && isWordCode(text.charCodeAt(at))) at++;
      kind = "word";
    } else if (code === QUOTE) {
      at = quotedEnd(text, at, QUOTE);
      kind = "text";
    } else if (code === SLASH && startsPattern(kinds)) {
      at = quotedEnd(text, at, SLASH);
      kind = "pattern";
    } else if (code === DASH && text.charCodeAt(at + 1) === GREATER) {
      at += 2;
      kind = "->";
    } else {
      at++;
      kind = text.charAt(start);
    }
    if (pendingDocs.length > 0) {
      docs.set(start, joinDocs(text, pendingDocs));
      pendingDocs = [];
    }
    kinds.push(kind);
    starts.push(start);
    ends.push(at);
    first.push(!lineHasToken);
    lineHasToken = true;
  }
  strayDocs.push(...pendingDocs.slice(0, 1));
  return { kinds, starts, ends, first, comments, docs, strayDocs, ...(openComment && { openComment }) };
}

/** Letters, digits, `_`, and whatever is not ASCII: no name has it, but a person sees one word. */
function isWordCode(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || (code >= 0x30 && code <= 0x39)
    || code === 0x5f || code >= 0x80;
}

/** A service's name has a slash too, but never behind what starts or separates the parts of a range. */
function startsPattern(kinds: readonly string[]): boolean {
  const last = kinds.at(-1);
  return last === "(" || last === ",";
}

/** Where text or a pattern ends: behind its closing mark, or with the line if there is none. */
function quotedEnd(text: string, start: number, mark: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === mark) return at + 1;
    if (code === LF || code === CR) return at;
    if (code === BACKSLASH) {
      const escaped = text.charCodeAt(at + 1);
      if (escaped !== LF && escaped !== CR) at++;
    }
  }
  return text.length;
}

function lineEnd(text: string, start: number): number {
  const feed = text.indexOf("\n", start);
  if (feed < 0) return text.length;
  return text.charCodeAt(feed - 1) === CR ? feed - 1 : feed;
}

function joinDocs(text: string, lines: readonly Span[]): Doc {
  return {
    start: lines[0]!.start,
    end: lines.at(-1)!.end,
    text: lines.map(({ start, end }) => text.slice(start + 3, end).replace(/^ /, "").trimEnd()).join("\n"),
  };
}
