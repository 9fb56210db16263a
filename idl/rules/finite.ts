/**
 * Types of which a finite value exists.
 *
 * @module
 */

import type { Shape, Type } from "../definition.ts";
import { isRequired } from "./fields.ts";

/**
 * Says which types have no finite value, as `Node < next: Node >` has none.
 *
 * @param types The named types. A reference to a name that is not among them counts as finite.
 * @returns The names of those types, in the order of `types`.
 */
export function infiniteTypes(types: Shape["types"]): string[] {
  // Every type is a node that waits for so many of the nodes below it; those that wait for nothing free the others.
  interface Node {
    waits: number;
    readonly above: Node[];
  }
  const finite: Node[] = [];
  const open: { type: Type; node: Node }[] = [];
  const named = new Map<string, Node>();
  for (const [name, type] of Object.entries(types)) {
    const node = { waits: 0, above: [] };
    named.set(name, node);
    open.push({ type, node });
  }
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { type, node } = next;
    const needs = neededTypes(type);
    if (type.type === "ref" && named.has(type.name)) {
      node.waits = 1;
      named.get(type.name)!.above.push(node);
    } else if (needs.length > 0) {
      node.waits = type.type === "union" ? 1 : needs.length;
      for (const needed of needs) open.push({ type: needed, node: { waits: 0, above: [node] } });
    } else finite.push(node);
  }
  for (let node = finite.pop(); node !== undefined; node = finite.pop()) {
    for (const above of node.above) if (--above.waits === 0) finite.push(above);
  }
  return [...named].filter(([, node]) => node.waits > 0).map(([name]) => name);
}

/** The types directly in a type of which a value can't do without: all of them, or for a union any one. */
function neededTypes(type: Type): readonly Type[] {
  switch (type.type) {
    case "record":
      return type.fields.filter(isRequired).map((field) => field.type);
    case "union":
      return type.branches;
    case "list":
      return (type.min ?? 0) > 0 ? [type.items] : [];
    case "map":
      return (type.min ?? 0) > 0 ? [type.values] : [];
    default:
      return [];
  }
}
