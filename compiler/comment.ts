/**
 * Text that somebody else wrote, as a comment in generated code: it stays a comment, and it gives no orders to tools.
 *
 * @module
 */

import { type Doc, line } from "../idl/layout.ts";

/**
 * A doc comment and the end of its last line. To be put where the enclosing group is broken.
 *
 * @param text What it should say; nothing gives no comment.
 * @returns The comment, to stand before what it is about.
 */
export function docComment(text: string | undefined): Doc {
  const lines = commentLines(text ?? "");
  const [first] = lines;
  if (first === undefined) return [];
  if (lines.length === 1) return [`/** ${first} */`, line];
  return ["/**", line, lines.map((text) => [text === "" ? " *" : ` * ${text}`, line]), " */", line];
}

/**
 * Makes a text fit for one line of a comment: a file's name, say.
 *
 * @param text The text.
 * @returns The same, its control characters and line ends written as escapes.
 */
export function commentText(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)
    .replaceAll("*/", "*\\/")
    .replace(/@(?=ts-|deno-|jsx)/g, "\\@");
}

/** Controls, line and paragraph separators, lone surrogates, and what makes text read otherwise than it is written. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The lines of a comment, without spaces behind them, and without empty ones before and after. */
function commentLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => commentText(line.replaceAll("\t", "  ")).trimEnd());
  while (lines.length > 0 && lines[0] === "") lines.shift();
  while (lines.length > 0 && lines.at(-1) === "") lines.pop();
  return lines;
}
