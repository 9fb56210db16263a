import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { encodeDefinition } from "../../idl/canonical.ts";
import type { Definition, RecordType, Type } from "../../idl/definition.ts";
import { formatProblems, load, parse } from "../../idl/mod.ts";
import type { Module } from "../../idl/module.ts";
import { readDefinition } from "../../idl/validate.ts";
import { textHost } from "./testdata.ts";

/** The definition of a service that sends `M`, and of which a discovering client takes every word. */
function define(text: string, service = "service A/B { auth all sends M }"): Definition {
  const definition = parse(`${text}\n${service}`);
  const { shape, docs } = readDefinition(encodeDefinition(definition));
  assert.deepEqual({ shape, docs }, { shape: definition.shape, docs: definition.docs });
  return definition;
}

/** The type of the field `f` of `M`, and of what it reaches. */
function typeOf(type: string, more = ""): Type {
  const { shape } = define(`M < f: ${type} > ${more}`);
  return (shape.types["M"] as RecordType).fields[0]!.type;
}

function moduleOf(text: string): Module {
  const { modules, problems } = load(["a.msg"], textHost({ "a.msg": text }));
  assert.equal(formatProblems(problems), "");
  return modules[0]!;
}

function declared(text: string, name: string): Type | undefined {
  return moduleOf(text).declarations.find((declaration) => declaration.name === name)?.type;
}

const union = (...branches: Type[]): Type => ({ type: "union", branches });
const list = (items: Type): Type => ({ type: "list", items });
const ref = (name: string): Type => ({ type: "ref", name });
const literal = (value: null | boolean | number | string): Type => ({ type: "literal", value });
const INT: Type = { type: "int" };
const STRING: Type = { type: "string" };

describe("parse makes of a type", () => {
  const cases: readonly [text: string, type: Type][] = [
    ["bool", { type: "bool" }],
    ["int(-5..)", { type: "int", min: -5 }],
    ["int(-0..9007199254740991)", { type: "int", min: 0, max: 9007199254740991 }],
    ["long(..123456789012345678901234567890)", { type: "long", max: "123456789012345678901234567890" }],
    ["float(-0.5..1e6)", { type: "float", min: -0.5, max: 1e6 }],
    ["string(1..64)", { type: "string", min: 1, max: 64 }],
    ["string(..5, /a\\/b\\d/)", { type: "string", max: 5, pattern: "a/b\\d" }],
    ["bytes(..10)", { type: "bytes", max: 10 }],
    ["timestamp", { type: "timestamp" }],
    ["any", { type: "any" }],
    ["list<int(0..)>(1..2)", { type: "list", items: { type: "int", min: 0 }, min: 1, max: 2 }],
    ["map<string>(3..3)", { type: "map", values: STRING, min: 3, max: 3 }],
    ["null", literal(null)],
    ["true", literal(true)],
    ['"a\\nb"', literal("a\nb")],
    ["-42", literal(-42)],
    ["-0", literal(0)],
    ["< a: int, b?: int >", {
      type: "record",
      fields: [{ name: "a", type: INT }, { name: "b", type: INT, optional: true }],
    }],
    ['"a" | "b" | 5 | null', union(literal("a"), literal("b"), literal(5), literal(null))],
    ["int|long", { type: "int|long" }],
    ["long|int", { type: "int|long" }],
    ["int|long(0..10)", { type: "int|long", min: "0", max: "10" }],
    ["long|int(0..10)", { type: "int|long", min: "0", max: "10" }],
    ["int(1..5)|long(1..5)", { type: "int|long", min: "1", max: "5" }],
    ["string|int|null|long(1..)", union(STRING, { type: "int|long", min: "1" }, literal(null))],
  ];
  for (const [text, type] of cases) test(text, () => assert.deepEqual(typeOf(text), type));
});

describe("parse writes out", () => {
  test("aliases, of aliases, and of records and enums", () => {
    const more = "type A = B type B = list<C> type C = int(0..) type R = S type S = P P < > type E = F enum F { x }";
    assert.deepEqual(typeOf("A", more), list({ type: "int", min: 0 }));
    assert.deepEqual(typeOf("R", more), ref("P"));
    assert.deepEqual(typeOf("list<E>", more), list(ref("F")));
  });

  test("unions within unions, through aliases, in place", () => {
    const more = 'type A = "a" | B type B = bytes | bool';
    assert.deepEqual(
      typeOf("null | A | int", more),
      union(literal(null), literal("a"), { type: "bytes" }, { type: "bool" }, INT),
    );
  });

  test("int and long that meet through aliases", () => {
    assert.deepEqual(typeOf("A|null", "type A = B|long type B = int"), union({ type: "int|long" }, literal(null)));
    assert.deepEqual(
      typeOf("A|long(0..5)", "type A = int|string"),
      union({ type: "int|long", min: "0", max: "5" }, STRING),
    );
  });

  test("what only a connect argument or a reply leads to", () => {
    const { shape } = define(
      "M < > A < b: B > B < > E < > enum C { x }",
      "service S/T { auth all connect < c: C > sends M -> A }",
    );
    assert.deepEqual(Object.keys(shape.types), ["M", "A", "C", "B"]);
  });

  test("64 types that are nested in each other, and no more", () => {
    const lists = (count: number) => `M < f: ${"list<".repeat(count)}A${">".repeat(count)} > type A = list<map<int>>`;
    assert.equal(define(lists(60)).shape.messages.length, 1);
    assert.throws(() => define(lists(61)), /Types are nested more than 64 deep here, with aliases written out/);
  });

  test("nothing of what a service does not reach", () => {
    const { shape } = define("M < a: A > A < > B < > enum C { x } type D = list<D>");
    assert.deepEqual(Object.keys(shape.types), ["M", "A"]);
  });
});

