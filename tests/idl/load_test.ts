import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblem, type Host, load } from "../../idl/mod.ts";
import { textHost } from "./testdata.ts";

function problemsOf(texts: { readonly [path: string]: string }, ...files: readonly string[]): string[] {
  const { modules, problems } = load(files, textHost(texts));
  assert.equal(modules.length > 0, problems.length === 0);
  return problems.map(formatProblem);
}

function bytesHost(bytes: Uint8Array): Host {
  return { read: () => bytes, resolve: (_from, specifier) => specifier };
}

test("load gives each file once, imported ones first, however they are reached", () => {
  const texts = {
    "a.msg": 'import "./dir/b.msg" import "c.msg" import "./dir/../c.msg"',
    "dir/b.msg": 'import "../c.msg"',
    "c.msg": "",
    "d.msg": "",
  };
  const { modules } = load(["d.msg", "a.msg", "c.msg", "a.msg"], textHost(texts));
  assert.deepEqual(modules.map(({ file }) => file), ["d.msg", "c.msg", "dir/b.msg", "a.msg"]);
  assert.deepEqual(modules.at(-1)?.imports, [
    { specifier: "./dir/b.msg", file: "dir/b.msg", names: [] },
    { specifier: "c.msg", file: "c.msg", names: [] },
  ]);
});

test("load says which names of an import are used: in types, in services, and by way of a base", () => {
  const texts = {
    "a.msg": 'import "b.msg" R < a: list<Z>, b: Y | null > service A/B extends B/Base { sends M -> R }',
    "b.msg": "Z < > Y < > M < > N < > P < > Unused < > service B/Base { auth all connect < p: P > sends N }",
  };
  const [, a] = load(["a.msg"], textHost(texts)).modules;
  assert.deepEqual(a?.imports[0]?.names, ["M", "N", "P", "Y", "Z"]);
});

test("load lets a file see what it imports, and not what that imports", () => {
  const texts = {
    "a.msg": 'import "b.msg" A < b: B, c: C >',
    "b.msg": 'import "c.msg" B < c: C >',
    "c.msg": "C < >",
  };
  assert.deepEqual(problemsOf(texts, "a.msg").map((text) => text.split("\n")[0]), [
    "a.msg:1:29: There is no type `C`.",
  ]);
});

test("load keeps apart what two files call the same, if no service uses both", () => {
  const texts = {
    "a.msg": "Thing < a: int > type Alias = int|Rest type Rest = long service A/A { auth all sends Thing }",
    "b.msg": "Thing < b: Other > Other < t: Alias > type Alias = string service B/B { auth all sends Thing }",
  };
  const { modules } = load(["a.msg", "b.msg"], textHost(texts));
  const [a, b] = modules.map(({ services }) => services[0]!.definition.shape.types);
  assert.deepEqual(a, { Thing: { type: "record", fields: [{ name: "a", type: { type: "int" } }] } });
  assert.deepEqual(b, {
    Thing: { type: "record", fields: [{ name: "b", type: { type: "ref", name: "Other" } }] },
    Other: { type: "record", fields: [{ name: "t", type: { type: "string" } }] },
  });
});

test("load turns every key back into a name, at any depth, where two files call things the same", () => {
  const types =
    "E < > X < a: list<E>, b: map<list<E>>, c: E | null, d: < e: E >, f: Json > type Json = null | list<Json>";
  const text = `${types} service A/B { auth all sends X }`;
  const { modules } = load(["a.msg", "b.msg"], textHost({ "a.msg": text, "b.msg": text }));
  const [a, b] = modules.map(({ services }) => services[0]!.definition.shape);
  assert.deepEqual(a, b);
  assert.deepEqual(modules[0]?.declarations, modules[1]?.declarations);
});

