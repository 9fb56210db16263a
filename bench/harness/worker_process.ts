/**
 * A worker, as the bench sees it.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { type Answer, MARK } from "./commands.ts";
import type { Runtime } from "./runtimes.ts";

/** A command may take so long, in milliseconds; then the worker hangs. */
const PATIENCE = 60_000;

/** So much of what it says of its own accord is kept, for who wants to know what went wrong. */
const LAST_WORDS = 2_000;

/** What a worker can be told. */
type Side = { readonly [name: string]: (...args: never[]) => unknown };

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** What a worker runs. Paths are absolute. */
export interface Program {
  readonly runtime: Runtime;
  readonly role: "service" | "client";
  /** The worker's own module. */
  readonly worker: string;
  /** The candidate's. */
  readonly candidate: string;
  /** The file with the certificates. */
  readonly certificates: string;
  readonly v8Flags?: readonly string[];
}

/** A process that obeys commands. */
export class WorkerProcess<S extends Side> implements AsyncDisposable {
  /** Settled when it is there. */
  readonly ready: Promise<void>;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  readonly #waiting = new Map<number, Waiting>();
  #words = "";
  #next = 1;

  constructor({ runtime, role, worker, candidate, certificates, v8Flags = [] }: Program) {
    const [executable, ...before] = runtime.command(v8Flags);
    const child = spawn(executable, [...before, worker, role, candidate, certificates], {
      env: { ...process.env, NODE_ENV: "production", NO_COLOR: "1" },
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child = child;
    const hear = (line: string) => {
      if (line.startsWith(MARK)) this.#settle(JSON.parse(line.slice(MARK.length)));
      else this.#words = `${this.#words}${line}\n`.slice(-LAST_WORDS);
    };
    createInterface({ input: child.stdout }).on("line", hear);
    createInterface({ input: child.stderr }).on("line", hear);
    // Whoever ended before all was said.
    child.stdin.on("error", () => {});
    this.ready = this.#wait(0, "start");
    this.ready.catch(() => {});
    this.#ended = new Promise((resolve) => {
      const end = (why: string) => {
        for (const { reject } of this.#waiting.values()) reject(new Error(`${why}\n${this.#words}`));
        this.#waiting.clear();
        resolve();
      };
      child.on("error", (error) => end(`The ${role} can't be started: ${error.message}`));
      child.on("close", (code, signal) => end(`The ${role} has ended: ${signal ?? code}.`));
    });
  }

  /** The process. */
  get pid(): number {
    return this.#child.pid!;
  }

  /** Gives a command; rejects when it fails, takes too long, or the worker ends. */
  async call<N extends keyof S & string>(name: N, ...args: Parameters<S[N]>): Promise<Awaited<ReturnType<S[N]>>> {
    await this.ready;
    const id = this.#next++;
    const result = this.#wait(id, name);
    this.#child.stdin!.write(`${JSON.stringify({ id, name, args })}\n`);
    return await result as Awaited<ReturnType<S[N]>>;
  }

  /** Ends the process. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#ended;
  }

  async #wait(id: number, name: string): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise<void>((resolve, reject) => {
        this.#waiting.set(id, { resolve: resolve as Waiting["resolve"], reject });
        const late = () => reject(new Error(`No end of ${name} within ${PATIENCE / 1000} s.\n${this.#words}`));
        timer = setTimeout(late, PATIENCE);
      });
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
    }
  }

  #settle({ id, result, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    if (error === undefined) waiting?.resolve(result);
    else waiting?.reject(new Error(error));
  }
}
