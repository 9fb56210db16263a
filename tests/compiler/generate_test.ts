import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { generate } from "../../compiler/generate.ts";
import type { Type } from "../../idl/definition.ts";
import type { Declaration, Module } from "../../idl/module.ts";

/** Generates the code of a module with these declarations. */
function code(declarations: readonly Declaration[], file = "test.msg"): string {
  const module: Module = { file, imports: [], declarations, services: [] };
  return generate([module], { holdfast: () => "holdfast", specifier: () => "./other.msg.ts" }).get(module) ?? "";
}

const alias = (name: string, type: Type, docs = {}): Declaration => ({ kind: "alias", name, docs, type });
const record = (name: string, fields: { readonly [name: string]: Type }): Declaration => ({
  kind: "record",
  name,
  docs: {},
  type: { type: "record", fields: Object.entries(fields).map(([name, type]) => ({ name, type })) },
});
const ref = (name: string): Type => ({ type: "ref", name });

describe("generate", () => {
  test("names its source without its folder, and keeps that name a comment", () => {
    const lines = code([], "/secret/place/x\nexport const evil = 1;.msg").split("\n");
    assert.match(lines[0] ?? "", /^\/\/ Made from x\\u\{a\}export const evil = 1;\.msg by Holdfast/);
    assert.deepEqual(lines.slice(1), [""]);
    assert.ok(!code([], "C:\\secret\\x.msg").includes("secret"));
  });

  test("a file without declarations imports nothing", () => {
    assert.doesNotMatch(code([]), /import/);
  });

  test("declares what is used before what uses it, and else keeps the order", () => {
    const text = code([
      record("A", { c: ref("C") }),
      record("B", { a: ref("A") }),
      record("C", { text: { type: "string" } }),
    ]);
    assert.deepEqual([...text.matchAll(/export interface (\w+)/g)].map((match) => match[1]), ["C", "A", "B"]);
  });

  test("takes a chain of 10,000 declarations", () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `N${index}`);
    const text = code(
      names.map((name, index) => alias(name, names[index + 1] ? ref(`N${index + 1}`) : { type: "int" })),
    );
    assert.match(text, /^export type N9999 = number;$/m);
  });

  test("is the same however the names sort elsewhere", () => {
    const names = ["Zebra", "apple", "Ärger".replace("Ä", "Ae"), "_x", "a1", "A1"];
    const declarations = names.map((name) => alias(name, { type: "int" }));
    assert.equal(code(declarations), code(structuredClone(declarations)));
  });

  test("keeps its literals ASCII, and comments as they were written", () => {
    const text = code([
      alias("A", { type: "literal", value: "é\u2028🙂" }, { "": "Größe" }),
      alias("P", { type: "string", pattern: '[é"]\\/`${x}' }),
    ]);
    assert.match(text, /^\/\*\* Größe \*\/\nexport type A = "\\u00e9\\u2028\\ud83d\\ude42";$/m);
    assert.match(text.replace("Größe", ""), /^[\x20-\x7e\n]*$/);
    assert.ok(text.includes(String.raw`'[\u00e9"]\\/` + "`${x}'"), text);
  });
});
