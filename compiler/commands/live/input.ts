/**
 * What is to be sent: JSON texts from the command line, a file or standard input, one by one.
 *
 * @module
 */

import { createReadStream } from "node:fs";
import process from "node:process";
import { formatProblems } from "../../../idl/mod.ts";
import { type Problem, Source } from "../../../idl/problem.ts";
import type { Definition, HoldfastError } from "../../../mod.ts";
import { reason } from "../../files.ts";
import type { Mistake } from "../../live/json_syntax.ts";
import { JsonReader } from "../../live/read_json.ts";
import { type JsonText, splitJson } from "../../live/split_json.ts";
import { CommandError, EXIT_PROBLEMS } from "../../terminal.ts";

/** A message that was read, and what to say if it can't be sent after all. */
export interface Input {
  readonly value: Record<string, unknown>;
  /** Makes of what is wrong with the value an error that shows where it is. */
  readonly blame: (error: HoldfastError) => CommandError;
}

/**
 * Reads messages.
 *
 * @param from JSON, `@FILE`, or `@-`.
 * @param name What they are: a message's name, or `connect`.
 * @param definition The service's definition.
 * @param signal Ends the reading: what is waited for may never come.
 * @throws {CommandError} At the first that has mistakes, with all of these; or if there is nothing to be read.
 */
export async function* readInput(
  from: string,
  name: string,
  definition: Definition,
  signal: AbortSignal,
): AsyncGenerator<Input> {
  const { connect, types } = definition.shape;
  const type = name === "connect" ? connect : types[name]!;
  const file = from === "@-" ? "standard input" : from.startsWith("@") ? from.slice(1) : "JSON";
  const reader = new JsonReader(types);
  for await (const text of splitJson(chunksOf(from, file, signal))) {
    const { value, mistakes, place } = reader.read(text.text, type, name);
    if (mistakes.length > 0) throw wrong(file, text, mistakes);
    yield { value, blame: (error) => wrong(file, text, [{ ...place(error.message), message: `${error.message}.` }]) };
  }
}

function wrong(file: string, { text, line, column }: JsonText, mistakes: readonly Mistake[]): CommandError {
  // What stands before it in its line is not held any more: its place in the line is.
  const before = " ".repeat(column - 1);
  const source = new Source(file, before + text);
  const problems = mistakes.map(({ start, end, message, hint }): Problem => {
    const problem = source.problem({ start: start + before.length, end: end + before.length }, message, hint);
    return { ...problem, line: problem.line + line - 1 };
  });
  return new CommandError(`the JSON can't be sent:\n${formatProblems(problems)}`, EXIT_PROBLEMS);
}

async function* chunksOf(from: string, file: string, signal: AbortSignal): AsyncGenerator<string> {
  if (!from.startsWith("@")) return yield from;
  const decoder = new TextDecoder("utf-8", { fatal: true });
  const stream = from === "@-" ? process.stdin : createReadStream(file);
  const stop = (): void => void stream.destroy();
  signal.addEventListener("abort", stop);
  try {
    for await (const chunk of stream) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    const why = error instanceof TypeError ? "it is not UTF-8." : reason(error);
    throw new CommandError(`${file}: this can't be read: ${why}`);
  } finally {
    signal.removeEventListener("abort", stop);
    // Or else waiting for what is never read would keep the process.
    stop();
  }
}
