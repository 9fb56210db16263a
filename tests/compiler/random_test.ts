import fc from "fast-check";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import type { TSchema } from "typebox";
import { Value } from "typebox/value";
import { generate } from "../../compiler/generate.ts";
import { shapesEqual } from "../../idl/canonical.ts";
import type { Definition, Shape } from "../../idl/definition.ts";
import { formatProblems, load } from "../../idl/mod.ts";
import { print } from "../../idl/print.ts";
import { schemaOf } from "../../runtime/schema.ts";
import { accepts, arbitraryShape, arbitraryValue, arbitraryWrongValue } from "../arbitraries.ts";
import { ROOT } from "../runtimes.ts";
import { SEED, seeded } from "../seed.ts";
import { bin, passes, passesTsc } from "./tools.ts";

/** The code of a service of that shape, by way of its `.msg` text. */
function codeOf(shape: Shape, holdfast: string): string {
  const text = print({ shape, docs: {}, rules: {} });
  const { modules, problems } = load(["random.msg"], {
    read: () => new TextEncoder().encode(text),
    resolve: (_from, specifier) => specifier,
  });
  assert.deepEqual(problems, [], `${formatProblems(problems)}\n${text}`);
  const [code = ""] = generate(modules, { holdfast: () => holdfast, specifier: () => "./other.msg.ts" }).values();
  return code;
}

describe("code of random definitions", () => {
  test("is formatted as dprint formats, and passes tsc", () => {
    const shapes = fc.sample(arbitraryShape(), seeded("code of random definitions, as text", 15));
    const codes = shapes.map((shape) => codeOf(shape, "holdfast"));
    for (const code of codes) assert.equal(passes(bin("dprint"), ["fmt", "--stdin", "generated.ts"], code), code);
    passesTsc(Object.fromEntries(codes.map((code, index) => [`random${index}.msg.ts`, code])), {});
  });

  test("holds the definition, and schemas that accept what the wire accepts", async () => {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-"));
    const holdfast = pathToFileURL(join(ROOT, "tests/compiler/testdata/holdfast.ts")).href;
    let count = 0;
    try {
      await fc.assert(
        fc.asyncProperty(arbitraryShape(), async (shape) => {
          const file = join(folder, `random${count++}.ts`);
          writeFileSync(file, codeOf(shape, holdfast));
          const exported: Readonly<Record<string, unknown>> = await import(pathToFileURL(file).href);
          const definitions = Object.values(exported).filter((value): value is Definition => Object(value).shape);
          assert.equal(definitions.length, 1);
          for (const definition of definitions) assert.ok(shapesEqual(definition.shape, shape));
          for (const { name } of shape.messages) {
            const type = shape.types[name];
            assert.ok(type !== undefined);
            const expected = schemaOf(shape, name);
            const values = [...fc.sample(arbitraryValue(type, shape.types), { seed: SEED, numRuns: 5 })];
            values.push(...fc.sample(arbitraryWrongValue(type, shape.types), { seed: SEED, numRuns: 5 }));
            for (const value of values) {
              const accepted = accepts(() => Value.Check(expected, value));
              assert.equal(accepts(() => Value.Check(exported[name] as TSchema, value)), accepted);
            }
          }
        }),
        seeded("code of random definitions, executed", 30),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
