/**
 * Runs the command as a process, on the runtime that runs the test.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import { ROOT } from "../runtimes.ts";

/** How this runtime runs a TypeScript file. */
export const RUN: readonly string[] = [process.execPath, "run", ..."deno" in process.versions ? ["-A", "--quiet"] : []];

/** After how long a process that says nothing is taken to be stuck, in milliseconds. */
const DEADLINE = 60_000;

/** What became of a process. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How the command is run. */
export interface RunOptions {
  /** What it gets on standard input, which then ends; if this is empty, it never does. Nothing unless given. */
  readonly input?: string;
  /** What its environment has beside that of the test. */
  readonly env?: { readonly [name: string]: string };
}

/** Runs the command to its end. */
export function holdfast(cwd: string, ...args: string[]): Promise<Ended> {
  return new Running(cwd, args).ended;
}

/** Runs the command to its end, with some input or environment. */
export function holdfastWith(options: RunOptions, cwd: string, ...args: string[]): Promise<Ended> {
  return new Running(cwd, args, options).ended;
}

/** The command while it runs. */
export class Running {
  /** What became of it. */
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #output = "";
  #seen = 0;
  #hasEnded = false;
  #wake: () => void = () => {};

  constructor(cwd: string, args: readonly string[], { input, env }: RunOptions = {}) {
    const [command = "", ...before] = RUN;
    const child = spawn(command, [...before, join(ROOT, "compiler/cli.ts"), ...args], {
      cwd,
      stdio: ["pipe", "pipe", "pipe"],
      env: { ...process.env, NO_COLOR: "", FORCE_COLOR: undefined, ...env },
    });
    // Whoever is interrupted reads no further.
    child.stdin.on("error", () => {});
    if (input !== "") child.stdin.end(input ?? "");
    this.#child = child;
    let stdout = "";
    let stderr = "";
    const heard = (chunk: string): void => {
      this.#output += chunk;
      this.#wake();
    };
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk, heard(chunk)));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk, heard(chunk)));
    this.ended = new Promise((done, fail) => {
      child.on("error", fail);
      child.on("close", (code) => {
        this.#hasEnded = true;
        this.#wake();
        done({ code, stdout, stderr });
      });
    });
  }

  /** Waits until the command has said something since the last time that it was waited for. */
  async says(pattern: RegExp): Promise<void> {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      this.#wake();
    }, DEADLINE);
    try {
      for (;;) {
        const match = pattern.exec(this.#output.slice(this.#seen));
        if (match !== null) {
          this.#seen += match.index + match[0].length;
          return;
        }
        assert.ok(!this.#hasEnded, `ended without saying ${pattern}: ${this.#output}`);
        assert.ok(!isLate, `did not say ${pattern}: ${this.#output}`);
        await new Promise<void>((wake) => this.#wake = wake);
      }
    } finally {
      clearTimeout(timer);
    }
  }

  /** Interrupts it, as Ctrl+C does, or tells it to end. */
  interrupt(signal: "SIGINT" | "SIGTERM" = "SIGINT"): void {
    this.#signal(signal);
  }

  /** Gives it some input, and waits until it has begun to read: there must be more than fits into a pipe. */
  async reads(input: string): Promise<void> {
    await new Promise<void>((done, fail) => {
      this.#child.stdin?.write(input, (error) => error ? fail(error) : done());
    });
  }

  /** Hears nothing more of what it writes to standard output. */
  deafen(): void {
    this.#child.stdout?.destroy();
  }

  /** Ends it, whatever it does. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#hasEnded) this.#signal("SIGKILL");
    await this.ended;
  }

  #signal(signal: "SIGINT" | "SIGTERM" | "SIGKILL"): void {
    // Not `child.kill`: Deno then takes every end for one by that signal, however the process ended.
    if (this.#child.pid !== undefined) process.kill(this.#child.pid, signal);
  }
}

/** A folder for one test, with some files in it; gone once the test is over. */
export async function inFolder(
  files: { readonly [path: string]: string },
  run: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-"));
  try {
    for (const [path, text] of Object.entries(files)) put(join(folder, path), text);
    await run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Writes a file and the folders that it is in. */
export function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** All files in a folder and below, by path, sorted. */
export function filesIn(folder: string): string[] {
  return (readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

/** A file's text. */
export function textOf(path: string): string {
  return readFileSync(path, "utf8");
}
