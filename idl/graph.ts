/**
 * Orders what depends on each other.
 *
 * @module
 */

/**
 * Finds the strongly connected components of a graph (Tarjan's algorithm, without recursion: chains may be long).
 *
 * @param nodes The nodes.
 * @param edges What a node depends on; only what is among the nodes counts.
 * @returns The components, each after all that it depends on.
 */
export function components<T>(nodes: readonly T[], edges: (node: T) => readonly T[]): T[][] {
  interface Mark {
    readonly index: number;
    low: number;
    onStack: boolean;
  }
  const known = new Set(nodes);
  const marks = new Map<T, Mark>();
  const stack: T[] = [];
  const found: T[][] = [];

  for (const root of nodes) {
    if (marks.has(root)) continue;
    const path: { node: T; mark: Mark; targets: readonly T[]; next: number }[] = [];
    const enter = (node: T) => {
      const mark = { index: marks.size, low: marks.size, onStack: true };
      marks.set(node, mark);
      stack.push(node);
      path.push({ node, mark, targets: edges(node), next: 0 });
    };
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      if (top.next < top.targets.length) {
        const target = top.targets[top.next++]!;
        const seen = marks.get(target);
        if (seen === undefined && known.has(target)) enter(target);
        else if (seen?.onStack) top.mark.low = Math.min(top.mark.low, seen.index);
        continue;
      }
      path.pop();
      const above = path.at(-1);
      if (above !== undefined) above.mark.low = Math.min(above.mark.low, top.mark.low);
      if (top.mark.low !== top.mark.index) continue;
      const component = stack.splice(stack.lastIndexOf(top.node));
      for (const node of component) marks.get(node)!.onStack = false;
      found.push(component);
    }
  }
  return found;
}
