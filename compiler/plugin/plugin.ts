/**
 * Lets programs import `.msg` files, by a plugin for esbuild and for Bun: `holdfast/plugin`.
 *
 * @module
 */

import { relative, resolve } from "node:path";
import process from "node:process";
import { formatProblems, type Problem } from "../../idl/mod.ts";
import { type CompiledModule, compileModule } from "./compile_module.ts";
import { messageOf, type Note } from "./message.ts";

export type { Location, Note } from "./message.ts";

/** How `.msg` files are compiled in a build. */
export interface PluginOptions {
  /**
   * Where the compiled code finds Holdfast: a package's name, a URL, or a path from the current folder (`./…` or `../…`);
   * `holdfast` unless given.
   */
  readonly import?: string;
  /**
   * Whether a `.d.msg.ts` file is kept beside each `.msg` file, from which TypeScript and editors know its types; not
   * unless told so. `holdfast compile --declarations` writes the same without a build.
   */
  readonly declarations?: boolean;
}

/** A plugin, as esbuild and Bun take it. */
export interface Plugin {
  /** What it is called in messages. */
  readonly name: string;
  /** Takes part in a build. */
  setup(build: Build): void;
}

/** What a plugin is given: that which esbuild and Bun have in common, as far as it matters here. */
export interface Build {
  /** esbuild's options. */
  readonly initialOptions?: { readonly absWorkingDir?: string };
  /** Calls this at the start of each build; there is none where Bun runs a program. */
  onStart?(callback: () => void): unknown;
  /** Calls this to load each file of such a name. */
  onLoad(
    options: { readonly filter: RegExp; readonly namespace: string },
    callback: (file: { readonly path: string }) => Loaded,
  ): unknown;
}

/** What became of a file. */
export interface Loaded {
  /** Its code. */
  readonly contents: string;
  /** What the code is. */
  readonly loader: "ts";
  /** Its problems, and those of what it imports. */
  readonly errors?: Note[];
  /** The files from which this was made. */
  readonly watchFiles?: string[];
}

/**
 * Makes a plugin by which esbuild or Bun compiles each `.msg` file that is imported, and those that these import. No
 * `.msg.ts` file is written. Problems are shown as the bundler shows its own.
 *
 * @param options How they are compiled.
 * @returns The plugin: for `plugins` of `esbuild.build` and `Bun.build`, or, to run programs by Bun, for `Bun.plugin` in
 * a file that `preload` in `bunfig.toml` names.
 *
 * @example
 * ```ts ignore
 * import { build } from "esbuild";
 * import { holdfast } from "holdfast/plugin";
 *
 * await build({ entryPoints: ["service.ts"], bundle: true, plugins: [holdfast()] });
 * ```
 */
export function holdfast(options: PluginOptions = {}): Plugin {
  const { import: specifier = "holdfast", declarations = false } = options;
  return {
    name: "holdfast",
    setup(build) {
      const folder = build.initialOptions?.absWorkingDir ?? process.cwd();
      const toldOf = new Set<string>();
      build.onStart?.(() => toldOf.clear());
      // Only Bun has `module`: and it knows no `errors`.
      const load = "module" in build ? loadOrThrow : (compiled: CompiledModule) => loadOrTell(compiled, folder, toldOf);
      build.onLoad(
        { filter: /\.msg$/, namespace: "file" },
        ({ path }) => load(compileModule(path, { holdfast: specifier, declarations })),
      );
    },
  };
}

function loadOrThrow({ text, problems }: CompiledModule): Loaded {
  if (problems.length > 0) throw new Error(formatProblems(problems));
  return { contents: text, loader: "ts" };
}

/** @param toldOf Is told what is told now: several files may import what has a problem. */
function loadOrTell({ text, problems, files }: CompiledModule, folder: string, toldOf: Set<string>): Loaded {
  const fresh = problems.filter((problem) => !toldOf.has(keyOf(problem)));
  for (const problem of fresh) toldOf.add(keyOf(problem));
  return {
    // With problems told elsewhere, this fits any import: what else goes wrong because of them need not be told.
    contents: problems.length > 0 ? "module.exports = {};" : text,
    loader: "ts",
    errors: fresh.map((problem) => messageOf({ ...problem, file: relative(folder, resolve(problem.file)) })),
    watchFiles: files.map((file) => resolve(file)),
  };
}

function keyOf({ file, offset, message }: Problem): string {
  return JSON.stringify([resolve(file), offset, message]);
}
