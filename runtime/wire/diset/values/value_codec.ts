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
