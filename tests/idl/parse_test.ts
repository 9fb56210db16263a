import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { RecordType } from "../../idl/definition.ts";
import { MsgError, parse } from "../../idl/mod.ts";
import { parseFile } from "../../idl/parse.ts";
import { Problems, Source } from "../../idl/problem.ts";
import type { DeclarationNode, Tree } from "../../idl/syntax.ts";
import { TESTDATA } from "./testdata.ts";

function treeOf(text: string): Tree {
  const problems = new Problems();
  const tree = parseFile(new Source("test.msg", text), problems);
  assert.deepEqual(problems.list(), []);
  return tree!;
}

function declaration<K extends DeclarationNode["kind"]>(text: string, kind: K): DeclarationNode & { kind: K } {
  const [node] = treeOf(text).declarations;
  assert.equal(node?.kind, kind);
  return node as DeclarationNode & { kind: K };
}

/** The type of the one field of a record. */
function fieldOf(text: string) {
  const [field] = declaration(`A < f: ${text} >`, "record").fields;
  return field!;
}

/** A tree without places, to be compared as a whole. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).filter(([name]) => name !== "start" && name !== "end");
  return Object.fromEntries(members.map(([name, member]) => [name, bare(member)]));
}

const name = (text: string) => ({ kind: "name", name: { text } });

describe("parseFile reads", () => {
  test("an import", () => {
    assert.deepEqual(bare(declaration('import "./common.msg"', "import").specifier), {
      kind: "text",
      value: "./common.msg",
    });
  });

  test("an empty record, with and without a comma behind the last field", () => {
    assert.equal(declaration("A < >", "record").fields.length, 0);
    assert.equal(declaration("A<>", "record").fields.length, 0);
    assert.equal(declaration("A < a: int, b: int >", "record").fields.length, 2);
    assert.equal(declaration("A < a: int, b: int, >", "record").fields.length, 2);
  });

  test("an enum, with and without a comma behind the last value", () => {
    for (const text of ["enum L { a, b }", "enum L{a,b,}"]) {
      assert.deepEqual(bare(declaration(text, "enum").values), [{ text: "a" }, { text: "b" }]);
    }
  });

  test("an alias", () => assert.deepEqual(bare(declaration("type A = int", "alias").type), name("int")));

  test("optional fields and defaults", () => {
    const { fields } = declaration('A < a?: int, b: int = 5, c: string = "x", d: L = info, e : int >', "record");
    assert.deepEqual(fields.map(({ optional }) => optional), [true, false, false, false, false]);
    assert.deepEqual(bare(fields.map((field) => field.default)), [
      undefined,
      { kind: "number", text: "5" },
      { kind: "text", value: "x" },
      name("info"),
      undefined,
    ]);
  });

  test("lists and maps, one in the other", () => {
    assert.deepEqual(bare(fieldOf("list<map<int>>(1..)").type), {
      kind: "applied",
      name: { text: "list" },
      item: { kind: "applied", name: { text: "map" }, item: name("int") },
      range: { min: { kind: "number", text: "1" } },
    });
  });

  test("unions of every kind of branch", () => {
    assert.deepEqual(bare(fieldOf('int|"a" | -5|null | < >').type), {
      kind: "union",
      branches: [
        name("int"),
        { kind: "text", value: "a" },
        { kind: "number", text: "-5" },
        name("null"),
        { kind: "inline", fields: [] },
      ],
    });
  });

  test("ranges with both ends, one end, none, and patterns", () => {
    const rangeOf = (text: string) => bare((fieldOf(text).type as { range?: unknown }).range);
    const number = (text: string) => ({ kind: "number", text });
    assert.deepEqual(rangeOf("int(-1..10)"), { min: number("-1"), max: number("10") });
    assert.deepEqual(rangeOf("int(1..)"), { min: number("1") });
    assert.deepEqual(rangeOf("int( .. 10 )"), { max: number("10") });
    assert.deepEqual(rangeOf("float(0.5..2.5e-3)"), { min: number("0.5"), max: number("2.5e-3") });
    assert.deepEqual(rangeOf("string(1.., /[a-z]+/)"), { min: number("1"), pattern: { source: "[a-z]+" } });
    assert.deepEqual(rangeOf("string(/a/)"), { pattern: { source: "a" } });
  });

  test("a slash in a pattern with a backslash before it, and leaves other escapes alone", () => {
    const { type } = fieldOf(String.raw`string(/a\/b\\\d/)`);
    assert.equal((type as { range: { pattern: { source: string } } }).range.pattern.source, String.raw`a/b\\\d`);
  });

  test("brackets, quotes and comment marks in texts, patterns and comments as what they are", () => {
    const { fields } = declaration(
      'A < /* > */ a: "> // /* <" = "\\"", // >\n b: string(/[<>"(]\\/\\/ \\/*/), c: int,\n d: string(1.., /[)>"]/), e: int > B < >',
      "record",
    );
    assert.deepEqual(fields.map(({ name }) => name.text), ["a", "b", "c", "d", "e"]);
  });

  test("escapes in text as JSON does", () => {
    const text = String.raw`"\"\\\/\b\f\n\r\té\ud83d\ude00"`;
    assert.deepEqual(bare(fieldOf(text).type), { kind: "text", value: JSON.parse(text) });
  });

  test("every clause of a service", () => {
    const service = declaration(
      `service A/B extends C/D {
        auth all, group:some.group-1
        connect < a: int > auth vo:x
        receives A, B -> C auth authenticated
        sends D
      }`,
      "service",
    );
    assert.deepEqual(bare({ ...service }), {
      kind: "service",
      name: { text: "A/B" },
      base: { text: "C/D" },
      auth: { words: [{ text: "all" }, { text: "group:some.group-1" }] },
      clauses: [
        {
          kind: "connect",
          fields: [{ name: { text: "a" }, optional: false, type: name("int") }],
          auth: { words: [{ text: "vo:x" }] },
        },
        {
          kind: "receives",
          uses: [{ message: { text: "A" } }, { message: { text: "B" }, reply: { text: "C" } }],
          auth: { words: [{ text: "authenticated" }] },
        },
        { kind: "sends", uses: [{ message: { text: "D" } }] },
      ],
    });
  });

  test("auth behind a clause as the clause's, on the next line too, and first in the braces as the service's", () => {
    const service = declaration("service A/B { auth all receives A\n auth none\n sends B }", "service");
    assert.equal(service.auth?.words[0]?.text, "all");
    assert.deepEqual(service.clauses.map(({ auth }) => auth?.words[0]?.text), ["none", undefined]);
  });

  test("connect with arguments, with a rule, with neither", () => {
    for (const text of ["connect", "connect auth all", "connect < >", "connect < > auth all"]) {
      assert.equal(declaration(`service A/B { ${text} }`, "service").clauses[0]?.kind, "connect");
    }
  });
});

const KEYWORDS = [
  "import",
  "enum",
  "type",
  "service",
  "extends",
  "auth",
  "connect",
  "receives",
  "sends",
  "list",
  "map",
];

for (const keyword of [...KEYWORDS, "int", "null", "true", "any", "none", "all", "group"]) {
  test(`parse takes ${keyword} as the name of a field, an enum's value and a connect argument`, () => {
    const { shape } = parse(`
      A < ${keyword}: int, last?: L >
      enum L { ${keyword}, last }
      service A/B { auth all connect < ${keyword}: int > receives A }
    `);
    const field = { name: keyword, type: { type: "int" } };
    assert.deepEqual(shape.connect.fields, [field]);
    const [first] = (shape.types["A"] as RecordType).fields;
    assert.deepEqual(shape.types["L"], { type: "enum", values: [keyword, "last"] });
    assert.deepEqual(first, field);
  });
}

for (const keyword of KEYWORDS.filter((word) => word !== "connect" && word !== "list" && word !== "map")) {
  test(`parse takes ${keyword} as the name of a message, an enum and an alias`, () => {
    const { shape } = parse(`${keyword} < a: int >  service A/B { auth all receives ${keyword} sends X } X < y: int >`);
    assert.deepEqual(shape.messages.map((message) => message.name), [keyword, "X"]);
    assert.deepEqual(
      parse(`enum ${keyword} { a }  X < y: ${keyword} >  service A/B { auth all sends X }`).shape.types[keyword],
      { type: "enum", values: ["a"] },
    );
    assert.deepEqual(
      parse(`type ${keyword} = int  X < y: ${keyword} >  service A/B { auth all sends X }`).shape.types["X"],
      { type: "record", fields: [{ name: "y", type: { type: "int" } }] },
    );
  });
}

describe("parseFile keeps", () => {
  test("the place of every node", () => {
    const text = "\ufeff// x\nA < one?: list<int>(..5) = 7, two: B | null >";
    const node = declaration(text, "record");
    const cut = ({ start, end }: { start: number; end: number }) => text.slice(start, end);
    const [one, two] = node.fields;
    assert.equal(cut(node), text.slice(6));
    assert.equal(cut(node.name), "A");
    assert.equal(cut(one!), "one?: list<int>(..5) = 7");
    assert.equal(cut(one!.type), "list<int>(..5)");
    assert.equal(cut((one!.type as { range: { start: number; end: number } }).range), "(..5)");
    assert.equal(cut(one!.default!), "7");
    assert.equal(cut(two!.type), "B | null");
  });

  test("comments of every kind with their places, in order", () => {
    const text = "// one\nA < /* two\n */ a: int, /// three\r\n > //// four";
    const tree = parseFile(new Source("test.msg", text), new Problems())!;
    const comments = tree.comments.map(({ start, end }) => text.slice(start, end));
    assert.deepEqual(comments, ["// one", "/* two\n */", "/// three", "//// four"]);
  });

  test("doc comments by what they stand before, line by line, without what is not text", () => {
    const text =
      "/// One\r\n///  two \n// not this\n///three\n//// nor this\nA < >\n/// Next\ntype B = int /*\n*/ /// C\nC < >";
    const tree = treeOf(text);
    const docs = tree.declarations.map(({ start }) => tree.docs.get(start)?.text);
    assert.deepEqual(docs, ["One\n two\nthree", "Next", "C"]);
  });

  test("no doc comment from above a blank line, and no problem with it", () => {
    const text = "/// Header\n\n/// A\nA < >\n/// Lost\n \t\r\nB < >\n/// C\n/*\n\n*/\nC < >\n/// Footer\n\n";
    const tree = treeOf(text);
    assert.deepEqual(tree.declarations.map(({ start }) => tree.docs.get(start)?.text), ["A", undefined, "C"]);
  });

  test("what it could read of a declaration with a problem, marked as incomplete", () => {
    const tree = parseFile(new Source("test.msg", "A < a: int, b: , c: int > enum E { x y, z }"), new Problems())!;
    const [a, e] = tree.declarations as [DeclarationNode & { kind: "record" }, DeclarationNode & { kind: "enum" }];
    assert.deepEqual(a.fields.map(({ name }) => name.text), ["a", "c"]);
    assert.deepEqual(e.values.map(({ text }) => text), ["z"]);
    assert.deepEqual([a.incomplete, e.incomplete], [true, true]);
  });

  test("every other declaration just as it is", () => {
    const tricky = 'Tricky < a: string(1.., /[)>"<]/), b: "<", c?: int > /* < */ Next < >';
    const text = `${readFileSync(`${TESTDATA}language.msg`, "utf8")}${tricky}`;
    const { declarations } = treeOf(text);
    const problems = new Problems();
    const tree = parseFile(new Source("test.msg", `${text}\n?`), problems)!;
    assert.deepEqual(tree.declarations.slice(0, -1), declarations);
    assert.equal(problems.list().length, 1);
  });

  test("the name that a declaration seems to declare that it could not read", () => {
    const names = (text: string) =>
      parseFile(new Source("test.msg", text), new Problems())!.declarations.map((node) =>
        node.kind === "broken" ? node.name?.text : node.kind
      );
    assert.deepEqual(names("A < a: int\nenum B {\nservice C/D\ntype E = ?"), ["A", "B", "C/D", "E"]);
  });
});

