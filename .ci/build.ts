/**
 * From the sources to what users get: code in few files, its types, and the licences of what is in it.
 *
 * @module
 */

import { generateDtsBundle } from "dts-bundle-generator";
import { build } from "esbuild";
import type { Metafile, Plugin } from "esbuild";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder of `mod.ts`. */
export const ROOT: string = resolve(fileURLToPath(new URL("..", import.meta.url)));

/** What to make of the sources. */
export interface CodeOptions {
  /** The source of each file, from the root, by the file's name without its ending. */
  readonly entries: { readonly [name: string]: string };
  /** Where to put the files. */
  readonly folder: string;
  /** What stands above the code in each file. */
  readonly firstLine?: string;
  /** For which conditions packages are asked for their code, beside `import`. */
  readonly conditions?: readonly string[];
  /** Whether packages are imported, rather than made part of the files; what files share has a file of its own then. */
  readonly importsPackages?: boolean;
  /** Whether each file has a source map beside it; it has unless this says otherwise. */
  readonly sourceMaps?: boolean;
}

/**
 * Makes files of code.
 *
 * @param options Which.
 * @returns What is in them.
 */
export async function bundleCode(options: CodeOptions): Promise<Metafile> {
  const { entries, folder, firstLine, conditions = [], importsPackages = false, sourceMaps = true } = options;
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: entries,
    outdir: folder,
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2023",
    // What `platform: "neutral"` leaves open.
    mainFields: ["module", "main"],
    conditions: ["import", "module", ...conditions],
    external: ["node:*"],
    packages: importsPackages ? "external" : "bundle",
    splitting: importsPackages,
    plugins: [builtinsByImport],
    ...(firstLine !== undefined && { banner: { js: firstLine } }),
    sourcemap: sourceMaps,
    metafile: true,
    logLevel: "warning",
  });
  for (const output of Object.keys(metafile.outputs)) {
    const file = resolve(ROOT, output);
    const text = readFileSync(file, "utf8");
    writeFileSync(file, file.endsWith(".map") ? withSources(text, file) : soundComments(text));
  }
  return metafile;
}

/**
 * Code, less what esbuild leaves as it is in comments within classes: what is not ASCII, and types from files that are not
 * there any more, which Deno would look for (`deno run --check`).
 */
function soundComments(text: string): string {
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return text.replaceAll(/\{import\((['"])\.{1,2}\/.*?\1\)\.(\w+)\}/g, "{$2}").replaceAll(/[^\0-\x7f]/g, escape);
}

/** A source map that names its sources from the root: the same on every machine, wherever the file was put. */
function withSources(text: string, file: string): string {
  const map: { readonly sources: readonly string[] } = JSON.parse(text);
  const sources = map.sources.map((source) => relative(ROOT, resolve(dirname(file), source)).replaceAll(sep, "/"));
  return JSON.stringify({ ...map, sources });
}

/** Lets CommonJS packages have `node:` modules by a static import: an ES module can't `require`. */
const builtinsByImport: Plugin = {
  name: "builtins-by-import",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[a-z_:/]+$/ }, ({ kind, path }) => {
      if (kind !== "require-call" || !isBuiltin(path)) return undefined;
      return { path: path.replace(/^(node:)?/, "node:"), namespace: "builtin" };
    });
    onLoad({ filter: /^/, namespace: "builtin" }, ({ path }) => ({
      contents: `module.exports = require("import ${path}").default;`,
    }));
    onResolve({ filter: /^import node:/, namespace: "builtin" }, ({ path }) => ({
      path: path.slice("import ".length),
      namespace: "builtin-import",
    }));
    onLoad({ filter: /^/, namespace: "builtin-import" }, ({ path }) => ({
      contents: `export { default } from "${path}";`,
    }));
  },
};

/** Which types to make, and where to put them. */
export interface TypesOptions {
  /** The source of each file, from the root, by the file's name without its ending. */
  readonly entries: { readonly [name: string]: string };
  /** Where to put the files. */
  readonly folder: string;
  /** The packages whose types become part of the files; others are imported. */
  readonly inlined: readonly string[];
}

/**
 * Makes declarations of the sources, by TypeScript 7, then one file of them for each entry. For that, names must be
 * understood as TypeScript does: TypeBox has types and values of the same name, and of global types' names.
 *
 * @param options Which.
 */
export function bundleTypes({ entries, folder, inlined }: TypesOptions): void {
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  const declarations = mkdtempSync(join(ROOT, "dist", "types-"));
  try {
    const config = join(declarations, "tsconfig.json");
    const files = Object.values(entries).map((entry) => join(ROOT, entry));
    writeFileSync(config, JSON.stringify({ extends: join(ROOT, ".ci/tsconfig.types.json"), files, include: [] }));
    const emit = ["--project", config, "--rootDir", ROOT, "--outDir", declarations];
    execFileSync(join(ROOT, "node_modules/.bin/tsc"), emit, { stdio: "inherit" });
    const texts = generateDtsBundle(
      Object.values(entries).map((entry) => ({
        filePath: join(declarations, entry.replace(/\.ts$/, ".d.ts")),
        libraries: { inlinedLibraries: [...inlined] },
        output: { exportReferencedTypes: false, noBanner: true },
      })),
      { preferredConfigPath: config },
    );
    for (const [index, name] of Object.keys(entries).entries()) {
      writeFileSync(join(folder, `${name}.d.ts`), texts[index] ?? "");
    }
  } finally {
    rmSync(declarations, { recursive: true });
  }
}

/**
 * The licences of the packages that are part of files: they ask that their text goes with every copy.
 *
 * @param metafiles What is in the files.
 */
export function licensesOf(metafiles: readonly Metafile[]): string {
  const inputs = metafiles.flatMap(({ inputs }) => Object.keys(inputs));
  const packages = inputs.flatMap((input) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(input) ?? []);
  const texts = [...new Set(packages)].sort().map((path) => {
    const { name, version, license } = JSON.parse(readFileSync(join(ROOT, path, "package.json"), "utf8"));
    const file = readdirSync(join(ROOT, path)).find((file) => /^licen[cs]e/i.test(file));
    const text = file !== undefined ? readFileSync(join(ROOT, path, file), "utf8").trim() : "";
    return `${name} ${version} (${license})\n\n${text}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}
