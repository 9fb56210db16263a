/**
 * Where the runtimes are, for tests that start processes: whichever runs the test, it finds the others too.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

/** The variable of the environment by which the runner tells the tests on other runtimes where Deno is. */
export const DENO_PATH = "HOLDFAST_DENO";

/** The folder of `mod.ts`. */
export const ROOT: string = resolve(fileURLToPath(new URL("..", import.meta.url)));

/** Deno's command; `undefined` where there is none: skip then, by name. */
export const DENO: string | undefined = "deno" in process.versions
  ? process.execPath
  : process.env[DENO_PATH] ?? commandIn("deno");

/** Bun's command: a dependency, so it is always there. */
export const BUN: string = resolve(ROOT, "node_modules/.bin/bun");

/** Node's command; `undefined` where there is none: skip then, by name. */
export const NODE: string | undefined = commandIn("node");

function commandIn(name: string): string | undefined {
  return spawnSync(name, ["--version"], { stdio: "ignore" }).status === 0 ? name : undefined;
}
