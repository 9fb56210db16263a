/**
 * A writer's types against a reader's, pair by pair. A pair is a type of the one and a type of the other that meet where
 * a value goes from writer to reader. Types may be recursive, so pairs are the nodes of a graph: each knows what is wrong
 * in itself and to which pairs it leads, and when all are known, what is wrong spreads backwards. Nothing recurses.
 *
 * @module
 */

import type { Field, LiteralType, RecordType, Shape, Type } from "../definition.ts";
import { typeText } from "../print/types.ts";
import { isRequired, resolveReference, unionTag } from "../rules.ts";
import { type Leaf, leafFits, ListedValues, listValues } from "./scalars.ts";

/** A writer's type and a reader's, and how their values are turned into each other. */
export interface Pair {
  readonly writer: Type;
  readonly reader: Type;
  /** How the values of each branch of the writer's type, or of itself, are read. Filled when the pair is looked into. */
  readonly routes: Route[];
  /** What is wrong here, what lies in it aside: the path from here, and the problem. */
  readonly problems: { readonly path: string; readonly problem: string }[];
  /** The pairs that lead here. */
  readonly above: Pair[];
  /** Whether every value of the writer's can be read. */
  fits: boolean;
  /** Whether some value must be changed for it. */
  changes: boolean;
}

/** How the values of one branch of the writer's type are read. */
export interface Route {
  readonly from: Leaf;
  readonly to: Leaf;
  readonly links: readonly Link[];
}

/** A pair within a pair: a list's items, a map's values or a record's field. */
export interface Link {
  /** What a path says: `[]`, `{}` or `.field`. */
  readonly path: string;
  readonly field?: string;
  readonly pair: Pair;
}

/** What the two sides are called in problems. */
export interface Roles {
  readonly writer: string;
  readonly reader: string;
}

/** How many pairs are looked at. A hostile definition could pair each of its types with each of ours. */
const MAX_PAIRS = 100_000;

const ANY: Leaf = { type: "any" };

/** One side: its named types, and what was found out about its types. */
class Side {
  readonly #types: Shape["types"];
  readonly #names = new Map<Type, string>();
  readonly #leaves = new Map<Type, readonly Leaf[]>();

  constructor(types: Shape["types"]) {
    this.#types = types;
    for (const [name, type] of Object.entries(types)) this.#names.set(type, name);
  }

