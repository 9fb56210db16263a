/**
 * A tree of source files as the walls see it: texts by path, and who imports whom.
 *
 * @module
 */

import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

/** Texts by path, relative to the root, with `/`. */
export type Files = ReadonlyMap<string, string>;

/** One `import … from` or `export … from`, types included, or an `import("…")`. */
export interface Import {
  /** The file that imports. */
  readonly from: string;
  /** What stands in the quotes. */
  readonly specifier: string;
  /** The imported file; `undefined` for a package. */
  readonly to: string | undefined;
}

const FOLDERS = ["idl", "compiler", "runtime", "examples", "tests", "bench", ".ci"];

/**
 * Reads the project's own sources.
 *
 * @param root The folder of `mod.ts`.
 * @returns All `.ts` and `.js` files, without fixtures (`testdata/`) and packages.
 */
export function readTree(root: string): Files {
  const paths = FOLDERS.flatMap((folder) => {
    const names = readdirSync(join(root, folder), { recursive: true, encoding: "utf8" });
    return names.map((name) => posix.join(folder, name.replaceAll("\\", "/")));
  });
  const sources = paths.filter((path) => /\.[jt]s$/.test(path) && !/\/(testdata|node_modules)\//.test(path));
  return new Map(["mod.ts", ...sources].sort().map((path) => [path, readFileSync(join(root, path), "utf8")]));
}

// dprint puts every static import at the start of a line, with double quotes; comments and examples never start there.
const IMPORTS = [
  /^(?:import|export)\b[^;"'`]*?\bfrom\s+"([^"]+)"/gm,
  /^import\s+"([^"]+)"/gm,
  /(?<!^\s*(?:\*|\/\/).*)\bimport\(\s*"([^"]+)"\s*\)/gm,
];

/**
 * Finds what a tree's files import.
 *
 * @param files The tree.
 * @returns Every import, by importing file.
 */
export function importsOf(files: Files): readonly Import[] {
  return [...files].flatMap(([from, text]) =>
    IMPORTS.flatMap((pattern) => [...text.matchAll(pattern)]).map(([, specifier = ""]) => {
      const to = specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : undefined;
      return { from, specifier, to };
    })
  );
}

/**
 * Finds an import cycle for each group of files that reach one another.
 *
 * @param files The tree.
 * @returns Each cycle's files in order, the first one again at the end.
 */
export function cyclesOf(files: Files): readonly (readonly string[])[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of importsOf(files)) {
    if (to !== undefined && files.has(to)) next.set(from, [...next.get(from) ?? [], to]);
  }
  const done = new Set<string>();
  const path: string[] = [];
  const cycles: string[][] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) cycles.push([...path.slice(at), file]);
    if (at >= 0 || done.has(file)) return;
    path.push(file);
    for (const target of next.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of files.keys()) visit(file);
  return cycles;
}
