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

/**
 * Says what bounds allow.
 *
 * @param bounds Both inclusive.
 * @param unit What is counted; nothing if the value itself is bounded.
 * @param units The same, in the plural.
 * @returns Words to follow the name of a type: " from 1 to 5", " of at most 5 items"; "" if there are no bounds.
 */
export function range(
  bounds: { readonly min?: number | string; readonly max?: number | string },
  unit?: string,
  units = `${unit}s`,
): string {
  const { min, max } = bounds;
  if (min === undefined && max === undefined) return "";
  const counted = (count: number | string) => unit === undefined ? count : `${count} ${count === 1 ? unit : units}`;
  const of = unit === undefined ? "" : " of";
  if (min === undefined) return `${of} at most ${counted(max!)}`;
  if (max === undefined) return `${of} at least ${counted(min)}`;
  if (min === max) return `${of} exactly ${counted(min)}`;
  return unit === undefined ? ` from ${min} to ${max}` : ` of ${min} to ${counted(max)}`;
}
