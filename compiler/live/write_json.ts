/**
 * Values to JSON text, by their types and without loss.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { RecordType, Shape, Type } from "../../idl/definition.ts";
import { type Alternatives, ANY, isTag, Places, recordOf } from "./alternatives.ts";

/** Control characters, and marks that turn the direction of writing: valid in JSON, but not what a terminal should get. */
const MISLEADING = /[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/** Writes JSON. */
export class JsonWriter {
  readonly #places: Places;

  /** @param types The named types of the definition. */
  constructor(types: Shape["types"]) {
    this.#places = new Places(types);
  }

  /**
   * Writes a value.
   *
   * @param value A value of that type, as its receiver gets it.
   * @param type The type.
   * @param indent What each level is indented by; "" for one line.
   * @returns JSON text.
   */
  write(value: unknown, type: Type, indent = ""): string {
    return this.#value(value, type, { step: indent, lead: "\n" });
  }

  #value(value: unknown, type: Type, layout: Layout): string {
    const place = this.#places.of(type);
    switch (typeof value) {
      case "string":
        return quote(value);
      case "number":
        return numberText(value, place);
      case "bigint":
        return bigintText(value, place);
      case "object":
        return value === null ? "null" : this.#object(value, place, layout);
      default:
        return String(value);
    }
  }

  #object(value: object, place: Alternatives, layout: Layout): string {
    if (value instanceof Uint8Array) return textOrTag("$bytes", Buffer.from(value).toString("base64"), place);
    if (value instanceof Date) return textOrTag("$timestamp", value.toISOString(), place);
    const inner = deeper(layout);
    if (Array.isArray(value)) {
      const items = place.list?.items ?? ANY;
      return enclose("[", value.map((item) => this.#value(item, items, inner)), "]", layout);
    }
    const fields = value as { readonly [name: string]: unknown };
    const record = place.map === undefined ? recordOf(place, (field) => fields[field]) : undefined;
    if (record !== undefined) return this.#record(fields, record, layout);
    const values = place.map?.values ?? ANY;
    const names = Object.keys(fields);
    if (place.open && isTag(names)) {
      return enclose("{", [`"$map":${gap(layout)}${this.#map(fields, names, values, inner)}`], "}", layout);
    }
    return this.#map(fields, names, values, layout);
  }

  #map(map: { readonly [key: string]: unknown }, keys: readonly string[], values: Type, layout: Layout): string {
    const inner = deeper(layout);
    const entries = keys.map((key) => `${quote(key)}:${gap(layout)}${this.#value(map[key], values, inner)}`);
    return enclose("{", entries, "}", layout);
  }

  #record(value: { readonly [name: string]: unknown }, { fields }: RecordType, layout: Layout): string {
    const inner = deeper(layout);
    const entries = fields
      .filter(({ name }) => value[name] !== undefined)
      .map(({ name, type }) => `"${name}":${gap(layout)}${this.#value(value[name], type, inner)}`);
    return enclose("{", entries, "}", layout);
  }
}

/** How deep it is, and how that shows. */
interface Layout {
  readonly step: string;
  /** What stands before whatever begins a line here. */
  readonly lead: string;
}

function deeper({ step, lead }: Layout): Layout {
  return { step, lead: lead + step };
}

/** What stands behind a colon. */
function gap({ step }: Layout): string {
  return step === "" ? "" : " ";
}

function enclose(open: string, parts: readonly string[], close: string, layout: Layout): string {
  if (layout.step === "" || parts.length === 0) return open + parts.join(",") + close;
  const lead = layout.lead + layout.step;
  return open + lead + parts.join(`,${lead}`) + layout.lead + close;
}

function quote(text: string): string {
  return JSON.stringify(text).replace(
    MISLEADING,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Plain where a text can be nothing else. */
function textOrTag(tag: string, text: string, place: Alternatives): string {
  return place.oneText ? `"${text}"` : `{"${tag}":"${text}"}`;
}

function numberText(value: number, place: Alternatives): string {
  if (!Number.isFinite(value)) return textOrTag("$float", String(value), place);
  const text = Object.is(value, -0) ? "-0" : String(value);
  // Digits alone would be read as a long integer.
  return place.bigint && !Number.isSafeInteger(value) && /^-?\d+$/.test(text) ? `${text}.0` : text;
}

function bigintText(value: bigint, place: Alternatives): string {
  // A small one would be read as a number, where that may stand there too and is something else.
  const isDoubtful = place.number && !place.bySize && Number.isSafeInteger(Number(value));
  return isDoubtful ? `{"$long":${value}}` : String(value);
}
