/**
 * Makes the command `holdfast` as one file that needs no runtime beside it: `deno task executable [FOLDER]`, in
 * `dist/executable/` unless another folder is named.
 *
 * - `holdfast`: by `bun build --compile`
 * - `holdfast-deno`: by `deno compile`, where Deno has or gets the runtime that goes into it; else it is skipped
 * - `licenses.txt`: those of the packages that are in them
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import process from "node:process";
import { VERSION } from "../compiler/version.ts";
import { bundleCode, licensesOf, ROOT } from "./build.ts";

const BUN = join(ROOT, "node_modules/.bin/bun");
const ENDING = process.platform === "win32" ? ".exe" : "";

/** What Deno says where it can't get the runtime that goes into an executable. */
const NO_RUNTIME = /error sending request for url \((\S*denort\S*)\)/;

/**
 * The command in one file, as users import it, goes into both: of the sources, Bun 1.4 would load a package before the
 * polyfill that it needs, and Deno would take in all of `node_modules/`.
 */
const CODE = "cli.js";

const code = mkdtempSync(join(tmpdir(), "holdfast-executable-"));
const folder = resolve(process.argv[2] ?? join(ROOT, "dist/executable"));

/** Runs a command to its end; gives back what it said if it failed. */
function failureOf(command: string, args: readonly string[], cwd: string): string | undefined {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  return status === 0 ? undefined : error?.message ?? stdout + stderr;
}

/** Tells what became of an executable; it must run. */
function tell(path: string, failure: string | undefined): void {
  const { stdout = "" } = failure === undefined ? spawnSync(path, ["--version"], { encoding: "utf8" }) : {};
  if (stdout.trim() === VERSION) return console.log(path);
  console.error(`${path}: ${failure ?? "this was made, but does not run."}`);
  process.exitCode = 1;
}

function compileByBun(path: string): void {
  // Or else files of the folder in which the command runs would change what it does.
  const settings = ["--no-compile-autoload-dotenv", "--no-compile-autoload-bunfig"];
  tell(path, failureOf(BUN, ["build", "--compile", ...settings, CODE, "--outfile", path], code));
}

function compileByDeno(path: string): void {
  const plain = ["--no-config", "--no-lock", "--no-check"];
  const failure = failureOf(process.execPath, ["compile", "-A", ...plain, "--output", path, CODE], code);
  const [, url] = NO_RUNTIME.exec(failure ?? "") ?? [];
  if (url === undefined) tell(path, failure);
  else console.log(`skipped: ${path}, as ${url} can't be fetched here. DENORT_BIN may name a file that has it.`);
}

mkdirSync(folder, { recursive: true });
try {
  const bundled = await bundleCode({ entries: { cli: "compiler/cli.ts" }, folder: code, conditions: ["node"] });
  writeFileSync(join(folder, "licenses.txt"), licensesOf([bundled]));
  compileByBun(join(folder, `holdfast${ENDING}`));
  compileByDeno(join(folder, `holdfast-deno${ENDING}`));
} finally {
  rmSync(code, { recursive: true });
}
