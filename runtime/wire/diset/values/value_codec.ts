/**
 * What turns the values of one type into Python's and back: a pair of closures, made once for each type of a definition.
 *
 * @module
 */

import type { PyValue } from "../python.ts";

/** Converts the values of one type. */
export interface ValueCodec {
  /** What it takes, in words that follow "expected". */
  readonly expected: string;

  /**
   * Makes Python's value.
   *
   * @throws {Failure} if it is none of the type. What an accessor or a proxy throws passes through.
   */
  readonly encode: (value: unknown) => PyValue;

  /**
   * Makes a value of Python's.
   *
   * @throws {Failure} if it is none of the type.
   */
  readonly decode: (from: PyValue) => unknown;
}
