/**
 * Texts with a cursor in them, for tests of what an editor asks about a place.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Position, TextEdit } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { positionAt } from "../../../compiler/lsp/places.ts";
import { type Readable, Workspace } from "../../../compiler/lsp/workspace.ts";

/** Where the cursor is in a text. */
const CURSOR = "‸";

/** Open files, and the place of the cursor in the one that has it. */
export interface Scene {
  readonly workspace: Workspace;
  readonly path: string;
  readonly readable: Readable;
  readonly position: Position;
}

/** Opens files, of which one has a cursor; a single text is one file. */
export function scene(texts: string | { readonly [path: string]: string }): Scene {
  const workspace = new Workspace();
  let place: { path: string; offset: number } | undefined;
  for (const [name, text] of Object.entries(typeof texts === "string" ? { "a.msg": texts } : texts)) {
    const path = pathOf(name);
    workspace.setText(path, text.replace(CURSOR, ""));
    if (text.includes(CURSOR)) place = { path, offset: text.indexOf(CURSOR) };
  }
  assert.ok(place !== undefined, "there is no cursor");
  const readable = workspace.readable(place.path);
  assert.ok(readable !== undefined, "the file can't be read");
  return { workspace, path: place.path, readable, position: positionAt(readable.file.source, place.offset) };
}

/** The path of a file: in a folder that is not there, so that nothing is read from the disk. */
export function pathOf(name: string): string {
  return `/holdfast-nowhere/${name}`;
}

/** A text after some edits. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  return TextDocument.applyEdits(TextDocument.create("", "msg", 0, text), [...edits]);
}
