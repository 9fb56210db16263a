/**
 * Programs as processes of their own, on any of the runtimes.
 *
 * @module
 */

import { build } from "esbuild";
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { basename, join } from "node:path";
import process from "node:process";
import { clearTimeout, setTimeout } from "node:timers";
import { BUN, DENO, NODE, ROOT } from "./runtimes.ts";

/** A runtime as a host of programs. */
export interface Host {
  readonly name: "Deno" | "Bun" | "Node";
  /** Why no test can use it, or `false`. */
  readonly skip: string | false;
  /**
   * Makes a program ready to be run.
   *
   * @param file The program, from the root.
   * @param folder Where it may put files.
   * @returns The command that runs it.
   */
  prepare(file: string, folder: string): Promise<readonly string[]>;
}

const missing = (command: string | undefined, name: string) => command === undefined && `there is no ${name}`;

/** All hosts. */
export const HOSTS: readonly Host[] = [
  {
    name: "Deno",
    skip: missing(DENO, "Deno"),
    prepare: (file) => ready(DENO ?? "", "run", "-A", "--quiet", join(ROOT, file)),
  },
  { name: "Bun", skip: false, prepare: (file) => ready(BUN, join(ROOT, file)) },
  // Node 20 takes no TypeScript.
  { name: "Node", skip: missing(NODE, "Node"), prepare: (file, folder) => bundled(file, folder) },
];

/** The host that runs this test. */
export const OWN_HOST: Host = HOSTS.find(({ name }) => name.toLowerCase() in process.versions)!;

function ready(...command: readonly string[]): Promise<readonly string[]> {
  return Promise.resolve(command);
}

async function bundled(file: string, folder: string): Promise<readonly string[]> {
  const outfile = join(folder, basename(file).replace(/\.ts$/, ".mjs"));
  await build({
    absWorkingDir: ROOT,
    entryPoints: [file],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    mainFields: ["module", "main"],
    target: "node20",
    logLevel: "warning",
  });
  return [NODE ?? "", outfile];
}

/** What became of a program. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that says nothing for so long hangs, and is killed. In milliseconds. */
const PATIENCE = 60_000;

/** A program that runs. */
export class Program implements AsyncDisposable {
  /** What became of it. */
  readonly ended: Promise<Ended>;
  readonly #child: ChildProcess;
  #stdout = "";
  #stderr = "";
  #hasEnded = false;
  #heard: () => void = () => {};

  /**
   * Starts a program.
   *
   * @param command The command, as {@link Host.prepare} gives it.
   * @param args What else stands on its command line.
   * @param env What its environment has beside that of the test.
   */
  constructor(command: readonly string[], args: readonly string[], env: { readonly [name: string]: string } = {}) {
    const [executable = "", ...before] = command;
    const child = spawn(executable, [...before, ...args], {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    const watchdog = setTimeout(() => {
      this.signal("SIGKILL");
      // What it has started and not ended holds them open.
      child.stdout.destroy();
      child.stderr.destroy();
    }, PATIENCE);
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      watchdog.refresh();
      this.#stdout += text;
      this.#heard();
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      watchdog.refresh();
      this.#stderr += text;
      this.#heard();
    });
    this.ended = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        clearTimeout(watchdog);
        this.#hasEnded = true;
        this.#heard();
        resolve({ code, stdout: this.#stdout, stderr: this.#stderr });
      });
    });
  }

  /** Waits until it has said a line that fits, and gives back what fits; fails when it ends without. */
  says(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#find(pattern, () => this.#stdout);
  }

  /** The same for what it writes to standard error. */
  complains(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#find(pattern, () => this.#stderr);
  }

  async #find(pattern: RegExp, text: () => string): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(text());
      if (found !== null) return found;
      assert.ok(!this.#hasEnded, `It ended without saying ${pattern}:\n${this.#stdout}${this.#stderr}`);
      await new Promise<void>((heard) => this.#heard = heard);
    }
  }

  /** Sends a signal. Not by `kill` of the child: after that, Deno tells the signal instead of the exit code. */
  signal(name: "SIGHUP" | "SIGINT" | "SIGTERM" | "SIGKILL"): void {
    const { exitCode, pid, signalCode } = this.#child;
    if (exitCode === null && signalCode === null) process.kill(pid!, name);
  }

  /** Kills it if it is still there. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.signal("SIGKILL");
    await this.ended;
  }
}

/** Runs a program to its end. */
export function run(command: readonly string[], ...args: readonly string[]): Promise<Ended> {
  return new Program(command, args).ended;
}
