/**
 * Programs as processes of their own, for the examples that start several.
 *
 * @module
 */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** How this runtime runs a program: what Deno needs to be told, Bun need not. */
const RUN = "deno" in process.versions ? ["run", "-A"] : [];

/** Ends every process that is still there, however the example ends. */
const over = new AbortController();

/** Prints what comes next. */
export function say(text: string): void {
  console.log(`\n# ${text}`);
}

/** Starts a program of this project. */
export function start(program: string, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [...RUN, program, ...args], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
    signal: over.signal,
    killSignal: "SIGKILL",
  });
}

/** Prints a process's lines and gives them on; fails where the process does. */
export async function* linesOf(child: ChildProcess, what: string): AsyncGenerator<string, void, void> {
  const ended = once(child, "close");
  // Looked at below, when there are no more lines.
  ended.catch(() => {});
  for await (const line of createInterface({ input: child.stdout! })) {
    console.log(line);
    yield line;
  }
  const [code, signal] = await ended;
  if (code !== 0) throw new Error(`${what} ended with ${signal ?? `exit code ${code}`}.`);
}

/** Runs a program to its end. */
export async function run(what: string, program: string, ...args: readonly string[]): Promise<void> {
  for await (const _line of linesOf(start(program, ...args), what));
}

/** Waits for a service's line, and gives its URL. */
export async function listening(lines: AsyncGenerator<string, void, void>): Promise<string> {
  for (let { value: line, done } = await lines.next(); done !== true; { value: line, done } = await lines.next()) {
    const [, url] = /^LISTENING (tls:.*)$/.exec(line ?? "") ?? [];
    if (url !== undefined) return url;
  }
  throw new Error("The service ended before it listened.");
}

/** Ends a process by a signal, and waits until it has ended. */
export async function stop(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<number | null> {
  const ended = once(child, "exit");
  // Not `child.kill`: after that, Deno tells the signal instead of the exit code, whatever the process made of it.
  process.kill(child.pid!, signal);
  const [code] = await ended;
  return code;
}

/**
 * Runs an example in a temporary folder, with a certificate for development in it. What goes wrong is told in one line,
 * and ends the process with 1; its processes end with it.
 *
 * @param patience After so many milliseconds something hangs.
 * @param example The example; gets the folder.
 */
export async function example(patience: number, example: (folder: string) => Promise<void>): Promise<void> {
  const interrupt = () => over.abort(new Error("Interrupted."));
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, interrupt);
  const watchdog = setTimeout(() => over.abort(new Error(`This is not done after ${patience} ms.`)), patience);
  let folder: string | undefined;
  try {
    folder = mkdtempSync(join(tmpdir(), "holdfast-"));
    say("Make a certificate for development.");
    await run("The command", "compiler/cli.ts", "cert", "--out", folder);
    await example(folder);
  } catch (error) {
    console.error(`error: ${(over.signal.aborted ? over.signal.reason : error).message}`);
    process.exitCode = 1;
  } finally {
    clearTimeout(watchdog);
    over.abort();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}
