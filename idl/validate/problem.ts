/**
 * What is said of a definition that can't be used, and how large one may be.
 *
 * @module
 */

/** Bounds of a definition that comes from a peer. */
export interface DefinitionLimits {
  /** Its bytes. */
  readonly bytes: number;
  /** How deep types may be nested in each other. */
  readonly depth: number;
  /** Its messages, and its named types. */
  readonly names: number;
  /** The fields of one record. */
  readonly fields: number;
  /** Its patterns: each takes memory for its program. */
  readonly patterns: number;
}

/** The bounds that hold where nothing else is said. */
export const DEFAULT_DEFINITION_LIMITS: DefinitionLimits = {
  bytes: 1024 * 1024,
  depth: 64,
  names: 10_000,
  fields: 1_000,
  patterns: 256,
};

/** The largest number that a message may have. */
export const MAX_MESSAGE_NUMBER = 65_535;

/**
 * A definition that can't be used. Its text names the place and the problem, in words that may be shown.
 *
 * @example
 * ```ts
 * import { DefinitionError } from "holdfast";
 *
 * const error = new DefinitionError("shape.types.Ping", "no type is named Pong");
 * console.log(error.message); // The definition can't be used: shape.types.Ping: no type is named Pong.
 * ```
 */
export class DefinitionError extends Error {
  /** Always `DefinitionError`. */
  override readonly name = "DefinitionError";
  /** Where in the definition, such as `shape.types.Ping.fields[0]`; empty for the whole. */
  readonly path: string;

  /**
   * Makes an error.
   *
   * @param path Where in the definition the problem is.
   * @param problem What is wrong there.
   */
  constructor(path: string, problem: string) {
    super(`The definition can't be used: ${path === "" ? "" : `${path}: `}${problem}.`);
    this.path = path;
  }
}

/**
 * Shortens a text of a peer's for a message.
 *
 * @param text Any text.
 * @returns It in quotes, cut to what a line can show.
 */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
