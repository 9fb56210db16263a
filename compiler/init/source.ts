/**
 * Where a new project gets Holdfast.
 *
 * @module
 */

import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CommandError, EXIT_USAGE } from "../terminal.ts";
import { VERSION } from "../version.ts";

/** What can run a project. */
export const RUNTIMES = ["deno", "bun", "node"] as const;

/** What runs a project. */
export type Runtime = (typeof RUNTIMES)[number];

/** Holdfast, as a project names it. */
export interface Source {
  /** Its code: in Deno's import map, or as a dependency's version in `package.json`. */
  readonly code: string;
  /** On Deno, what to run as the command, and the hosts that code may be loaded from. */
  readonly command: string;
  readonly hosts: readonly string[];
}

/** The version that is published with this command, or a later one that fits it. */
const RANGE = `^${VERSION}`;

/**
 * Finds out where a project gets Holdfast.
 *
 * @param runtime What runs the project.
 * @param from What was asked for. Unless anything was: what is published, or for Deno the server that this command was
 * loaded from.
 * @param self The URL of this command's own code.
 * @returns How the project names it.
 * @throws {CommandError} When there is no such file.
 */
export function findSource(runtime: Runtime, from: string | undefined, self: string): Source {
  if (runtime !== "deno") return { code: packageVersion(from ?? RANGE), command: "holdfast", hosts: [] };
  const code = from ?? published(self);
  if (code.startsWith("npm:")) return { code, command: code, hosts: [] };
  if (code.startsWith("jsr:")) return { code, command: `${code}/cli`, hosts: [] };
  const url = isWeb(code) ? new URL(code) : pathToFileURL(existing(code));
  return { code: url.href, command: new URL("cli.js", url).href, hosts: isWeb(code) ? [url.host] : [] };
}

/** From where Deno got this command, or npm if it has it from somewhere else. */
function published(self: string): string {
  if (self.startsWith("https://jsr.io/")) return `jsr:@holdfast/holdfast@${RANGE}`;
  return isWeb(self) ? new URL("mod.js", self).href : `npm:holdfast@${RANGE}`;
}

/** What stands behind a dependency's name: a file, or whatever else npm understands. */
function packageVersion(from: string): string {
  const isPath = /^(\.{0,2}[/\\]|file:|[a-z]:\\)/i.test(from) || existsSync(from);
  return isPath ? `file:${existing(from)}` : from;
}

/** The full path of a file that there must be. */
function existing(from: string): string {
  const path = from.startsWith("file://") ? fileURLToPath(from) : resolve(from.replace(/^file:/, ""));
  if (!existsSync(path)) throw new CommandError(`--from ${from}: there is no such file.`, EXIT_USAGE);
  return path;
}

function isWeb(text: string): boolean {
  return /^https?:\/\//.test(text);
}
