/**
 * Loads files and what they import, and checks them together.
 *
 * @module
 */

import { check } from "./check.ts";
import { show } from "./expectation.ts";
import type { Module } from "./module.ts";
import { makeModules } from "./modules.ts";
import { MAX_SIZE, parseFile } from "./parse.ts";
import { type Problem, Problems, Source } from "./problem.ts";
import { type NamedType, Program, type SourceFile } from "./program.ts";
import type { ImportNode } from "./syntax.ts";

/** Where files come from. */
export interface Host {
  /**
   * Reads a file.
   *
   * @param path The file, as it was given to {@link load} or as `resolve` gave it back.
   * @returns Its bytes.
   * @throws {Error} If it can't be read: the error's text is shown.
   */
  read(path: string): Uint8Array;

  /**
   * Finds out which file an import leads to. The same file must always get the same path.
   *
   * @param from The path of the importing file.
   * @param specifier What stands in the import.
   * @returns The path of the imported file.
   * @throws {Error} If it can lead nowhere: the error's text is shown.
   */
  resolve(from: string, specifier: string): string;
}

/** What has come of the files. */
export interface Loaded {
  /** One for each file, imported ones before those that import them; none if there is any problem. */
  readonly modules: readonly Module[];
  /** What is wrong, file by file and in the order of the text. */
  readonly problems: readonly Problem[];
}

/**
 * Loads files, parses them and what they import, and checks all of them together.
 *
 * @param files The paths of the files.
 * @param host Where files come from.
 * @returns The modules, or the problems. Nothing is thrown.
 */
export function load(files: readonly string[], host: Host): Loaded {
  const program = loadTrees(files, host);
  const { problems } = program;
  check(program);
  return problems.any ? { modules: [], problems: problems.list() } : { modules: makeModules(program), problems: [] };
}

/**
 * Loads files and what they import, and parses them: for tools that need the syntax, whatever is wrong with it.
 *
 * @param files The paths of the files.
 * @param host Where files come from.
 * @returns The files, imported ones before those that import them, not checked yet. Nothing is thrown.
 */
export function loadTrees(files: readonly string[], host: Host): Program {
  const problems = new Problems();
  return new Program(new Loader(host, problems).load(files), problems);
}

/** A file whose imports are being loaded. */
interface Visit {
  readonly file: SourceFile;
  readonly imports: readonly ImportNode[];
  next: number;
}

/** Loads each file once, depth first and without recursion: chains of imports may be long. */
class Loader {
  readonly #host: Host;
  readonly #problems: Problems;
  /** By path; `undefined` for what could not be loaded. */
  readonly #known = new Map<string, SourceFile | undefined>();
  readonly #path: Visit[] = [];
  /** Where on the path a file is. */
  readonly #above = new Map<SourceFile, number>();
  readonly #done: SourceFile[] = [];

  constructor(host: Host, problems: Problems) {
    this.#host = host;
    this.#problems = problems;
  }

  load(paths: readonly string[]): SourceFile[] {
    for (const path of paths) {
      if (!this.#known.has(path)) this.#visit(path, (message) => this.#problems.addFile(path, message));
      for (let top = this.#path.at(-1); top !== undefined; top = this.#path.at(-1)) {
        const node = top.imports[top.next++];
        if (node !== undefined) this.#import(top.file, node);
        else this.#leave();
      }
    }
    return this.#done;
  }

  #leave(): void {
    const { file } = this.#path.pop()!;
    this.#above.delete(file);
    this.#done.push(file);
  }

  #import(from: SourceFile, node: ImportNode): void {
    const fail = (message: string, hint?: () => string) => {
      from.open = true;
      this.#problems.add(from.source, node.specifier, message, hint);
    };
    let path: string;
    try {
      path = this.#host.resolve(from.source.file, node.specifier.value);
    } catch (error) {
      return fail(`This import leads nowhere: ${reason(error)}.`);
    }
    const known = this.#known.get(path);
    const above = known && this.#above.get(known);
    if (above !== undefined) {
      const isSelf = known === from;
      const hint = isSelf ? "Take the import away." : "Move what they need of each other into a file of its own.";
      return fail(isSelf ? "This file imports itself." : this.#circle(above), () => hint);
    }
    const file = known ?? (this.#known.has(path) ? undefined : this.#visit(path, fail));
    if (file === undefined) from.open = true;
    else if (!from.imports.some((other) => other.file === file)) from.imports.push({ node, file });
  }

  /** Reads and parses a file, and puts it on the path so that its imports come next. */
  #visit(path: string, fail: (message: string) => void): SourceFile | undefined {
    this.#known.set(path, undefined);
    const source = this.#read(path, fail);
    if (source === undefined) return undefined;
    const tree = parseFile(source, this.#problems);
    if (tree === undefined) return undefined;
    const names = { types: new Map(), services: new Map(), used: new Set<NamedType>() };
    const file: SourceFile = { source, tree, imports: [], open: false, ...names };
    this.#known.set(path, file);
    this.#above.set(file, this.#path.length);
    this.#path.push({ file, imports: tree.declarations.filter((node) => node.kind === "import"), next: 0 });
    return file;
  }

  #read(path: string, fail: (message: string) => void): Source | undefined {
    let bytes: Uint8Array;
    try {
      bytes = this.#host.read(path);
    } catch (error) {
      fail(`${show(path)} can't be read: ${reason(error)}.`);
      return undefined;
    }
    if (bytes.length > MAX_SIZE) {
      this.#problems.addFile(path, `The file is too long: ${bytes.length} bytes, and ${MAX_SIZE} are the most.`);
      return undefined;
    }
    return decode(path, bytes, this.#problems);
  }

  #circle(above: number): string {
    const circle = this.#path.slice(above).map(({ file }) => file.source.file);
    return `These files import each other in a circle: ${shorten([...circle, circle[0]!]).join(" → ")}.`;
  }
}

function shorten(names: readonly string[]): readonly string[] {
  return names.length > 8 ? [...names.slice(0, 4), "…", ...names.slice(-3)] : names;
}

function reason(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
}

/**
 * Decodes UTF-8. A byte order mark stays: places count from the beginning of the file.
 *
 * @param path The file.
 * @param bytes What is in it.
 * @param problems Where it goes if the bytes are not UTF-8.
 * @returns The file's text; `undefined` if there is a problem.
 */
export function decode(path: string, bytes: Uint8Array, problems: Problems): Source | undefined {
  const decoder = (fatal: boolean) => new TextDecoder("utf-8", { fatal, ignoreBOM: true });
  try {
    return new Source(path, decoder(true).decode(bytes));
  } catch {
    // The longest beginning that decodes, a character cut off at its end aside.
    let [good, bad] = [0, bytes.length];
    while (good < bad) {
      const middle = (good + bad + 1) >> 1;
      try {
        decoder(true).decode(bytes.subarray(0, middle), { stream: true });
        good = middle;
      } catch {
        bad = middle - 1;
      }
    }
    const beginning = decoder(true).decode(bytes.subarray(0, good), { stream: true });
    const start = beginning.length;
    const source = new Source(path, decoder(false).decode(bytes));
    const at = new TextEncoder().encode(beginning).length;
    const byte = bytes[at]!.toString(16).padStart(2, "0");
    const message = `The file is not UTF-8: byte ${at + 1} (0x${byte}) can't stand there.`;
    problems.add(source, { start, end: start + 1 }, message, () => "Save it as UTF-8.");
    return undefined;
  }
}
