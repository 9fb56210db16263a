/**
 * Makes a site of the documents, with a page for each public name: `deno task site [--preview] [options of VitePress]`.
 * It stands in `dist/site/`, and needs nothing but a web server for files. `--preview` serves it on loopback.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { cpSync, rmSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { installPackages } from "./packages.ts";

const DOCS = resolve(fileURLToPath(new URL("../docs", import.meta.url)));
/** The packages of the documents, and nothing of the project's own. */
const DENO_OPTIONS = ["run", "-A", "--quiet", "--no-config", "--no-lock", "--node-modules-dir=manual"];

/** What was measured: it stands beside what measures it, and is copied for the time. */
const MEASURED = ["README.md", "RESULTS.md", "MISSED.md", "DIRAC.md", "plots"];

/** Runs the command of a package, and ends as it does where it fails. */
function run(script: string, ...args: readonly string[]): void {
  const command = [...DENO_OPTIONS, `node_modules/${script}`, ...args];
  const { status, error } = spawnSync(process.execPath, command, { cwd: DOCS, stdio: "inherit" });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

const args = process.argv.slice(2);
const options = args.filter((arg) => arg !== "--preview");
installPackages(DOCS);
// What has been renamed would stay.
for (const made of ["api", "bench"]) rmSync(resolve(DOCS, made), { recursive: true, force: true });
for (const name of MEASURED) {
  const copy = name === "README.md" ? "index.md" : name;
  cpSync(resolve(DOCS, "../bench", name), resolve(DOCS, "bench", copy), { recursive: true });
}
run("typedoc/bin/typedoc");
run("vitepress/bin/vitepress.js", "build", ".", ...options);
if (args.includes("--preview")) run("vitepress/bin/vitepress.js", "preview", ".", ...options);
