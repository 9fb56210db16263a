import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Field, Shape, Type } from "../../../../../idl/definition.ts";
import { DEFAULT_LIMITS } from "../../../../../runtime/limits.ts";
import { type Codec, createCodec } from "../../../../../runtime/wire/native/codec.ts";
import { shapeOf } from "../../subject.ts";
import { read, write } from "../subject.ts";

/** Calls something, and gives what it came to, with the source text of all functions that it generated. */
function spied<T>(call: () => T): { readonly result: T; readonly sources: readonly string[] } {
  const sources: string[] = [];
  const original = globalThis.Function;
  // Bun passes over a proxy here.
  globalThis.Function = function(...args: string[]) {
    sources.push(String(args.at(-1)));
    return Reflect.construct(original, args);
  } as unknown as FunctionConstructor;
  try {
    return { result: call(), sources };
  } finally {
    globalThis.Function = original;
  }
}

const generating = (shape: Shape): Codec => createCodec(shape, DEFAULT_LIMITS, true);
const interpreting = (shape: Shape): Codec => createCodec(shape, DEFAULT_LIMITS, false);

/** That a value arrives, by functions that were generated, and as the interpreting codec writes it. */
function assertArrives(shape: Shape, value: unknown): readonly string[] {
  const { result, sources } = spied(() => {
    const codec = generating(shape);
    const bytes = write(codec, value);
    return { bytes, arrives: read(codec, bytes) };
  });
  assert.deepEqual(result.bytes, write(interpreting(shape), value));
  assert.deepEqual(result.arrives, read(interpreting(shape), result.bytes));
  return sources;
}

describe("no text of a definition becomes code, valid or not", () => {
  const texts = [
    '"]; globalThis.pwned = true; //',
    "x\u2028globalThis.pwned = true;\u2029",
    "*/ globalThis.pwned = true; /*",
    "${globalThis.pwned = true}",
    "`;globalThis.pwned = true;`",
    '\\"); globalThis.pwned = true; ("',
    "__proto__",
    "constructor",
  ];
  const cases: { readonly [title: string]: (text: string) => [Field, unknown, Shape["types"]?] } = {
    "a field's name": (text) => [{ name: text, type: { type: "int" } }, Object.fromEntries([[text, 5]])],
    "an optional field's name": (text) => [{ name: text, type: { type: "int" }, optional: true }, {}],
    "a default": (text) => [{ name: "value", type: { type: "string" }, default: text }, {}],
    "a literal": (text) => [{ name: "value", type: { type: "literal", value: text } }, { value: text }],
    "a literal in a union": (text) => [{
      name: "value",
      type: { type: "union", branches: [{ type: "literal", value: text }, { type: "int" }] },
    }, { value: text }],
    "an enum's value": (text) => [
      { name: "value", type: { type: "ref", name: "Word" } },
      { value: text },
      { Word: { type: "enum", values: [text, "other"] } },
    ],
    "the name of a type": (text) => [
      { name: "value", type: { type: "ref", name: text } },
      { value: { a: 1 } },
      Object.fromEntries([[text, { type: "record", fields: [{ name: "a", type: { type: "int" } }] }]]),
    ],
    "a bound that is no number": (text) => [
      { name: "value", type: { type: "int", min: text as unknown as number } },
      { value: 5 },
    ],
  };
  for (const [title, make] of Object.entries(cases)) {
    test(title, () => {
      for (const text of texts) {
        const [field, value, types] = make(text);
        const { sources } = spied(() => {
          try {
            return write(generating(shapeOf([field], types)), value);
          } catch {
            return undefined; // what is not valid may be refused
          }
        });
        assert.equal("pwned" in globalThis, false);
        for (const source of sources) {
          // As a property, it would be an object's prototype; as a text to compare with, it is one like any other.
          assert.ok(!source.includes("pwned") && !/"__proto__"(?:\]|:)(?! w)/.test(source), source);
        }
      }
    });
  }

  test("a pattern", () => {
    const pattern = "(\"|'|`|pwned|\\\\|\\$)*";
    const field: Field = { name: "value", type: { type: "string", pattern } };
    for (const source of assertArrives(shapeOf([field]), { value: '"pwned\\$' })) {
      assert.ok(!source.includes("pwned"));
    }
  });
});

test("names that mean something in JavaScript are names of fields like any other", () => {
  const names = [
    "then",
    "length",
    "name",
    "arguments",
    "eval",
    "w",
    "v",
    "d",
    "r",
    "B",
    "s",
    "c",
    "names",
    "n",
    "c0",
    "f0",
    "BAIL",
  ];
  const fields = names.map((name): Field => ({ name, type: { type: "int" } }));
  assertArrives(shapeOf(fields), Object.fromEntries(names.map((name, i) => [name, i])));
});