describe("parse", () => {
  const two = "P < > service A/One { auth all sends P } service A/Two { auth none receives P }";
  const problemsOf = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      assert.ok(error instanceof MsgError);
      assert.equal(error.name, "MsgError");
      return error.message;
    }
    assert.fail("no problem was found");
  };

  test("takes the only service, or the one that is named", () => {
    assert.equal(parse("service A/One { auth all }").shape.service, "A/One");
    assert.equal(parse(two, { service: "A/Two" }).shape.service, "A/Two");
  });

  test("says which services there are where that is not clear", () => {
    assert.equal(
      problemsOf(() => parse(two)),
      "text.msg: There are several services in this text: say which one is wanted (A/One, A/Two).",
    );
    assert.equal(
      problemsOf(() => parse(two, { service: "A/Three" })),
      'text.msg: There is no service "A/Three" in this text: there is A/One, A/Two.',
    );
    assert.equal(
      problemsOf(() => parse("P < >", { file: "p.msg" })),
      "p.msg: There is no service in this text, only declarations: a definition is a service's.",
    );
  });

  test("imports from the texts that it is given, relative to the importing one", () => {
    const { shape } = parse('import "./a/one.msg"\nservice A/B { auth all receives One }', {
      file: "dir/main.msg",
      imports: { "./a/one.msg": 'import "../two.msg" One < two: Two >', "two.msg": "Two < >" },
    });
    assert.deepEqual(Object.keys(shape.types), ["One", "Two"]);
  });

  test("says that an import is not among the texts, and takes no member of Object for one", () => {
    for (const path of ["./x.msg", "toString", "__proto__"]) {
      const said = problemsOf(() => parse(`import "${path}" service A/B { auth all }`));
      assert.match(said, /it is not among the texts given as imports/);
    }
  });

  test("throws all problems at once, each with its place", () => {
    const text = "A < a: strin >\nB < b int >\nservice A/B { receives C }";
    const said = problemsOf(() => parse(text, { file: "x.msg" }));
    assert.deepEqual(said.match(/^x\.msg:\S+/gm), ["x.msg:1:8:", "x.msg:2:7:", "x.msg:3:24:", "x.msg:3:24:"]);
  });

  test("gives a definition that nobody can change", () => {
    const { shape, rules } = parse(two, { service: "A/One" });
    assert.throws(() => (shape.messages as unknown[]).push(1), TypeError);
    assert.throws(() => (rules["sends P"] as string[]).push("x"), TypeError);
  });
});
