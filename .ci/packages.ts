/**
 * Packages that only some of the work on Holdfast needs: installed by npm when they are, beside the `package.json` that
 * says which, so that everybody else's install stays small.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** What npm says where there is no network, or no registry. */
const UNREACHABLE = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH)\b/;

/** Packages could not be installed. */
export class NotInstalled extends Error {
  /** Whether it is for want of a network, or of npm: nothing that the project could mend. */
  readonly isOffline: boolean;

  /**
   * Makes an error.
   *
   * @param folder Where they should have been installed.
   * @param why What npm says.
   * @param isOffline Whether it is for want of a network, or of npm.
   */
  constructor(folder: string, why: string, isOffline: boolean) {
    super(`npm could not install the packages of ${folder}: ${why}`);
    this.isOffline = isOffline;
  }
}

function read(path: string): { readonly version?: string; readonly dependencies?: Record<string, string> } {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return {};
  }
}

/**
 * The packages that a folder's `package.json` asks for.
 *
 * @param folder The folder.
 * @returns Each with its version.
 */
export function packagesOf(folder: string): readonly (readonly [name: string, version: string])[] {
  return Object.entries(read(join(folder, "package.json")).dependencies ?? {});
}

/**
 * Installs the packages that are missing or of another version.
 *
 * @param folder The folder of their `package.json`.
 * @throws {NotInstalled} When it can't be done.
 */
export function installPackages(folder: string): void {
  const installed = (name: string) => read(join(folder, "node_modules", name, "package.json")).version;
  if (packagesOf(folder).every(([name, version]) => installed(name) === version)) return;
  console.log(`Installing the packages of ${folder}.`);
  const options = ["install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"];
  const { status, error, stderr } = spawnSync("npm", options, { cwd: folder, encoding: "utf8" });
  if (status === 0) return;
  const why = error?.message ?? stderr.trim();
  throw new NotInstalled(folder, why, error !== undefined || UNREACHABLE.test(why));
}
