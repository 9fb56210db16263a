import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeDefinition } from "../../idl/canonical.ts";
import { formatProblems, load, MsgError, parse } from "../../idl/mod.ts";
import { parseFile } from "../../idl/parse.ts";
import { print } from "../../idl/print.ts";
import { Problems, Source } from "../../idl/problem.ts";
import { tokenize } from "../../idl/tokens.ts";
import { readDefinition } from "../../idl/validate.ts";
import { mutated, soup } from "./accidents.ts";
import { textHost } from "./testdata.ts";

/** Throws what should not have been thrown; gives back how many problems there are. */
function check(text: string): void {
  const { modules, problems } = load(["a.msg"], textHost({ "a.msg": text, "imports/common.msg": "Shared < >" }));
  assert.equal(modules.length === 0, problems.length > 0);
  formatProblems(problems);
  const wellFormed = text.toWellFormed();
  for (const { file, offset, length, line, column, source } of problems) {
    if (file !== "a.msg" || source === undefined) continue;
    assert.ok(offset >= 0 && length >= 0 && offset + length <= wellFormed.length + 1);
    assert.equal(wellFormed.slice(0, offset).split("\n").length, line);
    assert.ok(column >= 1 && column <= [...source].length + 2);
  }
}

test("load throws nothing, and places every problem, whatever has happened to a text", () => {
  fc.assert(fc.property(mutated, check), { numRuns: 2000 });
});

test("load throws nothing, and places every problem, in any soup of words", () => {
  fc.assert(fc.property(soup, check), { numRuns: 2000 });
});

test("parse throws nothing but MsgError", () => {
  fc.assert(fc.property(fc.oneof(mutated, soup, fc.string({ unit: "binary" })), (text) => {
    try {
      parse(text);
    } catch (error) {
      assert.ok(error instanceof MsgError && error.problems.length > 0);
    }
  }));
});

test("parseFile puts every token into one declaration, in order", () => {
  fc.assert(fc.property(mutated, (text) => {
    const tree = parseFile(new Source("a.msg", text), new Problems());
    if (tree === undefined) return;
    const { starts, ends } = tokenize(text);
    const covered = tree.declarations.every((node, index) => (tree.declarations[index - 1]?.end ?? 0) <= node.start);
    assert.ok(covered);
    const outside = starts.filter((start, index) =>
      !tree.declarations.some((node) => node.start <= start && ends[index]! <= node.end)
    );
    assert.deepEqual(outside, []);
  }));
});

/** Types in which aliases are mentioned in every way, also such as have problems. */
const names = ["A", "B", "C", "D", "R", "E"];
const { type } = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom("int", "long", "string", "null", "bool", '"x"', "5", "bytes(..5)", "int(0..)", ...names),
    tie("type").map((type) => `list<${type}>`),
    tie("type").map((type) => `map<${type}>`),
    fc.array(tie("type"), { minLength: 2, maxLength: 4 }).map((types) =>
      types.filter((type) => !type.includes("|") || /[<(]/.test(type)).join("|") || "any"
    ),
    tie("type").map((type) => `< f?: ${type} >`),
  ),
}));

test("what the checker lets through, a client takes that discovers it, and prints so that it compiles to the same", () => {
  let sound = 0;
  fc.assert(
    fc.property(fc.array(type, { minLength: 4, maxLength: 4 }), type, ([a, b, c, d], field) => {
      const text =
        `type A = ${a} type B = ${b} type C = ${c} type D = ${d} R < f?: ${field}, a?: A, b?: B, c?: C, d?: D > enum E { x, y }
        service S/T { auth all sends R }`;
      const { modules } = load(["a.msg"], textHost({ "a.msg": text }));
      const definition = modules[0]?.services[0]?.definition;
      if (definition === undefined) return;
      sound++;
      const discovered = readDefinition(encodeDefinition(definition));
      assert.deepEqual(discovered.shape, definition.shape);
      assert.deepEqual(parse(print(discovered)).shape, definition.shape);
    }),
    { numRuns: 3000 },
  );
  assert.ok(sound > 100, `${sound} of the texts had no problems`);
});
