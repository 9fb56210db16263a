import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { Compile } from "typebox/compile";
import { Value } from "typebox/value";
import type { Shape, Type } from "../../idl/definition.ts";
import { schemaOf } from "../../runtime/schema.ts";
import * as Schema from "../../runtime/schema_types.ts";
import { accepts, arbitraryShape, arbitraryValue, arbitraryWrongValue } from "../arbitraries.ts";

function shapeOf(types: Shape["types"]): Shape {
  return { service: "Test/Schema", connect: { type: "record", fields: [] }, messages: [], types };
}

function typeOf(shape: Shape, name: string): Type {
  return name === "connect" ? shape.connect : shape.types[name]!;
}

/** Asks TypeBox in all of its ways, which must agree. */
function check(schema: Schema.Of<unknown>, value: unknown): boolean {
  const checked = accepts(() => Value.Check(schema, value));
  assert.equal(accepts(() => Compile(schema).Check(value)), checked, "Value.Check and Compile disagree");
  assert.equal(accepts(() => [...Value.Errors(schema, value)].length === 0), checked, "Value.Errors disagrees");
  return checked;
}

class Pair {
  a = 1;
}

const ROWS: readonly {
  readonly name: string;
  readonly type: Type;
  readonly good: unknown[];
  readonly bad: unknown[];
}[] = [
  { name: "bool", type: { type: "bool" }, good: [true, false], bad: [0, "true", null, undefined] },
  {
    name: "int",
    type: { type: "int" },
    good: [0, -0, 2 ** 53 - 1, -(2 ** 53 - 1)],
    bad: [2 ** 53, 2 ** 60, 1.5, NaN, Infinity, 1n, "1", null],
  },
  { name: "int(0..10)", type: { type: "int", min: 0, max: 10 }, good: [0, -0, 10], bad: [-1, 11] },
  { name: "long", type: { type: "long" }, good: [0n, 2n ** 100n], bad: [0, 2 ** 53, "1"] },
  {
    name: "long(..2^64-1), whose bound no number can say",
    type: { type: "long", min: "-5", max: "18446744073709551615" },
    good: [-5n, 18446744073709551615n],
    bad: [-6n, 18446744073709551616n],
  },
  {
    name: "int|long",
    type: { type: "int|long", max: "9223372036854775807" },
    good: [1, -0, 1n, 2n ** 63n - 1n],
    bad: [1.5, 2 ** 53, 2n ** 63n, NaN, "1", null, Symbol("s")],
  },
  { name: "float", type: { type: "float" }, good: [0, -0, 1.5, NaN, Infinity, -Infinity], bad: [1n, "1", null] },
  { name: "float(0..)", type: { type: "float", min: 0 }, good: [0, -0, Infinity], bad: [NaN, -1, -Infinity] },
  { name: "string", type: { type: "string" }, good: ["", "é😀\0"], bad: ["\ud800", "a\udc00", new String("a"), 1] },
  {
    name: "string(2..2)",
    type: { type: "string", min: 2, max: 2 },
    good: ["😀😀", "ab", "e\u0301"],
    bad: ["😀", "abc"],
  },
  {
    name: "string(/[a-z]+/)",
    type: { type: "string", pattern: "[a-z]+" },
    good: ["abc"],
    bad: ["", "ab1", "1ab", "ab\n"],
  },
  {
    name: "bytes(..2)",
    type: { type: "bytes", max: 2 },
    good: [new Uint8Array(2), new (class extends Uint8Array {})(1), new Uint8Array(new SharedArrayBuffer(1))],
    bad: [new Uint8Array(3), new Uint16Array(1), [1], new ArrayBuffer(1)],
  },
  {
    name: "timestamp",
    type: { type: "timestamp" },
    good: [new Date(0), new (class extends Date {})(5)],
    bad: [new Date(NaN), Object.create(Date.prototype), 0, "2020-01-01"],
  },
  {
    name: "any",
    type: { type: "any" },
    good: [null, 1, 1n, NaN, "x", new Date(), new Uint8Array(1), [[], {}], Object.create(null), { "__proto_": 1 }],
    bad: [
      undefined,
      () => {},
      Symbol("s"),
      new Map(),
      new Pair(),
      [undefined],
      new Array(1),
      { a: undefined },
      "\ud800",
    ],
  },
  { name: "null", type: { type: "literal", value: null }, good: [null], bad: [undefined, 0, ""] },
  { name: "literal 0", type: { type: "literal", value: 0 }, good: [0, -0], bad: [0n, false, "0"] },
  {
    name: "list(1..2)",
    type: { type: "list", items: { type: "any" }, min: 1, max: 2 },
    good: [[1], Object.assign([1], { extra: undefined })],
    bad: [[], [1, 2, 3], new Array(1), [undefined], new Set([1]), { length: 1, 0: 1 }],
  },
  {
    name: "map(..1)",
    type: { type: "map", values: { type: "int" }, max: 1 },
    good: [{}, Object.create(null), JSON.parse('{"__proto__":1}'), { "line\nend": 1 }],
    bad: [
      { a: 1, b: 2 },
      { a: "1" },
      { a: undefined },
      { "line\nend": "x" },
      { "\ud800": 1 },
      new Map(),
      [],
      new Pair(),
    ],
  },
  {
    name: "record",
    type: {
      type: "record",
      fields: [
        { name: "a", type: { type: "int" } },
        { name: "b", type: { type: "int" }, optional: true },
        { name: "c", type: { type: "int" }, default: 3 },
      ],
    },
    good: [{ a: 1 }, { a: 1, b: undefined, c: undefined }, { a: 1, b: 2, c: 3 }, { a: 1, [Symbol("s")]: 1 }],
    bad: [{}, { a: undefined }, { a: 1, b: null }, { a: 1, d: 1 }, { a: 1, d: undefined }, new Pair(), [], null],
  },
  {
    name: "union",
    type: {
      type: "union",
      branches: [{ type: "literal", value: null }, { type: "string", max: 1 }, {
        type: "list",
        items: { type: "int" },
      }],
    },
    good: [null, "a", [1]],
    bad: ["ab", ["a"], 1, undefined],
  },
];

