/**
 * JSON text to values, by their types and without loss; what is wrong is told with its place.
 *
 * What the codec judges anyway is left to it: here, only what JSON lacks is turned into what it stands for.
 *
 * @module
 */

import { type Node, parseTree } from "jsonc-parser";
import { Buffer } from "node:buffer";
import type { RecordType, Shape, Type } from "../../idl/definition.ts";
import { suggest } from "../../idl/suggest.ts";
import { type Alternatives, ANY, isTag, Places, recordOf } from "./alternatives.ts";
import { type Mistake, syntaxMistakes } from "./json_syntax.ts";
import { timestampOf } from "./timestamp.ts";

/** What has come of a text. */
export interface ReadJson {
  /** What it says; of no use where there are mistakes. */
  readonly value: Record<string, unknown>;
  readonly mistakes: readonly Mistake[];
  /** Finds what the codec complains of, whose texts begin with a path: `Job.slots[3]: expected …`. */
  readonly place: (complaint: string) => { readonly start: number; readonly end: number };
}

/** What a value that JSON lacks is called where its type alone does not say so. */
const TAGS = ["$bytes", "$timestamp", "$float", "$long", "$map"] as const;
const NON_FINITE: ReadonlyMap<unknown, number> = new Map([["NaN", NaN], ["Infinity", Infinity], [
  "-Infinity",
  -Infinity,
]]);

/** More digits are no number that anybody takes, and take time that grows with their square. */
const MAX_DIGITS = 4_300;
const DIGITS = /^-?\d+$/;

/** Reads JSON. */
export class JsonReader {
  readonly #places: Places;

  /** @param types The named types of the definition. */
  constructor(types: Shape["types"]) {
    this.#places = new Places(types);
  }

  /**
   * Reads a record.
   *
   * @param text JSON text.
   * @param type What it should be: a record.
   * @param what What it is, for people: `a Ping`.
   */
  read(text: string, type: Type, what: string): ReadJson {
    const wrong = syntaxMistakes(text);
    const root = wrong.length > 0 ? undefined : parseTree(text);
    if (root === undefined) return { value: {}, mistakes: wrong, place: () => ({ start: 0, end: text.length }) };
    const reading = new Reading(text, this.#places);
    const value = reading.value(root, type) as Record<string, unknown>;
    if (root.type !== "object") reading.add(root, `${what} is an object: \`{ … }\`.`);
    return { value, mistakes: reading.mistakes, place: (complaint) => place(root, complaint) };
  }
}

/** One run through a text. */
class Reading {
  readonly mistakes: Mistake[] = [];
  readonly #text: string;
  readonly #places: Places;

  constructor(text: string, places: Places) {
    this.#text = text;
    this.#places = places;
  }

  add({ offset, length }: Node, message: string, hint?: string): undefined {
    this.mistakes.push({ start: offset, end: offset + length, message, ...(hint !== undefined && { hint }) });
    return undefined;
  }

  value(node: Node, type: Type): unknown {
    const place = this.#places.of(type);
    if (!place.open && node.type !== "object") {
      if (place.bytes) return this.#bytes(node);
      if (place.timestamp) return this.#timestamp(node);
    }
    switch (node.type) {
      case "string":
        return this.#string(node, place);
      case "number":
        return this.#number(node, place);
      case "array": {
        const items = place.list?.items ?? ANY;
        return (node.children ?? []).map((child) => this.value(child, items));
      }
      case "object":
        return this.#object(node, place);
      default:
        return node.value;
    }
  }

  #string(node: Node, place: Alternatives): unknown {
    if (!place.oneText) return node.value;
    if (place.bytes) return this.#bytes(node);
    if (place.timestamp) return this.#timestamp(node);
    return place.float ? NON_FINITE.get(node.value) ?? node.value : node.value;
  }

