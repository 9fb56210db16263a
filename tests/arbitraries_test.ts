/** That random definitions and values are what they say, and of every kind. */

import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeDefinition } from "../idl/canonical.ts";
import type { Shape, Type } from "../idl/definition.ts";
import { innerTypes } from "../idl/rules.ts";
import { readDefinition } from "../idl/validate.ts";
import { arbitraryShape } from "./arbitraries.ts";

test("arbitraryShape makes definitions that could have come over the wire", () => {
  fc.assert(
    fc.property(arbitraryShape(), (shape) => {
      const bytes = encodeDefinition({ shape, docs: {}, rules: {} });
      assert.deepEqual(JSON.parse(JSON.stringify(readDefinition(bytes).shape)), JSON.parse(JSON.stringify(shape)));
    }),
    { numRuns: 300 },
  );
});

test("arbitraryShape makes every kind of type", () => {
  const seen = new Set<string>();
  for (const shape of fc.sample(arbitraryShape(), { numRuns: 300, seed: 1 })) {
    for (const type of allTypes(shape)) {
      seen.add(type.type);
      if (type.type === "record") {
        for (const field of type.fields) seen.add("default" in field ? "default" : "field");
      }
      if (type.type === "union" && type.branches.filter(({ type }) => type === "record").length > 1) seen.add("tagged");
    }
  }
  const kinds =
    "any,bool,bytes,default,enum,field,float,int,int|long,list,literal,long,map,record,ref,string,tagged,timestamp,union";
  assert.equal([...seen].sort().join(","), kinds);
});

function allTypes(shape: Shape): Type[] {
  const types = [shape.connect, ...Object.values(shape.types)];
  for (const type of types) types.push(...innerTypes(type));
  return types;
}
