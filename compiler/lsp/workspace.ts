/**
 * The files of an editor: those that are open, as they stand there, and on the disk all others. What is found out about
 * them is kept until one of them changes.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { check } from "../../idl/check.ts";
import { checkNames } from "../../idl/checks/names.ts";
import { type Host, loadTrees } from "../../idl/load.ts";
import { Source } from "../../idl/problem.ts";
import type { NamedType, Program, SourceFile } from "../../idl/program.ts";
import { reason } from "../files.ts";
import { messageFilesIn } from "./folders.ts";
import { isFile } from "./places.ts";

/** A file, and what is known of it and of all that it imports. */
export interface Analysis {
  readonly program: Program;
  /** Absent where the text can't be read at all, and never could be. */
  readonly file: SourceFile | undefined;
}

/** A file that can be read. */
export interface Readable extends Analysis {
  readonly file: SourceFile;
}

/** A declaration, and the file that it stands in. */
export interface Declared {
  readonly file: SourceFile;
  readonly node: NamedType["node"];
}

/** The files that an editor works on. */
export class Workspace {
  readonly #texts = new Map<string, string>();
  #folders: readonly string[] = [];
  /** Of the present texts, by path. */
  readonly #analyses = new Map<string, Analysis>();
  #everything: Program | undefined;
  /** The last state of an open file that could be read. */
  readonly #readable = new Map<string, Readable>();
  /** What a declaration was when it could be read last, by the path of an open file and its name. */
  readonly #sound = new Map<string, ReadonlyMap<string, Declared>>();

  /** The open files' paths. */
  get openFiles(): readonly string[] {
    return [...this.#texts.keys()];
  }

  /** Sets the folders in which files belong together. */
  setFolders(folders: readonly string[]): void {
    this.#folders = folders;
    this.forget();
  }

  /** A file was opened, or its text has changed in the editor. */
  setText(path: string, text: string): void {
    this.#texts.set(path, text);
    this.forget();
  }

  /** A file was closed: from now on it is as it is on the disk. */
  close(path: string): void {
    this.#texts.delete(path);
    this.#readable.delete(path);
    this.#sound.delete(path);
    this.forget();
  }

  /** Files have changed on the disk: nothing that was found out holds any more. */
  forget(): void {
    this.#analyses.clear();
    this.#everything = undefined;
  }

  /** The path that an import leads to; `undefined` if it can lead nowhere. */
  imported(from: string, specifier: string): string | undefined {
    return isFile(from) ? resolve(dirname(from), specifier) : undefined;
  }

  /** The text of an open file; empty if it is not open. */
  source(path: string): Source {
    return new Source(path, this.#texts.get(path) ?? "");
  }

  /**
   * Checks a file as the compiler does, together with all that it imports.
   *
   * @returns What is known now.
   */
  analyse(path: string): Analysis {
    const known = this.#analyses.get(path);
    if (known !== undefined) return known;
    const program = loadTrees([path], this.#host);
    // With too many problems nothing more is checked; what is where can be found all the same.
    if (program.problems.full) checkNames(program);
    check(program);
    const analysis = { program, file: program.files.find(({ source }) => source.file === path) };
    this.#analyses.set(path, analysis);
    this.#remember(path, analysis);
    return analysis;
  }

  /**
   * Checks a file; where its text can't be read at all, the last one that could be stands for it.
   *
   * @returns What is known; `undefined` if it could never be read.
   */
  readable(path: string): Readable | undefined {
    const { program, file } = this.analyse(path);
    return file === undefined ? this.#readable.get(path) : { program, file };
  }

  /** All files of the folders, the open ones, and what they import; names are known in it, and nothing else. */
  everything(): Program {
    if (this.#everything === undefined) {
      const paths = new Set([...this.#texts.keys(), ...messageFilesIn(this.#folders)]);
      this.#everything = loadTrees([...paths], this.#host);
      checkNames(this.#everything);
    }
    return this.#everything;
  }

  /**
   * Reads the given texts in place of those that there are, and checks all files that lead to them.
   *
   * @param texts By path.
   * @param files The files to check, with all that they import.
   * @returns What is known then.
   */
  suppose(texts: ReadonlyMap<string, string>, files: readonly string[]): Program {
    const read = (path: string): Uint8Array => {
      const text = texts.get(path);
      return text === undefined ? this.#host.read(path) : new TextEncoder().encode(text);
    };
    const program = loadTrees(files, { ...this.#host, read });
    check(program);
    return program;
  }

  /** The declaration of a name: as it was before, with the text of that time, where it can't be read just now. */
  declarationOf({ file, node, name }: NamedType): Declared {
    const now = { file, node };
    return node.kind === "broken" ? this.#sound.get(file.source.file)?.get(name.text) ?? now : now;
  }

  #remember(path: string, { program, file }: Analysis): void {
    if (file === undefined || !this.#texts.has(path)) return;
    this.#readable.set(path, { program, file });
    const before = this.#sound.get(path);
    const sound = new Map<string, Declared>();
    for (const node of file.tree.declarations) {
      if (node.kind === "import" || node.kind === "service" || node.name === undefined) continue;
      const known = node.kind === "broken" ? before?.get(node.name.text) : { file, node };
      if (known !== undefined) sound.set(node.name.text, known);
    }
    this.#sound.set(path, sound);
  }

  readonly #host: Host = {
    read: (path) => {
      const text = this.#texts.get(path);
      if (text !== undefined) return new TextEncoder().encode(text);
      if (!isFile(path)) throw new Error("it is not open any more");
      try {
        return withoutMark(readFileSync(path));
      } catch (error) {
        throw new Error(reason(error), { cause: error });
      }
    },
    resolve: (from, specifier) => {
      const path = this.imported(from, specifier);
      if (path === undefined) throw new Error("this text was never saved, so there is no folder to start from");
      return path;
    },
  };
}

/** Editors don't count a byte order mark. */
function withoutMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
