/**
 * What is thrown where a registry has problems.
 *
 * @module
 */

import { formatProblems, type Problem } from "../../idl/problem.ts";
import { HoldfastError } from "../errors.ts";

/**
 * Thrown where a registry that has problems is read, with the code `invalid-argument`. Its text shows them all.
 *
 * @example
 * ```ts
 * import { readRegistry, RegistryError } from "holdfast";
 *
 * try {
 *   readRegistry('{ "user": {} }');
 * } catch (error) {
 *   if (!(error instanceof RegistryError)) throw error;
 *   console.assert(error.problems[0]?.hint === "Did you mean `users`?");
 * }
 * ```
 */
export class RegistryError extends HoldfastError {
  /** What is wrong. */
  readonly problems: readonly Problem[];

  /**
   * Makes an error of problems.
   *
   * @param problems What is wrong: one at least.
   */
  constructor(problems: readonly Problem[]) {
    super("invalid-argument", formatProblems(problems));
    this.problems = problems;
  }
}