test("load takes a byte order mark, carriage returns, and a file without anything", () => {
  assert.deepEqual(problemsOf({ "a.msg": "\ufeffA <\r\n  a: int,\r\n>\r\n" }, "a.msg"), []);
  assert.deepEqual(problemsOf({ "a.msg": "" }, "a.msg"), []);
  assert.deepEqual(problemsOf({ "a.msg": "\ufeffA < x >" }, "a.msg"), [
    "a.msg:1:7: Expected `:`, but found `>`.\n 1 | A < x >\n   |       ^",
  ]);
});

test("load says where a file is not UTF-8", () => {
  const cases: readonly [bytes: readonly number[], said: string][] = [
    [[0x41, 0x20, 0xff], "a.msg:1:3: The file is not UTF-8: byte 3 (0xff) can't stand there."],
    [[0xc3, 0xa9, 0x0a, 0xc3], "a.msg:2:1: The file is not UTF-8: byte 4 (0xc3) can't stand there."],
    [[0xed, 0xa0, 0x80], "a.msg:1:1: The file is not UTF-8: byte 1 (0xed) can't stand there."],
    [[0xef, 0xbb, 0xbf, 0x80], "a.msg:1:1: The file is not UTF-8: byte 4 (0x80) can't stand there."],
  ];
  for (const [bytes, said] of cases) {
    const { problems } = load(["a.msg"], bytesHost(Uint8Array.from(bytes)));
    assert.deepEqual(problems.map((problem) => formatProblem(problem).split("\n")[0]), [said]);
  }
});

test("load refuses what is no text: control characters, half of a character", () => {
  for (const [text, name] of [["A\0", "U+0000"], ["// \x1b[31m", "U+001B"], ["\x7f", "U+007F"]] as const) {
    assert.match(
      problemsOf({ "a.msg": text }, "a.msg").join(),
      new RegExp(`^a.msg:.* The character ${name.replace("+", ".")} `),
    );
  }
});

test("load says why a file can't be read or an import leads nowhere, in the host's words", () => {
  assert.deepEqual(problemsOf({}, "a.msg"), ["a.msg: `a.msg` can't be read: there is no such file."]);
  const host: Host = {
    read: () => new TextEncoder().encode('import "x:y"'),
    resolve() {
      throw new Error("only files can be imported.");
    },
  };
  assert.equal(
    formatProblem(load(["a.msg"], host).problems[0]!).split("\n")[0],
    "a.msg:1:8: This import leads nowhere: only files can be imported.",
  );
});

test("load tells the problems of all files, file by file, and each once", () => {
  const texts = {
    "a.msg": 'import "c.msg"\nA < x >',
    "b.msg": 'import "c.msg"\nB < x: Nowhere >',
    "c.msg": "C < x: Nowhere >",
  };
  assert.deepEqual(problemsOf(texts, "a.msg", "b.msg").map((text) => text.split(" ")[0]), [
    "a.msg:2:7:",
    "c.msg:1:8:",
    "b.msg:2:8:",
  ]);
});

test("load does not take what a broken file may declare for unknown", () => {
  const texts = { "a.msg": 'import "b.msg" A < b: B > service A/B extends B/B { sends C }', "b.msg": "\0" };
  assert.deepEqual(problemsOf(texts, "a.msg").map((text) => text.split(" ")[0]), ["b.msg:1:1:"]);
  const half = {
    "a.msg": 'import "b.msg" A < b: B > service A/B { auth all sends B, C }',
    "b.msg": "B < x > enum C { ; }",
  };
  assert.deepEqual(problemsOf(half, "a.msg").map((text) => text.split(" ")[0]), [
    "b.msg:1:7:",
    "b.msg:1:18:",
    "a.msg:1:59:",
  ]);
});

test("load finds imports in a circle of any length", () => {
  const texts = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [`${i}.msg`, `import "${(i + 1) % 20}.msg"`]),
  );
  const [problem, ...others] = problemsOf(texts, "0.msg");
  assert.deepEqual(others, []);
  assert.equal(
    problem?.split("\n")[0],
    "19.msg:1:8: These files import each other in a circle: "
      + "0.msg → 1.msg → 2.msg → 3.msg → … → 18.msg → 19.msg → 0.msg.",
  );
});