test("nothing is generated for a message before it is used, and then for one direction", () => {
  const types: Record<string, Type> = {};
  for (let i = 0; i < 10_000; i++) {
    types[`M${i}`] = { type: "record", fields: [{ name: "id", type: { type: "int" } }] };
  }
  const { sources } = spied(() => {
    const codec = generating(shapeOf([{ name: "id", type: { type: "int" } }], types));
    for (const name of Object.keys(types)) codec.message(name);
  });
  assert.deepEqual(sources, []);
  const codec = generating(shapeOf([{ name: "id", type: { type: "int" } }], types));
  assert.equal(spied(() => write(codec, { id: 1 })).sources.length, 1);
  assert.equal(spied(() => write(codec, { id: 2 })).sources.length, 0);
  assert.equal(spied(() => read(codec, new Uint8Array([4]))).sources.length, 1);
});

describe("what is too large for an engine is interpreted", () => {
  const int: Type = { type: "int" };
  const fieldsOf = (count: number, type: Type): Field[] =>
    Array.from({ length: count }, (_, i) => ({ name: `f${i}`, type }));
  const valueOf = (count: number, value: unknown) =>
    Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, value]));

  test("a record of 5,000 fields", () => {
    const sources = assertArrives(shapeOf(fieldsOf(5_000, int)), valueOf(5_000, -7));
    assert.ok(sources.every((source) => source.length < 2_000), "it isn't generated");
  });

  test("lists and records beyond the first 500 types of a message", () => {
    const inner: Type = { type: "record", fields: [{ name: "a", type: int }] };
    const list: Type = { type: "list", items: { type: "union", branches: [{ type: "literal", value: null }, inner] } };
    const sources = assertArrives(shapeOf(fieldsOf(199, list)), valueOf(199, [null, { a: 1 }, { a: 2 }]));
    assert.ok(sources.every((source) => source.length < 200_000));
  });

  test("a union of 300 records", () => {
    const branches = Array.from({ length: 300 }, (_, i): Type => ({
      type: "record",
      fields: [{ name: "kind", type: { type: "literal", value: i } }, { name: "a", type: int }],
    }));
    const field: Field = { name: "value", type: { type: "union", branches } };
    assertArrives(shapeOf([field]), { value: { kind: 299, a: 5 } });
  });

  test("an enum of 10,000 values", () => {
    const Word: Type = { type: "enum", values: Array.from({ length: 10_000 }, (_, i) => `v${i}`) };
    const sources = assertArrives(shapeOf([{ name: "value", type: { type: "ref", name: "Word" } }], { Word }), {
      value: "v9999",
    });
    assert.ok(sources.every((source) => source.length < 2_000));
  });

  test("all that is beyond four million characters of source", () => {
    const types: Record<string, Type> = {};
    for (let i = 0; i < 1_000; i++) types[`M${i}`] = { type: "record", fields: fieldsOf(100, { type: "string" }) };
    const codec = generating(shapeOf([], types));
    const value = valueOf(100, "x");
    const { sources } = spied(() => {
      for (const name of Object.keys(types)) {
        const shape = shapeOf([{ name: "value", type: { type: "ref", name } }], types);
        assert.ok(shape.types["Job"] !== undefined);
        const message = codec.message(name);
        const bytes = write({ ...codec, message: () => message }, value);
        assert.deepEqual(read({ ...codec, message: () => message }, bytes), value);
      }
    });
    const length = sources.reduce((sum, source) => sum + source.length, 0);
    assert.ok(sources.length > 100 && length < 4 * 1024 * 1024, `${sources.length} functions, ${length} characters`);
  });
});

test("records have the fields that are there, in the order of the definition, however many are optional", () => {
  const fields = ["a", "b", "c", "d", "e"].map((name, i): Field =>
    i % 2 === 0 ? { name, type: { type: "int" } } : { name, type: { type: "int" }, optional: true }
  );
  const codec = generating(shapeOf(fields));
  for (const given of ["ace", "abce", "acde", "abcde"]) {
    const value = Object.fromEntries([...given].toReversed().map((name) => [name, 1]));
    assert.deepEqual(Object.keys(read(codec, write(codec, value)) as object), [...given]);
  }
});

test("a value that changes while it is written is refused, even if it is right in the end", () => {
  let reads = 0;
  const value = {
    get value() {
      return reads++ === 0 ? "wrong" : 5;
    },
  };
  const codec = generating(shapeOf([{ name: "value", type: { type: "int" } }]));
  assert.throws(() => write(codec, value), {
    code: "invalid-message",
    message: "Job: it changed while it was being written",
  });
});

test("named types that refer to each other, and to themselves, have functions that call one another", () => {
  const Tree: Type = {
    type: "union",
    branches: [{ type: "int" }, { type: "list", items: { type: "ref", name: "Tree" } }],
  };
  const Even: Type = { type: "record", fields: [{ name: "odd", type: { type: "ref", name: "Odd" }, optional: true }] };
  const Odd: Type = { type: "record", fields: [{ name: "even", type: { type: "ref", name: "Even" } }] };
  const fields: Field[] = [
    { name: "tree", type: { type: "ref", name: "Tree" } },
    { name: "even", type: { type: "ref", name: "Even" } },
  ];
  const value = { tree: [1, [2, [3, []]], 4], even: { odd: { even: { odd: { even: {} } } } } };
  assertArrives(shapeOf(fields, { Tree, Even, Odd }), value);
});
