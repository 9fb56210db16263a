/**
 * What may stand at a place of a JSON text, as its type says: how values are written depends on what else might be meant.
 *
 * @module
 */

import type { ListType, MapType, RecordType, Shape, Type } from "../../idl/definition.ts";
import { unionLeaves, unionTag, valueKinds } from "../../idl/rules.ts";

/** What stands where nothing is known of the type. */
export const ANY: Type = { type: "any" };

/** See the module's text. */
export interface Alternatives {
  /** Whether anything may. */
  readonly any: boolean;
  /** Whether JSON alone does not say what is meant: in `any`, and in a union. */
  readonly open: boolean;
  /** Whether a number may, and whether a long integer. */
  readonly number: boolean;
  readonly bigint: boolean;
  /** Whether an integer may be either by its size alone (`int|long`). */
  readonly bySize: boolean;
  readonly float: boolean;
  readonly bytes: boolean;
  readonly timestamp: boolean;
  /** Whether there is one thing only that is written as a text. */
  readonly oneText: boolean;
  readonly list: ListType | undefined;
  readonly map: MapType | undefined;
  readonly records: readonly RecordType[];
  /** The field by which the records are told apart, if they are several. */
  readonly tag: string | undefined;
}

/** Finds out what may stand where, once for each type. */
export class Places {
  readonly #types: Shape["types"];
  readonly #known = new Map<Type, Alternatives>();

  /** @param types The named types. */
  constructor(types: Shape["types"]) {
    this.#types = types;
  }

  /** What may stand where a type is asked for. */
  of(type: Type): Alternatives {
    let found = this.#known.get(type);
    if (found === undefined) this.#known.set(type, found = this.#find(type));
    return found;
  }

  #find(type: Type): Alternatives {
    const leaves = unionLeaves([type], this.#types, () => {}).map((leaf) => leaf.type);
    const has = (name: Type["type"]) => leaves.some((leaf) => leaf.type === name);
    const literal = (kind: string) => leaves.some((leaf) => leaf.type === "literal" && typeof leaf.value === kind);
    const kinds = new Set(leaves.flatMap(valueKinds));
    const any = has("any");
    const texts = [kinds.has("string") || literal("string"), kinds.has("bytes"), kinds.has("timestamp"), has("float")];
    return {
      any,
      open: any || leaves.length > 1,
      number: any || kinds.has("number") || literal("number"),
      bigint: any || kinds.has("bigint"),
      bySize: has("int|long"),
      float: any || has("float"),
      bytes: any || kinds.has("bytes"),
      timestamp: any || kinds.has("timestamp"),
      oneText: !any && texts.filter((is) => is).length === 1,
      list: leaves.find((leaf) => leaf.type === "list"),
      map: leaves.find((leaf) => leaf.type === "map"),
      records: leaves.filter((leaf) => leaf.type === "record"),
      tag: unionTag([type], this.#types),
    };
  }
}

/** The record that is meant among several, by the value of the field that tells them apart. */
export function recordOf({ records, tag }: Alternatives, valueOf: (field: string) => unknown): RecordType | undefined {
  if (tag === undefined) return records[0];
  const value = valueOf(tag);
  return records.find(({ fields }) =>
    fields.some(({ name, type }) => name === tag && type.type === "literal" && type.value === value)
  );
}

/** Whether an object of these names stands for a value that JSON lacks, such as `{ "$bytes": "aGk=" }`. */
export function isTag(names: readonly string[]): boolean {
  return names.length === 1 && names[0]!.startsWith("$");
}
