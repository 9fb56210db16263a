/**
 * What somebody typed: the names of messages and options.
 *
 * @module
 */

import { closest, distance } from "fastest-levenshtein";
import type { Message } from "../idl/definition.ts";
import { HoldfastError } from "./errors.ts";

/** What finds messages. */
export interface Vocabulary {
  /** The message of that name, if there is one. */
  name(name: string): Message | undefined;
  /** The names of all messages. */
  names(): string[];
}

/**
 * Finds a message.
 *
 * @throws {HoldfastError} `unknown-message`, with the nearest name that there is.
 */
export function requireMessage(vocabulary: Vocabulary, name: string): Message {
  const message = vocabulary.name(name);
  if (message !== undefined) return message;
  const text = `The definition has no message ${JSON.stringify(name)}.`;
  throw new HoldfastError("unknown-message", text + suggestion(name, vocabulary.names()));
}

/**
 * Refuses options that there are not: one that is passed over because of its spelling may be one that protects.
 *
 * @throws {HoldfastError} `invalid-argument`
 */
export function checkNames(what: string, options: object, known: readonly string[]): void {
  // A signal in their place has no names of its own, and would be passed over.
  if (typeof options !== "object" || options === null || options instanceof AbortSignal) {
    throw new HoldfastError("invalid-argument", `${what} takes its options in an object, as in { ${known[0]} }.`);
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new HoldfastError(
    "invalid-argument",
    `${what} has no option ${JSON.stringify(unknown)}.${suggestion(unknown, known)}`,
  );
}

/**
 * Refuses what can't be called where a function is to be: it would fail when it is needed, and `log` fails unheard.
 *
 * @throws {HoldfastError} `invalid-argument`
 */
export function checkFunctions<T extends object>(options: T, names: readonly (keyof T & string)[]): void {
  for (const name of names) {
    if (options[name] === undefined || typeof options[name] === "function") continue;
    throw new HoldfastError("invalid-argument", `The option "${name}" must be a function.`);
  }
}

/** "Did you mean …?" with the nearest of the names, if one is near. */
export function suggestion(name: string, names: readonly string[]): string {
  if (names.length === 0 || name.length > 256) return "";
  const nearest = closest(name, names);
  return distance(name, nearest) <= Math.max(2, name.length / 3) ? ` Did you mean ${JSON.stringify(nearest)}?` : "";
}
