/**
 * What writes and reads the values of one type: a pair of closures, made once for each type of a definition.
 *
 * @module
 */

import type { Reader } from "../reader.ts";
import type { Writer } from "../writer.ts";

/** Writes and reads the values of one type. Both directions accept the same values. */
export interface ValueCodec {
  /** What it takes, in words that follow "expected". */
  readonly expected: string;

  /**
   * Appends a value.
   *
   * @throws {Failure} if it is none of the type. What an accessor or a proxy throws passes through.
   */
  readonly encode: (to: Writer, value: unknown) => void;

  /**
   * Reads a value.
   *
   * @throws {Failure} if the bytes are none of the type. What the {@link Reader} throws passes through.
   */
  readonly decode: (from: Reader) => unknown;
}
