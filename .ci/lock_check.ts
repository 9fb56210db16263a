/**
 * Checks that `deno.lock` was committed with `package.json`, that it has no address of a registry, which is not the same
 * on every machine, and that no other tool's lock file was added.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";

const root = resolve(fileURLToPath(new URL("..", import.meta.url)));
const problems: string[] = [];

const addresses = readFileSync(resolve(root, "deno.lock"), "utf8").match(/\bhttps?:\/\/[^"\s]+/g) ?? [];
problems.push(...addresses.map((address) => `deno.lock names ${address}: set the registry outside, and lock again.`));

for (const name of ["package-lock.json", "bun.lock", "bun.lockb", "yarn.lock", "pnpm-lock.yaml"]) {
  if (existsSync(resolve(root, name))) problems.push(`${name} is in the way: deno.lock is the one lock file.`);
}

// Deno mends a stale lock file before it runs anything, this check too: what it mended shows as a change.
const isChanged = (file: string) =>
  spawnSync("git", ["diff", "--quiet", "HEAD", "--", file], { cwd: root }).status === 1;
if (isChanged("deno.lock") && !isChanged("package.json")) {
  problems.push("deno.lock was stale and has been mended: commit it.");
}

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
