/**
 * Types that refer to named types.
 *
 * @module
 */

import type { Shape, Type } from "../definition.ts";

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
 * Finds the names that lead back to themselves (Tarjan's algorithm, without recursion).
 *
 * @param edges The names that each name leads to; what is no key leads nowhere.
 * @returns The names that lie on a cycle.
 */
export function namesOnCycles(edges: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  interface Visit {
    readonly name: string;
    readonly rest: Iterator<string>;
    readonly index: number;
    low: number;
  }
  const cyclic = new Set<string>();
  const visits = new Map<string, Visit>();
  const path: Visit[] = [];
  const pending: Visit[] = []; // visited, and not yet known to which component they belong
  const isPending = new Set<Visit>();
  const enter = (name: string, next: ReadonlySet<string>) => {
    const visit = { name, rest: next.values(), index: visits.size, low: visits.size };
    visits.set(name, visit);
    path.push(visit);
    pending.push(visit);
    isPending.add(visit);
  };
  for (const [root, next] of edges) {
    if (!visits.has(root)) enter(root, next);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const { done, value: name } = top.rest.next();
      if (done !== true) {
        const known = visits.get(name);
        const targets = edges.get(name);
        if (known === undefined && targets !== undefined) enter(name, targets);
        else if (known !== undefined && isPending.has(known)) top.low = Math.min(top.low, known.index);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) above.low = Math.min(above.low, top.low);
      if (top.low < top.index) continue;
      const component = pending.splice(pending.lastIndexOf(top));
      for (const visit of component) isPending.delete(visit);
      if (component.length > 1 || edges.get(top.name)!.has(top.name)) {
        for (const { name } of component) cyclic.add(name);
      }
    }
  }
  return cyclic;
}
