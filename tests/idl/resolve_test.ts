import fc from "fast-check";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Value } from "typebox/value";
import type { Shape, Type } from "../../idl/definition.ts";
import { parse } from "../../idl/mod.ts";
import { type Resolution, resolveService, type ServiceResolution } from "../../idl/resolve.ts";
import { schemaOf } from "../../runtime/schema.ts";
import { arbitraryShape, arbitraryValue } from "../arbitraries.ts";
import { arbitraryChange } from "./changes.ts";

const TABLE = readFileSync(new URL("../../docs/evolution.md", import.meta.url), "utf8");
const LIBRARY = /The types that the table names:\n\n```\n([^`]*)```/.exec(TABLE)![1]!;
const ROWS = [...TABLE.matchAll(/^\| `(.+?)` +\| `(.+?)` +\| (fits|no) +\| (fits|no) +\|$/gm)]
  .map(([, old, next, forwards, backwards]) => ({
    old: old!.replaceAll("\\|", "|"),
    next: next!.replaceAll("\\|", "|"),
    forwards: forwards === "fits",
    backwards: backwards === "fits",
  }));

function shape(text: string): Shape {
  return parse(text).shape;
}

/** A service to which M goes, with those fields, and which uses all that the table names. */
function withFields(fields: string): Shape {
  return shape(`${LIBRARY}\n M < ${fields} > service A/B { auth all receives M sends M }`);
}

function receives({ receives }: ServiceResolution, name: string): Resolution {
  return receives.get(name)!;
}

test("the table in docs/evolution.md has a row for each kind of change", () => {
  assert.ok(ROWS.length > 60);
  assert.equal(ROWS.length, TABLE.split("\n").filter((line) => /^\| `/.test(line)).length);
});

for (const { old, next, forwards, backwards } of ROWS) {
  test(`resolveService ${old} against ${next} is what docs/evolution.md says`, () => {
    const [before, after] = [withFields(old), withFields(next)];
    // Each side as the client once, and once as the service: the verdict depends on who writes alone.
    for (const [client, service] of [[before, after], [after, before]] as const) {
      const resolution = resolveService(client, service);
      const toService = resolution.receives.get("M")!;
      const toClient = resolution.sends.get("M")!;
      const [sending, pushing] = client === before ? [forwards, backwards] : [backwards, forwards];
      assert.equal(toService.fits, sending, toService.problems.join("\n"));
      assert.equal(toClient.fits, pushing, toClient.problems.join("\n"));
      assert.equal(toService.fits, toService.problems.length === 0);
    }
  });
}

test("resolveService says exactly what does not fit, and where", () => {
  const client = shape(`
    enum Level { debug, info, fatal }
    Job < where: < site: string, slot?: string >, tags: list<map<int>>, level: Level, old: int, opt?: int, big: long >
    Shape < s: Circle | Square > Circle < kind: "circle" > Square < kind: "square" >
    Ask < > Answer < text: string, more: int >
    Gone < > News < n: float >
    service A/B { auth all connect < slots: float > receives Job, Shape, Gone, Ask -> Answer sends News }`);
  const service = shape(`
    enum Level { debug, info }
    Job < where: < site: string, slot?: int >, tags: list<map<string(1..5)>>, level: Level, opt: int, new: bool, big: long(0..) >
    Shape < s: Circle | Hexagon > Circle < kind: "circle" > Hexagon < kind: "hexagon" >
    Ask < > Reply < text: string | null >
    Other < > News < n: float, more: int >
    service A/B { auth all connect < slots: int, name: string > receives Job, Shape, Ask -> Reply sends News, Other }`);
  const { connect, receives, sends } = resolveService(client, service);
  assert.deepEqual(connect.problems, [
    "connect: the service requires name, which this definition does not have",
    "connect.slots: the service wants int, this definition has float",
  ]);
  assert.deepEqual(receives.get("Job")!.problems, [
    "Job.opt: the service requires it, in this definition it may be absent",
    "Job: the service requires new, which this definition does not have",
    'Job.level: the service does not know "fatal"',
    "Job.big: the service wants long(0..), this definition has long",
    "Job.where.slot: the service wants int, this definition has string",
    "Job.tags[]{}: the service wants string(1..5), this definition has int",
  ]);
  assert.deepEqual(receives.get("Shape")!.problems, ['Shape.s.kind: the service does not know "square"']);
  assert.deepEqual(receives.get("Gone")!.problems, ["Gone: the service does not receive it"]);
  assert.deepEqual(receives.get("Ask")!.problems, [
    "Reply: this definition requires more, which the service does not have",
    "Reply.text: this definition wants string, the service has null",
  ]);
  assert.ok(sends.get("News")!.fits);
  assert.deepEqual(sends.get("Other")!.problems, [
    "Other: this definition does not have it among what the service sends",
  ]);
});