  #number(node: Node, { number, bigint }: Alternatives): unknown {
    const text = this.#text.slice(node.offset, node.offset + node.length);
    const value = Number(text);
    if (bigint && DIGITS.test(text) && !(number && Number.isSafeInteger(value))) return this.#long(node);
    if (bigint && !number) return this.add(node, "A long is written as digits alone.");
    if (Number.isFinite(value)) return value;
    return this.add(
      node,
      "This is greater than any number.",
      'Infinity is written as `"Infinity"`, where it may stand.',
    );
  }

  #long(node: Node): unknown {
    const text = this.#text.slice(node.offset, node.offset + node.length);
    if (node.type !== "number" || !DIGITS.test(text)) return this.add(node, "A long is written as digits alone.");
    if (text.length > MAX_DIGITS) return this.add(node, `A long of more than ${MAX_DIGITS} digits can't be sent.`);
    return BigInt(text);
  }

  #bytes(node: Node): unknown {
    const bytes = node.type === "string" ? Buffer.from(node.value, "base64") : undefined;
    if (bytes?.toString("base64") === node.value) return new Uint8Array(bytes!);
    return this.add(node, "Bytes are written in base64, with its padding.", 'Such as `"aGk="`.');
  }

  #timestamp(node: Node): unknown {
    const time = node.type === "string" ? timestampOf(node.value) : undefined;
    if (time !== undefined) return time;
    const hint = 'Such as `"2026-11-22T10:00:00.000Z"`, or with `+01:00` for `Z`.';
    return this.add(node, "A timestamp is written as in ISO 8601, to the millisecond at most, with its zone.", hint);
  }

  #object(node: Node, place: Alternatives): unknown {
    const properties = this.#properties(node);
    const names = [...properties.keys()];
    const isContainer = !place.open && (place.map !== undefined || place.records.length > 0);
    if (isTag(names) && !isContainer) return this.#tagged(properties.get(names[0]!)!, place);
    if (place.map !== undefined || place.any) return this.#map(properties, place);
    const record = recordOf(place, (field) => properties.get(field)?.value.value);
    // Where no record can be meant, the codec says what is.
    return record === undefined ? this.#map(properties, place) : this.#record(properties, record);
  }

  #map(properties: ReadonlyMap<string, Property>, { map }: Alternatives): unknown {
    const found: Record<string, unknown> = Object.create(null);
    for (const [name, { value }] of properties) found[name] = this.value(value, map?.values ?? ANY);
    return found;
  }

  #record(properties: ReadonlyMap<string, Property>, { fields }: RecordType): unknown {
    const found: Record<string, unknown> = Object.create(null);
    for (const [name, { key, value }] of properties) {
      const field = fields.find((field) => field.name === name);
      if (field !== undefined) found[name] = this.value(value, field.type);
      else {
        const names = fields.map((field) => field.name);
        const known = names.length === 0 ? "It has no fields." : `The fields are ${names.join(", ")}.`;
        this.add(key, `There is no field ${JSON.stringify(name)} here.`, suggest(name, names) ?? known);
      }
    }
    return found;
  }

  #tagged({ key, value }: Property, place: Alternatives): unknown {
    const tag = String(key.value);
    const allowed = TAGS.filter((tag) => isAllowed(tag, place));
    if (!allowed.some((one) => one === tag)) {
      const hint = allowed.length === 0 ? undefined : `There may be ${allowed.join(", ")}.`;
      return this.add(key, `There is no ${JSON.stringify(tag)} here.`, suggest(tag, allowed) ?? hint);
    }
    switch (tag) {
      case "$bytes":
        return this.#bytes(value);
      case "$timestamp":
        return this.#timestamp(value);
      case "$long":
        return this.#long(value);
      case "$float":
        if (NON_FINITE.has(value.value)) return NON_FINITE.get(value.value);
        return this.add(value, 'This is `"NaN"`, `"Infinity"` or `"-Infinity"`.');
      default:
        if (value.type === "object") return this.#map(this.#properties(value), place);
        return this.add(value, "A map is an object: `{ … }`.");
    }
  }

  #properties(node: Node): ReadonlyMap<string, Property> {
    const properties = new Map<string, Property>();
    for (const { children } of node.children ?? []) {
      const [key, value] = children ?? [];
      if (key === undefined || value === undefined) continue;
      if (properties.has(key.value)) this.add(key, `${JSON.stringify(key.value)} is there twice.`);
      properties.set(key.value, { key, value });
    }
    return properties;
  }
}

/** What has a name in an object. */
interface Property {
  readonly key: Node;
  readonly value: Node;
}

function isAllowed(tag: typeof TAGS[number], place: Alternatives): boolean {
  switch (tag) {
    case "$bytes":
      return place.bytes;
    case "$timestamp":
      return place.timestamp;
    case "$float":
      return place.float;
    case "$long":
      return place.bigint;
    case "$map":
      return place.any || place.map !== undefined;
  }
}

/** Walks along the path that a complaint of the codec's begins with, as far as there is something. */
function place(root: Node, complaint: string): { readonly start: number; readonly end: number } {
  let node = root;
  for (let rest = complaint.replace(/^\w+/, "");;) {
    const [step, next] = steps(node).find(([step]) => rest.startsWith(step)) ?? [];
    // What is missing in an object is shown at its beginning.
    if (step === undefined || next === undefined) {
      const length = rest.startsWith(": ") ? node.length : 1;
      return { start: node.offset, end: node.offset + length };
    }
    rest = rest.slice(step.length);
    node = next;
  }
}

function steps(node: Node): (readonly [step: string, next: Node])[] {
  const children = node.children ?? [];
  if (node.type === "array") return children.map((child, index) => [`[${index}]`, child] as const);
  const found = children.flatMap(({ children: [key, value] = [] }) => {
    if (key === undefined || value === undefined) return [];
    const name = String(key.value);
    const quoted = name.length <= 40 ? JSON.stringify(name) : `${JSON.stringify(name.slice(0, 40))}…`;
    return [[`.${name}`, value] as const, [`[${quoted}]`, value] as const];
  });
  // Of two names, one may begin with the other.
  return found.sort(([a], [b]) => b.length - a.length);
}
