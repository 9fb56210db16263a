/**
 * From `.msg` files to the files that are made of them: what the `compile` command does, but for writing them.
 *
 * @module
 */

import { dirname, join, relative, resolve, sep } from "node:path";
import { load, type Loaded, type Problem } from "../idl/mod.ts";
import type { Module } from "../idl/module.ts";
import { handlersOf } from "./dirac.ts";
import { findMessageFiles, type Output, readSource, shownPath } from "./files.ts";
import { generate } from "./generate.ts";

/** What to compile, and where to. */
export interface CompileOptions {
  /** Files and folders. */
  readonly paths: readonly string[];
  /** The folder to write to; beside each `.msg` file unless given. */
  readonly out?: string;
  /** Where generated code finds Holdfast: an import specifier, or a path from the current folder (`./…`, `../…`). */
  readonly holdfast: string;
  /** Whether only the types are written, for who imports the `.msg` files themselves: `x.d.msg.ts`. */
  readonly declarations?: boolean;
  /** What is made: code for Holdfast unless given, or handlers that tell DIRAC's clients the messages of services. */
  readonly target?: "typescript" | "dirac";
}

/** What became of it. */
export interface Compilation {
  /** The files to be written; none where there are problems. */
  readonly outputs: readonly Output[];
  readonly problems: readonly Problem[];
}

/** Every file and folder that a compilation asked for, found or not: it may end differently once one of them changes. */
export interface Sources {
  readonly files: Set<string>;
  readonly folders: Set<string>;
}

/**
 * Loads files, and the files that these import, and checks all of them.
 *
 * @param paths Files and folders.
 * @param sources Is told what was looked at, also if this fails.
 * @param onRead Is called for each file when its turn comes.
 * @returns The modules, or the problems.
 */
export function loadFiles(
  paths: readonly string[],
  sources: Sources = { files: new Set(), folders: new Set() },
  onRead: () => void = () => {},
): Loaded {
  for (const path of paths) sources.files.add(shownPath(path));
  const found = findMessageFiles(paths);
  for (const folder of found.folders) sources.folders.add(folder);
  const { modules, problems } = load(found.files, {
    read: (path) => {
      sources.files.add(path);
      onRead();
      return readSource(path);
    },
    resolve: (from, specifier) => shownPath(resolve(dirname(from), specifier)),
  });
  const all = [...found.problems, ...problems];
  return { modules: all.length > 0 ? [] : modules, problems: all };
}

/**
 * Compiles files, and the files that these import.
 *
 * @param options What to compile.
 * @param sources Is told what was looked at, also if the compilation fails.
 * @param onRead Is called for each file when its turn comes.
 * @returns The files to be written, or the problems.
 */
export function compile(options: CompileOptions, sources?: Sources, onRead?: () => void): Compilation {
  const { modules, problems } = loadFiles(options.paths, sources, onRead);
  if (problems.length > 0) return { outputs: [], problems };
  if (options.target === "dirac") return handlersOf(modules, options.out);
  return { outputs: outputsOf(modules, options), problems };
}

/**
 * Makes the files that are to be written for modules.
 *
 * @param modules Checked modules, all that they import among them.
 * @param options How, and where to.
 */
export function outputsOf(modules: readonly Module[], options: Omit<CompileOptions, "paths">): Output[] {
  const place = places(modules, options);
  const { declarations, holdfast } = options;
  // A declaration file is found by the name of the `.msg` file, which need not be there.
  const named = (module: Module): string =>
    declarations ? place(module).replace(/\.d\.msg\.ts$/, ".msg") : place(module);
  const texts = textsOf(modules, { place, named, holdfast, declarations: declarations === true });
  return [...texts].map(([module, text]) => ({ path: place(module), text }));
}

/** Where generated texts stand, and how they find each other. */
export interface Places extends Required<Pick<CompileOptions, "holdfast" | "declarations">> {
  /** The file that a module's text is in. */
  readonly place: (module: Module) => string;
  /** The file by whose name others import it. */
  readonly named: (module: Module) => string;
}

/**
 * Makes the text for each module.
 *
 * @param modules Checked modules, all that they import among them.
 * @param places Where the texts stand.
 */
export function textsOf(modules: readonly Module[], places: Places): Map<Module, string> {
  const { place, named, holdfast, declarations } = places;
  return generate(modules, {
    declarations,
    specifier: (from, to) => relativeSpecifier(place(from), named(to)),
    holdfast: (module) => /^\.\.?\//.test(holdfast) ? relativeSpecifier(place(module), holdfast) : holdfast,
  });
}

/** Where each module's file goes: beside it, or into a folder that has the same folders inside as the sources. */
function places(
  modules: readonly Module[],
  { out, declarations }: Omit<CompileOptions, "paths">,
): (module: Module) => string {
  const made = (file: string): string => declarations ? file.replace(/\.msg$/, ".d.msg.ts") : `${file}.ts`;
  if (out === undefined) return ({ file }) => made(file);
  const root = commonFolder(modules.map(({ file }) => resolve(file)));
  return ({ file }) => shownPath(join(out, made(relative(root, resolve(file)))));
}

/** The deepest folder that holds all of these files. */
function commonFolder(files: readonly string[]): string {
  const [first = [], ...others] = files.map((file) => dirname(file).split(sep));
  let depth = first.length;
  for (const other of others) {
    let same = 0;
    while (same < depth && first[same] === other[same]) same++;
    depth = same;
  }
  return first.slice(0, depth).join(sep) || sep;
}

/** How one file names another in an import, the same on every system. */
function relativeSpecifier(from: string, to: string): string {
  const path = relative(dirname(resolve(from)), resolve(to)).replaceAll(sep, "/");
  return path.startsWith(".") ? path : `./${path}`;
}
