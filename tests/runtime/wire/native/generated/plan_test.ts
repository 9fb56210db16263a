import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Type } from "../../../../../idl/definition.ts";
import { holdsTexts } from "../../../../../runtime/wire/native/generated/plan.ts";

const STRING: Type = { type: "string" };
const types: { readonly [name: string]: Type } = {
  Name: STRING,
  Pair: { type: "record", fields: [{ name: "a", type: STRING }, { name: "b", type: STRING }] },
  Endless: {
    type: "record",
    fields: [{ name: "a", type: STRING }, { name: "b", type: { type: "ref", name: "Endless" } }],
  },
};
const ref = (name: string): Type => ({ type: "ref", name });
const record = (...of: readonly Type[]): Type => ({
  type: "record",
  fields: of.map((type, i) => ({ name: `f${i}`, type })),
});

describe("holdsTexts counts what is likely to be there", () => {
  const cases: { readonly [title: string]: readonly [boolean, Type] } = {
    "no text": [false, record({ type: "int" }, { type: "bytes" })],
    "two texts": [false, record(STRING, ref("Name"))],
    "three texts": [true, record(STRING, ref("Name"), STRING)],
    "a list of texts": [false, record({ type: "list", items: STRING })],
    "a list of texts, and a text": [true, record({ type: "list", items: STRING }, STRING)],
    "a map of records with texts": [true, record({ type: "map", values: ref("Pair") })],
    "a text that may be absent": [false, {
      type: "record",
      fields: ["a", "b", "c"].map((name) => ({ name, type: STRING, optional: true })),
    }],
    "a type within itself": [false, ref("Endless")],
    "a type within itself, and two texts": [true, record(ref("Endless"), STRING, STRING)],
  };
  for (const [title, [expected, type]] of Object.entries(cases)) {
    test(title, () => assert.equal(holdsTexts(type, types), expected));
  }
});
