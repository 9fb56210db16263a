/**
 * Records: what an application may give for one, on any wire.
 *
 * @module
 */

import { Failure } from "./failure.ts";

/** What a record has to be, in words that follow "expected". */
export const AN_OBJECT = "an object";

/**
 * Finds the places of fields by their names.
 *
 * @param fields The fields of a record.
 * @returns For {@link checkNames}.
 */
export function placesOf(fields: readonly { readonly name: string }[]): ReadonlyMap<string, number> {
  return new Map(fields.map(({ name }, place) => [name, place]));
}

/**
 * Refuses what has an enumerable property that is no field. Most objects have them in the order of the fields.
 *
 * @param value An object.
 * @param fields The fields of its record.
 * @param places What {@link placesOf} makes of them.
 * @throws {Failure} if it has one.
 */
export function checkNames(
  value: object,
  fields: readonly { readonly name: string }[],
  places: ReadonlyMap<string, number>,
): void {
  const names = Object.keys(value);
  let next = 0;
  for (let i = 0; i < names.length; i++) {
    const name = names[i]!;
    const place = name === fields[next]?.name ? next : places.get(name);
    if (place === undefined) throw new Failure("there is no such field in the definition").within(`.${name}`);
    next = place + 1;
  }
}
