/**
 * Values that hold no others and are no numbers. On the wire:
 *
 * | type | bytes |
 * | --- | --- |
 * | `bool` | 0 or 1; in a record, a bit instead |
 * | `string` | length in bytes, UTF-8 |
 * | `bytes` | length, bytes |
 * | a literal | 0; as a branch of a union, nothing |
 * | an enum | its value's place in the list, as a varint |
 *
 * @module
 */

import type { BytesType, EnumType, LiteralType, StringType } from "../../../../idl/definition.ts";
import { countCodePoints, isBytes, isText } from "../../../value.ts";
import type { Budgets } from "../../values/budget.ts";
import { Failure, mismatch } from "../../values/failure.ts";
import { A_BOOLEAN, byteLengthOf, bytesCheck, halfPair, oneOf, stringCheck } from "../../values/scalars.ts";
import type { Writer } from "../writer.ts";
import type { ValueCodec } from "./value_codec.ts";

/** `bool` outside a record. */
export const BOOL: ValueCodec = {
  expected: A_BOOLEAN,
  encode(to, value) {
    if (typeof value !== "boolean") throw mismatch(A_BOOLEAN, value);
    to.byte(value ? 1 : 0);
  },
  decode(from) {
    const byte = from.byte();
    if (byte > 1) throw new Failure(`expected ${A_BOOLEAN}, got the byte ${byte}`);
    return byte === 1;
  },
};

/**
 * Appends text.
 *
 * @param to Where to.
 * @param text The text.
 * @returns How many bytes it takes: as many as its length exactly if it is ASCII.
 * @throws {Failure} if it is not valid Unicode.
 */
export function writeText(to: Writer, text: string): number {
  const bytes = to.string(text);
  if (bytes !== text.length && !isText(text)) throw halfPair(text);
  return bytes;
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
  return {
    expected,
    encode(to, value) {
      if (typeof value !== "string") throw mismatch(expected, value);
      // A character is two units at the most: no need to write what is longer in order to refuse it.
      if (value.length > 2 * max) throw wrongLength(countCodePoints(value));
      check(value, budgets.encode, writeText(to, value));
    },
    decode(from) {
      const bytes = from.varint();
      if (bytes > 4 * max) throw wrongLength(`${bytes} bytes`);
      const text = from.text(bytes);
      check(text, budgets.decode, bytes);
      return text;
    },
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
    encode(to, value) {
      if (!isBytes(value)) throw mismatch(expected, value);
      check(byteLengthOf.call(value));
      writeBytes(to, value);
    },
    decode(from) {
      const length = from.varint();
      check(length);
      return from.raw(length);
    },
  };
}

/**
 * Appends bytes, their length before them.
 *
 * @param to Where to.
 * @param bytes Copied.
 */
export function writeBytes(to: Writer, bytes: Uint8Array): void {
  const length = byteLengthOf.call(bytes);
  to.varint(length);
  to.reserve(length);
  to.bytes.set(bytes, to.at);
  to.at += length;
}

/**
 * Makes the codec of a literal.
 *
 * @param type A literal.
 * @returns Its codec, for where it is no branch of a union.
 */
export function literalCodec(type: LiteralType): ValueCodec {
  const literal = type.value;
  const expected = JSON.stringify(literal);
  return {
    expected,
    encode(to, value) {
      if (value !== literal) throw mismatch(expected, value);
      to.byte(0);
    },
    decode(from) {
      const byte = from.byte();
      if (byte !== 0) throw new Failure(`expected ${expected}, got the byte ${byte}`);
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
  const { values } = type;
  const places = new Map<unknown, number>(values.map((value, place) => [value, place]));
  const expected = oneOf(type);
  return {
    expected,
    encode(to, value) {
      const place = places.get(value);
      if (place === undefined) throw mismatch(expected, value);
      to.varint(place);
    },
    decode(from) {
      const place = from.varint();
      const value = values[place];
      if (value === undefined) throw new Failure(`expected ${expected}, got number ${place}`);
      return value;
    },
  };
}
