/**
 * Files and folders, as the commands read and write them.
 *
 * @module
 */

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import process from "node:process";
import { fileProblem, type Problem } from "../idl/problem.ts";
import { CommandError } from "./terminal.ts";

/** A file to be written. */
export interface Output {
  readonly path: string;
  readonly text: string;
  /** Who may read it; as the system has it for new files unless given. */
  readonly mode?: number;
}

/** What a search for `.msg` files came upon. */
export interface Found {
  /** The files, each once. */
  readonly files: readonly string[];
  /** The folders that were looked through. */
  readonly folders: readonly string[];
  /** What is wrong with what was to be searched. */
  readonly problems: readonly Problem[];
}

/**
 * The one way in which a file is named, however it is written: from the current folder, or in full if that is shorter.
 *
 * @param path The file's path.
 */
export function shownPath(path: string): string {
  const full = resolve(path);
  const short = relative(process.cwd(), full) || ".";
  return short.length < full.length ? short : full;
}

/**
 * Finds the `.msg` files that are meant by files and folders.
 *
 * @param paths The files and folders. In folders, hidden ones and `node_modules` are passed over.
 * @returns The files, in the order of the paths, within folders in the order of their names; and what is wrong with paths.
 */
export function findMessageFiles(paths: readonly string[]): Found {
  const found = { files: new Set<string>(), folders: new Set<string>(), problems: [] };
  for (const path of paths.map(shownPath)) find(path, found);
  return { ...found, files: [...found.files], folders: [...found.folders] };
}

/** What a search has come upon so far. */
interface Search {
  readonly files: Set<string>;
  readonly folders: Set<string>;
  readonly problems: Problem[];
}

function find(path: string, search: Search): void {
  const { files, problems } = search;
  const [filesBefore, problemsBefore] = [files.size, problems.length];
  const stats = look(path, search, () => statSync(path));
  if (stats === undefined) return;
  if (stats.isDirectory()) {
    walk(path, search);
    const isEmpty = files.size === filesBefore && problems.length === problemsBefore;
    if (isEmpty) problems.push(fileProblem(path, "There is no .msg file in this folder."));
  } else if (path.endsWith(".msg")) files.add(path);
  else problems.push(fileProblem(path, "This is not a .msg file: the name of one ends in .msg."));
}

function walk(root: string, search: Search): void {
  const open = [root];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    search.folders.add(folder);
    const path = folder;
    const entries = look(path, search, () => readdirSync(path, { withFileTypes: true })) ?? [];
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { name } of entries.filter((entry) => !entry.isDirectory() && entry.name.endsWith(".msg"))) {
      search.files.add(shownPath(join(folder, name)));
    }
    const inside = entries.filter((entry) => entry.isDirectory() && !/^(\..*|node_modules)$/.test(entry.name));
    open.push(...inside.reverse().map(({ name }) => join(path, name)));
  }
}

/** Looks at a file or folder; `undefined` if it can't be read, which is a problem then. */
function look<T>(path: string, { problems }: Search, run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    problems.push(fileProblem(path, `This can't be read: ${reason(error)}`));
    return undefined;
  }
}

/**
 * Reads a file that there must be.
 *
 * @param path The file.
 * @returns Its bytes.
 * @throws {Error} When it can't be read: the error says why.
 */
export function readSource(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new Error(reason(error), { cause: error });
  }
}

/**
 * Reads a file.
 *
 * @param path The file.
 * @returns Its bytes; `undefined` if there is no such file.
 * @throws {CommandError} When it is there but can't be read.
 */
export function readIfThere(path: string): Uint8Array | undefined {
  return attempt(path, "read", () => {
    try {
      return readFileSync(path);
    } catch (error) {
      if ((error as { code?: unknown }).code === "ENOENT") return undefined;
      throw error;
    }
  });
}

/**
 * Whether a file is not there, or not as it should be.
 *
 * @param output What it should be.
 * @throws {CommandError} When it is there but can't be read.
 */
export function isStale({ path, text }: Output): boolean {
  const bytes = readIfThere(path);
  return bytes === undefined || new TextDecoder().decode(bytes) !== text;
}

/**
 * Writes files: all of them, or none. Each is complete at every moment in which somebody could read it.
 *
 * @param outputs The files.
 * @throws {CommandError} When one of them can't be written.
 */
export function writeAll(outputs: readonly Output[]): void {
  const drafts = outputs.map((output) => ({ ...output, draft: `${output.path}.${process.pid}.tmp` }));
  try {
    for (const { path, text, mode, draft } of drafts) {
      attempt(path, "write", () => {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(draft, text, { mode, flag: "wx" });
        if (mode !== undefined) chmodSync(draft, mode);
        // Found out only when others are in place already, this would leave half of them.
        if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw new Error(REASONS["EISDIR"]);
      });
    }
    for (const { path, draft } of drafts) attempt(path, "write", () => renameSync(draft, path));
  } finally {
    for (const { draft } of drafts) if (existsSync(draft)) rmSync(draft);
  }
}

/** Calls a function that may fail as files do; its failure is told in plain words. */
function attempt<T>(path: string, action: "read" | "write", run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw new CommandError(`${path}: this can't be ${action === "read" ? "read" : "written"}: ${reason(error)}`);
  }
}

/**
 * Says in plain words why the system would not do something with a file.
 *
 * @param error What the system threw.
 */
export function reason(error: unknown): string {
  const { code, message } = error as { readonly code?: string; readonly message?: string };
  return REASONS[code ?? ""] ?? `${message ?? error}`.replace(/\.?$/, ".");
}

const REASONS: { readonly [code: string]: string } = {
  ENOENT: "there is no such file.",
  EACCES: "permission is missing.",
  EPERM: "permission is missing.",
  EISDIR: "it is a folder.",
  ENOTDIR: "part of the path is not a folder.",
  ELOOP: "its links lead in a circle.",
  EROFS: "the disk can only be read.",
  ENOSPC: "the disk is full, or too many files are being watched.",
  EMFILE: "too many files are open.",
  EEXIST: "something of that name is in the way.",
};
