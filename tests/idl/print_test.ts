import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeDefinition, shapesEqual } from "../../idl/canonical.ts";
import type { Definition, Shape } from "../../idl/definition.ts";
import { parse } from "../../idl/mod.ts";
import { print } from "../../idl/print.ts";
import { readDefinition } from "../../idl/validate.ts";
import { arbitraryDefinition } from "../arbitraries.ts";

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

test("print of any definition is text that parses to an equal shape, docs and rules, and prints the same again", () => {
  fc.assert(
    fc.property(arbitraryDefinition(), (definition) => {
      const text = print(definition);
      const again = parse(text);
      assert.deepEqual(plain(again.shape), plain(definition.shape), text);
      assert.deepEqual(plain(again.docs), plain(definition.docs), text);
      assert.deepEqual(plain(again.rules), plain(definition.rules), text);
      assert.equal(print(again), text);
    }),
    { numRuns: 300 },
  );
});

test("print writes text as a person would", () => {
  const text = `/// How loud.
enum Level { debug, info }

enum Outcome {
  done,
  /// It went wrong.
  failed,
}

type Json = null | float | list<Json> | map<Json>

/// Asks for work.
///
/// Twice, if need be.
Job <
  id: long(0..18446744073709551615),
  /// Who asked.
  owner: string(1..64, /[^\\/]+/),
  level: Level = info,
  where: < site: string, slot?: int >,
  extra?: Json,
>

Empty < >

Done < outcome: Outcome, retries: int|long = 3 >

service Framework/Jobs {
  connect < slots: int(1..) > auth authenticated
  receives Job -> Done auth group:production, Operator
  sends Empty auth none
}
`;
  const definition = parse(text);
  const order = (text: string) => text.split("\n\n").sort().join("\n\n");
  assert.equal(order(print(definition)), order(text));
});

test("print of a definition without rules lets nobody in, and says why", () => {
  const definition = parse("Ping < > service A/B { auth all receives Ping }");
  const discovered = readDefinition(encodeDefinition(definition));
  const text = print(discovered);
  assert.match(text, /\/\/ A service does not tell who may do what\..*\n {2}auth none\n {2}receives Ping\n/);
  const again = parse(text);
  assert.ok(shapesEqual(again.shape, definition.shape));
  assert.deepEqual(plain(again.rules), { "receives Ping": [] });
});

test("print of a definition whose numbers have gaps still parses, and says that they come out differently", () => {
  const { shape } = parse("A < > B < > C < > service A/B { auth all receives A sends B receives C }");
  const messages = shape.messages.filter(({ name }) => name !== "B");
  const { B: _, ...types } = shape.types;
  const text = print({ shape: { ...shape, messages, types }, docs: {}, rules: {} });
  assert.match(text, /\/\/ This text gives the messages other numbers/);
  assert.deepEqual(parse(text).shape.messages.map(({ name }) => name), ["A", "C"]);
});

test("print keeps numbers where a reply was mentioned before its request, and where it answers two", () => {
  const source = `A < > B < > C < > D < >
    service A/B { auth all sends C receives A -> B sends A -> C receives D -> B sends D -> D receives B -> D }`;
  const definition = parse(source);
  const again = parse(print(definition));
  assert.ok(shapesEqual(again.shape, definition.shape));
});

test("print keeps hostile doc comments comments", () => {
  const shape: Shape = {
    service: "A/B",
    connect: { type: "record", fields: [] },
    messages: [{ name: "Ping", number: 0, receives: {} }],
    types: { Ping: { type: "record", fields: [{ name: "id", type: { type: "int" } }] } },
  };
  const evil = "one */ two\r\nEvil < >\rEvil < >\u2028Evil < >\u0085Evil < >\n\n/// three";
  const definition: Definition = { shape, docs: { "": evil, Ping: evil, "Ping.id": evil }, rules: {} };
  const again = parse(print(definition));
  assert.ok(shapesEqual(again.shape, shape));
  assert.match(again.docs["Ping"]!, /^one \*\/ two\nEvil < >\nEvil < >\nEvil < >/);
});

test("print and parse a chain of 5,000 types", () => {
  const types: Record<string, Shape["types"][string]> = { T0: { type: "record", fields: [] } };
  for (let i = 1; i < 5_000; i++) {
    types[`T${i}`] = { type: "record", fields: [{ name: "next", type: { type: "ref", name: `T${i - 1}` } }] };
  }
  const shape: Shape = {
    service: "A/B",
    connect: { type: "record", fields: [] },
    messages: [{ name: "T4999", number: 0, receives: {} }],
    types,
  };
  assert.ok(shapesEqual(parse(print({ shape, docs: {}, rules: {} })).shape, shape));
});