describe("parse keeps the names of recursive aliases", () => {
  test("where they lead back to themselves", () => {
    const json = "type Json = null | bool | string | list<Json> | map<Json>";
    const { shape } = define(`M < f: Json > ${json}`);
    assert.deepEqual(shape.types["M"], { type: "record", fields: [{ name: "f", type: ref("Json") }] });
    assert.deepEqual(
      shape.types["Json"],
      union(literal(null), { type: "bool" }, STRING, list(ref("Json")), { type: "map", values: ref("Json") }),
    );
  });

  test("and flattens them in unions all the same", () => {
    const { shape } = define("M < f: Json | bytes > type Json = null | list<Json>");
    assert.deepEqual(
      (shape.types["M"] as RecordType).fields[0]!.type,
      union(literal(null), list(ref("Json")), { type: "bytes" }),
    );
  });

  test("but not of those that are only other names, or only lead into a cycle", () => {
    const { shape } = define(
      "M < f: A, g: C, h: D > type A = B type B = list<A> type C = null | D type D = string | list<C>",
    );
    assert.deepEqual(Object.keys(shape.types), ["M", "B", "C"]);
    assert.deepEqual(shape.types["B"], list(ref("B")));
    assert.deepEqual(shape.types["C"], union(literal(null), STRING, list(ref("C"))));
  });

  test("and writes out the others in an order in which that can be done", () => {
    const { shape } = define("M < f: D > type D = string | list<C> type C = null | E type E = bool | map<D>");
    assert.deepEqual(shape.types["D"], union(STRING, list(ref("C"))));
    assert.deepEqual(shape.types["C"], union(literal(null), { type: "bool" }, { type: "map", values: ref("D") }));
  });

  test("of those that need each other, as far as a record in an alias does not suffice", () => {
    const { shape } = define("M < f: Forest > type Tree = < left?: Forest > type Forest = list<Tree>");
    assert.deepEqual((shape.types["M"] as RecordType).fields[0]!.type, list(ref("Tree")));
    assert.deepEqual(Object.keys(shape.types), ["M", "Tree"]);
    const both = define("M < f: A > type A = list<B> type B = map<A>");
    assert.deepEqual(Object.keys(both.shape.types), ["M", "A", "B"]);
  });
});

describe("parse gives a default", () => {
  const cases: readonly [field: string, value: unknown][] = [
    ["int = -5", -5],
    ["int = -0", 0],
    ["float = 5", 5],
    ["float = 2.5e3", 2500],
    ["bool = true", true],
    ["bool | null = null", null],
    ['string = "x"', "x"],
    ["L = b", "b"],
    ['L = "b"', "b"],
    ["null | L = a", "a"],
    ["long = 5", { long: "5" }],
    ["long = -123456789012345678901234567890", { long: "-123456789012345678901234567890" }],
    ["int|long = 5", 5],
    ["int|long = 9007199254740991", 9007199254740991],
    ["int|long = 9007199254740992", { long: "9007199254740992" }],
    ["string | long = 5", { long: "5" }],
    ['"a" | 5 = 5', 5],
    ["any = 1.5", 1.5],
    ["any = 9007199254740993", { long: "9007199254740993" }],
  ];
  for (const [field, value] of cases) {
    test(`of ${field}`, () => {
      const { shape } = define(`M < f: ${field} > enum L { a, b }`);
      assert.deepEqual((shape.types["M"] as RecordType).fields[0]!.default, value);
    });
  }
});

