/**
 * Comments, and where they go.
 *
 * @module
 */

import { type Doc, hardline } from "../layout.ts";

/** A comment as it is written. */
export interface Comment {
  readonly text: string;
  /** It starts with `//`, and so goes to the end of its line. */
  readonly isLine: boolean;
  /** How many lines end between it and what stands before it. */
  readonly newlines: number;
}

/** What lies between two tokens. */
export interface Gap {
  readonly comments: readonly Comment[];
  /** How many lines end behind the last comment, or in all if there is none. */
  readonly newlines: number;
}

/** What stands between two things that each may have a line of their own. */
export interface Seam {
  /** On the line of what stands before. */
  readonly behind: readonly Comment[];
  /** On lines of their own, or on the line of what follows. */
  readonly ahead: readonly Comment[];
  /** How many lines end behind the last comment. */
  readonly newlines: number;
}

/** Whether this is a doc comment. */
export function isDocComment({ text }: Comment): boolean {
  return text.startsWith("///") && text.charAt(3) !== "/";
}

/**
 * Finds out which comments belong to what stands before them, and which to what follows.
 *
 * @param gap The comments.
 * @param isLast Whether nothing follows but a closing bracket, or the end of the file.
 */
export function divide({ comments, newlines }: Gap, isLast: boolean): Seam {
  const apart = comments.findIndex((comment) => comment.newlines > 0);
  const near = apart < 0 ? comments.length : apart;
  // What is followed by something else on its line is about that.
  const endsLine = apart >= 0 || newlines > 0 || isLast || comments.at(-1)?.isLine === true;
  const split = endsLine ? near : 0;
  return { behind: comments.slice(0, split), ahead: comments.slice(split), newlines };
}

/** Comments on the line of what stands before them. */
export function behind(comments: readonly Comment[]): Doc {
  return comments.map((comment) => [" ", commentDoc(comment)]);
}

/** Whether there is an empty line before what is ahead, or before the comments on it. */
export function startsApart({ ahead, newlines }: Seam): boolean {
  return (ahead[0]?.newlines ?? newlines) > 1;
}

/** Comments ahead of what follows, up to it. */
export function ahead(seam: Seam): Doc {
  return seam.ahead.length === 0 ? [] : [between(seam.ahead), lineEnds(seam.newlines)];
}

/** Comments that nothing follows. A doc comment describes nothing above an empty line, and needs it to say so. */
export function last({ ahead, newlines }: Seam): Doc {
  const final = ahead.at(-1);
  return [between(ahead), final !== undefined && isDocComment(final) && newlines > 1 ? hardline : []];
}

function between(comments: readonly Comment[]): Doc {
  return comments.map((comment, index) => [index === 0 ? [] : lineEnds(comment.newlines), commentDoc(comment)]);
}

function lineEnds(newlines: number): Doc {
  return newlines === 0 ? " " : newlines === 1 ? hardline : [hardline, hardline];
}

/**
 * Prints a comment. One of several lines that has an asterisk before each is indented like what it stands at; any other
 * is a picture that somebody has drawn, and is left alone.
 */
export function commentDoc({ text, isLine }: Comment): Doc {
  const [first = "", ...others] = text.split("\n").map((line) => line.trimEnd());
  // What is not broken itself must not break what it stands behind.
  if (others.length === 0) return isLine ? { kind: "aside", text: first } : first;
  if (!others.every((line) => line.trimStart().startsWith("*"))) {
    return { kind: "aside", text: [first, ...others].join("\n") };
  }
  return [first, others.map((line) => [hardline, ` ${line.trimStart()}`])];
}
