/**
 * Formatting, as the smallest change that an editor can make of it: the cursor stays where nothing changes.
 *
 * @module
 */

import type { TextEdit } from "vscode-languageserver";
import type { TextDocument } from "vscode-languageserver-textdocument";
import { format } from "../../idl/format.ts";

/**
 * Formats a text.
 *
 * @param document The text, in any state.
 * @returns What is to be changed; nothing if it is as it should be.
 */
export function formatEdits(document: TextDocument): TextEdit[] {
  const before = document.getText();
  const { text: after } = format(before);
  if (before === after) return [];
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let end = 0;
  while (
    end < most - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)
  ) {
    end++;
  }
  // An editor can't change half of a line end.
  if (before.startsWith("\r\n", before.length - end - 1)) end--;
  const range = { start: document.positionAt(start), end: document.positionAt(before.length - end) };
  return [{ range, newText: after.slice(start, after.length - end) }];
}
