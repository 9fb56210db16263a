/**
 * Whether one type's values lie within another's, as far as no other types lie in between.
 *
 * @module
 */

import type { FloatType, IntegerType, IntType, LongType, Type } from "../definition.ts";
import { compilePattern, type Pattern } from "../pattern.ts";

/** A type that is neither reference nor union. */
export type Leaf = Exclude<Type, { type: "ref" | "union" }>;

/** The few values of a type that can be listed. */
type Listed = null | boolean | number | string;

/**
 * Lists a type's values.
 *
 * @param type Any type.
 * @returns All of its values, if it is a literal, an enum or `bool`; otherwise `undefined`.
 */
export function listValues(type: Leaf): readonly Listed[] | undefined {
  if (type.type === "literal") return [type.value];
  if (type.type === "enum") return type.values;
  return type.type === "bool" ? [false, true] : undefined;
}

/** What a reader's type takes of values that can be listed. */
export class ListedValues {
  readonly #values = new Set<unknown>();
  readonly #others: { readonly leaf: Leaf; readonly pattern?: Pattern }[] = [];

  constructor(branches: readonly Leaf[]) {
    for (const leaf of branches) {
      for (const value of listValues(leaf) ?? []) this.#values.add(value);
      if (leaf.type === "string" && leaf.pattern !== undefined) {
        this.#others.push({ leaf, pattern: compilePattern(leaf.pattern) });
      } else this.#others.push({ leaf });
    }
  }

  /** Whether a value of a literal, an enum or `bool` is among the reader's. */
  has(value: Listed): boolean {
    if (this.#values.has(value)) return true;
    return this.#others.some(({ leaf, pattern }) => {
      if (typeof value === "string") {
        const length = leaf.type === "string" ? [...value].length : 0;
        return leaf.type === "string" && within({ min: length, max: length }, leaf)
          && pattern?.matches(value) !== false;
      }
      const isNumeric = leaf.type === "int" || leaf.type === "int|long" || leaf.type === "float";
      return typeof value === "number" && isNumeric && within({ min: value, max: value }, leaf);
    });
  }
}

/**
 * Whether all values of one type are values of another of the same kind, what lies in them aside.
 *
 * @param writer The type whose values are written: not a literal, an enum or `bool`.
 * @param reader The type that they are read as.
 * @returns Whether its kind fits, and its bounds and pattern.
 */
export function leafFits(writer: Leaf, reader: Leaf): boolean {
  switch (writer.type) {
    case "int":
    case "long":
      return (reader.type === writer.type || reader.type === "int|long") && numbersWithin(writer, reader);
    case "int|long":
    case "float":
      return reader.type === writer.type && numbersWithin(writer, reader as IntegerType | FloatType);
    case "string":
      return reader.type === "string" && lengthsWithin(writer, reader)
        && (reader.pattern === undefined || reader.pattern === writer.pattern);
    case "bytes":
    case "list":
    case "map":
      return reader.type === writer.type && lengthsWithin(writer, reader);
    default:
      return reader.type === writer.type;
  }
}

type NumberType = IntType | LongType | IntegerType | FloatType;

function numbersWithin(writer: NumberType, reader: NumberType): boolean {
  if (writer.type !== "int") return within(writer, reader);
  const { min = Number.MIN_SAFE_INTEGER, max = Number.MAX_SAFE_INTEGER } = writer;
  // An int has bounds even where none are written; a reader may write them.
  return within({ min, max }, reader);
}

function lengthsWithin(writer: Bounds, reader: Bounds): boolean {
  return within({ ...writer, min: writer.min ?? 0 }, reader);
}

interface Bounds {
  readonly min?: number | string;
  readonly max?: number | string;
}

function within(inner: Bounds, outer: Bounds): boolean {
  const low = outer.min === undefined || (inner.min !== undefined && bound(inner.min) >= bound(outer.min));
  const high = outer.max === undefined || (inner.max !== undefined && bound(inner.max) <= bound(outer.max));
  return low && high;
}

function bound(value: number | string): number | bigint {
  return typeof value === "string" ? BigInt(value) : value;
}
