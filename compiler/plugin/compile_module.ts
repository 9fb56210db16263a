/**
 * One `.msg` file to TypeScript that imports other `.msg` files by their own names.
 *
 * @module
 */

import type { Problem } from "../../idl/mod.ts";
import type { Module } from "../../idl/module.ts";
import { loadFiles, outputsOf, type Sources, textsOf } from "../compile.ts";
import { isStale, shownPath, writeAll } from "../files.ts";

/** How to compile. */
export interface ModuleOptions {
  /** Where the text finds Holdfast: an import specifier, or a path from the current folder. */
  readonly holdfast: string;
  /** Whether declaration files are written, too, where they are not as they should be. */
  readonly declarations: boolean;
}

/** What became of a `.msg` file. */
export interface CompiledModule {
  /** Its TypeScript; empty where there are problems. */
  readonly text: string;
  /** What is wrong with the file, or with one that it imports. */
  readonly problems: readonly Problem[];
  /** The files that this depends on, whether they are there or not. */
  readonly files: readonly string[];
}

/**
 * Compiles a `.msg` file.
 *
 * @param path The file.
 * @param options How.
 * @throws {CommandError} When a declaration file can't be written.
 */
export function compileModule(path: string, { holdfast, declarations }: ModuleOptions): CompiledModule {
  const sources: Sources = { files: new Set(), folders: new Set() };
  const { modules, problems } = loadFiles([path], sources);
  const files = [...sources.files];
  if (problems.length > 0) return { text: "", problems, files };
  if (declarations) writeAll(outputsOf(modules, { holdfast, declarations }).filter(isStale));
  const place = ({ file }: Module): string => file;
  const texts = textsOf(modules, { place, named: place, holdfast, declarations: false });
  const [, text = ""] = [...texts].find(([{ file }]) => file === shownPath(path)) ?? [];
  return { text, problems, files };
}
