import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { literal, propertyName, quote } from "../../compiler/literal.ts";
import { print } from "../../idl/layout.ts";

const evaluate = (source: string): unknown => new Function(`"use strict"; return (${source});`)();

describe("quote", () => {
  test("gives ASCII that means the same string (any string)", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => {
      assert.match(quote(text), /^[\x20-\x7e]*$/);
      assert.equal(evaluate(quote(text)), text);
    }));
  });

  test("takes lone surrogates and line separators", () => {
    assert.equal(quote("\ud800\u2028\n"), String.raw`"\ud800\u2028\n"`);
  });
});

describe("propertyName", () => {
  test("quotes only what must be quoted", () => {
    assert.deepEqual(["a1", "$_", "1a", "a.b", "", "é"].map(propertyName), [
      "a1",
      "$_",
      '"1a"',
      '"a.b"',
      '""',
      String.raw`"\u00e9"`,
    ]);
  });
});

describe("literal", () => {
  test("gives source that means the same value (any JSON)", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      const source = print(literal(value));
      assert.match(source, /^[\x20-\x7e\n]*$/);
      assert.deepEqual(evaluate(source), value);
    }));
  });

  test("keeps the sign of zero, and large and small numbers", () => {
    for (const number of [-0, 1e21, 5e-324, 2 ** 53 - 1]) {
      assert.ok(Object.is(evaluate(print(literal(number))), number));
    }
  });

  test("a member called __proto__ is a member", () => {
    const value = evaluate(print(literal(JSON.parse('{ "__proto__": 1 }')))) as object;
    assert.ok(Object.hasOwn(value, "__proto__"));
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
  });

  test("leaves out what is undefined", () => {
    assert.equal(print(literal({ a: undefined, b: 1 })), "{ b: 1 }");
  });
});
