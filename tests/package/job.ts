/**
 * Commands as a terminal runs them: each with all that it starts in a group, which Ctrl+C interrupts as a whole.
 *
 * @module
 */

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";

/** Where a command runs. */
export interface Place {
  readonly folder: string;
  /** Its environment beside that of the test. */
  readonly env: { readonly [name: string]: string };
}

/** After so long a command hangs, and is killed. In milliseconds. */
const PATIENCE = 120_000;

/** A command that runs. */
export class Job implements AsyncDisposable {
  /** The code that it ended with. */
  readonly ended: Promise<number | null>;
  readonly #child: ChildProcess;
  #output = "";
  #stdout = "";
  #hasEnded = false;
  #heard: () => void = () => {};

  /**
   * Starts a command.
   *
   * @param place Where.
   * @param command The command, and what stands behind it.
   */
  constructor({ folder, env }: Place, ...[command = "", ...args]: readonly string[]) {
    const child = spawn(command, args, {
      cwd: folder,
      env: { ...process.env, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#stdout += text;
      this.#hear(text);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => this.#hear(text));
    const watchdog = setTimeout(() => this.signal("SIGKILL"), PATIENCE);
    this.ended = new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("close", (code) => {
        clearTimeout(watchdog);
        this.#hasEnded = true;
        this.#hear("");
        resolve(code);
      });
    });
  }

  /** What it has written so far, errors too. */
  get output(): string {
    return this.#output;
  }

  /** What it has written to standard output so far. */
  get stdout(): string {
    return this.#stdout;
  }

  /** Waits until it has said something that fits; fails when it ends without. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.#output);
      if (found !== null) return found;
      assert.ok(!this.#hasEnded, `It ended without saying ${pattern}:\n${this.#output}`);
      await new Promise<void>((heard) => this.#heard = heard);
    }
  }

  /** Sends a signal to it and to all that it has started. */
  signal(name: "SIGINT" | "SIGKILL"): void {
    if (!this.#hasEnded) process.kill(-this.#child.pid!, name);
  }

  /** Kills it, and all that it has started, if it is still there. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.signal("SIGKILL");
    await this.ended;
  }

  #hear(text: string): void {
    this.#output += text;
    this.#heard();
  }
}

/**
 * Runs a command that must end well.
 *
 * @returns What it wrote to standard output.
 */
export async function succeed(place: Place, ...command: readonly string[]): Promise<string> {
  await using job = new Job(place, ...command);
  assert.equal(await job.ended, 0, `${command.join(" ")}\n${job.output}`);
  return job.stdout;
}