describe("parse makes of a service", () => {
  test("numbers in the order of first mention, replies behind their requests", () => {
    const { shape } = define(
      "A < > B < > C < > D < >",
      "service S/T { auth all sends A receives B -> C, A, D -> C sends C -> A }",
    );
    assert.deepEqual(shape.messages, [
      { name: "A", number: 0, sends: {}, receives: {} },
      { name: "B", number: 1, receives: { reply: "C" } },
      { name: "C", number: 2, sends: { reply: "A" } },
      { name: "D", number: 3, receives: { reply: "C" } },
    ]);
  });

  test("rules: its own where a clause says nothing, none as nobody, and none for connect unless it says so", () => {
    const messages = "A < > B < > C < >";
    const own = define(
      messages,
      "service S/T { auth x, vo:y receives A sends A auth none sends B auth all connect < > }",
    );
    assert.deepEqual(own.rules, { "receives A": ["x", "vo:y"], "sends A": [], "sends B": ["all"] });
    assert.deepEqual(define(messages, "service S/T { connect auth none }").rules, { connect: [] });
  });

  test("that extends another: its messages first, its rules and connect unless the own ones override", () => {
    const { shape, rules } = parse(
      `A < > B < > C < > D < >
       service S/Top extends S/Middle { receives B, D auth d }
       service S/Middle extends S/Base { auth m sends C receives A -> D }
       service S/Base { auth b connect < x: int > auth c receives A, B auth bb sends A }`,
      { service: "S/Top" },
    );
    assert.deepEqual(shape.messages, [
      { name: "A", number: 0, receives: { reply: "D" }, sends: {} },
      { name: "D", number: 1, receives: {} },
      { name: "B", number: 2, receives: {} },
      { name: "C", number: 3, sends: {} },
    ]);
    assert.deepEqual(rules, {
      connect: ["c"],
      "receives A": ["m"],
      "receives B": ["d"],
      "receives D": ["d"],
      "sends A": ["m"],
      "sends C": ["m"],
    });
    assert.deepEqual(shape.connect.fields, [{ name: "x", type: INT }]);
  });

  test("that extends another: own connect arguments in place of the base's", () => {
    const text =
      "service S/One { auth all connect < x: int > auth a } service S/Two extends S/One { connect < y: int > }";
    const { shape, rules } = parse(text, { service: "S/Two" });
    assert.deepEqual([shape.connect.fields, rules], [[{ name: "y", type: INT }], {}]);
  });

  test("doc comments of all that it reaches, and of nothing else", () => {
    const { docs } = define(
      `/// the message
       M < a: int >
       /// an enum
       enum E {
         /// a value
         x
       }
       /// an alias is written out
       type T = E
       N <
         /// a field
         t: T
       >
       /// not reached
       O < >`,
      `/// the service
       service A/B { auth all
         connect <
           /// an argument
           who: string >
         sends M, N }`,
    );
    assert.deepEqual(docs, {
      "": "the service",
      "connect.who": "an argument",
      M: "the message",
      "N.t": "a field",
      E: "an enum",
      "E.x": "a value",
    });
  });
});

describe("load makes of a file", () => {
  test("declarations in the order of the text, with aliases as they are written", () => {
    const { declarations } = moduleOf("type A = B|null type B = list<C>(1..) C < a: A = null, b?: D > enum D { x }");
    assert.deepEqual(declarations, [
      { kind: "alias", name: "A", docs: {}, type: union(ref("B"), literal(null)) },
      { kind: "alias", name: "B", docs: {}, type: { ...list(ref("C")), min: 1 } },
      {
        kind: "record",
        name: "C",
        docs: {},
        type: {
          type: "record",
          fields: [{ name: "a", type: ref("A"), default: null }, { name: "b", type: ref("D"), optional: true }],
        },
      },
      { kind: "enum", name: "D", docs: {}, type: { type: "enum", values: ["x"] } },
    ]);
  });

  test("int|long, written out where the two meet by way of an alias", () => {
    assert.deepEqual(
      declared("type A = string|int|long(0..5)", "A"),
      union(STRING, { type: "int|long", min: "0", max: "5" }),
    );
    assert.deepEqual(declared("type A = int|long", "A"), { type: "int|long" });
    const text = "type A = B|long(0..5)|C type B = int|string type C = list<int>";
    assert.deepEqual(declared(text, "A"), union({ type: "int|long", min: "0", max: "5" }, STRING, list(INT)));
  });

  test("services in the order of the text, with their own doc comments", () => {
    const { services } = moduleOf("/// One\nservice A/One { auth all } service A/Two { auth all }");
    assert.deepEqual(services.map(({ name, doc }) => [name, doc]), [["A/One", "One"], ["A/Two", undefined]]);
  });

  test("doc comments of declarations, fields and values", () => {
    const [record] = moduleOf("/// a\nA <\n/// b\nb: int >").declarations;
    assert.deepEqual(record?.docs, { "": "a", b: "b" });
  });
});

test("parse takes chains of 10,000 aliases, records and bases", () => {
  const chain = (make: (i: number) => string) => Array.from({ length: 10_000 }, (_, i) => make(i)).join("\n");
  assert.deepEqual(typeOf("A0", `${chain((i) => `type A${i} = A${i + 1}`)} type A10000 = int`), INT);
  const { shape } = parse(`${chain((i) => `R${i} < next?: R${i + 1} >`)} R10000 < > service A/B { auth all sends R0 }`);
  assert.equal(Object.keys(shape.types).length, 10_001);
  const services = `M < > ${
    chain((i) => `service A/S${i} extends A/S${i + 1} { }`)
  } service A/S10000 { auth all sends M }`;
  assert.equal(parse(services, { service: "A/S0" }).shape.messages.length, 1);
});
