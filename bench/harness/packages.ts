/**
 * The packages of the peers: `bench/package.json` says which.
 *
 * @module
 */

import { join } from "node:path";
import { installPackages as install, NotInstalled, packagesOf } from "../../.ci/packages.ts";
import { ROOT } from "../../tests/runtimes.ts";

const FOLDER = join(ROOT, "bench");

/** The packages and their versions. */
export function packages(): readonly (readonly [name: string, version: string])[] {
  return packagesOf(FOLDER);
}

/** Installs the packages that are missing or of another version. */
export function installPackages(): void {
  try {
    install(FOLDER);
  } catch (error) {
    if (!(error instanceof NotInstalled)) throw error;
    throw new Error(`${error.message}\nLeave them out with --candidate holdfast,bare.`);
  }
}
