/**
 * A process of the tests of faults, as the one that started it sees it.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import process from "node:process";
import { createInterface } from "node:readline";
import { type Deferred, deferred } from "../../runtime/promises.ts";
import { ROOT } from "../runtimes.ts";
import type { Answer, Event, Order } from "./control.ts";

/** After so long a command hangs, in milliseconds. */
const PATIENCE = 60_000;
/** How long a process may take to end by itself when it has closed everything, in milliseconds. */
const GRACE = 5_000;

/** See the module's text. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #orders: Map<number, Deferred<unknown>> = new Map();
  readonly #ready: Deferred<Event> = deferred();
  #pid: number | undefined;
  #hasExited = false;
  #stopped = false;
  #id = 0;
  /** Hears what the process says by itself. */
  heard: (event: Event) => void = () => {};

  private constructor(command: readonly string[], settings: unknown) {
    const [executable = "", ...args] = command;
    this.#process = spawn(executable, [...args, JSON.stringify(settings)], {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: "1" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    // It may be gone when it is told something.
    this.#process.stdin!.on("error", () => {});
    createInterface({ input: this.#process.stdout! }).on("line", (line) => this.#line(JSON.parse(line)));
    this.#exited = once(this.#process, "exit").catch((error) => this.#ready.reject(error)).finally(() => {
      this.#hasExited = true;
      const gone = new Error("The process has ended.");
      this.#ready.reject(gone);
      for (const order of this.#orders.values()) order.reject(gone);
    });
  }

  /**
   * Starts a process.
   *
   * @param command How its program is run.
   * @param settings What it is started with.
   * @returns It, and what it said when it was ready.
   */
  static async start(command: readonly string[], settings: unknown): Promise<{ child: Child; ready: Event }> {
    const child = new Child(command, settings);
    const ready = await child.#ready.promise;
    // What was started may be a launcher.
    child.#pid = ready["pid"] as number;
    return { child, ready };
  }

  /** Tells the process to do something, and waits until it has. */
  async call<T = void>(command: string, argument?: unknown): Promise<T> {
    if (this.#hasExited) throw new Error(`The process has ended: it can't ${command}.`);
    const id = ++this.#id;
    const answer = deferred<unknown>();
    this.#orders.set(id, answer);
    const order: Order = { id, command, argument };
    this.#process.stdin!.write(`${JSON.stringify(order)}\n`);
    const watchdog = setTimeout(() => answer.reject(new Error(`It hangs: ${command}.`)), PATIENCE);
    try {
      return await answer.promise as T;
    } finally {
      clearTimeout(watchdog);
      this.#orders.delete(id);
    }
  }

  /** Lets the process stand still until {@link Child.resume}. */
  pause(): void {
    this.#stopped = true;
    this.#signal("SIGSTOP");
  }

  /** Lets it go on. */
  resume(): void {
    if (this.#stopped) this.#signal("SIGCONT");
    this.#stopped = false;
  }

  /** Ends it at once. */
  async kill(): Promise<void> {
    this.#signal("SIGKILL");
    await this.#exited;
  }

  /**
   * Lets it close all that it has.
   *
   * @returns Whether it has ended by itself then: nothing was left in it.
   */
  async close(argument: unknown = { spread: 0 }): Promise<boolean> {
    await this.call("close", argument);
    const watchdog = setTimeout(() => this.#signal("SIGKILL"), GRACE);
    await this.#exited;
    clearTimeout(watchdog);
    return this.#process.exitCode === 0;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill();
  }

  #signal(name: "SIGSTOP" | "SIGCONT" | "SIGKILL"): void {
    if (!this.#hasExited) process.kill(this.#pid ?? this.#process.pid!, name);
  }

  #line(line: Event | Answer): void {
    if ("id" in line) {
      const { error, id, result } = line as Answer;
      if (error === undefined) this.#orders.get(id)?.resolve(result);
      else this.#orders.get(id)?.reject(new Error(error));
    } else if (line.event === "ready") this.#ready.resolve(line);
    else this.heard(line);
  }
}