  /** What a type is behind references. */
  resolve(type: Type): Type {
    return resolveReference(type, this.#types) ?? type;
  }

  /** A union's branches, or the type itself. */
  leaves(type: Type): readonly Leaf[] {
    let leaves = this.#leaves.get(type);
    if (leaves === undefined) {
      const branches = type.type === "union" ? type.branches : [type];
      this.#leaves.set(type, leaves = branches.map((branch) => this.resolve(branch) as Leaf));
    }
    return leaves;
  }

  /** The records among branches by their literals in the field that tells them apart. */
  tagged(
    records: readonly RecordType[],
  ): { readonly tag: string; readonly byLiteral: ReadonlyMap<unknown, RecordType> } {
    const tag = unionTag(records, this.#types)!;
    const byLiteral = new Map<unknown, RecordType>();
    for (const record of records) byLiteral.set(requiredLiteral(record, tag)?.value, record);
    return { tag, byLiteral };
  }

  /** What a type is called in a problem. */
  describe(type: Type): string {
    const text = this.#names.get(type) ?? typeText(type);
    return text.length > 80 ? `${text.slice(0, 80)}…` : text;
  }
}

/** What a record says of a field that is literally the same in all of its values. */
export function requiredLiteral(record: RecordType, name: string): LiteralType | undefined {
  const field = record.fields.find((field) => field.name === name);
  return field !== undefined && isRequired(field) && field.type.type === "literal" ? field.type : undefined;
}

/** What is known of the branches of a reader's type. */
interface Readers {
  readonly leaves: readonly Leaf[];
  readonly listed: ListedValues;
  readonly records: readonly RecordType[];
  readonly tagged?: ReturnType<Side["tagged"]>;
}

/** All pairs that are met in one direction. */
export class Pairs {
  readonly #writer: Side;
  readonly #reader: Side;
  readonly #roles: Roles;
  readonly #pairs = new Map<Type, Map<Type, Pair>>();
  readonly #all: Pair[] = [];
  readonly #readers = new Map<Type, Readers>();

  constructor(writer: Shape, reader: Shape, roles: Roles) {
    this.#writer = new Side(writer.types);
    this.#reader = new Side(reader.types);
    this.#roles = roles;
  }

  /** Asks whether values of the one type can be read as the other. The answer is there once `settle` was called. */
  add(writing: Type, reading: Type): Pair {
    const writer = this.#writer.resolve(writing);
    const reader = this.#reader.resolve(reading);
    let readers = this.#pairs.get(writer);
    if (readers === undefined) this.#pairs.set(writer, readers = new Map());
    let pair = readers.get(reader);
    if (pair === undefined) {
      pair = { writer, reader, routes: [], problems: [], above: [], fits: true, changes: false };
      readers.set(reader, pair);
      this.#all.push(pair);
    }
    return pair;
  }

  /** Looks into all pairs, and into those that they lead to. */
  settle(): void {
    for (const pair of this.#all) { // grows while it is walked
      if (this.#all.length > MAX_PAIRS) {
        this.#complain(pair, "", "the two definitions are too entangled to be compared");
      } else this.#look(pair);
      for (const { links } of pair.routes) for (const link of links) link.pair.above.push(pair);
    }
    const bad = this.#all.filter((pair) => pair.problems.length > 0);
    for (const pair of bad) pair.fits = false;
    spread(bad, (above) => above.fits && !(above.fits = false));
    spread(this.#all.filter((pair) => pair.changes), (above) => !above.changes && (above.changes = true));
  }

  #look(pair: Pair): void {
    const readers = this.#readersOf(pair.reader);
    for (const from of this.#writer.leaves(pair.writer)) {
      const to = this.#findReader(pair, from, readers);
      if (to === undefined) continue;
      const links = this.#links(pair, from, to);
      const changes = changesItself(from, to);
      if (links.length > 0 || changes) pair.routes.push({ from, to, links });
      if (changes) pair.changes = true;
    }
  }

  #readersOf(type: Type): Readers {
    let readers = this.#readers.get(type);
    if (readers === undefined) {
      const leaves = this.#reader.leaves(type);
      const records = leaves.filter((leaf) => leaf.type === "record");
      const listed = new ListedValues(leaves);
      readers = { leaves, listed, records, ...(records.length > 1 && { tagged: this.#reader.tagged(records) }) };
      this.#readers.set(type, readers);
    }
    return readers;
  }

  /** The branch of the reader's type that takes the values of a branch of the writer's: at most one can. */
  #findReader(pair: Pair, from: Leaf, { leaves, listed, records, tagged }: Readers): Leaf | undefined {
    if (leaves.some((to) => to.type === "any")) return ANY;
    const values = listValues(from);
    if (values !== undefined) {
      const unknown = values.filter((value) => !listed.has(value));
      if (unknown.length === 0) return undefined;
      if (from.type !== "enum") return this.#refuse(pair, from);
      const list = unknown.slice(0, 5).map((value) => JSON.stringify(value)).join(", ");
      const more = unknown.length > 5 ? ` and ${unknown.length - 5} more` : "";
      return this.#complain(pair, "", `${this.#roles.reader} does not know ${list}${more}`);
    }
    if (from.type !== "record") return leaves.find((to) => leafFits(from, to)) ?? this.#refuse(pair, from);
    if (tagged === undefined) return records[0] ?? this.#refuse(pair, from);
    const literal = requiredLiteral(from, tagged.tag);
    const record = literal && tagged.byLiteral.get(literal.value);
    if (record !== undefined) return record;
    const unknown = literal ? `does not know ${JSON.stringify(literal.value)}` : "tells records apart by it";
    return this.#complain(pair, `.${tagged.tag}`, `${this.#roles.reader} ${unknown}`);
  }

  #links(pair: Pair, from: Leaf, to: Leaf): readonly Link[] {
    if (from.type === "list") return [{ path: "[]", pair: this.add(from.items, to.type === "list" ? to.items : ANY) }];
    if (from.type === "map") return [{ path: "{}", pair: this.add(from.values, to.type === "map" ? to.values : ANY) }];
    if (from.type !== "record") return [];
    if (to.type === "record") return this.#fieldLinks(pair, from, to);
    return from.fields.map(({ name, type }) => ({ path: `.${name}`, field: name, pair: this.add(type, ANY) }));
  }

  #fieldLinks(pair: Pair, from: RecordType, to: RecordType): readonly Link[] {
    const { writer, reader } = this.#roles;
    const links: Link[] = [];
    const written = new Map(from.fields.map((field) => [field.name, field]));
    for (const field of to.fields) {
      const own = written.get(field.name);
      if (own !== undefined) {
        links.push({ path: `.${field.name}`, field: field.name, pair: this.add(own.type, field.type) });
      }
      if (!isRequired(field)) continue;
      if (own === undefined) {
        this.#complain(pair, "", `${reader} requires ${field.name}, which ${writer} does not have`);
      } else if (own.optional) {
        this.#complain(pair, `.${field.name}`, `${reader} requires it, in ${writer} it may be absent`);
      }
    }
    return links;
  }

  #refuse(pair: Pair, from: Leaf): undefined {
    const wanted = this.#reader.describe(pair.reader);
    const had = this.#writer.describe(from);
    return this.#complain(pair, "", `${this.#roles.reader} wants ${wanted}, ${this.#roles.writer} has ${had}`);
  }

  #complain(pair: Pair, path: string, problem: string): undefined {
    pair.problems.push({ path, problem });
  }
}

/** Lets pairs change those that lead to them, until none changes any more. */
function spread(from: readonly Pair[], change: (above: Pair) => boolean): void {
  const open = [...from];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    for (const above of pair.above) if (change(above)) open.push(above);
  }
}

/** Whether values must be changed for the reader even where nothing in them must. */
function changesItself(from: Leaf, to: Leaf): boolean {
  if (from.type === "long") return to.type === "int|long";
  if (from.type !== "record") return false;
  if (to.type !== "record") return true; // becomes a map
  const read = new Map(to.fields.map((field) => [field.name, field]));
  const written = new Set(from.fields.map((field) => field.name));
  return from.fields.some((field) => changesField(field, read.get(field.name)))
    || to.fields.some((field) => field.default !== undefined && !written.has(field.name));
}

/** What the writer leaves out is filled in: by its own default, or else by the reader's, unless both are the same. */
function changesField(from: Field, to: Field | undefined): boolean {
  return to === undefined || (from.optional === true && to.default !== undefined)
    || (from.default !== undefined && JSON.stringify(from.default) !== JSON.stringify(to.default));
}