for (const { name, type, good, bad } of ROWS) {
  const schema = schemaOf(shapeOf({ T: type }), "T");
  test(`schemaOf ${name} takes what the type takes`, () => {
    for (const value of good) assert.equal(check(schema, value), true, `refuses ${inspect(value)}`);
  });
  test(`schemaOf ${name} takes nothing else`, () => {
    for (const value of bad) assert.equal(check(schema, value), false, `takes ${inspect(value)}`);
  });
}

test("Schema.Optional and Schema.Default of any block take the same values, and undefined", () => {
  for (const { name, type, good, bad } of ROWS) {
    const schema = schemaOf(shapeOf({ T: type }), "T");
    for (const field of [Schema.Optional(schema), Schema.Default(schema, good[0])]) {
      const record = Schema.Fields({ field });
      for (const value of [undefined, ...good]) assert.equal(check(record, { field: value }), true, name);
      for (const value of bad) {
        assert.equal(check(record, { field: value }), value === undefined, `${name} ${inspect(value)}`);
      }
    }
  }
});

test("Schema.Fields refuses what is no field even where it is not enumerable", () => {
  const hidden = Object.defineProperty({ field: 1 }, "more", { value: 1 });
  assert.equal(check(Schema.Fields({ field: Schema.Int() }), hidden), false);
  assert.equal(check(Schema.Fields({ field: Schema.Int() }), { ...hidden }), true);
});

test("schemaOf any refuses what holds itself, and takes what stands in two places", () => {
  const schema = schemaOf(shapeOf({ T: { type: "any" } }), "T");
  const shared = { a: [1] };
  const loop: unknown[] = [];
  loop.push({ loop });
  assert.equal(check(schema, [shared, shared, { shared }]), true);
  assert.equal(check(schema, loop), false);
});

