/**
 * How a process is told what to do by the one that started it, and answers: a line of JSON for each.
 *
 * @module
 */

import process from "node:process";
import { createInterface } from "node:readline";

/** What the process says by itself: the first line, and when something has happened. */
export type Event = Readonly<Record<string, unknown>> & { readonly event: string };

/** What a process can be told to do, by name. */
export type Commands = Readonly<Record<string, (argument: never) => unknown>>;

/** A command on its way to the process. */
export interface Order {
  readonly id: number;
  readonly command: string;
  readonly argument?: unknown;
}

/** What came of it. */
export interface Answer {
  readonly id: number;
  readonly result?: unknown;
  readonly error?: string;
}

/** Says something. */
export function tell(line: Event | Answer): void {
  console.log(JSON.stringify(line));
}

/**
 * Does what it is told. The process then ends by itself, if nothing is left in it.
 *
 * @param commands What it can be told. After `close` it listens no more.
 */
export function obey(commands: Commands & { readonly close: (argument: never) => Promise<void> }): void {
  let closed = false;
  const input = createInterface({ input: process.stdin });
  input.on("line", async (line) => {
    const { argument, command, id }: Order = JSON.parse(line);
    try {
      const result = await commands[command]!(argument as never);
      if (command === "close") closed = true;
      tell({ id, result });
    } catch (error) {
      tell({ id, error: String(error) });
    }
    if (!closed) return;
    input.close();
    process.stdin.destroy();
  });
  // Nobody is there any more.
  input.on("close", () => closed || process.exit(1));
}

/** What the process was started with. */
export function settings<T>(): T {
  return JSON.parse(process.argv[2] ?? "{}");
}
