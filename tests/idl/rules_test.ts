import assert from "node:assert/strict";
import { test } from "node:test";
import type { Default, Type } from "../../idl/definition.ts";
import {
  defaultProblem,
  defaultValue,
  FORBIDDEN_NAMES,
  infiniteTypes,
  isIdentifier,
  isServiceName,
  namesOnCycles,
  rangeProblem,
  resolveReference,
  unionConflicts,
  unionTag,
} from "../../idl/rules.ts";

const ref = (name: string): Type => ({ type: "ref", name });
const literal = (value: null | boolean | number | string): Type => ({ type: "literal", value });
const record = (fields: Record<string, Type>): Type => ({
  type: "record",
  fields: Object.entries(fields).map(([name, type]) => ({ name, type })),
});

test("FORBIDDEN_NAMES has every name that an object is born with", () => {
  const born = Object.getOwnPropertyNames(Object.prototype);
  assert.deepEqual(born.filter((name) => !FORBIDDEN_NAMES.has(name)), []);
  assert.ok(FORBIDDEN_NAMES.has("prototype"));
});

test("isIdentifier takes ASCII names of 255 characters at most", () => {
  for (const good of ["a", "_", "A9_z", "x".repeat(255)]) assert.equal(isIdentifier(good), true, good);
  for (const bad of ["", "9a", "a-b", "é", "a b", "a\n", "x".repeat(256), "а"]) {
    assert.equal(isIdentifier(bad), false, bad);
  }
});

test("isServiceName takes System/Component only", () => {
  assert.equal(isServiceName("Framework/PingPong"), true);
  for (const bad of ["", "A", "A/", "/B", "A/B/C", "A/B/", "A/B\n", "A//B"]) {
    assert.equal(isServiceName(bad), false, bad);
  }
});

test("rangeProblem judges bounds by the type that they belong to", () => {
  const good: Type[] = [
    { type: "int", min: -5, max: 5 },
    { type: "int", min: 5, max: 5 },
    { type: "long", min: "-99999999999999999999", max: "0" },
    { type: "float", min: -0.5, max: 1e300 },
    { type: "string", min: 0 },
    { type: "bool" },
  ];
  for (const type of good) assert.equal(rangeProblem(type), undefined);
  const bad: [Type, RegExp][] = [
    [{ type: "int", min: 0.5 }, /whole number.*declare long/],
    [{ type: "int", max: 2 ** 53 }, /declare long/],
    [{ type: "int", min: 6, max: 5 }, /nothing lies between 6 and 5/],
    [{ type: "long", min: "6", max: "5" }, /nothing lies between 6 and 5/],
    [{ type: "long", min: "-0" }, /whole number/],
    [{ type: "int|long", max: "007" }, /whole number/],
    [{ type: "long", max: "1".repeat(4_301) }, /4300 digits/],
    [{ type: "float", max: Infinity }, /must be a number/],
    [{ type: "float", min: NaN }, /must be a number/],
    [{ type: "string", min: -1 }, /not negative/],
    [{ type: "bytes", max: 1.5 }, /not negative/],
    [{ type: "list", items: { type: "int" }, min: 3, max: 2 }, /nothing lies between/],
  ];
  for (const [type, problem] of bad) assert.match(rangeProblem(type) ?? "none", problem);
});

test("resolveReference follows chains, and gives up on loops and on names that are none", () => {
  const types = { A: ref("B"), B: ref("C"), C: { type: "int" } as const, L: ref("M"), M: ref("L"), X: ref("toString") };
  assert.deepEqual(resolveReference(ref("A"), types), { type: "int" });
  assert.equal(resolveReference(ref("L"), types), undefined);
  assert.equal(resolveReference(ref("X"), types), undefined);
});

test("namesOnCycles tells what leads back to itself from what only leads there", () => {
  const edges = (graph: Record<string, string>) =>
    new Map(Object.entries(graph).map(([name, to]) => [name, new Set(to.split("").filter((to) => to !== " "))]));
  const graph = edges({ a: "b", b: "c", c: "a d", d: "e", e: "d f", f: "", g: "g", h: "a f x", i: "h" });
  assert.deepEqual([...namesOnCycles(graph)].sort().join(""), "abcdeg");
});

