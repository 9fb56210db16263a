/**
 * The message language, for those outside of `idl/`: text to definitions.
 *
 * @module
 */

import { posix } from "node:path";
import type { Definition } from "./definition.ts";
import { type Host, load } from "./load.ts";
import type { Module } from "./module.ts";
import { fileProblem, MsgError } from "./problem.ts";

export { format, formatFile, type Formatted, type FormattedFile } from "./format.ts";
export { type Host, load, type Loaded } from "./load.ts";
export type { Declaration, Import, Module, Service } from "./module.ts";
export { formatProblem, formatProblems, MsgError, type Problem } from "./problem.ts";

/** What {@link parse} may be told beside the text. */
export interface ParseOptions {
  /** What the text is called in problems, and what its imports are relative to; `text.msg` unless given. */
  readonly file?: string;
  /** Which service's definition is wanted, as `System/Component`, if the text has several. */
  readonly service?: string;
  /** The texts that may be imported, by path relative to `file`. */
  readonly imports?: { readonly [path: string]: string };
}

/**
 * Makes a definition of `.msg` text, while running.
 *
 * @param text The text: one service and what it needs.
 * @param options The text's name, which of several services is wanted, and the texts that may be imported.
 * @returns The service's definition, deeply frozen. TypeScript does not know its messages; the compiler makes code that
 * does.
 * @throws {MsgError} If the text has problems, or does not have that service.
 *
 * @example
 * ```ts
 * import { parse } from "holdfast";
 *
 * const definition = parse(`
 *   Ping < id: int|long >
 *   Pong < id: int|long >
 *
 *   service Framework/PingPong {
 *     auth all
 *     receives Ping
 *     sends Pong
 *   }
 * `);
 * console.assert(definition.shape.service === "Framework/PingPong");
 * ```
 */
export function parse(text: string, options: ParseOptions = {}): Definition {
  const { file = "text.msg", imports = {}, service } = options;
  const { modules, problems } = load([file], new TextHost(file, text, imports));
  if (problems.length > 0) throw new MsgError(problems);
  return choose(modules.at(-1)!, service);
}

/** Picks a service of a file. */
function choose({ file, services }: Module, wanted: string | undefined): Definition {
  const names = services.map(({ name }) => name).join(", ");
  const found = wanted === undefined ? services : services.filter(({ name }) => name === wanted);
  const [service] = found;
  if (service !== undefined && found.length === 1) return service.definition;
  const message = services.length === 0
    ? "There is no service in this text, only declarations: a definition is a service's."
    : wanted === undefined
    ? `There are several services in this text: say which one is wanted (${names}).`
    : `There is no service ${JSON.stringify(wanted)} in this text: there is ${names}.`;
  throw new MsgError([fileProblem(file, message)]);
}

/** Reads from texts, whose paths are relative to the first. */
class TextHost implements Host {
  readonly #texts = new Map<string, string>();

  constructor(file: string, text: string, imports: { readonly [path: string]: string }) {
    for (const [path, text] of Object.entries(imports)) this.#texts.set(this.resolve(file, path), text);
    this.#texts.set(file, text);
  }

  read(path: string): Uint8Array {
    const text = this.#texts.get(path);
    if (text === undefined) throw new Error("it is not among the texts given as imports");
    return new TextEncoder().encode(text);
  }

  resolve(from: string, specifier: string): string {
    return posix.join(posix.dirname(from), specifier);
  }
}
