/**
 * The packages of the peers: installed by npm when they are needed, beside `bench/package.json`, which says which.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../tests/runtimes.ts";

const FOLDER = join(ROOT, "bench");

function read(path: string): { readonly version?: string; readonly dependencies?: Record<string, string> } {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return {};
  }
}

/** The packages and their versions. */
export function packages(): readonly (readonly [name: string, version: string])[] {
  return Object.entries(read(join(FOLDER, "package.json")).dependencies ?? {});
}

/** Installs the packages that are missing or of another version. */
export function installPackages(): void {
  const installed = (name: string) => read(join(FOLDER, "node_modules", name, "package.json")).version;
  if (packages().every(([name, version]) => installed(name) === version)) return;
  console.log("Installing the peers into bench/node_modules.");
  const options = ["install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, error } = spawnSync("npm", options, { cwd: FOLDER, stdio: "inherit" });
  if (status === 0) return;
  const why = error?.message ?? "see above";
  throw new Error(`npm could not install the peers (${why}). Leave them out with --candidate holdfast,bare.`);
}