test("infiniteTypes names what has no finite value, and nothing else", () => {
  const types: Record<string, Type> = {
    Self: record({ next: ref("Self") }),
    Optional: { type: "record", fields: [{ name: "next", type: ref("Optional"), optional: true }] },
    List: { type: "list", items: ref("List") },
    NonEmpty: { type: "list", items: ref("NonEmpty"), min: 1 },
    NonEmptyMap: { type: "map", values: ref("NonEmptyMap"), min: 1 },
    Either: { type: "union", branches: [ref("Self"), literal(null)] },
    Neither: { type: "union", branches: [ref("Self"), ref("NonEmpty")] },
    Needs: record({ a: { type: "int" }, b: record({ c: ref("Self") }) }),
    Alias: ref("Alias"),
    Mutual: record({ other: ref("Mutual2") }),
    Mutual2: record({ other: ref("Mutual") }),
    Elsewhere: record({ a: ref("NotThere") }),
  };
  const infinite = ["Self", "NonEmpty", "NonEmptyMap", "Neither", "Needs", "Alias", "Mutual", "Mutual2"];
  assert.deepEqual(infiniteTypes(types), infinite);
});

test("the rules take 100,000 types in a chain in well under a second", () => {
  const types: Record<string, Type> = {};
  for (let i = 0; i < 100_000; i++) types[`T${i}`] = ref(`T${i + 1}`);
  types["T100000"] = { type: "union", branches: [{ type: "int" }, { type: "string" }] };
  const start = performance.now();
  assert.deepEqual(infiniteTypes(types), []);
  assert.equal(resolveReference(ref("T0"), types)?.type, "union");
  assert.equal(unionConflicts([ref("T0"), ref("T1"), ref("T2")], types).length, 2);
  assert.equal(defaultProblem(ref("T0"), 5, types), undefined);
  assert.equal(namesOnCycles(new Map(Object.keys(types).map((name, i) => [name, new Set([`T${i + 1}`])]))).size, 0);
  assert.ok(performance.now() - start < 3_000);
});

const UNION_TYPES: Record<string, Type> = {
  Level: { type: "enum", values: ["debug", "info"] },
  Json: { type: "union", branches: [literal(null), { type: "float" }, { type: "list", items: ref("Json") }] },
  Done: record({ kind: literal("done"), n: literal(1) }),
  Failed: record({ n: literal(1), kind: literal("failed") }),
  Optional: { type: "record", fields: [{ name: "kind", type: literal("optional"), optional: true }] },
  Default: { type: "record", fields: [{ name: "kind", type: literal("default"), default: "default" }] },
  Plain: record({ kind: { type: "string" } }),
};

test("unionConflicts lets stand what a value tells apart", () => {
  const good: Type[][] = [
    [literal(null), { type: "bool" }, { type: "int" }, { type: "long" }, { type: "string" }, { type: "bytes" }],
    [{ type: "timestamp" }, { type: "list", items: { type: "any" } }, { type: "map", values: { type: "any" } }],
    [literal("a"), literal("b"), literal(1), literal(true), literal(false), literal(null)],
    [literal(1), { type: "long" }, { type: "string" }],
    [ref("Level"), { type: "int|long" }],
    [ref("Done"), ref("Failed"), literal(null)],
    [ref("Plain"), literal("done")],
    [ref("Json"), { type: "string" }],
    [{ type: "any" }],
  ];
  for (const branches of good) assert.deepEqual(unionConflicts(branches, UNION_TYPES), [], JSON.stringify(branches));
});

test("unionConflicts tells which branches are in each other's way, and why", () => {
  const int: Type = { type: "int" };
  const string: Type = { type: "string" };
  const bad: [Type[], [number, number, RegExp][]][] = [
    [[int, { type: "float" }], [[0, 1, /numbers/]]],
    [[int, { type: "int|long" }], [[0, 1, /numbers/]]],
    [[{ type: "long" }, { type: "int|long" }], [[0, 1, /long integers/]]],
    [[literal(1), int], [[0, 1, /the literal is a value of the other/]]],
    [[int, literal(1)], [[0, 1, /1 is a value of the other/]]],
    [[literal("a"), literal("b"), literal("a")], [[0, 2, /both are "a"/]]],
    [[string, ref("Level")], [[0, 1, /strings/]]],
    [[ref("Level"), literal("other")], [[0, 1, /a value of the other/]]],
    [[literal(true), { type: "bool" }], [[0, 1, /a value of the other/]]],
    [[ref("Level"), ref("Level")], [[0, 1, /both are Level/]]],
    [[{ type: "list", items: int }, { type: "list", items: string }], [[0, 1, /lists/]]],
    [[{ type: "map", values: int }, ref("Done")], [[0, 1, /objects/]]],
    [[ref("Done"), { type: "map", values: int }], [[0, 1, /objects/]]],
    [[string, { type: "any" }, int], [[0, 1, /any stands for every value/]]],
    [[{ type: "any" }, { type: "any" }], [[0, 1, /any/]]],
    [[ref("Done"), ref("Done")], [[0, 1, /both are Done/]]],
    [[ref("Done"), ref("Plain")], [[0, 1, /both are records/]]],
    [[ref("Optional"), ref("Done")], [[0, 1, /both are records/]]],
    [[ref("Done"), ref("Default")], [[0, 1, /both are records/]]],
    [[ref("Done"), ref("Failed"), record({ kind: literal("done") })], [[0, 2, /both have kind: "done"/]]],
    [[record({}), record({})], [[0, 1, /both are records/]]],
    [[int, ref("Json"), string], [[0, 1, /numbers/]]],
    [[int, string, int, string], [[0, 2, /numbers/], [1, 3, /strings/]]],
  ];
  for (const [branches, expected] of bad) {
    const conflicts = unionConflicts(branches, UNION_TYPES);
    assert.deepEqual(conflicts.map(({ a, b }) => [a, b]), expected.map(([a, b]) => [a, b]), JSON.stringify(branches));
    conflicts.forEach(({ reason }, index) => assert.match(reason, expected[index]![2]));
  }
});

