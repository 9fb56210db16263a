/**
 * Numbers and times, as Python has them:
 *
 * | type | Python |
 * | --- | --- |
 * | `int`, `long`, `int\|long` | `int`; a `bool` is one, too, to Python's type checks |
 * | `float` | `float`, and no `int` |
 * | `timestamp` | `datetime` in UTC; a `date` is its first moment |
 *
 * @module
 */

import type { FloatType, IntegerType, IntType, LongType } from "../../../../idl/definition.ts";
import { isTimestamp } from "../../../value.ts";
import { DateTime, Day, Float, integer, type PyValue, Time } from "../python.ts";
import { Failure, mismatch } from "./failure.ts";
import { range, type ValueCodec } from "./value_codec.ts";

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** The first moment of the year 1000 and the last of 9999: JSON can't carry what is before, and Python what is after. */
const FIRST_TIME = -30_610_224_000_000;
const LAST_TIME = 253_402_300_799_999;

const MICROSECONDS = 1_000;

/**
 * Makes the codec of an `int`.
 *
 * @param type `int`.
 * @returns Its codec.
 */
export function intCodec(type: IntType): ValueCodec {
  const min = type.min ?? Number.MIN_SAFE_INTEGER;
  const max = type.max ?? Number.MAX_SAFE_INTEGER;
  const expected = `an int${range(type)}`;
  return {
    expected,
    encode(value) {
      if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
        throw mismatch(isBeyondSafe(value) ? `${expected} (for numbers beyond 2^53-1, declare long)` : expected, value);
      }
      return (value as number) + 0; // no -0
    },
    decode(from) {
      const value = wholeNumber(from);
      if (typeof value !== "number" || value < min || value > max) throw mismatch(expected, from);
      return value;
    },
  };
}

function isBeyondSafe(value: unknown): boolean {
  return typeof value === "bigint" || Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** Python's `bool` is a kind of `int`. */
function wholeNumber(from: PyValue): PyValue {
  return typeof from === "boolean" ? Number(from) : from;
}

/**
 * Makes the codec of a `long` or an `int|long`.
 *
 * @param type `long` or `int|long`.
 * @param checkDigits Throws where a number is too long.
 * @returns Its codec.
 */
export function longCodec(type: LongType | IntegerType, checkDigits: (value: bigint) => void): ValueCodec {
  const min = type.min === undefined ? undefined : BigInt(type.min);
  const max = type.max === undefined ? undefined : BigInt(type.max);
  const both = type.type === "int|long";
  const expected = `${both ? "an int or a long" : "a long (a bigint)"}${range(type)}`;
  const fits = (value: number | bigint): boolean =>
    (min === undefined || value >= min) && (max === undefined || value <= max);
  return {
    expected,
    encode(value) {
      if (typeof value === "bigint") {
        if (!fits(value)) throw mismatch(expected, value);
        checkDigits(value);
        return integer(value);
      }
      if (!both || !Number.isSafeInteger(value) || !fits(value as number)) throw mismatch(expected, value);
      return (value as number) + 0; // no -0
    },
    decode(from) {
      const value = wholeNumber(from);
      if (typeof value !== "number" && typeof value !== "bigint" || !fits(value)) throw mismatch(expected, from);
      return both ? value : BigInt(value);
    },
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

/**
 * Makes the codec of a `float`.
 *
 * @param type `float`.
 * @returns Its codec.
 */
export function floatCodec(type: FloatType): ValueCodec {
  const min = type.min ?? -Infinity;
  const max = type.max ?? Infinity;
  const bounded = type.min !== undefined || type.max !== undefined;
  const expected = `a float${range(type)}`;
  // NaN is within no bounds.
  const fits = (value: number): boolean => !bounded || value >= min && value <= max;
  return {
    expected,
    encode(value) {
      if (typeof value !== "number" || !fits(value)) throw mismatch(expected, value);
      return new Float(value);
    },
    decode(from) {
      if (!(from instanceof Float) || !fits(from.value)) throw mismatch(expected, from);
      return from.value;
    },
  };
}

const A_TIMESTAMP = "a timestamp (a Date)";

/** `timestamp`. */
export const TIMESTAMP: ValueCodec = {
  expected: A_TIMESTAMP,
  encode(value) {
    if (!isTimestamp(value)) throw mismatch(A_TIMESTAMP, value);
    // Not the value's own methods, which a subclass may have overridden.
    const date = new Date(Date.prototype.getTime.call(value));
    const time = date.getTime();
    if (time < FIRST_TIME || time > LAST_TIME) throw new Failure("the years that can be sent go from 1000 to 9999");
    return new DateTime(
      new Day(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()),
      new Time(
        date.getUTCHours(),
        date.getUTCMinutes(),
        date.getUTCSeconds(),
        date.getUTCMilliseconds() * MICROSECONDS,
      ),
    );
  },
  decode(from) {
    if (from instanceof Day) return moment(from, MIDNIGHT);
    if (from instanceof DateTime) return moment(from.day, from.time);
    throw mismatch(A_TIMESTAMP, from);
  },
};

const MIDNIGHT = new Time(0, 0, 0, 0);

function moment({ year, month, day }: Day, { hour, minute, second, microsecond }: Time): Date {
  const date = new Date(0);
  // Unlike `Date.UTC`, this takes years before 100 as they are.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, Math.floor(microsecond / MICROSECONDS));
  return date;
}
