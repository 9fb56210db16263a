/**
 * Unions: the branch to which a value belongs. It is one at the most, found by the value's kind; for a record among
 * several, by the literal in the field that they are told apart by.
 *
 * @module
 */

import type { Shape, UnionType } from "../../../idl/definition.ts";
import { unionLeaves, unionTag, type ValueKind, valueKinds } from "../../../idl/rules.ts";
import { isBytes, isTimestamp } from "../../value.ts";

/** The places of a union's branches. */
export interface Branches {
  /** By the value, of those that are literals. */
  readonly literals: ReadonlyMap<unknown, number>;
  /** By the kind of value that they take, of the others. */
  readonly kinds: { readonly [kind in ValueKind]?: number };
  /** The field that tells records apart, where there are several. */
  readonly tag: string | undefined;
  /** By what stands in that field, of those. */
  readonly tagged: ReadonlyMap<unknown, number>;
}

/**
 * Looks at a union's branches.
 *
 * @param union The union.
 * @param types The named types.
 * @returns Where they are.
 */
export function branchesOf(union: UnionType, types: Shape["types"]): Branches {
  const literals = new Map<unknown, number>();
  const kinds: { [kind in ValueKind]?: number } = {};
  const tag = unionTag(union.branches, types);
  const tagged = new Map<unknown, number>();
  for (const { at: place, type } of unionLeaves(union.branches, types, () => {})) {
    if (type.type === "literal") literals.set(type.value, place);
    else if (type.type === "record" && tag !== undefined) {
      const field = type.fields.find(({ name }) => name === tag)!;
      if (field.type.type === "literal") tagged.set(field.type.value, place);
    } else {
      for (const kind of valueKinds(type)) kinds[kind] = place;
    }
  }
  return { literals, kinds, tag, tagged };
}

/**
 * Makes what finds the branch to which an application's value belongs.
 *
 * @param branches The union's branches.
 * @returns Gives the place of the branch; `undefined` if the value belongs to none.
 */
export function finder({ literals, kinds, tag, tagged }: Branches): (value: unknown) => number | undefined {
  return (value) => {
    switch (typeof value) {
      case "boolean":
        return literals.get(value) ?? kinds.bool;
      case "number":
        return literals.get(value) ?? kinds.number;
      case "string":
        return literals.get(value) ?? kinds.string;
      case "bigint":
        return kinds.bigint;
      case "object":
        if (value === null) return literals.get(null);
        if (Array.isArray(value)) return kinds.list;
        if (isBytes(value)) return kinds.bytes;
        if (isTimestamp(value)) return kinds.timestamp;
        return tag === undefined ? kinds.object : tagged.get((value as Record<string, unknown>)[tag]);
      default:
        return undefined;
    }
  };
}
