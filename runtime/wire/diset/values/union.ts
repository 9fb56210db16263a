/**
 * Unions. In Python there is nothing around a value that would say which branch it belongs to: its kind does, and for a
 * record among several the literal in the field that they are told apart by. What differs in TypeScript only was refused
 * before (`fit.ts`).
 *
 * @module
 */

import type { Shape, Type, UnionType } from "../../../../idl/definition.ts";
import { unionLeaves } from "../../../../idl/rules.ts";
import { type Branches, branchesOf, finder } from "../../values/union.ts";
import { DateTime, Day, Dict, Float, itemsOf, type PyValue } from "../python.ts";
import { mismatch } from "./mismatch.ts";
import type { ValueCodec } from "./value_codec.ts";

/** What is an `int` in Python. */
const WHOLE: ReadonlySet<Type["type"]> = new Set<Type["type"]>(["int", "long", "int|long"]);

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
  const branches = branchesOf(type, types);
  const placeOf = finder(branches);
  const placeOfPython = pythonFinder(type, types, branches);
  // Not before it is needed, since it makes the codecs of the types that are referred to.
  const expected = () => [...new Set(codecs.map((codec) => codec.expected))].join(" or ");
  return {
    get expected() {
      return expected();
    },
    encode(value) {
      const place = placeOf(value);
      if (place === undefined) throw mismatch(expected(), value);
      return codecs[place]!.encode(value);
    },
    decode(from) {
      const place = placeOfPython(from);
      if (place === undefined) throw mismatch(expected(), from);
      return codecs[place]!.decode(from);
    },
  };
}

/** Makes what finds the branch to which a value of Python's belongs. */
function pythonFinder(
  union: UnionType,
  types: Shape["types"],
  { literals, kinds, tag, tagged }: Branches,
): (value: PyValue) => number | undefined {
  const leaves = unionLeaves(union.branches, types, () => {});
  const float = leaves.findLast(({ type }) => type.type === "float")?.at;
  const whole = leaves.findLast(({ type }) => WHOLE.has(type.type))?.at;
  return (value) => {
    switch (typeof value) {
      case "boolean":
        return literals.get(value) ?? kinds.bool ?? whole;
      case "number":
        return literals.get(value) ?? whole;
      case "bigint":
        return whole;
      case "string":
        return literals.get(value) ?? kinds.string ?? kinds.bytes;
    }
    if (value === null) return literals.get(null);
    if (value instanceof Float) return float;
    if (value instanceof Dict) return tag === undefined ? kinds.object : tagged.get(value.get(tag));
    if (value instanceof Uint8Array) return kinds.bytes;
    if (value instanceof DateTime || value instanceof Day) return kinds.timestamp;
    return itemsOf(value) === undefined ? undefined : kinds.list;
  };
}
