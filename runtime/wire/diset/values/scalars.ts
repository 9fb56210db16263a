/**
 * Values that hold no others and are no numbers, as Python has them:
 *
 * | type | Python |
 * | --- | --- |
 * | `bool` | `bool` |
 * | `string` | `str` |
 * | `bytes` | `bytes`; what comes as `str`, as all bytes do in the tagged format, is taken for UTF-8 |
 * | a literal | `None`, `bool`, `int` or `str` |
 * | an enum | `str` |
 *
 * @module
 */

import type { BytesType, EnumType, LiteralType, StringType } from "../../../../idl/definition.ts";
import { countCodePoints, isBytes, isText } from "../../../value.ts";
import type { Budget, Budgets } from "../../values/budget.ts";
import { A_BOOLEAN, byteLengthOf, bytesCheck, halfPair, oneOf, stringCheck } from "../../values/scalars.ts";
import { escapedBytes } from "../text.ts";
import { mismatch } from "./mismatch.ts";
import type { ValueCodec } from "./value_codec.ts";

/** `bool`. */
export const BOOL: ValueCodec = {
  expected: A_BOOLEAN,
  encode(value) {
    if (typeof value !== "boolean") throw mismatch(A_BOOLEAN, value);
    return value;
  },
  decode(from) {
    if (typeof from !== "boolean") throw mismatch(A_BOOLEAN, from);
    return from;
  },
};

/**
 * Checks that a text can be sent, and can be given to an application.
 *
 * @param text The text.
 * @returns It.
 * @throws {Failure} if it is not valid Unicode.
 */
export function validText(text: string): string {
  if (!isText(text)) throw halfPair(text);
  return text;
}

/**
 * Makes the codec of a `string`.
 *
 * @param type `string`.
 * @param budgets What is left of the limits.
 * @returns Its codec.
 */
export function stringCodec(type: StringType, budgets: Budgets): ValueCodec {
  const { expected, max, wrongLength, check } = stringCheck(type);
  const checked = (value: unknown, budget: Budget): string => {
    if (typeof value !== "string") throw mismatch(expected, value);
    // A character is two units at the most: no need to look closer at what is longer.
    if (value.length > 2 * max) throw wrongLength(countCodePoints(value));
    check(validText(value), budget);
    return value;
  };
  return {
    expected,
    encode: (value) => checked(value, budgets.encode),
    decode: (from) => checked(from, budgets.decode),
  };
}

/**
 * Makes the codec of `bytes`.
 *
 * @param type `bytes`.
 * @returns Its codec.
 */
export function bytesCodec(type: BytesType): ValueCodec {
  const { expected, check } = bytesCheck(type);
  return {
    expected,
    encode(value) {
      if (!isBytes(value)) throw mismatch(expected, value);
      check(byteLengthOf.call(value));
      return copyOf(value);
    },
    decode(from) {
      const bytes = from instanceof Uint8Array ? from : typeof from === "string" ? escapedBytes(from) : undefined;
      if (bytes === undefined) throw mismatch(expected, from);
      check(bytes.length);
      return copyOf(bytes);
    },
  };
}

/**
 * Copies bytes, whatever memory is behind them and whatever class they are of.
 *
 * @param bytes The bytes.
 * @returns A plain copy.
 */
export function copyOf(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(byteLengthOf.call(bytes));
  copy.set(bytes);
  return copy;
}

/**
 * Makes the codec of a literal.
 *
 * @param type A literal.
 * @returns Its codec.
 */
export function literalCodec(type: LiteralType): ValueCodec {
  const literal = type.value;
  const expected = JSON.stringify(literal);
  return {
    expected,
    encode(value) {
      if (value !== literal) throw mismatch(expected, value);
      return literal;
    },
    decode(from) {
      if (from !== literal) throw mismatch(expected, from);
      return literal;
    },
  };
}

/**
 * Makes the codec of an enum.
 *
 * @param type An enum.
 * @returns Its codec.
 */
export function enumCodec(type: EnumType): ValueCodec {
  const known = new Set<unknown>(type.values);
  const expected = oneOf(type);
  return {
    expected,
    encode(value) {
      if (!known.has(value)) throw mismatch(expected, value);
      return value as string;
    },
    decode(from) {
      if (!known.has(from)) throw mismatch(expected, from);
      return from;
    },
  };
}
