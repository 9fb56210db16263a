import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { dependencyOrder } from "../../compiler/order.ts";

/** Orders the keys of a graph. */
function order(graph: { readonly [node: string]: string }): string[] {
  return dependencyOrder(Object.keys(graph), (node) => graph[node] ?? "").map((group) => group.join(""));
}

describe("dependencyOrder", () => {
  test("keeps the order of what uses nothing", () => {
    assert.deepEqual(order({ c: "", a: "", b: "" }), ["c", "a", "b"]);
  });

  test("puts what is used first, and leaves the rest alone", () => {
    assert.deepEqual(order({ a: "c", b: "", c: "d", d: "" }), ["d", "c", "a", "b"]);
  });

  test("keeps circles together, in the given order", () => {
    assert.deepEqual(order({ a: "b", b: "c", c: "ad", d: "", e: "e" }), ["d", "abc", "e"]);
  });

  test("passes over what is not among the nodes", () => {
    assert.deepEqual(order({ a: "x", b: "a" }), ["a", "b"]);
  });

  test("takes a chain of any length", () => {
    const length = 100_000;
    const nodes = Array.from({ length }, (_, index) => index);
    const groups = dependencyOrder(nodes, (node) => (node + 1 < length ? [node + 1] : []));
    assert.deepEqual(groups[0], [length - 1]);
    assert.equal(groups.length, length);
  });

  test("takes a circle of any size", () => {
    const size = 50_000;
    const nodes = Array.from({ length: size }, (_, index) => index);
    assert.deepEqual(dependencyOrder(nodes, (node) => [(node + 1) % size]), [nodes]);
  });

  test("puts everything after what it uses unless that uses it back (any graph)", () => {
    const graphs = fc.array(fc.array(fc.nat({ max: 11 }), { maxLength: 4 }), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(graphs, (graph) => {
      const nodes = graph.map((_, index) => index);
      const groups = dependencyOrder(nodes, (node) => graph[node] ?? []);
      assert.deepEqual(groups.flat().sort((a, b) => a - b), nodes);
      const place = new Map(groups.flatMap((group, index) => group.map((node) => [node, index] as const)));
      for (const node of nodes) {
        for (const used of graph[node]?.filter((used) => used < nodes.length) ?? []) {
          const isCircle = place.get(used) === place.get(node);
          assert.equal(isCircle, reaches(graph, used, node));
          if (!isCircle) assert.ok((place.get(used) ?? 0) < (place.get(node) ?? 0));
        }
      }
    }));
  });
});

function reaches(graph: readonly (readonly number[])[], from: number, to: number): boolean {
  const seen = new Set([from]);
  for (const node of seen) for (const next of graph[node] ?? []) seen.add(next);
  return seen.has(to);
}
