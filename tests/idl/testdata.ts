/**
 * Loading the files in `testdata/`, which is all that a host has to do.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import type { Host } from "../../idl/mod.ts";

/** The folder of the files, with a slash at its end. */
export const TESTDATA: string = fileURLToPath(new URL("testdata/", import.meta.url));

/** Finds files by their paths in the folder. */
export const testdata: Host = {
  read(path) {
    try {
      return readFileSync(`${TESTDATA}${path}`);
    } catch {
      throw new Error("there is no such file");
    }
  },
  resolve: (from, specifier) => posix.join(posix.dirname(from), specifier),
};

/** A host of texts. */
export function textHost(texts: { readonly [path: string]: string }): Host {
  return {
    read(path) {
      const text = texts[path];
      if (text === undefined) throw new Error("there is no such file");
      return new TextEncoder().encode(text);
    },
    resolve: (from, specifier) => posix.join(posix.dirname(from), specifier),
  };
}
