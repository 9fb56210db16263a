/**
 * Reads a file from its beginning to its end, token by token, and no comment gets past it.
 *
 * @module
 */

import { type Doc, hardline } from "../layout.ts";
import type { Span } from "../syntax.ts";
import { type Comment, commentDoc, type Gap, isDocComment } from "./comments.ts";

/** A place in a file. */
export class Cursor {
  /** A doc comment stood where it describes nothing, and where a changed layout could make it describe something. */
  hasStrayDoc = false;
  readonly #text: string;
  readonly #comments: readonly Span[];
  #at = 0;
  #nextComment = 0;

  /**
   * @param text The text of the file, whose lines end with a line feed alone.
   * @param comments All comments in it, in order.
   */
  constructor(text: string, comments: readonly Span[]) {
    this.#text = text;
    this.#comments = comments;
  }

  /** The character at which it stands; empty at the end of the file. */
  get next(): string {
    return this.#text.charAt(this.#at);
  }

  /** The first character of the next token; passes nothing. */
  nextToken(): string {
    const before = [this.#at, this.#nextComment] as const;
    this.gap();
    const { next } = this;
    [this.#at, this.#nextComment] = before;
    return next;
  }

  /** Passes white space and comments. */
  gap(): Gap {
    const comments: Comment[] = [];
    let newlines = 0;
    for (;;) {
      const comment = this.#comments[this.#nextComment];
      if (comment?.start === this.#at) {
        // One that is never closed goes to the end of the file.
        const text = this.#text.slice(comment.start, comment.end).trimEnd();
        comments.push({ text, isLine: text.startsWith("//"), newlines });
        newlines = 0;
        this.skipTo(comment.end);
      } else if (this.next !== "" && " \t\r\n".includes(this.next)) {
        if (this.next === "\n") newlines++;
        this.#at++;
      } else return { comments, newlines };
    }
  }

  /**
   * Passes white space and comments within something that has no place of its own for comments.
   *
   * @param otherwise What to print if there are none.
   */
  between(otherwise: Doc): Doc {
    const { comments } = this.gap();
    if (comments.length === 0) return otherwise;
    if (comments.some(isDocComment)) this.hasStrayDoc = true;
    return [" ", comments.map((comment) => [commentDoc(comment), comment.isLine ? hardline : " "])];
  }

  /** Passes a token that must stand here. */
  take(token: string): string {
    if (!this.#text.startsWith(token, this.#at)) throw new Error(`expected ${token} at ${this.#at}`);
    this.#at += token.length;
    return token;
  }

  /** Passes a node, and gives its text as it is. */
  takeNode({ start, end }: Span): string {
    if (start !== this.#at) throw new Error(`expected a node at ${this.#at}, not at ${start}`);
    this.skipTo(end);
    return this.#text.slice(start, end);
  }

  /** Passes everything up to a place. */
  skipTo(offset: number): void {
    this.#at = offset;
    while ((this.#comments[this.#nextComment]?.start ?? offset) < offset) this.#nextComment++;
  }
}
