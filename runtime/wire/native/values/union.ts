/**
 * Unions. On the wire: the place of the branch among the union's branches, as a varint, and the value; a branch that is a
 * literal is its place alone.
 *
 * A value belongs to one branch at the most, found by its kind; a record among several, by the literal in the field that
 * they are told apart by.
 *
 * @module
 */

import type { Shape, Type, UnionType } from "../../../../idl/definition.ts";
import { unionLeaves, unionTag, type ValueKind, valueKinds } from "../../../../idl/rules.ts";
import { isBytes, isTimestamp } from "../../../value.ts";
import { Failure, mismatch } from "./failure.ts";
import type { ValueCodec } from "./value_codec.ts";

/** For each kind of value, the place of the branch that takes it, if there is one. */
type Places = { [kind in ValueKind]?: number };

/**
 * Makes the codec of a union.
 *
 * @param type The union.
 * @param types The named types.
 * @param codecOf Gives the codec of a branch.
 * @returns The union's codec.
 */
export function unionCodec(type: UnionType, types: Shape["types"], codecOf: (type: Type) => ValueCodec): ValueCodec {
  const codecs = type.branches.map((branch) => branch.type === "literal" ? valueless(branch.value) : codecOf(branch));
  const placeOf = finder(type, types);
  // Not before it is needed, since it makes the codecs of the types that are referred to.
  const expected = () => [...new Set(codecs.map((codec) => codec.expected))].join(" or ");
  return {
    get expected() {
      return expected();
    },
    encode(to, value) {
      const place = placeOf(value);
      if (place === undefined) throw mismatch(expected(), value);
      to.varint(place);
      codecs[place]!.encode(to, value);
    },
    decode(from) {
      const place = from.varint();
      const codec = codecs[place];
      if (codec === undefined) throw new Failure(`expected ${expected()}, got branch ${place} of ${codecs.length}`);
      return codec.decode(from);
    },
  };
}

/** A literal whose place says all. */
function valueless(value: null | boolean | number | string): ValueCodec {
  return { expected: JSON.stringify(value), encode() {}, decode: () => value };
}

/**
 * Makes what finds the branch to which a value belongs.
 *
 * @param union The union.
 * @param types The named types.
 * @returns Gives the place of the branch; `undefined` if the value belongs to none.
 */
export function finder(union: UnionType, types: Shape["types"]): (value: unknown) => number | undefined {
  const literals = new Map<unknown, number>();
  const places: Places = {};
  const tag = unionTag(union.branches, types);
  const tagged = new Map<unknown, number>();
  for (const { at: place, type } of unionLeaves(union.branches, types, () => {})) {
    if (type.type === "literal") literals.set(type.value, place);
    else if (type.type === "record" && tag !== undefined) {
      const field = type.fields.find(({ name }) => name === tag)!;
      if (field.type.type === "literal") tagged.set(field.type.value, place);
    } else {
      for (const kind of valueKinds(type)) places[kind] = place;
    }
  }
  return (value) => {
    switch (typeof value) {
      case "boolean":
        return literals.get(value) ?? places.bool;
      case "number":
        return literals.get(value) ?? places.number;
      case "string":
        return literals.get(value) ?? places.string;
      case "bigint":
        return places.bigint;
      case "object":
        if (value === null) return literals.get(null);
        if (Array.isArray(value)) return places.list;
        if (isBytes(value)) return places.bytes;
        if (isTimestamp(value)) return places.timestamp;
        return tag === undefined ? places.object : tagged.get((value as Record<string, unknown>)[tag]);
      default:
        return undefined;
    }
  };
}