test("resolveService names the sides as it is told", () => {
  const [old, next] = [withFields("a: int"), withFields("a: int, b: int")];
  const { receives } = resolveService(old, next, { client: "v1", service: "v2" });
  assert.deepEqual(receives.get("M")!.problems, ["M: v2 requires b, which v1 does not have"]);
});

test("resolveService refuses a request that is none on the other side, both ways round", () => {
  const oneWay = shape("A < > B < > service A/B { auth all receives A sends B }");
  const request = shape("A < > B < > service A/B { auth all receives A -> B sends B -> A }");
  assert.deepEqual(receives(resolveService(oneWay, request), "A").problems, [
    "A: it is a request to the service, no request to this definition",
  ]);
  assert.deepEqual(receives(resolveService(request, oneWay), "A").problems, [
    "A: it is no request to the service, a request to this definition",
  ]);
  assert.ok(!resolveService(request, oneWay).sends.get("B")!.fits);
});

test("resolveService matches replies by what they hold, each in its own direction", () => {
  const client = shape("Q < > R < a: int > service A/B { auth all receives Q -> R sends Q -> R }");
  const service = shape(
    "Q < > Answer < a: int, b: int > service A/B { auth all receives Q -> Answer sends Q -> Answer }",
  );
  const { receives, sends } = resolveService(client, service);
  const asked = receives.get("Q")!;
  assert.ok(asked.fits);
  assert.deepEqual(asked.reply!.convert!({ a: 1, b: 2 }), { a: 1 });
  // Asked by the service, the client's reply lacks what the service requires.
  assert.deepEqual(sends.get("Q")!.problems, ["R: the service requires b, which this definition does not have"]);
  assert.equal(sends.get("Q")!.fits, false);
});

test("convert is undefined where values can stay as they are", () => {
  const cases: [string, string, boolean][] = [
    ["a: int, b?: string, c: Node", "a: int|long, b?: string, c: Node", false],
    ["a: int = 1", "a: int = 1", false],
    ["a: int", "a?: int", false],
    ["a: int", "a: int = 1", false],
    ["a: int", "a: int, b?: int", false],
    ["a?: int", "a: int = 1", true],
    ["a: int = 1", "a: int = 2", true],
    ["a: int = 1", "a: int", true],
    ["a: int, b: int", "a: int", true],
    ["a: int", "a: int, b: int = 2", true],
    ["a: list<map<< x: int, y: int >>>", "a: list<map<< x: int >>>", true],
    ["a: Node2", "a: Node", true],
    ["a: Node", "a: Node2", false],
    ["a: long", "a: int|long", true],
    ["a: Node", "a: any", true],
    ["a: list<int>", "a: any", false],
  ];
  for (const [writer, reader, changes] of cases) {
    const resolution = receives(resolveService(withFields(writer), withFields(reader)), "M");
    assert.ok(resolution.fits, resolution.problems.join("\n"));
    assert.equal(resolution.convert !== undefined, changes, `${writer} → ${reader}`);
  }
});

test("convert drops, fills in and leaves the given value as it is", () => {
  const cases: [string, string, unknown, unknown][] = [
    ["a: int, b: int", 'b: int, c: string = "x", d?: int', { a: 1, b: 2 }, { b: 2, c: "x" }],
    ["a: int = 1", "a: int = 2", {}, { a: 1 }],
    ["a: int = 1", "a: int = 2", { a: undefined }, { a: 1 }],
    ["a?: int", "a: int = 2", {}, { a: 2 }],
    ["a: int|long = 18446744073709551616", "a: int|long", {}, { a: 18446744073709551616n }],
    ["a?: int, b: null", "b: null", { b: null }, { b: null }],
    ["a: long", "a: int|long", { a: 5n }, { a: 5 }],
    ["a: long", "a: int|long", { a: 2n ** 53n }, { a: 2n ** 53n }],
    ["a: Node2", "a: Node", { a: { v: 1, note: "x", next: { v: 2, note: "y" } } }, { a: { v: 1, next: { v: 2 } } }],
    ["a: Shape", "a: Circle | Square | bytes", { a: { kind: "square", side: 1 } }, { a: { kind: "square", side: 1 } }],
    [
      'a: list<Circle | < kind: "square", side: float, color: int > | string>',
      "a: list<Shape | string>",
      { a: [{ kind: "square", side: 1, color: 3 }, { kind: "circle", r: 1 }, "x"] },
      { a: [{ kind: "square", side: 1, label: "" }, { kind: "circle", r: 1 }, "x"] },
    ],
  ];
  for (const [writer, reader, value, expected] of cases) {
    const { convert } = receives(resolveService(withFields(writer), withFields(reader)), "M");
    const before = structuredClone(value);
    assert.deepEqual(convert === undefined ? value : convert(value), expected, `${writer} → ${reader}`);
    assert.deepEqual(value, before);
  }
});