test("schemaOf any judges 60 levels of doubled objects, and 100,000 levels of lists, in well under a second", () => {
  const schema = schemaOf(shapeOf({ T: { type: "any" } }), "T");
  let doubled: unknown = [1];
  for (let i = 0; i < 60; i++) doubled = [doubled, doubled];
  let deep: unknown = [];
  for (let i = 0; i < 100_000; i++) deep = [deep];
  const start = performance.now();
  assert.equal(Value.Check(schema, doubled), true);
  assert.equal(Value.Check(schema, deep), true);
  assert.ok(performance.now() - start < 1_000);
});

test("schemaOf follows recursion, through types called const and enum, too", () => {
  const next = (name: string): Type => ({
    type: "record",
    fields: [{ name: "const", type: { type: "ref", name }, optional: true }, { name: "v", type: { type: "int" } }],
  });
  const shape = shapeOf({ const: next("enum"), enum: next("Node"), Node: next("const") });
  for (const name of ["const", "enum", "Node"]) {
    const schema = schemaOf(shape, name);
    assert.equal(check(schema, { v: 1, const: { v: 2, const: { v: 3 } } }), true);
    assert.equal(check(schema, { v: 1, const: { v: 2, const: { v: "3" } } }), false);
  }
});

test("schemaOf knows the connect arguments, and no name that objects are born with", () => {
  const connect = { type: "record", fields: [{ name: "slots", type: { type: "int" } }] } as const;
  const shape = { ...shapeOf({}), connect };
  assert.equal(check(schemaOf(shape, "connect"), { slots: 1 }), true);
  assert.equal(check(schemaOf(shape, "connect"), {}), false);
  assert.throws(() => schemaOf(shape, "toString"), RangeError);
});

test("schemaOf grows with the shape, not with what it would be if written out", () => {
  const types: Record<string, Type> = { T0: { type: "record", fields: [{ name: "x", type: { type: "int" } }] } };
  for (let i = 1; i <= 40; i++) {
    const inner: Type = { type: "ref", name: `T${i - 1}` };
    types[`T${i}`] = {
      type: "record",
      fields: [{ name: "a", type: inner, optional: true }, { name: "b", type: inner, optional: true }],
    };
  }
  const start = performance.now();
  const schema = schemaOf(shapeOf(types), "T40");
  assert.equal(Value.Check(schema, { a: { b: {} } }), true);
  assert.equal(Value.Check(schema, { a: { b: { c: 1 } } }), false);
  assert.ok(performance.now() - start < 1_000);
});

test("schemaOf takes every right value of random shapes; TypeBox's three ways to ask agree on wrong ones", () => {
  const cases = arbitraryShape().chain((shape) =>
    fc.constantFrom("connect", ...Object.keys(shape.types)).chain((name) =>
      fc.tuple(arbitraryValue(typeOf(shape, name), shape.types), arbitraryWrongValue(typeOf(shape, name), shape.types))
        .map(([right, wrong]) => ({ shape, name, right, wrong }))
    )
  );
  fc.assert(
    fc.property(cases, ({ shape, name, right, wrong }) => {
      const schema = schemaOf(shape, name);
      assert.equal(check(schema, right), true);
      check(schema, wrong);
    }),
    { numRuns: 200 },
  );
});

test("Schema blocks have the types that a person would have written", () => {
  const Job = Schema.Fields({
    id: Schema.Integer(),
    note: Schema.Optional(Schema.Text()),
    retries: Schema.Default(Schema.Int(), 0),
    outcome: Schema.Union([Schema.Literal("done"), Schema.Literal(null)]),
  });
  interface Expected {
    id: number | bigint;
    note?: string | undefined;
    retries?: number | undefined;
    outcome: "done" | null;
  }
  const same: Schema.Of<Expected> = Job;
  assert.equal(check(same, { id: 1n, outcome: null }), true);
});
