/**
 * Turns a writer's values into a reader's, along the pairs of their types.
 *
 * @module
 */

import type { RecordType } from "../definition.ts";
import { defaultValue, unionTag } from "../rules.ts";
import { type Link, type Pair, requiredLiteral, type Route } from "./pairs.ts";

/** Turns a value that the writer's type takes into one that the reader's type takes. It leaves the value as it is. */
export type Convert = (value: unknown) => unknown;

type Values = { [name: string]: unknown };
type RecordRoute = Route & { readonly from: RecordType };

/** Makes the converters of pairs, each once. */
export class Converters {
  readonly #made = new Map<Pair, Convert>();

  /**
   * Makes a pair's converter.
   *
   * @param pair A pair that fits.
   * @returns Its converter; `undefined` if all values can stay as they are.
   */
  of(pair: Pair): Convert | undefined {
    if (!pair.changes) return undefined;
    let convert = this.#made.get(pair);
    if (convert === undefined) {
      // What lies in the value is asked for when it is met: types may be recursive.
      let route: ((value: unknown) => Convert | undefined) | undefined;
      convert = (value) => (route ??= this.#router(pair.routes))(value)?.(value) ?? value;
      this.#made.set(pair, convert);
    }
    return convert;
  }

  /** Finds out by a value's kind which branch of the writer's type it belongs to. */
  #router(routes: readonly Route[]): (value: unknown) => Convert | undefined {
    const find = (type: string) => routes.find(({ from }) => from.type === type);
    const make = (route: Route | undefined) => route && this.#route(route);
    const long = make(find("long"));
    const list = make(find("list"));
    const map = make(find("map"));
    const records = new Map<unknown, Convert>();
    const recordRoutes = routes.filter((route): route is RecordRoute => route.from.type === "record");
    const tag = unionTag(recordRoutes.map(({ from }) => from), {});
    for (const route of recordRoutes) {
      records.set(tag && requiredLiteral(route.from, tag)?.value, this.#route(route));
    }
    return (value) => {
      if (typeof value === "bigint") return long;
      if (Array.isArray(value)) return list;
      if (typeof value !== "object" || value === null || ArrayBuffer.isView(value) || value instanceof Date) {
        return undefined;
      }
      return map ?? records.get(tag && (value as Values)[tag]);
    };
  }

  #route({ from, to, links }: Route): Convert {
    switch (from.type) {
      case "long":
        return (value) => Number.isSafeInteger(Number(value)) ? Number(value) : value;
      case "list":
        return (value) => Array.from(value as unknown[], (item) => this.#inner(links[0]!, item));
      case "map":
        return (value) => {
          const map: Values = Object.create(null);
          for (const key of Object.keys(value as Values)) map[key] = this.#inner(links[0]!, (value as Values)[key]);
          return map;
        };
      default:
        return this.#record(from as RecordType, to.type === "record" ? to : undefined, links);
    }
  }

  #record(from: RecordType, to: RecordType | undefined, links: readonly Link[]): Convert {
    const written = defaults(from);
    const filled = defaults(to);
    const byField = new Map(links.map((link) => [link.field, link]));
    const names = (to ?? from).fields.map(({ name }) => name);
    return (value) => {
      const record: Values = to === undefined ? Object.create(null) : {};
      for (const name of names) {
        const link = byField.get(name);
        let given = link && (value as Values)[name];
        if (given === undefined && link !== undefined) given = written.get(name);
        const result = given === undefined ? filled.get(name) : this.#inner(link!, given);
        if (result !== undefined) record[name] = result;
      }
      return record;
    };
  }

  #inner(link: Link, value: unknown): unknown {
    const convert = this.of(link.pair);
    return convert === undefined ? value : convert(value);
  }
}

function defaults(record: RecordType | undefined): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  for (const field of record?.fields ?? []) {
    if (field.default !== undefined) values.set(field.name, defaultValue(field.default));
  }
  return values;
}