test("convert makes a record a map without prototype for any, with its defaults and without what is absent", () => {
  const { convert } = receives(resolveService(withFields("a: Square | bytes"), withFields("a: any")), "M");
  const square = (convert!({ a: { kind: "square", side: 1, label: undefined } }) as { a: object }).a;
  assert.equal(Object.getPrototypeOf(square), null);
  assert.deepEqual({ ...square }, { kind: "square", side: 1, label: "" });
});

test("resolveService lets what is wrong deep in recursive types reach all that lead to it, and nothing else", () => {
  const text = (leaf: string) => `
    A < b?: B, x: int > B < a?: A, c?: C > C < b?: B, v: ${leaf} > D < x: int, e: list<D> >
    service A/B { auth all receives A, B, C, D }`;
  const { receives } = resolveService(shape(text("int")), shape(text("string")));
  assert.deepEqual([...receives].map(([name, { fits }]) => `${name} ${fits}`), [
    "A false",
    "B false",
    "C false",
    "D true",
  ]);
  assert.deepEqual(receives.get("A")!.problems, ["A.b.c.v: the service wants string, this definition has int"]);
});

test("resolveService compares chains of 5,000 types, and cycles that never meet, in well under three seconds", () => {
  const cycle = (length: number, leaf: Type): Shape => {
    const types: Record<string, Type> = {};
    for (let i = 0; i < length; i++) {
      const next: Type = { type: "ref", name: `T${(i + 1) % length}` };
      types[`T${i}`] = {
        type: "record",
        fields: [{ name: "n", type: next, optional: true }, { name: "v", type: leaf }],
      };
    }
    return {
      service: "A/B",
      connect: { type: "record", fields: [] },
      messages: [{ name: "T0", number: 0, receives: {} }],
      types,
    };
  };
  const start = performance.now();
  assert.ok(receives(resolveService(cycle(5_000, { type: "int" }), cycle(5_000, { type: "int" })), "T0").fits);
  assert.ok(receives(resolveService(cycle(101, { type: "int" }), cycle(103, { type: "int|long" })), "T0").fits);
  const entangled = receives(resolveService(cycle(4_999, { type: "int" }), cycle(5_000, { type: "int" })), "T0");
  assert.equal(entangled.fits, false);
  assert.ok(performance.now() - start < 3_000);
});

test("resolveService tells a problem wherever it is, but once around a cycle", () => {
  const text = (leaf: string) =>
    `Where < slot: ${leaf}, in?: Where > M < a: Where, b: list<Where> >
    service A/B { auth all receives M }`;
  const { problems } = receives(resolveService(shape(text("int")), shape(text("string"))), "M");
  assert.deepEqual(problems, [
    "M.a.slot: the service wants string, this definition has int",
    "M.b[].slot: the service wants string, this definition has int",
  ]);
});

test("resolveService lists a bounded number of problems", () => {
  const fields = (type: string) => Array.from({ length: 100 }, (_, i) => `f${i}: ${type}`).join(", ");
  const { problems } = receives(resolveService(withFields(fields("int")), withFields(fields("string"))), "M");
  assert.equal(problems.length, 21);
  assert.equal(problems[20], "M: and there is more");
});

test("resolveService: whatever fits converts to a value that the reader's schema takes", () => {
  const cases = arbitraryChange().chain(({ writer, reader, name }) =>
    arbitraryValue(writer.types[name]!, writer.types).map((value) => ({ writer, reader, name, value }))
  );
  let fitting = 0;
  fc.assert(
    fc.property(cases, ({ writer, reader, name, value }) => {
      const resolution = receives(resolveService(writer, reader), name);
      if (!resolution.fits) return;
      fitting++;
      const converted = resolution.convert === undefined ? value : resolution.convert(value);
      assert.ok(Value.Check(schemaOf(reader, name), converted));
    }),
    { numRuns: 600 },
  );
  assert.ok(fitting > 100, `only ${fitting} of 600 fit: nothing is shown`);
});

test("resolveService: one change that widens fits forwards, and backwards only if it does not narrow", () => {
  fc.assert(
    fc.property(arbitraryChange(), ({ writer, reader, name, effect }) => {
      const forwards = receives(resolveService(writer, reader), name);
      const backwards = receives(resolveService(reader, writer), name);
      assert.equal(forwards.fits, effect.forwards, `${effect.change}\n${forwards.problems.join("\n")}`);
      assert.equal(backwards.fits, effect.backwards, `${effect.change}\n${backwards.problems.join("\n")}`);
    }),
    { numRuns: 600 },
  );
});

test("resolveService: every definition fits itself, and nothing needs to be converted but for what any sees", () => {
  fc.assert(
    fc.property(arbitraryShape(), (shape) => {
      const { connect, receives, sends } = resolveService(shape, structuredCloneOf(shape));
      for (const resolution of [connect, ...receives.values(), ...sends.values()]) {
        assert.deepEqual(resolution.problems, []);
        assert.equal(resolution.convert, undefined);
      }
    }),
    { numRuns: 200 },
  );
});

function structuredCloneOf(shape: Shape): Shape {
  return JSON.parse(JSON.stringify(shape));
}
