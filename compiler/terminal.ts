/**
 * What the commands share: exit codes, and how they talk.
 *
 * @module
 */

import process from "node:process";
import { styleText } from "node:util";

/** Everything went well. */
export const EXIT_OK = 0;
/** There are problems in the input, or something is stale. */
export const EXIT_PROBLEMS = 1;
/** The command line can't be understood. */
export const EXIT_USAGE = 2;

/** Ends a command; its text is all that the user needs. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /** What the process ends with. */
  readonly exitCode: number;

  /**
   * @param message What is wrong and what to do.
   * @param exitCode What the process ends with.
   */
  constructor(message: string, exitCode: number = EXIT_PROBLEMS) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Writes a line of the command's result to standard output. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes something about the command's work to standard error. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Writes what went wrong to standard error. */
export function complain(text: string): void {
  note(
    hasColor(process.stderr, process.env)
      ? text.replace(/^(error:|\S+?:\d+:\d+:)/gm, (at) => styleText("red", at))
      : text,
  );
}

/**
 * Whether a stream is to be written to in colour: on a terminal only, and never where `NO_COLOR` asks for none.
 *
 * @param stream Where to write to.
 * @param env The environment.
 */
export function hasColor(
  stream: { readonly isTTY?: boolean },
  env: { readonly [name: string]: string | undefined },
): boolean {
  return stream.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
}

/** Counts in words: `1 file`, `2 files`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
