/**
 * Bounds: in words, and how many a list or a map may hold.
 *
 * @module
 */

import { Failure } from "./failure.ts";

/** How many items or entries there may be. */
export interface CountBounds {
  /** At least. */
  readonly min?: number;
  /** At most. */
  readonly max?: number;
}

/** What a list or a map has to be. */
export interface CountCheck {
  /** In words that follow "expected". */
  readonly expected: string;
  /** Throws a {@link Failure} where there are too few or too many. */
  readonly check: (count: number) => void;
}

/**
 * Says what a list has to be.
 *
 * @param bounds How many items it may have.
 * @returns What tells whether it has.
 */
export function listCheck(bounds: CountBounds): CountCheck {
  return countCheck(bounds, `a list${range(bounds, "item")}`);
}

/**
 * Says what a map has to be.
 *
 * @param bounds How many entries it may have.
 * @returns What tells whether it has.
 */
export function mapCheck(bounds: CountBounds): CountCheck {
  return countCheck(bounds, `a map (a plain object)${range(bounds, "entry", "entries")}`);
}

function countCheck({ min = 0, max = Infinity }: CountBounds, expected: string): CountCheck {
  return {
    expected,
    check(count) {
      if (count < min || count > max) throw new Failure(`expected ${expected}, got one of ${count}`);
    },
  };
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
