/**
 * Records, as Python has them: a `dict` with a text key for each field that is there, in the order of the fields. A field
 * with a default is always there, when it is written.
 *
 * A message is the list of its fields' values: sorted by their names in lower case, then by their names. There is no way
 * to leave one out, so `None` stands for a field that is absent.
 *
 * What Python writes is read more kindly: `None` is absent wherever a field may be left out, and has no other meaning.
 *
 * @module
 */

import type { Field, RecordType } from "../../../../idl/definition.ts";
import { isPlainObject } from "../../../value.ts";
import type { Budgets } from "../../values/budget.ts";
import { Failure, keyStep, notPlain, readFailure, writeFailure } from "../../values/failure.ts";
import { AN_OBJECT, checkNames, placesOf } from "../../values/record.ts";
import { Dict, type PyValue } from "../python.ts";
import { mismatch } from "./mismatch.ts";
import type { ValueCodec } from "./value_codec.ts";

/** A field, and how it is converted. */
export interface FieldPlan {
  readonly name: string;
  readonly codec: ValueCodec;
  readonly optional: boolean;
  /** What stands for `undefined`. */
  readonly default: unknown;
  /** Whether `None` stands for a field that was left out. */
  readonly noneIsAbsent: boolean;
}

/**
 * Makes the codec of a record.
 *
 * @param type The record.
 * @param planOf Says how a field is converted.
 * @param budgets What is left of the limits.
 * @returns The record's codec.
 */
export function recordCodec(type: RecordType, planOf: (field: Field) => FieldPlan, budgets: Budgets): ValueCodec {
  const fields = type.fields.map(planOf);
  const places = placesOf(fields);
  return {
    expected: AN_OBJECT,
    encode(value) {
      if (!isPlainObject(value)) throw notPlain(AN_OBJECT, value);
      const dict = new Dict();
      writeFields(value, fields, places, budgets, (field, written) => {
        if (written !== undefined) dict.set(field.name, written);
      });
      return dict;
    },
    decode(from) {
      if (!(from instanceof Dict)) throw mismatch(AN_OBJECT, from);
      for (const [key] of from) {
        if (typeof key === "string" && places.has(key)) continue;
        const step = typeof key === "string" ? `.${key.slice(0, 255)}` : keyStep(String(key));
        throw new Failure("there is no such field in the definition").within(step);
      }
      return readFields(fields, budgets, (field) => from.get(field.name));
    },
  };
}

/** Converts a message: a record whose fields stand in a list. */
export interface MessageCodec {
  /** Throws a {@link Failure} if it is no such message. */
  readonly encode: (value: unknown) => PyValue[];
  /** What is too much is passed over, as in the original. Throws a {@link Failure} if it is no such message. */
  readonly decode: (values: readonly PyValue[]) => Record<string, unknown>;
}

/**
 * Makes the codec of a message.
 *
 * @param type The message.
 * @param planOf Says how a field is converted.
 * @param budgets What is left of the limits.
 * @returns The message's codec.
 */
export function messageCodec(type: RecordType, planOf: (field: Field) => FieldPlan, budgets: Budgets): MessageCodec {
  const fields = type.fields.map(planOf);
  const places = placesOf(fields);
  const listed = placesOf(inOrder(type.fields));
  return {
    encode(value) {
      if (!isPlainObject(value)) throw notPlain(AN_OBJECT, value);
      const values = new Array<PyValue>(fields.length);
      writeFields(value, fields, places, budgets, ({ name }, written) => values[listed.get(name)!] = written ?? null);
      return values;
    },
    decode(values) {
      if (values.length < fields.length) throw new Failure(`expected ${fields.length} values, got ${values.length}`);
      return readFields(fields, budgets, ({ name }) => values[listed.get(name)!]);
    },
  };
}

/**
 * Puts fields in the order in which a message has them.
 *
 * @param fields In any order.
 * @returns The same, by their names in lower case, and then by their names.
 */
export function inOrder(fields: readonly Field[]): readonly Field[] {
  return fields.toSorted((a, b) => compare(a.name.toLowerCase(), b.name.toLowerCase()) || compare(a.name, b.name));
}

/** Identifiers are ASCII, so code units are code points. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function writeFields(
  value: Record<string, unknown>,
  fields: readonly FieldPlan[],
  places: ReadonlyMap<string, number>,
  budgets: Budgets,
  put: (field: FieldPlan, written: PyValue | undefined) => void,
): void {
  budgets.encode.enter(0);
  checkNames(value, fields, places);
  let name = "";
  try {
    for (const field of fields) {
      name = field.name;
      let given = value[name];
      if (given === undefined) given = field.default;
      put(field, given === undefined && field.optional ? undefined : field.codec.encode(given));
    }
  } catch (error) {
    throw writeFailure(error).within(`.${name}`);
  }
  budgets.encode.leave();
}

function readFields(
  fields: readonly FieldPlan[],
  budgets: Budgets,
  valueOf: (field: FieldPlan) => PyValue | undefined,
): Record<string, unknown> {
  budgets.decode.enter(0);
  const record: Record<string, unknown> = {};
  let name = "";
  try {
    for (const field of fields) {
      name = field.name;
      const value = valueOf(field);
      if (value !== undefined && !(value === null && field.noneIsAbsent)) record[name] = field.codec.decode(value);
      else if (field.default !== undefined) record[name] = field.default;
      else if (!field.optional) throw mismatch(field.codec.expected, value);
    }
  } catch (error) {
    throw readFailure(error).within(`.${name}`);
  }
  budgets.decode.leave();
  return record;
}
