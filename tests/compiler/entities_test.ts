import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Entity, link } from "../../compiler/entities.ts";
import type { Field, Type } from "../../idl/definition.ts";
import type { Module } from "../../idl/module.ts";

/** Entities of a file of records that have a field for each record that they use; those with a `=` have a default. */
function entities(graph: { readonly [name: string]: readonly string[] }): readonly Entity[] {
  const module: Module = {
    file: "test.msg",
    imports: [],
    declarations: Object.entries(graph).map(([name, uses]) => ({
      kind: "record",
      name: name.replace("=", ""),
      docs: {},
      type: {
        type: "record",
        fields: [
          ...uses.map((used): Field => ({ name: used, type: { type: "list", items: { type: "ref", name: used } } })),
          ...name.endsWith("=") ? [{ name: "count", type: { type: "int" }, default: 0 } satisfies Field] : [],
        ],
      },
    })),
    services: [],
  };
  return link([module]).declared(module);
}

const names = (entities: readonly Entity[]): string[] => entities.map(({ declaration }) => declaration.name);

describe("link: declared", () => {
  test("keeps the order of what uses nothing", () => {
    assert.deepEqual(names(entities({ c: [], a: [], b: [] })), ["c", "a", "b"]);
  });

  test("puts what is used first, and leaves the rest alone", () => {
    assert.deepEqual(names(entities({ a: ["c"], b: [], c: ["d"], d: [] })), ["d", "c", "a", "b"]);
  });

  test("keeps circles together, in the order of the text", () => {
    assert.deepEqual(names(entities({ a: ["b"], x: [], b: ["c"], c: ["a", "d"], d: [] })), ["d", "a", "b", "c", "x"]);
  });

  test("takes a chain, and a circle, of any length", () => {
    const all = Array.from({ length: 20_000 }, (_, index) => `n${index}`);
    const chain = entities(Object.fromEntries(all.map((name, index) => [name, all.slice(index + 1, index + 2)])));
    assert.deepEqual(names(chain), all.toReversed());
    const circle = entities(
      Object.fromEntries(all.map((name, index) => [name, [all[(index + 1) % all.length] ?? ""]])),
    );
    assert.deepEqual(names(circle), all);
  });

  test("puts everything after what it uses unless that uses it back (any graph)", () => {
    const graphs = fc.array(fc.uniqueArray(fc.nat({ max: 11 }), { maxLength: 4 }), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(graphs, (graph) => {
      const uses = graph.map((targets) => targets.filter((target) => target < graph.length));
      const all = entities(
        Object.fromEntries(uses.map((targets, node) => [`n${node}`, targets.map((to) => `n${to}`)])),
      );
      assert.deepEqual(names(all).sort(), uses.map((_, node) => `n${node}`).sort());
      const place = new Map(all.map((entity, index) => [entity, index]));
      for (const entity of all) {
        for (const used of entity.uses) {
          const isCircle = entity.circle.includes(used);
          assert.equal(isCircle, reaches(used, entity));
          if (!isCircle) assert.ok((place.get(used) ?? 0) < (place.get(entity) ?? 0));
        }
      }
    }));
  });
});

describe("link: hasInput", () => {
  test("is for what has a default, and for what uses that, circles and all", () => {
    const all = entities({ plain: [], "inner=": [], outer: ["inner"], a: ["b"], b: ["a", "outer"], other: ["plain"] });
    const marked = all.filter((entity) => entity.hasInput);
    assert.deepEqual(names(marked).sort(), ["a", "b", "inner", "outer"]);
  });

  test("is for a default inside an object, a list, a map or a union", () => {
    const object: Type = { type: "record", fields: [{ name: "count", type: { type: "int" }, default: 1 }] };
    const types: Type[] = [object, { type: "list", items: object }, { type: "map", values: object }, {
      type: "union",
      branches: [{ type: "literal", value: null }, object],
    }];
    for (const type of types) {
      const module: Module = {
        file: "test.msg",
        imports: [],
        declarations: [{ kind: "alias", name: "A", docs: {}, type }],
        services: [],
      };
      assert.deepEqual(link([module]).declared(module).map((entity) => entity.hasInput), [true]);
    }
  });
});

function reaches(from: Entity, to: Entity): boolean {
  const seen = new Set([from]);
  for (const entity of seen) for (const used of entity.uses) seen.add(used);
  return seen.has(to);
}
