/**
 * Numbers and times: what they have to be, on any wire.
 *
 * @module
 */

import type { FloatType, IntegerType, IntType, LongType } from "../../../idl/definition.ts";
import { isTimestamp } from "../../value.ts";
import { range } from "./bounds.ts";
import { Failure, mismatch } from "./failure.ts";

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** What an `int` has to be. */
export interface IntCheck {
  /** In words that follow "expected". */
  readonly expected: string;
  /** Whether it is one, within its bounds. */
  readonly fits: (value: unknown) => value is number;
  /** Refuses what an application gave; to be thrown. */
  readonly refuse: (value: unknown) => Failure;
}

/**
 * Says what an `int` has to be.
 *
 * @param type `int`.
 * @returns What tells whether it is.
 */
export function intCheck(type: IntType): IntCheck {
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = type;
  const expected = `an int${range(type)}`;
  return {
    expected,
    fits: (value): value is number =>
      Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max,
    refuse: (value) =>
      mismatch(isBeyondSafe(value) ? `${expected} (for numbers beyond 2^53-1, declare long)` : expected, value),
  };
}

function isBeyondSafe(value: unknown): boolean {
  return typeof value === "bigint" || Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** What a `long` or an `int|long` has to be. */
export interface LongCheck {
  /** In words that follow "expected". */
  readonly expected: string;
  /** Whether it takes numbers beside bigints. */
  readonly both: boolean;
  /** Whether what an application gave is of the type, within its bounds. */
  readonly fits: (value: unknown) => value is number | bigint;
  /** Whether a whole number is within the bounds. */
  readonly isWithin: (value: number | bigint) => boolean;
}

/**
 * Says what a `long` or an `int|long` has to be.
 *
 * @param type `long` or `int|long`.
 * @returns What tells whether it is.
 */
export function longCheck(type: LongType | IntegerType): LongCheck {
  const min = type.min === undefined ? undefined : BigInt(type.min);
  const max = type.max === undefined ? undefined : BigInt(type.max);
  const both = type.type === "int|long";
  const isWithin = (value: number | bigint): boolean =>
    (min === undefined || value >= min) && (max === undefined || value <= max);
  return {
    expected: `${both ? "an int or a long" : "a long (a bigint)"}${range(type)}`,
    both,
    fits: (value): value is number | bigint =>
      (typeof value === "bigint" || both && Number.isSafeInteger(value)) && isWithin(value as number | bigint),
    isWithin,
  };
}

/**
 * Makes what refuses a number that is too long.
 *
 * @param digits How many decimal digits a number may have.
 * @returns Throws a {@link Failure} if a number has more.
 */
export function digitsCheck(digits: number): (value: bigint) => void {
  const bound = 10n ** BigInt(digits);
  return (value) => {
    if (value <= MAX_SAFE && value >= -MAX_SAFE) return;
    if (value >= bound || value <= -bound) throw new Failure(`a long has more than ${digits} digits`, "limit");
  };
}

/** What a `float` has to be. */
export interface FloatCheck {
  /** In words that follow "expected". */
  readonly expected: string;
  /** Whether it is within the bounds: any number is where there are none, and NaN where there are some is not. */
  readonly isWithin: (value: number) => boolean;
}

/**
 * Says what a `float` has to be.
 *
 * @param type `float`.
 * @returns What tells whether it is.
 */
export function floatCheck(type: FloatType): FloatCheck {
  const { min = -Infinity, max = Infinity } = type;
  const bounded = type.min !== undefined || type.max !== undefined;
  return { expected: `a float${range(type)}`, isWithin: (value) => !bounded || value >= min && value <= max };
}

/** What a `timestamp` has to be, in words that follow "expected". */
export const A_TIMESTAMP = "a timestamp (a Date)";

/**
 * Reads what an application gave for a `timestamp`.
 *
 * @param value Anything.
 * @returns Milliseconds since 1970, UTC.
 * @throws {Failure} if it is no valid `Date`.
 */
export function timeOf(value: unknown): number {
  if (!isTimestamp(value)) throw mismatch(A_TIMESTAMP, value);
  // Not the value's own method, which a subclass may have overridden.
  return Date.prototype.getTime.call(value);
}
