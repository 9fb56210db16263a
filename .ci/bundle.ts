/**
 * Makes `dist/`, for who installs nothing and imports by URL: `deno task bundle [FOLDER]`.
 *
 * - `mod.js`: Holdfast, in one file that imports nothing but `node:` modules; `mod.d.ts`: its types, complete as well
 * - `plugin.js`: the plugin for builds, with its types in `plugin.d.ts`
 * - `cli.js`: the command
 * - `licenses.txt`: those of the packages that are in it
 *
 * @module
 */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import process from "node:process";
import { bundleCode, bundleTypes, licensesOf, ROOT } from "./build.ts";

/** By what Deno, importing a file, finds its types; it must be the first line. */
const selfTypes = (name: string) => `// @ts-self-types="./${name}.d.ts"`;

const folder = resolve(process.argv[2] ?? join(ROOT, "dist"));
const { dependencies } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));

mkdirSync(folder, { recursive: true });
const bundled = [
  await bundleCode({ entries: { mod: "mod.ts" }, folder, firstLine: selfTypes("mod") }),
  await bundleCode({ entries: { plugin: "compiler/plugin/plugin.ts" }, folder, firstLine: selfTypes("plugin") }),
  await bundleCode({
    entries: { cli: "compiler/cli.ts" },
    folder,
    firstLine: "#!/usr/bin/env node",
    // `vscode-languageserver/node` is for this condition only, and runs on Deno and Bun as well.
    conditions: ["node"],
  }),
];
bundleTypes({
  entries: { mod: "mod.ts", plugin: "compiler/plugin/plugin.ts" },
  folder,
  inlined: Object.keys(dependencies),
});
writeFileSync(join(folder, "licenses.txt"), licensesOf(bundled));
for (const name of readdirSync(folder).sort()) console.log(join(folder, name));
