import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson, encodeDefinition, shapesEqual } from "../../idl/canonical.ts";
import type { Shape, Type } from "../../idl/definition.ts";
import { defineService, DefinitionError, readDefinition } from "../../idl/validate.ts";
import { arbitraryDefinition } from "../arbitraries.ts";

const utf8 = new TextEncoder();

const PING: Shape = {
  service: "Framework/PingPong",
  connect: { type: "record", fields: [] },
  messages: [{ name: "Ping", number: 0, receives: {} }],
  types: { Ping: { type: "record", fields: [{ name: "id", type: { type: "int" } }] } },
};

/** A definition whose one message has a field of that type. */
function withType(type: unknown, more: Record<string, unknown> = {}): unknown {
  return withField({ name: "id", type }, more);
}

function withField(field: unknown, more: Record<string, unknown> = {}): unknown {
  return { docs: {}, shape: { ...PING, types: { Ping: { type: "record", fields: [field] }, ...more } } };
}

function withShape(change: object): unknown {
  return { docs: {}, shape: { ...PING, ...change } };
}

function read(json: unknown): unknown {
  return readDefinition(utf8.encode(canonicalJson(json as object)));
}

/** Makes bytes a definition and says which error comes of it, or `none`. Anything but a DefinitionError is thrown. */
function problemOf(bytes: Uint8Array): string {
  try {
    readDefinition(bytes);
    return "none";
  } catch (error) {
    if (error instanceof DefinitionError) return error.message;
    throw error;
  }
}

function isFrozen(value: unknown): boolean {
  return typeof value !== "object" || value === null
    || (Object.isFrozen(value) && Object.values(value).every(isFrozen));
}

test("readDefinition reads what encodeDefinition writes, deeply frozen and without rules", () => {
  fc.assert(
    fc.property(arbitraryDefinition(), (definition) => {
      const again = readDefinition(encodeDefinition(definition));
      assert.ok(shapesEqual(again.shape, definition.shape));
      assert.deepEqual(JSON.parse(JSON.stringify(again.docs)), JSON.parse(JSON.stringify(definition.docs)));
      assert.deepEqual(Object.keys(again.rules), []);
      assert.ok(isFrozen(again));
    }),
    { numRuns: 100 },
  );
});