test("unionTag gives the field that is another literal in each record", () => {
  assert.equal(unionTag([literal(null), ref("Done"), ref("Failed")], UNION_TYPES), "kind");
  assert.equal(unionTag([literal(null), ref("Done")], UNION_TYPES), undefined);
});

test("unionConflicts judges 100,000 branches in well under a second", () => {
  const literals = Array.from({ length: 100_000 }, (_, i) => literal(`v${i}`));
  const records = Array.from({ length: 20_000 }, (_, i) => record({ kind: literal(i), same: literal(0) }));
  const untold = Array.from({ length: 20_000 }, () => record({ same: literal(0), other: literal(1) }));
  const start = performance.now();
  assert.equal(unionConflicts(literals, {}).length, 0);
  assert.equal(unionConflicts(records, {}).length, 0);
  assert.equal(unionConflicts(untold, {}).length, 19_999);
  assert.equal(unionConflicts(Array(100_000).fill({ type: "any" }), {}).length, 1);
  assert.ok(performance.now() - start < 3_000);
});

test("defaultProblem takes values of the type in their one form, and says of others why not", () => {
  const good: [Type, Default][] = [
    [{ type: "bool" }, false],
    [{ type: "int", max: 5 }, 5],
    [{ type: "long" }, { long: "5" }],
    [{ type: "int|long" }, 5],
    [{ type: "int|long" }, { long: "9007199254740992" }],
    [{ type: "float" }, 0.5],
    [{ type: "string", min: 2, max: 2, pattern: ".*" }, "😀😀"],
    [literal(null), null],
    [ref("Level"), "info"],
    [ref("Json"), null],
    [ref("Json"), 2.5],
    [{ type: "any" }, { long: "1" }],
  ];
  for (const [type, value] of good) assert.equal(defaultProblem(type, value, UNION_TYPES), undefined);
  const bad: [Type, Default, RegExp][] = [
    [{ type: "bool" }, 1, /1 is not true or false/],
    [{ type: "int", max: 5 }, 6, /6 is more than 5/],
    [{ type: "int" }, 2 ** 53, /not a whole number within/],
    [{ type: "int" }, "5", /"5" is not a whole number/],
    [{ type: "long", min: "10" }, { long: "9" }, /9 is less than 10/],
    [{ type: "long" }, 5, /5 is not a long/],
    [{ type: "long" }, { long: "1e5" }, /whole number/],
    [{ type: "int|long" }, { long: "5" }, /not a whole number/],
    [{ type: "float" }, { long: "5" }, /5 is not a number/],
    [{ type: "string", max: 1 }, "ab", /longer than 1/],
    [{ type: "string", min: 3 }, "ab", /shorter than 3/],
    [{ type: "string", pattern: "[a-z]+" }, "A", /does not match the pattern/],
    [{ type: "string" }, "\ud800", /not valid Unicode/],
    [literal("a"), "b", /"b" is not "a"/],
    [ref("Level"), "warning", /not one of debug, info/],
    [ref("Json"), "x", /none of the types/],
    [{ type: "bytes" }, "x", /can't have a default/],
    [{ type: "list", items: { type: "int" } }, null, /can't have a default/],
    [ref("Done"), null, /can't have a default/],
  ];
  for (const [type, value, problem] of bad) assert.match(defaultProblem(type, value, UNION_TYPES) ?? "none", problem);
});

test("defaultValue gives a long as a bigint", () => {
  assert.equal(defaultValue({ long: "-5" }), -5n);
  assert.equal(defaultValue("x"), "x");
  assert.equal(defaultValue(null), null);
});
