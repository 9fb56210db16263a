/**
 * Loaded before each test file on Deno, whose `node:test` swallows what nobody caught (a rejection, an exception in a
 * timer or at the top level of the file) while a test of the file is still to end: such a run passed. What is heard of
 * here is written down for the runner, which counts it as failed. Bun fails the test by itself.
 *
 * @module
 */

import { appendFileSync } from "node:fs";
import process from "node:process";
import { inspect } from "node:util";

/** The variable of the environment that names the file to write to, one JSON string a line. */
export const UNCAUGHT_FILE = "HOLDFAST_UNCAUGHT_FILE";

const file = process.env[UNCAUGHT_FILE];
if (file !== undefined) {
  const note = (what: unknown) => {
    const text = what instanceof Error ? what.stack ?? what.message : inspect(what);
    appendFileSync(file, `${JSON.stringify(text)}\n`);
  };
  globalThis.addEventListener("unhandledrejection", (event) => note(Reflect.get(event, "reason")));
  globalThis.addEventListener("error", (event) => note(Reflect.get(event, "error")));
}
