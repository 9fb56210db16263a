import fc from "fast-check";
import assert from "node:assert/strict";
import { join, relative } from "node:path";
import { before, describe, test } from "node:test";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { Value } from "typebox/value";
import { compile } from "../../compiler/compile.ts";
import type { Output } from "../../compiler/files.ts";
import type { Definition } from "../../idl/definition.ts";
import { schemaOf } from "../../runtime/schema.ts";
import { accepts, arbitraryValue, arbitraryWrongValue } from "../arbitraries.ts";
import { DENO, ROOT } from "../runtimes.ts";
import { compileGolden, GOLDEN } from "./golden.ts";
import { filesIn, textOf } from "./process.ts";
import { bin, passes, passesTsc } from "./tools.ts";

describe("golden files", () => {
  let outputs: readonly Output[] = [];
  before(() => {
    outputs = compileGolden();
  });

  test("are what the compiler makes, byte for byte", () => {
    const kept = filesIn(join(ROOT, GOLDEN)).filter((file) => file.endsWith(".msg.ts"));
    assert.deepEqual(outputs.map(({ path }) => path).sort(), kept.map((file) => `${GOLDEN}/${file}`));
    for (const { path, text } of outputs) assert.equal(textOf(join(ROOT, path)), text, path);
  });

  test("are formatted as dprint formats", () => {
    for (const { path, text } of outputs) {
      assert.equal(passes(bin("dprint"), ["fmt", "--stdin", "generated.ts"], text), text, path);
    }
  });

  test("are ASCII but for their comments", () => {
    for (const { path, text } of outputs) {
      const code = text.replace(/^\s*(\/\/|\/?\*).*$/gm, "");
      assert.match(code, /^[\x20-\x7e\n]*$/, path);
    }
  });

  test("pass deno check and deno lint", { skip: DENO === undefined }, () => {
    const files = outputs.map(({ path }) => path);
    passes(DENO ?? "", ["check", ...files]);
    passes(DENO ?? "", ["lint", ...files]);
  });

  test("pass tsc under every strict flag, with the types that golden_types.ts expects", () => {
    passes(bin("tsc"), ["--project", "tests/compiler/testdata"]);
  });

  test("declaration files have the types of the compiled files, no more and no less", () => {
    const { outputs: declared } = compile({ paths: [join(ROOT, GOLDEN)], holdfast: "holdfast", declarations: true });
    assert.deepEqual(
      declared.map(({ path }) => relative(ROOT, path)),
      outputs.map(({ path }) => path.replace(/\.msg\.ts$/, ".d.msg.ts")),
    );
    const files = [...declared.map(({ path, text }) => ({ path: relative(ROOT, path), text })), ...outputs];
    const checks = outputs.map(({ path, text }, index) => {
      const names = [...text.matchAll(/^export (?:type|interface) ([\w$]+)/gm)];
      const same = names.map(([, name]) => `((x: A.${name}): B.${name} => x);\n((x: B.${name}): A.${name} => x);\n`);
      const both = `import * as A from "./${path}";\nimport * as B from "./${path.replace(/\.ts$/, "")}";\n`;
      return [
        `check_${index}.ts`,
        `${both}((x: typeof A): typeof B => x);\n((x: typeof B): typeof A => x);\n${same.join("")}`,
      ];
    });
    passesTsc(Object.fromEntries([...files.map(({ path, text }) => [path, text]), ...checks]), {
      allowArbitraryExtensions: true,
    });
  });

  test("each schema describes the type that it is annotated with, no more and no less", () => {
    passesTsc(
      Object.fromEntries(outputs.map(({ path, text }) => {
        const annotated = /^export const (\S+): Schema\$?\.Of<(\S+)> = /gm;
        const checks = [...text.matchAll(annotated)].map(([, name, type]) =>
          `((x: Static$$<typeof ${name}>): ${type} => x);\n((x: ${type}): Static$$<typeof ${name}> => x);\n`
        );
        const bare = text.replace(annotated, "export const $1 = ");
        return [path, `import type { Static as Static$$ } from "typebox";\n${bare}\n${checks.join("")}`];
      })),
      { isolatedDeclarations: false, declaration: false, noUnusedLocals: false },
    );
  });
});

describe("golden services", () => {
  for (const path of ["language", "types", "defaults", "recursion", "names", "docs", "imports", "shared/common"]) {
    test(`${path}.msg.ts: definitions and schemas are those of the text`, async () => {
      const exported: Readonly<Record<string, unknown>> = await import(`./testdata/golden/${path}.msg.ts`);
      for (const definition of Object.values(exported).filter(isDefinition)) {
        const { shape } = definition;
        for (const [name, type] of Object.entries(shape.types)) {
          const schema = exported[name] as TSchema | undefined;
          if (schema === undefined) continue;
          const expected = schemaOf(shape, name);
          const compiled = Compile(schema);
          const agree = (value: unknown): void => {
            const accepted = accepts(() => Value.Check(expected, value));
            assert.equal(accepts(() => Value.Check(schema, value)), accepted, `${name}, checked`);
            assert.equal(accepts(() => compiled.Check(value)), accepted, `${name}, compiled`);
          };
          fc.assert(fc.property(arbitraryValue(type, shape.types), agree), { numRuns: 25 });
          fc.assert(fc.property(arbitraryWrongValue(type, shape.types), agree), { numRuns: 25 });
        }
      }
    });
  }
});

function isDefinition(value: unknown): value is Definition {
  return typeof value === "object" && value !== null && "shape" in value;
}
