/**
 * The order in which generated code can declare its constants: what is used comes before what uses it.
 *
 * @module
 */

/**
 * Puts things in order, those that use each other in a circle together (Tarjan's strongly connected components, without
 * recursion: a chain of uses may be of any length).
 *
 * @param nodes The things, in the order that they keep where nothing else is asked for.
 * @param uses What a thing uses; other things than `nodes` are passed over.
 * @returns The groups, each before those that use it. One with several members is a circle; so is one whose only member
 * uses itself. Members stand in the order of `nodes`.
 */
export function dependencyOrder<T>(nodes: readonly T[], uses: (node: T) => Iterable<T>): T[][] {
  const place = new Map(nodes.map((node, index) => [node, index]));
  const index = new Map<T, number>();
  const lowest = new Map<T, number>();
  const open: T[] = [];
  const isOpen = new Set<T>();
  const groups: T[][] = [];

  for (const root of nodes) {
    if (index.has(root)) continue;
    const path: { readonly node: T; readonly rest: Iterator<T> }[] = [];
    const enter = (node: T): void => {
      index.set(node, index.size);
      lowest.set(node, index.size - 1);
      open.push(node);
      isOpen.add(node);
      path.push({ node, rest: uses(node)[Symbol.iterator]() });
    };
    const lower = (node: T, to: number): void => void lowest.set(node, Math.min(lowest.get(node) ?? to, to));
    enter(root);
    for (let at = path.at(-1); at !== undefined; at = path.at(-1)) {
      const { node, rest } = at;
      const next = rest.next();
      if (!next.done) {
        if (!place.has(next.value)) continue;
        if (!index.has(next.value)) enter(next.value);
        else if (isOpen.has(next.value)) lower(node, index.get(next.value) ?? 0);
        continue;
      }
      path.pop();
      const caller = path.at(-1);
      if (caller !== undefined) lower(caller.node, lowest.get(node) ?? 0);
      if (lowest.get(node) !== index.get(node)) continue;
      const members = open.splice(open.lastIndexOf(node));
      for (const member of members) isOpen.delete(member);
      groups.push(members.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0)));
    }
  }
  return groups;
}
