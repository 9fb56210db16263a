/**
 * Unions: whether a value tells by itself which branch it belongs to. There may be one branch for each kind of value;
 * several literals without their base type; and several records, if they share a required literal field that is
 * another one in each.
 *
 * @module
 */

import type { RecordType, Shape, Type } from "../definition.ts";
import { isRequired } from "./fields.ts";

type Types = Shape["types"];

/** The kinds of values by which a receiver tells a union's branches apart. */
/** What tells values apart whatever their type. */
export type ValueKind = "null" | "bool" | "number" | "bigint" | "string" | "bytes" | "timestamp" | "list" | "object";

const KIND_WORDS: { readonly [kind in ValueKind]: string } = {
  null: "both are null",
  bool: "both are booleans",
  number: "both are numbers",
  bigint: "both are long integers",
  string: "both are strings",
  bytes: "both are bytes",
  timestamp: "both are timestamps",
  list: "both are lists",
  object: "both are objects",
};

/** Two branches of a union that can't be told apart: their places in it, and why. */
export interface UnionConflict {
  readonly a: number;
  readonly b: number;
  readonly reason: string;
}

/** Takes note of a conflict. */
export type Report = (a: number, b: number, reason: string) => void;

/**
 * Says which branches of a union can't be told apart by a value alone.
 *
 * @param branches The union's branches; a reference to another union stands for all of that one's branches.
 * @param types The named types. What refers to none of them is passed over.
 * @returns For each branch that is in the way of an earlier one, that pair, `a` before `b`.
 */
export function unionConflicts(branches: readonly Type[], types: Types): UnionConflict[] {
  const conflicts: UnionConflict[] = [];
  const report: Report = (a, b, reason) => conflicts.push({ a, b, reason });
  const takers = new Map<ValueKind, number>(); // the first branch that takes all values of a kind
  const literals = new Map<unknown, number>();
  const literalKinds = new Map<ValueKind, number>(); // the first branch that is a literal of a kind
  const records: { readonly at: number; readonly type: RecordType }[] = [];
  const leaves = unionLeaves(branches, types, report);
  const any = leaves.find(({ type }) => type.type === "any");
  if (any !== undefined && leaves.length > 1) {
    const other = leaves.find((leaf) => leaf !== any)!;
    report(Math.min(any.at, other.at), Math.max(any.at, other.at), "any stands for every value, so it stands alone");
    return conflicts;
  }
  for (const { at, type } of leaves) {
    if (type.type === "record") {
      const taker = takers.get("object");
      if (taker === undefined) records.push({ at, type });
      else report(taker, at, KIND_WORDS.object);
    } else if (type.type === "literal") {
      const kind = literalKind(type.value);
      const same = literals.get(type.value);
      const taker = takers.get(kind);
      if (same !== undefined) report(same, at, `both are ${JSON.stringify(type.value)}`);
      else if (taker !== undefined) report(taker, at, `${JSON.stringify(type.value)} is a value of the other, too`);
      literals.set(type.value, same ?? at);
      if (!literalKinds.has(kind)) literalKinds.set(kind, at);
    } else {
      for (const kind of valueKinds(type)) {
        const taker = takers.get(kind);
        const literal = literalKinds.get(kind);
        const record = kind === "object" ? records[0] : undefined;
        const other = taker ?? literal ?? record?.at;
        takers.set(kind, taker ?? at);
        if (other === undefined) continue;
        report(other, at, other === literal ? "the literal is a value of the other, too" : KIND_WORDS[kind]);
        break;
      }
    }
  }
  if (records.length > 1) reportRecords(records, report);
  return conflicts;
}

/**
 * Finds the field by which the records of a union are told apart.
 *
 * @param branches The branches of a union that has no conflicts.
 * @param types The named types.
 * @returns The name of a field that every record requires, with another literal in each: the first such one in the
 * order of the first record. `undefined` where there are fewer than two records.
 */
