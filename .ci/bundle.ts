/**
 * Makes `dist/`, for who installs nothing and imports by URL: `deno task bundle [FOLDER]`.
 *
 * - `mod.js`: Holdfast, in one file that imports nothing but `node:` modules; `mod.d.ts`: its types, complete as well
 * - `cli.js`: the command
 * - `licenses.txt`: those of the packages that are in it
 *
 * @module
 */

import { generateDtsBundle } from "dts-bundle-generator";
import { build } from "esbuild";
import type { Metafile, Plugin } from "esbuild";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { join, resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const ROOT = resolve(fileURLToPath(new URL("..", import.meta.url)));

/** By what Deno, importing `mod.js`, finds its types; it must be the first line. */
const SELF_TYPES = '// @ts-self-types="./mod.d.ts"';

const folder = resolve(process.argv[2] ?? join(ROOT, "dist"));

async function bundleCode(
  input: string,
  output: string,
  firstLine: string,
  conditions: readonly string[] = [],
): Promise<Metafile> {
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: [input],
    outfile: join(folder, output),
    bundle: true,
    format: "esm",
    platform: "neutral",
    target: "es2023",
    // What `platform: "neutral"` leaves open.
    mainFields: ["module", "main"],
    conditions: ["import", "module", ...conditions],
    external: ["node:*"],
    plugins: [builtinsByImport],
    banner: { js: firstLine },
    sourcemap: true,
    metafile: true,
    logLevel: "warning",
  });
  // esbuild writes code in ASCII, but leaves comments in classes as they are.
  const escape = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
  const text = readFileSync(join(folder, output), "utf8");
  writeFileSync(join(folder, output), text.replaceAll(/[^\0-\x7f]/g, escape));
  return metafile;
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

/**
 * Makes declarations of the sources, by TypeScript 7, then one file of them and of what they use of packages. For that,
 * names must be understood as TypeScript does: TypeBox has types and values of the same name, and of global types' names.
 */
function bundleTypes(input: string, output: string): void {
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  const declarations = mkdtempSync(join(ROOT, "dist", "types-"));
  try {
    const config = join(ROOT, ".ci/tsconfig.types.json");
    const emit = ["--project", config, "--outDir", declarations];
    execFileSync(join(ROOT, "node_modules/.bin/tsc"), emit, { stdio: "inherit" });
    const manifest = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    const [text] = generateDtsBundle([{
      filePath: join(declarations, input.replace(/\.ts$/, ".d.ts")),
      libraries: { inlinedLibraries: Object.keys(manifest.dependencies) },
      output: { exportReferencedTypes: false, noBanner: true },
    }], { preferredConfigPath: config });
    writeFileSync(join(folder, output), text ?? "");
  } finally {
    rmSync(declarations, { recursive: true });
  }
}

/** The packages' licences ask that their text goes with every copy. */
function licensesOf(metafiles: readonly Metafile[]): string {
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

mkdirSync(folder, { recursive: true });
const bundled = [
  await bundleCode("mod.ts", "mod.js", SELF_TYPES),
  // `vscode-languageserver/node` is for this condition only, and runs on Deno and Bun as well.
  await bundleCode("compiler/cli.ts", "cli.js", "#!/usr/bin/env node", ["node"]),
];
bundleTypes("mod.ts", "mod.d.ts");
writeFileSync(join(folder, "licenses.txt"), licensesOf(bundled));
for (const name of readdirSync(folder).sort()) console.log(join(folder, name));
