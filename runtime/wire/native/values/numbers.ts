/**
 * Numbers, on the wire:
 *
 * | type | bytes |
 * | --- | --- |
 * | `int`, `long`, `int\|long` | a zigzag varint |
 * | `float` | 8 bytes |
 * | `timestamp` | milliseconds since 1970, UTC, as a zigzag varint |
 *
 * @module
 */

import type { FloatType, IntegerType, IntType, LongType } from "../../../../idl/definition.ts";
import { isTimestamp } from "../../../value.ts";
import type { Reader } from "../reader.ts";
import type { Writer } from "../writer.ts";
import { Failure, mismatch } from "./failure.ts";
import { range, type ValueCodec } from "./value_codec.ts";

/** The last millisecond of a `Date`, on either side of 1970. */
export const MAX_TIME = 8_640_000_000_000_000;

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);

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
    encode(to, value) {
      if (!Number.isSafeInteger(value) || (value as number) < min || (value as number) > max) {
        throw mismatch(isBeyondSafe(value) ? `${expected} (for numbers beyond 2^53-1, declare long)` : expected, value);
      }
      to.signedVarint(value as number);
    },
    decode(from) {
      const value = from.signedVarint();
      if (value < min || value > max) throw mismatch(expected, value);
      return value;
    },
  };
}

function isBeyondSafe(value: unknown): boolean {
  return typeof value === "bigint" || Number.isInteger(value) && !Number.isSafeInteger(value);
}

/** Writes and reads whole numbers of any size. */
export interface IntegerCodec {
  /** Appends a safe integer or a bigint. Throws a {@link Failure} if it has too many digits. */
  readonly encode: (to: Writer, value: number | bigint) => void;
  /** Reads one: a number if it is a safe integer. Throws a {@link Failure} if it has too many digits. */
  readonly decode: (from: Reader) => number | bigint;
}

/**
 * Makes the codec of whole numbers of any size.
 *
 * @param digits How many decimal digits a number may have.
 * @returns The codec of such numbers.
 */
export function integerCodec(digits: number): IntegerCodec {
  const bound = 10n ** BigInt(digits);
  // Two times the bound is the first number whose zigzag form is not needed; what is longer is not even put together.
  const maxBytes = Math.max(8, Math.ceil((2n * bound).toString(2).length / 7));
  const checkDigits = (value: bigint): void => {
    if (value >= bound || value <= -bound) throw new Failure(`a long has more than ${digits} digits`, "limit");
  };
  return {
    encode(to, value) {
      if (typeof value === "number") {
        to.signedVarint(value);
        return;
      }
      if (value > MAX_SAFE || value < -MAX_SAFE) checkDigits(value);
      to.bigSignedVarint(value);
    },
    decode(from) {
      const value = from.integer(maxBytes);
      if (typeof value === "bigint") checkDigits(value);
      return value;
    },
  };
}

/**
 * Makes the codec of a `long` or an `int|long`.
 *
 * @param type `long` or `int|long`.
 * @param integers Writes and reads the numbers themselves.
 * @returns Its codec.
 */
export function longCodec(type: LongType | IntegerType, integers: IntegerCodec): ValueCodec {
  const min = type.min === undefined ? undefined : BigInt(type.min);
  const max = type.max === undefined ? undefined : BigInt(type.max);
  const both = type.type === "int|long";
  const expected = `${both ? "an int or a long" : "a long (a bigint)"}${range(type)}`;
  const fits = (value: number | bigint): boolean =>
    (min === undefined || value >= min) && (max === undefined || value <= max);
  return {
    expected,
    encode(to, value) {
      if (typeof value !== "bigint" && !(both && Number.isSafeInteger(value))) throw mismatch(expected, value);
      if (!fits(value as number | bigint)) throw mismatch(expected, value);
      integers.encode(to, value as number | bigint);
    },
    decode(from) {
      const value = integers.decode(from);
      if (!fits(value)) throw mismatch(expected, value);
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
  const min = type.min ?? -Infinity;
  const max = type.max ?? Infinity;
  const bounded = type.min !== undefined || type.max !== undefined;
  const expected = `a float${range(type)}`;
  // NaN is within no bounds.
  const fits = (value: number): boolean => !bounded || value >= min && value <= max;
  return {
    expected,
    encode(to, value) {
      if (typeof value !== "number" || !fits(value)) throw mismatch(expected, value);
      to.float(value);
    },
    decode(from) {
      const value = from.float();
      if (!fits(value)) throw mismatch(expected, value);
      return value;
    },
  };
}

const A_TIMESTAMP = "a timestamp (a Date)";

/** `timestamp`. */
export const TIMESTAMP: ValueCodec = {
  expected: A_TIMESTAMP,
  encode(to, value) {
    if (!isTimestamp(value)) throw mismatch(A_TIMESTAMP, value);
    // Not the value's own method, which a subclass may have overridden.
    to.signedVarint(Date.prototype.getTime.call(value));
  },
  decode(from) {
    const time = from.signedVarint();
    if (time > MAX_TIME || time < -MAX_TIME) throw new Failure(`no Date is ${time} ms away from 1970`);
    return new Date(time);
  },
};
