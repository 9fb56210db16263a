/**
 * Unions. In Python there is nothing around a value that would say which branch it belongs to: its kind does, and for a
 * record among several the literal in the field that they are told apart by. What differs in TypeScript only was refused
 * before (`fit.ts`).
 *
 * @module
 */

import type { Shape, Type, UnionType } from "../../../../idl/definition.ts";
import { unionLeaves, unionTag, type ValueKind, valueKinds } from "../../../../idl/rules.ts";
import { isBytes, isTimestamp } from "../../../value.ts";
import { DateTime, Day, Dict, Float, itemsOf, type PyValue } from "../python.ts";
import { mismatch } from "./failure.ts";
import type { ValueCodec } from "./value_codec.ts";

/**
 * Makes the codec of a union.
 *
 * @param type The union.
 * @param types The named types.
 * @param codecOf Gives the codec of a branch.
 * @returns The union's codec.
 */
export function unionCodec(type: UnionType, types: Shape["types"], codecOf: (type: Type) => ValueCodec): ValueCodec {
  const codecs = type.branches.map(codecOf);
  const finder = new Finder(type, types);
  // Not before it is needed, since it makes the codecs of the types that are referred to.
  const expected = () => [...new Set(codecs.map((codec) => codec.expected))].join(" or ");
  return {
    get expected() {
      return expected();
    },
    encode(value) {
      const place = finder.placeOf(value);
      if (place === undefined) throw mismatch(expected(), value);
      return codecs[place]!.encode(value);
    },
    decode(from) {
      const place = finder.placeOfPython(from);
      if (place === undefined) throw mismatch(expected(), from);
      return codecs[place]!.decode(from);
    },
  };
}

/** Finds the branch to which a value belongs. */
class Finder {
  readonly #literals = new Map<unknown, number>();
  readonly #tag: string | undefined;
  readonly #tagged = new Map<unknown, number>();
  /** For each kind of value, the place of the branch that takes it, if there is one. */
  readonly #places: { [kind in ValueKind]?: number } = {};
  /** The place of the branch that takes whole numbers in Python. */
  readonly #whole: number | undefined;
  readonly #float: number | undefined;

  constructor(union: UnionType, types: Shape["types"]) {
    this.#tag = unionTag(union.branches, types);
    for (const { at: place, type } of unionLeaves(union.branches, types, () => {})) {
      if (type.type === "literal") this.#literals.set(type.value, place);
      else if (type.type === "record" && this.#tag !== undefined) {
        const field = type.fields.find(({ name }) => name === this.#tag)!;
        if (field.type.type === "literal") this.#tagged.set(field.type.value, place);
      } else {
        for (const kind of valueKinds(type)) this.#places[kind] = place;
        if (type.type === "float") this.#float = place;
        else if (type.type === "int" || type.type === "long" || type.type === "int|long") this.#whole = place;
      }
    }
  }

  placeOf(value: unknown): number | undefined {
    const places = this.#places;
    switch (typeof value) {
      case "boolean":
        return this.#literals.get(value) ?? places.bool;
      case "number":
        return this.#literals.get(value) ?? places.number;
      case "string":
        return this.#literals.get(value) ?? places.string;
      case "bigint":
        return places.bigint;
      case "object":
        if (value === null) return this.#literals.get(null);
        if (Array.isArray(value)) return places.list;
        if (isBytes(value)) return places.bytes;
        if (isTimestamp(value)) return places.timestamp;
        return this.#tag === undefined
          ? places.object
          : this.#tagged.get((value as Record<string, unknown>)[this.#tag]);
      default:
        return undefined;
    }
  }

  placeOfPython(value: PyValue): number | undefined {
    const places = this.#places;
    switch (typeof value) {
      case "boolean":
        return this.#literals.get(value) ?? places.bool ?? this.#whole;
      case "number":
        return this.#literals.get(value) ?? this.#whole;
      case "bigint":
        return this.#whole;
      case "string":
        return this.#literals.get(value) ?? places.string ?? places.bytes;
    }
    if (value === null) return this.#literals.get(null);
    if (value instanceof Float) return this.#float;
    if (value instanceof Dict) {
      return this.#tag === undefined ? places.object : this.#tagged.get(value.get(this.#tag));
    }
    if (value instanceof Uint8Array) return places.bytes;
    if (value instanceof DateTime || value instanceof Day) return places.timestamp;
    return itemsOf(value) === undefined ? undefined : places.list;
  }
}
