/**
 * `.msg` files as a git revision has them.
 *
 * @module
 */

import { execFileSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { posix, relative, resolve, sep } from "node:path";
import process from "node:process";
import { load, type Loaded } from "../idl/mod.ts";
import { CommandError, EXIT_USAGE } from "./terminal.ts";

/** How much git may write: more than any file that is meant well. */
const MAX_OUTPUT = 64 * 1024 * 1024;

/**
 * Loads files, and what they import, as they were.
 *
 * @param revision What git is to call it: a branch, a tag, a commit.
 * @param paths Files and folders of today. What of them was not there then is passed over.
 * @returns Their modules, or what was wrong with them then.
 * @throws {CommandError} If there is no such revision, or no repository.
 */
export function loadRevision(revision: string, paths: readonly string[]): Loaded {
  const commit = ask(["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`], () => {
    const text = `there is no file, no folder and no git revision ${JSON.stringify(revision)} to compare with.`;
    return new CommandError(`${text} A service is given as tls://HOST:PORT/System/Component.`, EXIT_USAGE);
  }).toString().trim();
  const failed = (error: unknown) => new CommandError(`git could not tell: ${String(error)}`);
  const root = ask(["rev-parse", "--show-toplevel"], failed).toString().replace(/\n$/, "");
  const lead = `${revision}:`;
  const files = new Set<string>();
  for (const path of paths) {
    const inside = relative(root, realpathSync(resolve(path))).replaceAll(sep, "/");
    const listing = ["-C", root, "ls-tree", "-r", "-z", "--name-only", commit, "--", ...inside === "" ? [] : [inside]];
    const listed = ask(listing, failed);
    for (const file of listed.toString().split("\0")) if (isMeant(file)) files.add(lead + file);
  }
  return load([...files], {
    read: (path) => {
      const file = `${commit}:${path.slice(lead.length)}`;
      return ask(["cat-file", "blob", file], () => new Error(`there is no such file in ${revision}.`));
    },
    resolve: (from, specifier) => lead + posix.join(posix.dirname(from.slice(lead.length)), specifier),
  });
}

/** Whether a file would have been found in its folder: see `findMessageFiles`. */
function isMeant(file: string): boolean {
  return file.endsWith(".msg") && !/(^|\/)(\.[^/]*|node_modules)\//.test(file);
}

function ask(args: readonly string[], failed: (error: unknown) => Error): Uint8Array {
  try {
    return execFileSync("git", [...args], {
      cwd: process.cwd(),
      maxBuffer: MAX_OUTPUT,
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch (error) {
    if ((error as { code?: unknown }).code === "ENOENT") throw new CommandError("git is not there to be asked.");
    throw failed(error);
  }
}
