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
import { Failure } from "../../values/failure.ts";
import { A_TIMESTAMP, floatCheck, intCheck, longCheck, timeOf } from "../../values/numbers.ts";
import { DateTime, Day, Float, integer, type PyValue, Time } from "../python.ts";
import { mismatch } from "./mismatch.ts";
import type { ValueCodec } from "./value_codec.ts";

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
  const { expected, fits, refuse } = intCheck(type);
  return {
    expected,
    encode(value) {
      if (!fits(value)) throw refuse(value);
      return value + 0; // no -0
    },
    decode(from) {
      const value = wholeNumber(from);
      if (!fits(value)) throw mismatch(expected, from);
      return value;
    },
  };
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
  const { expected, both, fits, isWithin } = longCheck(type);
  return {
    expected,
    encode(value) {
      if (!fits(value)) throw mismatch(expected, value);
      if (typeof value === "number") return value + 0; // no -0
      checkDigits(value);
      return integer(value);
    },
    decode(from) {
      const value = wholeNumber(from);
      if (typeof value !== "number" && typeof value !== "bigint" || !isWithin(value)) throw mismatch(expected, from);
      return both ? value : BigInt(value);
    },
  };
}

/**
 * Makes the codec of a `float`.
 *
 * @param type `float`.
 * @returns Its codec.
 */
export function floatCodec(type: FloatType): ValueCodec {
  const { expected, isWithin } = floatCheck(type);
  return {
    expected,
    encode(value) {
      if (typeof value !== "number" || !isWithin(value)) throw mismatch(expected, value);
      return new Float(value);
    },
    decode(from) {
      if (!(from instanceof Float) || !isWithin(from.value)) throw mismatch(expected, from);
      return from.value;
    },
  };
}

/** `timestamp`. */
export const TIMESTAMP: ValueCodec = {
  expected: A_TIMESTAMP,
  encode(value) {
    const time = timeOf(value);
    const date = new Date(time);
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
