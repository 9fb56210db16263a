/**
 * What is known of a type's values before there are any: where the bits of a record stand, one for each optional field and
 * one for each `bool`; and whether they hold texts enough to be read together.
 *
 * @module
 */

import type { Field, RecordType, Shape, Type } from "../../../../idl/definition.ts";

/** A field's bits; -1 where it has none. */
export interface FieldBits {
  readonly field: Field;
  /** Whether it is there. */
  readonly presence: number;
  /** Its value, if it is a `bool`. */
  readonly value: number;
}

/** The bits of a record. */
export interface RecordBits {
  readonly fields: readonly FieldBits[];
  /** How many bytes they take; a record without fields takes one. */
  readonly bytes: number;
  /** The bits of the last byte that stand for nothing. */
  readonly unused: number;
}

/**
 * Counts the bits of a record.
 *
 * @param type The record.
 * @returns Where they stand: the first is the lowest of the first byte.
 */
export function recordBits(type: RecordType): RecordBits {
  let bits = 0;
  const fields = type.fields.map((field) => ({
    field,
    presence: field.optional === true ? bits++ : -1,
    value: field.type.type === "bool" ? bits++ : -1,
  }));
  const bytes = fields.length === 0 ? 1 : Math.ceil(bits / 8);
  return { fields, bytes, unused: 0xff << (bits - 8 * (bytes - 1)) & 0xff };
}

/** So many texts take longer to read one by one than together. */
const SEVERAL = 3;

/**
 * Tells whether the values of a type are likely to hold several texts.
 *
 * @param type The type.
 * @param types The named types.
 * @returns Whether they do, if lists and maps have two values, and none that may be absent is there.
 */
export function holdsTexts(type: Type, types: Shape["types"]): boolean {
  const seen = new Set<string>();
  const count = (type: Type): number => {
    switch (type.type) {
      case "string":
        return 1;
      case "list":
        return 2 * count(type.items);
      case "map":
        return 2 * count(type.values);
      case "record":
        return type.fields.reduce((sum, field) => field.optional === true ? sum : sum + count(field.type), 0);
      case "ref": // each counts once: they may come back to where they started
        return seen.size === seen.add(type.name).size ? 0 : count(types[type.name]!);
      default:
        return 0;
    }
  };
  return count(type) >= SEVERAL;
}