const REFUSED: readonly (readonly [string, unknown, RegExp])[] = [
  ["no shape", { docs: {} }, /its shape is missing/],
  ["rules", { docs: {}, shape: PING, rules: {} }, /no member "rules" is known/],
  ["an unknown member", withShape({ extra: 1 }), /shape: no member "extra"/],
  ["a list for an object", withShape({ types: [] }), /shape\.types: an object is expected/],
  ["a service without a system", withShape({ service: "PingPong" }), /shape\.service: System\/Component/],
  ["a service's name of three parts", withShape({ service: "A/B/C" }), /System\/Component/],
  ["connect arguments that are no record", withShape({ connect: { type: "int" } }), /shape\.connect: a record/],
  ["an unknown type", withType({ type: "number" }), /shape\.types\.Ping\.fields\[0\]\.type: no such type/],
  ["a type that objects are born with", withType({ type: "constructor" }), /no such type/],
  ["no type", withType({}), /no such type/],
  ["a type that is null", withType(null), /no such type/],
  ["a bound of the wrong type", withType({ type: "int", min: "0" }), /min: a number is expected/],
  ["a bound where none belongs", withType({ type: "bool", min: 0 }), /no member "min"/],
  ["a bound of a long as a number", withType({ type: "long", min: 0 }), /min: a string is expected/],
  ["an empty range", withType({ type: "int", min: 2, max: 1 }), /nothing lies between 2 and 1/],
  ["a fraction as a length", withType({ type: "bytes", max: 1.5 }), /not negative/],
  [
    "a pattern that can't be read",
    withType({ type: "string", pattern: "(" }),
    /fields\[0\]: the pattern can't be read/,
  ],
  ["a pattern too large", withType({ type: "string", pattern: "(?:a{900}){900}" }), /repeats too much/],
  ["a reference to nothing", withType({ type: "ref", name: "Pong" }), /no type is named "Pong"/],
  ["a reference to what objects are born with", withType({ type: "ref", name: "toString" }), /no type is named/],
  ["a literal that is no whole number", withType({ type: "literal", value: 1.5 }), /must be whole/],
  ["a literal object", withType({ type: "literal", value: {} }), /a literal is expected/],
  ["an enum without a name", withType({ type: "enum", values: ["a"] }), /an enum must have a name/],
  ["a union of one", withType({ type: "union", branches: [{ type: "int" }] }), /two branches/],
  [
    "a union of unions",
    withType({
      type: "union",
      branches: [{ type: "union", branches: [{ type: "int" }, { type: "bytes" }] }, { type: "string" }],
    }),
    /can't be a union itself/,
  ],
  [
    "a union that can't be told apart",
    withType({ type: "union", branches: [{ type: "int" }, { type: "float" }] }),
    /branches 0 and 1 can't be told apart: both are numbers/,
  ],
  ["int beside long", withType({ type: "union", branches: [{ type: "int" }, { type: "long" }] }), /must be int\|long/],
  [
    "a recursive type in a union",
    withType(
      { type: "union", branches: [{ type: "string" }, { type: "ref", name: "J" }] },
      {
        J: {
          type: "union",
          branches: [{ type: "literal", value: null }, { type: "list", items: { type: "ref", name: "J" } }],
        },
      },
    ),
    /can't be a union itself/,
  ],
  ["a field's name that is none", withField({ name: "a b", type: { type: "int" } }), /"a b" is not a name/],
  ["__proto__", withField({ name: "__proto__", type: { type: "int" } }), /__proto__ is not allowed/],
  [
    "a field that is optional and has a default",
    withField({ name: "a", type: { type: "int" }, optional: true, default: 1 }),
    /can't both be optional/,
  ],
  ["optional: false", withField({ name: "a", type: { type: "int" }, optional: false }), /true is expected/],
  ["a default of another type", withField({ name: "a", type: { type: "int" }, default: "1" }), /default can't be: "1"/],
  ["a default out of range", withField({ name: "a", type: { type: "int", max: 3 }, default: 4 }), /4 is more than 3/],
  ["a default that is a list", withField({ name: "a", type: { type: "int" }, default: [] }), /a literal is expected/],
  [
    "the same field twice",
    withShape({
      types: { Ping: { type: "record", fields: ["a", "a"].map((name) => ({ name, type: { type: "int" } })) } },
    }),
    /a comes twice/,
  ],
  [
    "a type without a finite value",
    withType({ type: "ref", name: "Ping" }),
    /shape\.types\.Ping: it has no finite value/,
  ],
  [
    "a type that nothing leads to",
    withType({ type: "int" }, { Stray: { type: "record", fields: [] } }),
    /nothing leads to it/,
  ],
  [
    "a name for what is neither record nor enum",
    withType({ type: "ref", name: "Id" }, { Id: { type: "long" } }),
    /only a record, an enum or a recursive type/,
  ],
  [
    "a name for a list of records",
    withType({ type: "ref", name: "L" }, {
      L: { type: "list", items: { type: "ref", name: "L2" } },
      L2: { type: "record", fields: [{ name: "l", type: { type: "ref", name: "L" } }] },
    }),
    /only a record, an enum/,
  ],
  [
    "a name for another name",
    withType({ type: "ref", name: "A" }, {
      A: { type: "ref", name: "B" },
      B: {
        type: "union",
        branches: [{ type: "literal", value: null }, { type: "list", items: { type: "ref", name: "A" } }],
      },
    }),
    /only a record, an enum/,
  ],
  [
    "a type named int",
    withType({ type: "ref", name: "int" }, { int: { type: "record", fields: [] } }),
    /no type can be named int/,
  ],
  [
    "a type named connect",
    withType({ type: "ref", name: "connect" }, { connect: { type: "record", fields: [] } }),
    /no type can be named connect/,
  ],
  [
    "an enum without values",
    withType({ type: "ref", name: "E" }, { E: { type: "enum", values: [] } }),
    /it has no values/,
  ],
  [
    "an enum's value twice",
    withType({ type: "ref", name: "E" }, { E: { type: "enum", values: ["a", "a"] } }),
    /a value comes twice/,
  ],
  [
    "an enum's value that is no name",
    withType({ type: "ref", name: "E" }, { E: { type: "enum", values: ["*/"] } }),
    /not a name/,
  ],
  [
    "a message that is not described",
    withShape({ messages: [...PING.messages, { name: "Pong", number: 1, sends: {} }] }),
    /messages\[1\]: "Pong" is not the name of a record/,
  ],
  [
    "a message twice",
    withShape({ messages: [...PING.messages, { name: "Ping", number: 1, sends: {} }] }),
    /comes twice/,
  ],
  [
    "a number that is no number",
    withShape({ messages: [{ name: "Ping", number: 0.5, receives: {} }] }),
    /must be whole/,
  ],
  ["a negative number", withShape({ messages: [{ name: "Ping", number: -1, receives: {} }] }), /must be whole/],
  ["a number too large", withShape({ messages: [{ name: "Ping", number: 65_536, receives: {} }] }), /65535 at most/],
  [
    "numbers that fall",
    withShape({
      messages: [{ name: "Ping", number: 1, receives: {} }, { name: "Pong", number: 1, sends: {} }],
      types: { ...PING.types, Pong: { type: "record", fields: [] } },
    }),
    /messages\[1\]: its number/,
  ],
  [
    "a reply that is no message",
    withShape({ messages: [{ name: "Ping", number: 0, receives: { reply: "Pong" } }] }),
    /its reply "Pong"/,
  ],
  ["a message that nobody sends", withShape({ messages: [{ name: "Ping", number: 0 }] }), /nobody sends Ping/],
  ["docs of nothing", { docs: { "Ping.no": "x" }, shape: PING }, /there is no "Ping\.no"/],
  ["docs of what objects are born with", { docs: { toString: "x" }, shape: PING }, /there is no "toString"/],
  ["docs too deep", { docs: { "Ping.id.x": "x" }, shape: PING }, /there is no/],
  ["docs that are no text", { docs: { Ping: 1 }, shape: PING }, /docs\.Ping: a string is expected/],
];

for (const [name, json, problem] of REFUSED) {
  test(`readDefinition refuses ${name}`, () =>
    assert.throws(() => read(json), (error) => {
      assert.ok(error instanceof DefinitionError);
      assert.match(error.message, problem);
      assert.match(error.message, /^The definition can't be used: .*\.$/);
      return true;
    }));
}

test("readDefinition takes numbers with gaps, and the names that are only nearly forbidden", () => {
  const shape = {
    ...PING,
    messages: [{ name: "Ping", number: 3, receives: {} }, { name: "service", number: 65_535, sends: {} }],
    types: {
      Ping: { type: "record", fields: [{ name: "list", type: { type: "ref", name: "E" } }] },
      E: { type: "enum", values: ["constructor", "int"] },
      service: { type: "record", fields: [{ name: "then", type: { type: "int" } }] },
    },
  };
  read({ docs: { "E.constructor": "x", "Ping.list": "y" }, shape });
});

test("readDefinition does not take what stands in text for nesting", () => {
  read({ docs: { Ping: `"${"[".repeat(1_000)}\\` }, shape: PING });
});

test("readDefinition refuses bytes that are no canonical JSON", () => {
  const good = new TextDecoder().decode(utf8.encode(canonicalJson({ docs: {}, shape: PING })));
  assert.equal(problemOf(utf8.encode(good)), "none");
  const cases: [Uint8Array, RegExp][] = [
    [new Uint8Array(), /not JSON/],
    [Uint8Array.of(0xff, 0xfe), /not UTF-8/],
    [Uint8Array.of(0x22, 0xed, 0xa0, 0x80, 0x22), /not UTF-8/],
    [utf8.encode("\ufeff" + good), /not JSON/],
    [utf8.encode("null"), /not an object/],
    [utf8.encode('"x"'), /not an object/],
    [utf8.encode("[]"), /an object is expected/],
    [utf8.encode(` ${good}`), /canonical/],
    [utf8.encode(good.replace('"number":0', '"number":0,"number":0')), /canonical/],
    [utf8.encode(good.replace('"number":0', '"number":-0')), /canonical/],
    [utf8.encode(good.replace('"number":0', '"number":0.0')), /canonical/],
    [utf8.encode(good.replace('"docs":{}', '"docs":{"Ping":"\\ud800"}')), /canonical/],
    [utf8.encode(good.replace('"docs":{}', '"docs":{"Ping":"\\u0041"}')), /canonical/],
    [utf8.encode(good.replace('"docs":{}', '"docs":{"__proto__":"x"}')), /there is no "__proto__"/],
    [utf8.encode(good.replace('"Ping":{"fields"', '"__proto__":{"fields"')), /__proto__ is not allowed/],
  ];
  for (const [bytes, problem] of cases) assert.match(problemOf(bytes), problem);
});

test("readDefinition refuses what is too large or nested too deeply, in well under a second", () => {
  const mebi = 1024 * 1024;
  const nested = (depth: number) => {
    let type: unknown = { type: "int" };
    for (let i = 1; i < depth; i++) type = { type: "record", fields: [{ name: "a", type }] };
    return type;
  };
  const lists = (depth: number) => {
    let type: unknown = { type: "int" };
    for (let i = 1; i < depth; i++) type = { type: "list", items: type };
    return type;
  };
  const names = (count: number) => Array.from({ length: count }, (_, i) => `T${i}`);
  const patterns = names(300).map((pattern) => ({ name: pattern, type: { type: "string", pattern } }));
  const cases: [Uint8Array, RegExp][] = [
    [utf8.encode(" ".repeat(mebi + 1)), /larger than 1048576 bytes/],
    [utf8.encode("[".repeat(mebi)), /nested too deeply/],
    [utf8.encode('{"a":'.repeat(mebi / 8)), /nested too deeply/],
    [utf8.encode('"' + "\\".repeat(mebi - 2)), /not JSON/],
    [utf8.encode("]".repeat(mebi / 2) + "[".repeat(mebi / 2)), /not JSON|nested too deeply/],
    [utf8.encode(canonicalJson(withType(nested(65)) as object)), /nested too deeply/],
    [utf8.encode(canonicalJson(withType(lists(65)) as object)), /types are nested too deeply/],
    [
      utf8.encode(canonicalJson(withShape({ types: { Ping: { type: "record", fields: patterns } } }) as object)),
      /too many patterns/,
    ],
    [
      utf8.encode(canonicalJson(withShape({
        types: { Ping: { type: "record", fields: names(1_001).map((name) => ({ name, type: { type: "int" } })) } },
      }) as object)),
      /more than 1000/,
    ],
    [
      utf8.encode(canonicalJson(withShape({
        types: Object.fromEntries(names(10_001).map((name) => [name, { type: "enum", values: ["a"] }])),
      }) as object)),
      /more than 10000/,
    ],
  ];
  const start = performance.now();
  for (const [bytes, problem] of cases) assert.match(problemOf(bytes), problem);
  assert.equal(problemOf(utf8.encode(canonicalJson(withType(nested(63)) as object))), "none");
  assert.ok(performance.now() - start < 3_000);
});

test("readDefinition reads a chain of 9,000 types", () => {
  const types: Record<string, Type> = {
    Ping: { type: "record", fields: [{ name: "a", type: { type: "ref", name: "T0" } }] },
  };
  for (let i = 0; i < 9_000; i++) {
    const next: Type = i === 8_999 ? { type: "int" } : { type: "ref", name: `T${i + 1}` };
    types[`T${i}`] = { type: "record", fields: [{ name: "a", type: next }] };
  }
  assert.equal(
    Object.keys(readDefinition(encodeDefinition({ shape: { ...PING, types }, docs: {}, rules: {} })).shape.types)
      .length,
    9_001,
  );
});

test("readDefinition judges many large unions of the same records in well under three seconds", () => {
  const types: Record<string, unknown> = {};
  for (let i = 0; i < 10; i++) {
    const fields = Array.from({ length: 700 }, (_, j) => ({ name: `f${j}`, type: { type: "literal", value: i } }));
    types[`R${i}`] = { type: "record", fields };
  }
  const branches = Array.from({ length: 10 }, (_, i) => ({ type: "ref", name: `R${i}` }));
  const fields = Array.from({ length: 900 }, (_, i) => ({ name: `u${i}`, type: { type: "union", branches } }));
  const start = performance.now();
  assert.equal(
    problemOf(
      utf8.encode(canonicalJson(withShape({ types: { ...types, Ping: { type: "record", fields } } }) as object)),
    ),
    "none",
  );
  assert.ok(performance.now() - start < 3_000);
});

test("readDefinition throws nothing but DefinitionError at mutated definitions", () => {
  const mutated = fc.tuple(
    arbitraryDefinition(),
    fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }),
  )
    .map(([definition, changes]) => {
      const bytes = encodeDefinition(definition);
      for (const [at, byte] of changes) bytes[at % bytes.length] = byte;
      return bytes;
    });
  fc.assert(fc.property(mutated, (bytes) => void problemOf(bytes)), { numRuns: 250 });
  const json = fc.tuple(arbitraryDefinition(), fc.nat(), fc.json()).map(([definition, at, value]) => {
    const text = new TextDecoder().decode(encodeDefinition(definition));
    const places = [...text.matchAll(/:("[^"]*"|\d+|\{\}|\[\])/g)];
    const place = places[at % places.length]!;
    return utf8.encode(
      text.slice(0, place.index + 1) + canonicalJson([JSON.parse(value)]).slice(1, -1)
        + text.slice(place.index + place[0].length),
    );
  });
  fc.assert(fc.property(json, (bytes) => void problemOf(bytes)), { numRuns: 250 });
});

test("defineService freezes what it is given, all the way down", () => {
  const service = defineService({ shape: PING, docs: { Ping: "Asks." }, rules: { "receives Ping": ["all"] } });
  assert.ok(isFrozen(service));
  assert.equal(service.shape, PING);
});
