/**
 * What the commands share: exit codes, and how they talk.
 *
 * @module
 */

import process from "node:process";
import { styleText } from "node:util";

/** Everything went well. */
export const EXIT_OK = 0;
/** There are problems in the input, or something is not as it should be. */
export const EXIT_PROBLEMS = 1;
/** The command line can't be understood. */
export const EXIT_USAGE = 2;
/** It could not be done: a file can't be written, or a service can't be reached. */
export const EXIT_FAILED = 3;
/** Holdfast itself is wrong. */
export const EXIT_DEFECT = 4;
/** The service does not let whoever runs the command in, or do that, with what was shown. */
export const EXIT_UNAUTHORIZED = 5;
/** The service refuses whoever runs the command, or there is no such service. */
export const EXIT_REFUSED = 6;
/** It took longer than it may. */
export const EXIT_TIMEOUT = 7;
/** The service could not do what it was asked for, or did not keep to the protocol. */
export const EXIT_SERVICE = 8;
/** Interrupted by Ctrl+C, as a shell tells it: 128 and the number of SIGINT. */
export const EXIT_INTERRUPTED = 130;
/** Whoever read the output has gone; 128 and the number of SIGPIPE. */
export const EXIT_UNHEARD = 141;
/** Told to end; 128 and the number of SIGTERM. */
export const EXIT_TERMINATED = 143;

/** Ends a command; its text is all that the user needs. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  /** What the process ends with. */
  readonly exitCode: number;

  /**
   * @param message What is wrong and what to do.
   * @param exitCode What the process ends with.
   */
  constructor(message: string, exitCode: number = EXIT_FAILED) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Writes a line of the command's result to standard output. */
export function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** Writes a command's result to standard output for programs to read: one value on a line. */
export function sayJson(value: unknown): void {
  say(JSON.stringify(value));
}

/** Writes something about the command's work to standard error. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Writes what went wrong to standard error. */
export function complain(text: string): void {
  const red = (at: string) => styleText("red", at, { validateStream: false });
  note(hasColor(process.stderr, process.env) ? text.replace(/^(error:|\S+?:\d+:\d+:)/gm, red) : text);
}

/**
 * Whether a stream is to be written to in colour: on a terminal, or wherever `FORCE_COLOR` says so, and never where
 * `NO_COLOR` does.
 *
 * @param stream Where to write to.
 * @param env The environment.
 */
export function hasColor(
  stream: { readonly isTTY?: boolean },
  env: { readonly [name: string]: string | undefined },
): boolean {
  if (env["NO_COLOR"]) return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return stream.isTTY === true && env["TERM"] !== "dumb";
}

/** Counts in words: `1 file`, `2 files`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
