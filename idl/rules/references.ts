/**
 * Types that refer to named types.
 *
 * @module
 */

import type { Shape, Type } from "../definition.ts";
import { components } from "../graph.ts";

/**
 * Follows references.
 *
 * @param type A type.
 * @param types The named types.
 * @returns The first type on the way that is no reference; `undefined` if there is none.
 */
export function resolveReference(type: Type, types: Shape["types"]): Exclude<Type, { type: "ref" }> | undefined {
  let at: Type | undefined = type;
  for (const seen = new Set<string>(); at?.type === "ref";) {
    if (seen.has(at.name)) return undefined;
    seen.add(at.name);
    at = Object.hasOwn(types, at.name) ? types[at.name] : undefined;
  }
  return at;
}

/**
 * Lists the types directly in a type.
 *
 * @param type Any type.
 * @returns Its items, values, branches or the types of its fields. A reference has none.
 */
export function innerTypes(type: Type): readonly Type[] {
  switch (type.type) {
    case "list":
      return [type.items];
    case "map":
      return [type.values];
    case "union":
      return type.branches;
    case "record":
      return type.fields.map((field) => field.type);
    default:
      return [];
  }
}

/**
 * Lists the names that a type refers to, at any depth in itself, without following them.
 *
 * @param type Any type.
 * @returns Each name once, in the order of their first mention.
 */
export function mentionedNames(type: Type): ReadonlySet<string> {
  const names = new Set<string>();
  const open: Type[] = [type];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.type === "ref") names.add(next.name);
    else for (const inner of innerTypes(next).toReversed()) open.push(inner);
  }
  return names;
}

/**
 * Finds the names that lead back to themselves.
 *
 * @param edges The names that each name leads to; what is no key leads nowhere.
 * @returns The names that lie on a cycle.
 */
export function namesOnCycles(edges: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const loops = components([...edges.keys()], (name) => [...edges.get(name)!]);
  return new Set(loops.filter(([first, second]) => second !== undefined || edges.get(first!)!.has(first!)).flat());
}
