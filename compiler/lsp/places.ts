/**
 * Places, as editors have them and as we have them: URIs and paths, lines with columns and offsets.
 *
 * @module
 */

import { fileURLToPath, pathToFileURL } from "node:url";
import type { Location, Position, Range } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Source } from "../../idl/problem.ts";
import type { Span } from "../../idl/syntax.ts";

/**
 * The path of what an editor names by a URI.
 *
 * @param uri The URI, in whichever way the editor escapes it.
 * @returns The file's path; the URI itself where it is no file of this machine, as of a text that was never saved.
 */
export function pathOf(uri: string): string {
  try {
    return uri.startsWith("file:") ? fileURLToPath(uri) : uri;
  } catch {
    return uri;
  }
}

/** The URI of a path. */
export function uriOf(path: string): string {
  return isFile(path) ? pathToFileURL(path).href : path;
}

/** Whether a path is that of a file, and not the URI of something else. */
export function isFile(path: string): boolean {
  return !/^[a-z][a-z0-9+.-]+:/i.test(path);
}

const documents = new WeakMap<Source, TextDocument>();

/** A source's text, as the protocol counts its lines. */
function documentOf(source: Source): TextDocument {
  let document = documents.get(source);
  if (document === undefined) {
    document = TextDocument.create(source.file, "msg", 0, source.text);
    documents.set(source, document);
  }
  return document;
}

/** Where in the text a position is. */
export function offsetAt(source: Source, position: Position): number {
  return documentOf(source).offsetAt(position);
}

/** The position of an offset. */
export function positionAt(source: Source, offset: number): Position {
  return documentOf(source).positionAt(offset);
}

/** From where to where something goes. */
export function rangeOf(source: Source, { start, end }: Span): Range {
  return { start: positionAt(source, start), end: positionAt(source, end) };
}

/** Where something is, file included. */
export function locationOf(source: Source, span: Span): Location {
  return { uri: uriOf(source.file), range: rangeOf(source, span) };
}

/** Whether an offset is in a span, or right behind it. */
export function holds({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset <= end;
}
