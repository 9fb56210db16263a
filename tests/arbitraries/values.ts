/**
 * Random values of a type.
 *
 * @module
 */

import fc from "fast-check";
import { Buffer } from "node:buffer";
import type { Field, Shape, StringType, Type } from "../../idl/definition.ts";
import { isRequired } from "../../idl/rules.ts";
import { Dice } from "./dice.ts";
import { put } from "./properties.ts";

/** How deep values are nested, and of how many they are made, before what is added is as small as it can be. */
const DEPTH = 5;
const SIZE = 100;

/**
 * Random values of a type, as an application may write them: fields with defaults may be left out, bytes may be a
 * `Buffer`, an `int|long` may be either.
 *
 * @param type The type.
 * @param types The named types.
 * @returns Values that are right.
 */
export function arbitraryValue(type: Type, types: Shape["types"]): fc.Arbitrary<unknown> {
  return fc.gen().map((generate) => new ValueMaker(new Dice(generate), types).value(type, 0));
}

/** How much longer than the least a value may get: a type may allow megabytes. */
const MAX_SPREAD = 64;

class ValueMaker {
  readonly #dice: Dice;
  readonly #types: Shape["types"];
  #left = SIZE;

  constructor(dice: Dice, types: Shape["types"]) {
    this.#dice = dice;
    this.#types = types;
  }

  value(type: Type, depth: number): unknown {
    const dice = this.#dice;
    this.#left -= 1;
    switch (type.type) {
      case "bool":
        return dice.chance(2);
      case "int":
        return this.#int(type.min, type.max);
      case "long":
        return this.#long(type.min, type.max);
      case "int|long": {
        const value = this.#long(type.min, type.max);
        return Number.isSafeInteger(Number(value)) && dice.chance(2) ? Number(value) : value;
      }
      case "float": {
        const { min, max } = type;
        if (min === undefined && max === undefined) return dice.of(fc.double);
        return dice.of(fc.double, { min: min ?? -Infinity, max: max ?? Infinity, noNaN: true });
      }
      case "string":
        return this.#string(type);
      case "bytes": {
        const bytes = new Uint8Array(this.#length(type)).map(() => dice.upTo(255));
        return dice.chance(3) ? Buffer.from(bytes) : bytes;
      }
      case "timestamp":
        return dice.of(fc.date, { noInvalidDate: true });
      case "any":
        return dice.of(anyValue);
      case "literal":
        return type.value;
      case "enum":
        return dice.pick(type.values);
      case "list":
        return Array.from({ length: this.#length(type, depth) }, () => this.value(type.items, depth + 1));
      case "map":
        return this.#map(type.values, this.#length(type, depth), depth);
      case "union":
        return this.value(this.#branch(type.branches, depth), depth + 1);
      case "record":
        return this.#record(type.fields, depth);
      case "ref":
        return this.value(this.#types[type.name]!, depth + 1);
    }
  }

  #int(min: number = Number.MIN_SAFE_INTEGER, max: number = Number.MAX_SAFE_INTEGER): number {
    if (min <= 0 && max >= 0 && this.#dice.chance(10)) return -0;
    return this.#dice.of(fc.integer, { min, max });
  }

  #long(least?: string, most?: string): bigint {
    const min = least === undefined ? undefined : BigInt(least);
    const max = most === undefined ? undefined : BigInt(most);
    // Numbers of all sizes, and not next to none but those of the largest.
    const span = this.#dice.pick([10n, 2n ** 53n, 2n ** 100n]);
    const low = min ?? (max === undefined ? -span : max - span);
    const high = max ?? low + 2n * span;
    return this.#dice.of(fc.bigInt, low, high);
  }

  #string(type: StringType): string {
    if (type.pattern !== undefined) return this.#dice.of(textMatching, type.pattern);
    const unit = this.#dice.pick(["grapheme-ascii", "binary"] as const);
    const minLength = type.min ?? 0;
    const maxLength = type.max ?? minLength + this.#dice.pick([5, 50]);
    return this.#dice.of(fc.string, { unit, minLength, maxLength });
  }

  #length(bounds: { readonly min?: number; readonly max?: number }, depth = 0): number {
    const min = bounds.min ?? 0;
    return this.#isFull(depth) ? min : min + this.#dice.upTo(Math.min((bounds.max ?? min + 3) - min, MAX_SPREAD));
  }

  #map(values: Type, count: number, depth: number): object {
    const keys = this.#dice.of(fc.uniqueArray, this.#keys(), { minLength: count, maxLength: count }) as string[];
    const map: Record<string, unknown> = this.#dice.chance(2) ? {} : Object.create(null);
    for (const key of keys) put(map, key, this.value(values, depth + 1));
    return map;
  }

  #keys(): fc.Arbitrary<string> {
    return fc.oneof(
      fc.string({ unit: "binary", maxLength: 3 }),
      fc.constantFrom("__proto__", "constructor", "2", "10"),
    );
  }

  #record(fields: readonly Field[], depth: number): object {
    const record: Record<string, unknown> = {};
    // The order in which fields are given means nothing.
    for (const field of this.#dice.some(fields, fields.length)) {
      if (!isRequired(field) && (this.#isFull(depth) || this.#dice.chance(3))) {
        if (this.#dice.chance(2)) record[field.name] = undefined;
      } else record[field.name] = this.value(field.type, depth + 1);
    }
    return record;
  }

  #isFull(depth: number): boolean {
    return depth > DEPTH || this.#left < 0;
  }

  #branch(branches: readonly Type[], depth: number): Type {
    const small = branches.filter((branch) => {
      const type = branch.type === "ref" ? this.#types[branch.name]! : branch;
      return type.type !== "list" && type.type !== "map" && type.type !== "record";
    });
    return this.#dice.pick(this.#isFull(depth) && small.length > 0 ? small : branches);
  }
}

function textMatching(pattern: string): fc.Arbitrary<string> {
  return fc.stringMatching(new RegExp(`^(?:${pattern})$`, "u"));
}

function anyValue(): fc.Arbitrary<unknown> {
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      fc.constantFrom<unknown>(null, false, true, 0, -0, NaN, 2 ** 53, 1e300),
      fc.integer(),
      fc.double(),
      fc.bigInt(),
      fc.string({ unit: "binary" }),
      fc.uint8Array(),
      fc.date({ noInvalidDate: true }),
      fc.array(tie("value"), { maxLength: 4 }),
      fc.dictionary(fc.string({ unit: "binary" }), tie("value"), { maxKeys: 4 }),
    ),
  }));
  return value;
}
