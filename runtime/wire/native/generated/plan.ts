/**
 * Where the bits of a record stand: one for each optional field, and one for each `bool`.
 *
 * @module
 */

import type { Field, RecordType } from "../../../../idl/definition.ts";

/** A field's bits; −1 where it has none. */
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
