import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { canonicalJson, encodeDefinition, hashShape, shapesEqual } from "../../idl/canonical.ts";
import type { Definition, Shape } from "../../idl/definition.ts";

const PING: Shape = {
  service: "Framework/PingPong",
  connect: { type: "record", fields: [] },
  messages: [{ name: "Ping", number: 0, receives: {} }],
  types: {
    Ping: { type: "record", fields: [{ name: "id", type: { type: "int|long", max: "18446744073709551616" } }] },
  },
};

const PING_JSON = '{"connect":{"fields":[],"type":"record"},"messages":[{"name":"Ping","number":0,"receives":{}}],'
  + '"service":"Framework/PingPong","types":{"Ping":{"fields":[{"name":"id",'
  + '"type":{"max":"18446744073709551616","type":"int|long"}}],"type":"record"}}}';

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

test("canonicalJson writes what RFC 8785 gives as its example", () => {
  const example = JSON.parse(`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\"\\/",
    "literals": [null, true, false]
  }`);
  const expected = '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
    + '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}';
  assert.equal(canonicalJson(example), expected);
});

test("canonicalJson sorts names by UTF-16 code units, and refuses what is not valid Unicode", () => {
  assert.equal(canonicalJson({ "\ufb33": 1, "😀": 2, b: 3, a: 4, B: 5 }), '{"B":5,"a":4,"b":3,"😀":2,"\ufb33":1}');
  assert.throws(() => canonicalJson({ a: "\ud800" }));
  assert.throws(() => canonicalJson({ "\ud800": 1 }));
});

test("hashShape is the SHA-256 of the canonical JSON, whatever the order of members", () => {
  assert.equal(canonicalJson(PING), PING_JSON);
  // As `sha256sum` has it.
  assert.equal(hex(hashShape(PING)), "26c1f8c78e99c88116bd1e696eb09a0e0185178169d7b6c90398dd203dabdd94");
  const { types, ...rest } = PING;
  assert.equal(hex(hashShape({ types, ...rest })), hex(hashShape(PING)));
});

test("hashShape gives a copy that the caller may change", () => {
  const before = hex(hashShape(PING));
  hashShape(PING).fill(0);
  assert.equal(hex(hashShape(PING)), before);
});

test("encodeDefinition tells the shape and the docs, and never the rules", () => {
  const definition: Definition = { shape: PING, docs: { Ping: "Asks." }, rules: { "receives Ping": ["all"] } };
  const text = new TextDecoder().decode(encodeDefinition(definition));
  assert.equal(text, `{"docs":{"Ping":"Asks."},"shape":${PING_JSON}}`);
});

test("shapesEqual tells what is said from how it is put", () => {
  assert.ok(shapesEqual(PING, JSON.parse(JSON.stringify(PING))));
  assert.ok(!shapesEqual(PING, { ...PING, service: "Framework/Other" }));
});
