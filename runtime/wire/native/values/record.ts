/**
 * Records. On the wire:
 *
 * 1. One bit for each optional field (1: it is there) and one for each `bool` (1: true), in the order of the fields; for
 *    an optional `bool` first the one, then the other. The first bit is the lowest of the first byte; what is left over in
 *    the last byte is 0, and so is the value of a `bool` that is not there. A record without fields is one byte, 0.
 * 2. The fields that are there, in order, `bool`s aside. One with a default is always there.
 *
 * @module
 */

import type { Field, RecordType } from "../../../../idl/definition.ts";
import { defaultValue } from "../../../../idl/rules.ts";
import { isPlainObject } from "../../../value.ts";
import type { Budgets } from "../../values/budget.ts";
import { Failure, mismatch, notPlain, readFailure, writeFailure } from "../../values/failure.ts";
import { AN_OBJECT, checkNames, placesOf } from "../../values/record.ts";
import type { ValueCodec } from "./value_codec.ts";

/** A field, and how it is written. */
interface FieldPlan {
  readonly name: string;
  readonly codec: ValueCodec;
  /** The bit that says whether it is there; −1 if it always is. */
  readonly presence: number;
  /** The bit that is its value, if it is a `bool`; −1 if it is not. */
  readonly value: number;
  /** What stands for `undefined`. */
  readonly default: unknown;
}

/**
 * Makes the codec of a record.
 *
 * @param type The record.
 * @param codecOf Gives the codec of a field's type.
 * @param budgets What is left of the limits.
 * @returns The record's codec.
 */
export function recordCodec(type: RecordType, codecOf: (field: Field) => ValueCodec, budgets: Budgets): ValueCodec {
  const places = placesOf(type.fields);
  const { fields, bits } = plan(type.fields, codecOf);
  const bytesOfBits = fields.length === 0 ? 1 : Math.ceil(bits / 8);
  /** The bits of the last byte that stand for nothing. */
  const unused = 0xff << (bits - 8 * (bytesOfBits - 1)) & 0xff;

  return {
    expected: AN_OBJECT,
    encode(to, value) {
      if (!isPlainObject(value)) throw notPlain(AN_OBJECT, value);
      budgets.encode.enter(0);
      checkNames(value, fields, places);
      to.reserve(bytesOfBits);
      // The buffer may be another one by the time a bit is set.
      const bitsAt = to.at - to.start;
      for (let i = 0; i < bytesOfBits; i++) to.bytes[to.at++] = 0;
      let name = "";
      try {
        for (let i = 0; i < fields.length; i++) {
          const field = fields[i]!;
          name = field.name;
          let fieldValue = value[name];
          if (fieldValue === undefined) {
            if (field.presence >= 0) continue;
            fieldValue = field.default;
          }
          if (field.presence >= 0) to.bytes[to.start + bitsAt + (field.presence >> 3)]! |= 1 << (field.presence & 7);
          if (field.value < 0) field.codec.encode(to, fieldValue);
          else if (typeof fieldValue !== "boolean") throw mismatch(field.codec.expected, fieldValue);
          else if (fieldValue) to.bytes[to.start + bitsAt + (field.value >> 3)]! |= 1 << (field.value & 7);
        }
      } catch (error) {
        throw writeFailure(error).within(`.${name}`);
      }
      budgets.encode.leave();
    },
    decode(from) {
      budgets.decode.enter(0);
      const bitsAt = from.at;
      from.skip(bytesOfBits);
      const { bytes } = from;
      if (bytesOfBits > 0 && (bytes[from.at - 1]! & unused) !== 0) throw new Failure("bits are set that mean nothing");
      const record: Record<string, unknown> = {};
      let name = "";
      try {
        for (let i = 0; i < fields.length; i++) {
          const field = fields[i]!;
          name = field.name;
          const isTrue = field.value >= 0 && (bytes[bitsAt + (field.value >> 3)]! >> (field.value & 7) & 1) === 1;
          if (field.presence >= 0 && (bytes[bitsAt + (field.presence >> 3)]! >> (field.presence & 7) & 1) === 0) {
            if (isTrue) throw new Failure("it is absent, and true");
          } else record[name] = field.value < 0 ? field.codec.decode(from) : isTrue;
        }
      } catch (error) {
        throw readFailure(error).within(`.${name}`);
      }
      budgets.decode.leave();
      return record;
    },
  };
}

function plan(
  fields: readonly Field[],
  codecOf: (field: Field) => ValueCodec,
): { readonly fields: readonly FieldPlan[]; readonly bits: number } {
  let bits = 0;
  const planned = fields.map((field) => ({
    name: field.name,
    codec: codecOf(field),
    presence: field.optional === true ? bits++ : -1,
    value: field.type.type === "bool" ? bits++ : -1,
    default: field.default === undefined ? undefined : defaultValue(field.default),
  }));
  return { fields: planned, bits };
}
