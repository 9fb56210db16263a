/**
 * Formats `.msg` text: one style, whoever wrote it. What lies on which line is decided by what is there, not by how it
 * was laid out; comments, and empty lines between things, are kept.
 *
 * What can't be read is left as it is, and so is a declaration with a doc comment that describes nothing: who mends it
 * must see what was written.
 *
 * @module
 */

import { ahead, behind, divide, last, startsApart } from "./format/comments.ts";
import { Cursor } from "./format/cursor.ts";
import { declaration } from "./format/declarations.ts";
import { type Doc, hardline, print } from "./layout.ts";
import { decode } from "./load.ts";
import { parseFile } from "./parse.ts";
import { type Problem, Problems, Source } from "./problem.ts";
import type { DeclarationNode, Tree } from "./syntax.ts";

const BYTE_ORDER_MARKS = /^\ufeff+/;

/** What has become of a text. */
export interface Formatted {
  /** The text: as it was given if it could not be read at all. */
  readonly text: string;
  /** What could not be read. Their offsets count the end of a line as one character, and no byte order mark. */
  readonly problems: readonly Problem[];
}

/** What has become of a file. */
export interface FormattedFile {
  /** The text: as it was in the file if it could not be read at all, and absent if the file is not UTF-8. */
  readonly text?: string;
  /** What could not be read. */
  readonly problems: readonly Problem[];
}

/**
 * Formats a `.msg` file's text.
 *
 * @param text The text, in any state.
 * @param file What it is called in problems.
 * @returns The formatted text, which means what the given one does, and formats to itself. Its lines end as the first
 * line of the given text does; byte order marks are left out. A text with a carriage return that ends no line, or a mark
 * in its midst, is given back as it is. Nothing is thrown.
 */
export function format(text: string, file = "text.msg"): Formatted {
  // All of them: what stands first would be taken for a mark when it is read again.
  const unmarked = text.replace(BYTE_ORDER_MARKS, "");
  const source = new Source(file, unmarked.replace(/\r+\n/g, "\n"));
  const problems = new Problems();
  const tree = parseFile(source, problems);
  // A carriage return ends no line, but a text that lacks its quote: what stands behind it can't be moved. And what looks
  // like a mark in the midst must not come to stand first.
  if (tree === undefined || /[\r\ufeff]/.test(source.text)) return { text, problems: problems.list() };
  const formatted = formatTree(source.text, tree);
  const lineEnd = /\r?\n/.exec(text)?.[0] ?? "\n";
  return { text: formatted.replaceAll("\n", lineEnd), problems: problems.list() };
}

/**
 * Formats a `.msg` file.
 *
 * @param bytes What is in it.
 * @param file What it is called in problems.
 * @returns The formatted text, as {@link format} gives it.
 */
export function formatFile(bytes: Uint8Array, file: string): FormattedFile {
  const problems = new Problems();
  const source = decode(file, bytes, problems);
  return source === undefined ? { problems: problems.list() } : format(source.text, file);
}

function formatTree(text: string, { declarations, comments }: Tree): string {
  const cursor = new Cursor(text, comments);
  const parts: string[] = [];
  let end = 0;
  let wasKept = false;
  for (const node of declarations) {
    const gap = cursor.gap();
    const between = text.slice(end, node.start);
    const formatted = formatDeclaration(cursor, node);
    const isKept = formatted === undefined;
    if (end > 0 && (isKept || wasKept) && !between.includes("\n")) parts.push(between, print(formatted ?? []));
    else {
      const seam = end > 0 ? divide(gap, false) : { behind: [], ahead: gap.comments, newlines: gap.newlines };
      const lineEnds = end === 0 ? [] : startsApart(seam) ? [hardline, hardline] : hardline;
      parts.push(print([behind(seam.behind), lineEnds, ahead(seam), formatted ?? []]));
      if (isKept) parts.push(/[ \t]*$/.exec(between)?.[0] ?? "");
    }
    if (isKept) parts.push(text.slice(node.start, node.end));
    ({ end } = node);
    wasKept = isKept;
  }
  const gap = cursor.gap();
  const seam = end > 0 ? divide(gap, true) : { behind: [], ahead: gap.comments, newlines: gap.newlines };
  const lineEnds = end === 0 || seam.ahead.length === 0 ? [] : startsApart(seam) ? [hardline, hardline] : hardline;
  parts.push(print([behind(seam.behind), lineEnds, last(seam)]));
  const all = parts.join("");
  return all === "" ? "" : `${all}\n`;
}

/** Formats a declaration, or passes it; `undefined` if it is to be left as it is. */
function formatDeclaration(cursor: Cursor, node: DeclarationNode): Doc | undefined {
  cursor.hasStrayDoc = false;
  const isWhole = node.kind !== "broken" && (node.kind === "import" || !node.incomplete);
  const formatted = isWhole ? declaration(cursor, node) : undefined;
  cursor.skipTo(node.end);
  return cursor.hasStrayDoc ? undefined : formatted;
}