export function unionTag(branches: readonly Type[], types: Types): string | undefined {
  const records: RecordType[] = [];
  for (const { type } of unionLeaves(branches, types, () => {})) if (type.type === "record") records.push(type);
  return records.length > 1 ? bestTag(records)?.name : undefined;
}

/** A branch that is neither a reference nor a union, with the place of the branch that led to it. */
export interface Leaf {
  readonly at: number;
  readonly type: Type;
}

/**
 * Finds what a union's branches are behind references and within unions. Every name is followed once.
 *
 * @param branches The branches.
 * @param types The named types. What refers to none of them is passed over.
 * @param report Told where two branches lead to the same name.
 * @returns What is neither reference nor union.
 */
export function unionLeaves(branches: readonly Type[], types: Types, report: Report): Leaf[] {
  const leaves: Leaf[] = [];
  const followed = new Map<string, number>();
  for (const [at, branch] of branches.entries()) {
    const open: Type[] = [branch];
    for (let type = open.pop(); type !== undefined; type = open.pop()) {
      if (type.type === "union") {
        for (const inner of type.branches.toReversed()) open.push(inner);
      } else if (type.type === "ref") {
        const before = followed.get(type.name);
        const target = Object.hasOwn(types, type.name) ? types[type.name] : undefined;
        if (before === undefined) followed.set(type.name, at);
        if (before === undefined && target !== undefined) open.push(target);
        if (before !== undefined && before !== at) report(before, at, `both are ${type.name}`);
      } else leaves.push({ at, type });
    }
  }
  return leaves;
}

/** The kinds of which a type takes values, all or some; none for a literal and for `any`, which are told apart otherwise. */
export function valueKinds(type: Type): readonly ValueKind[] {
  switch (type.type) {
    case "int":
    case "float":
      return ["number"];
    case "long":
      return ["bigint"];
    case "int|long":
      return ["number", "bigint"];
    case "enum":
      return ["string"];
    case "map":
    case "record":
      return ["object"];
    case "bool":
    case "string":
    case "bytes":
    case "timestamp":
    case "list":
      return [type.type];
    default:
      return [];
  }
}

function literalKind(value: null | boolean | number | string): ValueKind {
  if (value === null) return "null";
  return typeof value === "boolean" ? "bool" : typeof value === "number" ? "number" : "string";
}

/** A field that records require as a literal. */
interface Tag {
  readonly name: string;
  /** The places of the records that require it, by its literal in each. */
  readonly places: Map<unknown, number[]>;
}

/** The field that tells the most records apart; of equals, the first in the order of the first record. */
function bestTag(records: readonly RecordType[]): Tag | undefined {
  const tags = new Map<string, Tag>();
  for (const [place, record] of records.entries()) {
    for (const field of record.fields) {
      if (field.type.type !== "literal" || !isRequired(field)) continue;
      let tag = tags.get(field.name);
      if (tag === undefined) tags.set(field.name, tag = { name: field.name, places: new Map() });
      const places = tag.places.get(field.type.value);
      if (places === undefined) tag.places.set(field.type.value, [place]);
      else places.push(place);
    }
  }
  let best: Tag | undefined;
  for (const tag of tags.values()) if (best === undefined || tag.places.size > best.places.size) best = tag;
  return best;
}

function reportRecords(records: readonly { readonly at: number; readonly type: RecordType }[], report: Report): void {
  const tag = bestTag(records.map(({ type }) => type));
  const told = new Set<number>();
  for (const [value, places] of tag?.places ?? []) {
    for (const place of places) told.add(place);
    const [first, ...others] = places;
    for (const other of others) {
      report(records[first!]!.at, records[other]!.at, `both have ${tag!.name}: ${JSON.stringify(value)}`);
    }
  }
  const first = Math.max(records.findIndex((_, place) => told.has(place)), 0);
  for (const [place, { at }] of records.entries()) {
    if (told.has(place) || place === first) continue;
    const [a, b] = [records[first]!.at, at].sort((x, y) => x - y) as [number, number];
    report(a, b, "both are records, and no field that both require has another literal in each");
  }
}
