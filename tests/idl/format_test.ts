import fc from "fast-check";
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { describe, test } from "node:test";
import { format } from "../../idl/format.ts";
import { load, parse } from "../../idl/mod.ts";
import { parseFile } from "../../idl/parse.ts";
import { print } from "../../idl/print.ts";
import { Problems, Source } from "../../idl/problem.ts";
import { arbitraryDefinition } from "../arbitraries.ts";
import { blocksOf } from "../docs/blocks.ts";
import { ROOT } from "../runtimes.ts";
import { seeded } from "../seed.ts";
import { mutated, soup } from "./accidents.ts";
import { arbitraryOdd } from "./odd.ts";
import { TESTDATA, textHost } from "./testdata.ts";

/** All comments, in order, whatever white space is in them. */
function comments(text: string): string[] {
  const tree = parseFile(new Source("a.msg", text), new Problems());
  return (tree?.comments ?? []).map(({ start, end }) => text.slice(start, end).replaceAll(/\s+/g, " ").trim());
}

/** All that is neither white space nor a comma: a last comma may come or go, and one goes before a line comment. */
function ink(text: string): string {
  return text.replaceAll(/[\s,]/g, "");
}

/** What a text means: its services' definitions, or what is wrong with it. */
function meaning(text: string): unknown {
  const { modules, problems } = load(["a.msg"], textHost({ "a.msg": text, "imports/common.msg": "Shared < >" }));
  const definitions = modules.flatMap(({ services }) => services.map(({ definition }) => definition));
  // Some tell a place, or quote what stands there as it is written.
  const told = problems.map(({ message }) => message.replaceAll(/\d+:\d+|(?<=this branch from )`.*?`(?=: )/gs, "…"));
  return plain([definitions, told]);
}

function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe("format of any definition, laid out at random,", () => {
  test("gives the same as of the text laid out well", () => {
    fc.assert(
      fc.property(arbitraryOdd(false), ({ text, odd }) => {
        assert.equal(format(odd).text, format(text.replaceAll("\n\n", "\n")).text);
      }),
      seeded("format, white space", 200),
    );
  });

  test("keeps its meaning, all comments and all else, once and in order, and formats to itself", () => {
    fc.assert(
      fc.property(arbitraryOdd(true), ({ definition, odd }) => {
        const { text, problems } = format(odd);
        assert.deepEqual(problems, []);
        const again = parse(text);
        assert.deepEqual(plain(again.shape), plain(definition.shape), text);
        assert.deepEqual(plain(again.docs), plain(definition.docs), text);
        assert.deepEqual(plain(again.rules), plain(definition.rules), text);
        assert.deepEqual(comments(text), comments(odd));
        assert.equal(ink(text).length, ink(odd).length, text);
        assert.equal(format(text).text, text);
      }),
      seeded("format, comments", 200),
    );
  });

  test("leaves alone what print writes", () => {
    fc.assert(
      fc.property(arbitraryDefinition(), (definition) => {
        const text = print(definition);
        assert.equal(format(text).text, text);
      }),
      seeded("format, printed", 200),
    );
  });
});

describe("format of any text", () => {
  for (const [name, texts] of [["of the language after accidents", mutated], ["of its words", soup]] as const) {
    test(`${name} throws nothing, loses nothing, means the same, and formats to itself`, () => {
      fc.assert(
        fc.property(texts, (given) => {
          const { text } = format(given);
          assert.deepEqual(comments(text), comments(given));
          assert.equal(ink(text), ink(given));
          assert.equal(format(text).text, text);
          assert.deepEqual(meaning(text), meaning(given), text);
        }),
        seeded(`format, ${name}`, 500),
      );
    });
  }
});

// Each `testdata/format/NAME.msg` has beside it what becomes of it. `UPDATE=1` writes that anew: read it then.
describe("format makes of", () => {
  const folder = `${TESTDATA}format/`;
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".msg")).sort()) {
    test(`${file} exactly what stands beside it`, () => {
      const given = readFileSync(`${folder}${file}`, "utf8");
      const { text } = format(given);
      const expected = `${folder}${file.replace(/\.msg$/, ".txt")}`;
      if (process.env["UPDATE"] !== undefined) writeFileSync(expected, text);
      assert.equal(text, readFileSync(expected, "utf8"));
      assert.equal(format(text).text, text);
      assert.deepEqual(meaning(text), meaning(given));
    });
  }
});

test("format leaves alone what stands in the documents", () => {
  const folder = `${ROOT}/docs/`;
  const files = readdirSync(folder).filter((name) => name.endsWith(".md")).map((name) => `${folder}${name}`);
  for (const file of [`${ROOT}/README.md`, ...files]) {
    for (const { place, language, info, text } of blocksOf(file, readFileSync(file, "utf8"))) {
      if (language === "msg" && info !== "ignore") assert.equal(format(text).text, text, place);
    }
  }
});

test("format ends lines as the first line does, and leaves out a byte order mark", () => {
  assert.equal(format("\ufeffA < a:int >\r\nB< >\n").text, "A < a: int >\r\nB < >\r\n");
  assert.equal(format("A < a:int >\nB< >\r\n").text, "A < a: int >\nB < >\n");
  assert.equal(format("A < a:int >").text, "A < a: int >\n");
});

test("format gives back what is no text, or too long, and says so", () => {
  for (const text of ["A <\0>", "A <\ud800>", `A  < >${" ".repeat(4 * 1024 * 1024)}`]) {
    const { text: formatted, problems } = format(text, "a.msg");
    assert.equal(formatted, text);
    assert.equal(problems.length, 1);
    assert.equal(problems[0]?.file, "a.msg");
  }
  assert.deepEqual(format(""), { text: "", problems: [] });
  assert.deepEqual(format(" \n\n "), { text: "", problems: [] });
});

test("format tells what it left as it is for its syntax, at its place", () => {
  const { text, problems } = format("A  < >\r\n\r\nB < a int >\r\n");
  assert.equal(text, "A < >\r\n\r\nB < a int >\r\n");
  assert.deepEqual(problems.map(({ line, column }) => [line, column]), [[3, 7]]);
});

test("format never makes an empty line after a last doc comment go or come: it says that the comment is about the file", () => {
  for (const text of ["A < >\n\n/// The end.\n\n", "A < >\n\n/// The end.\n", "A <\n  a: int,\n  /// End.\n\n>\n"]) {
    assert.equal(format(text).text, text);
  }
});

test("format takes a file of a megabyte of comments and brackets in well under half a minute", () => {
  const start = performance.now();
  for (const text of ["/* x */ ", "A < x: < y: list<int> > > ", "/// a\n", ")\n"]) {
    const long = text.repeat(1_000_000 / text.length);
    assert.equal(format(long).text.replaceAll(/\s/g, ""), long.replaceAll(/\s/g, ""));
  }
  assert.ok(performance.now() - start < 30_000);
});
