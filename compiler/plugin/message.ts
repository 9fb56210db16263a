/**
 * Problems as esbuild tells its own.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Problem } from "../../idl/mod.ts";

/** A message of esbuild's. */
export interface Note {
  /** What is wrong. */
  readonly text: string;
  /** Where. */
  readonly location: Location;
  /** What to do about it. */
  readonly notes: { readonly text: string }[];
}

/** A place, as esbuild counts: lines from 1, columns from 0 and in bytes of UTF-8, and no further than the line's end. */
export interface Location {
  /** The file, from the folder that the bundler works in. */
  readonly file: string;
  /** The line. */
  readonly line: number;
  /** Where in the line it begins. */
  readonly column: number;
  /** How long it is. */
  readonly length: number;
  /** The whole line. */
  readonly lineText: string;
}

/**
 * Makes of a problem a message of esbuild's.
 *
 * @param problem The problem; its file is named from the folder that the bundler works in.
 */
export function messageOf(problem: Problem): Note {
  const { file, line, column, end, message, hint, source = "" } = problem;
  const points = [...source];
  const last = end.line === line ? end.column : points.length + 1;
  const bytes = (from: number, to: number): number => Buffer.byteLength(points.slice(from - 1, to - 1).join(""));
  const location = { file, line, column: bytes(1, column), length: bytes(column, last), lineText: source };
  return { text: message, location, notes: hint === undefined ? [] : [{ text: hint }] };
}
