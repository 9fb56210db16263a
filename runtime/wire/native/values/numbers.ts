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
import { Failure, mismatch } from "../../values/failure.ts";
import { A_TIMESTAMP, digitsCheck, floatCheck, intCheck, longCheck, timeOf } from "../../values/numbers.ts";
import type { Reader } from "../reader.ts";
import type { Writer } from "../writer.ts";
import type { ValueCodec } from "./value_codec.ts";

/** The last millisecond of a `Date`, on either side of 1970. */
export const MAX_TIME = 8_640_000_000_000_000;

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
    encode(to, value) {
      if (!fits(value)) throw refuse(value);
      to.signedVarint(value);
    },
    decode(from) {
      const value = from.signedVarint();
      if (!fits(value)) throw mismatch(expected, value);
      return value;
    },
  };
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
  const checkDigits = digitsCheck(digits);
  // The first number whose zigzag form is not needed; what is longer is not even put together.
  const beyond = 2n * 10n ** BigInt(digits);
  const maxBytes = Math.max(8, Math.ceil(beyond.toString(2).length / 7));
  return {
    encode(to, value) {
      if (typeof value === "number") {
        to.signedVarint(value);
        return;
      }
      checkDigits(value);
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
  const { expected, both, fits, isWithin } = longCheck(type);
  return {
    expected,
    encode(to, value) {
      if (!fits(value)) throw mismatch(expected, value);
      integers.encode(to, value);
    },
    decode(from) {
      const value = integers.decode(from);
      if (!isWithin(value)) throw mismatch(expected, value);
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
    encode(to, value) {
      if (typeof value !== "number" || !isWithin(value)) throw mismatch(expected, value);
      to.float(value);
    },
    decode(from) {
      const value = from.float();
      if (!isWithin(value)) throw mismatch(expected, value);
      return value;
    },
  };
}

/** `timestamp`. */
export const TIMESTAMP: ValueCodec = {
  expected: A_TIMESTAMP,
  encode(to, value) {
    to.signedVarint(timeOf(value));
  },
  decode(from) {
    const time = from.signedVarint();
    if (time > MAX_TIME || time < -MAX_TIME) throw new Failure(`no Date is ${time} ms away from 1970`);
    return new Date(time);
  },
};
