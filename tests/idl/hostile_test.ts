import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { formatProblems, load } from "../../idl/mod.ts";
import { MAX_SIZE } from "../../idl/parse.ts";

/** Generous: what takes longer does not grow with the input as it should. The machine may be slow and busy. */
const TIME = 15_000;

const repeat = (text: string, length: number) => text.repeat(Math.floor(length / text.length));
/** As large as a file may be. */
const fill = (text: string) => repeat(text, MAX_SIZE - 100);
const many = (count: number, make: (i: number) => string) => Array.from({ length: count }, (_, i) => make(i)).join("");

/** What is read, and how the first problem begins; nothing where there is none. */
const CASES: { readonly [name: string]: readonly [text: string | Uint8Array, said: RegExp | undefined] } = {
  "10 MB of <": [repeat("<", 10 << 20), /too long/],
  "10 MB of (": [repeat("(", 10 << 20), /too long/],
  "10 MB of /*": [repeat("/*", 10 << 20), /too long/],
  "10 MB of ///": [repeat("///", 10 << 20), /too long/],
  "as much as fits of <": [fill("<"), /^a\.msg:1:65: Brackets are nested more than 64 deep/],
  "as much as fits of (": [fill("("), /^a\.msg:1:65: Brackets/],
  "as much as fits of >": [fill(">"), /^a\.msg:1:1: Expected a declaration/],
  "as much as fits of /*": [fill("/*"), /^a\.msg:1:6: Expected a declaration/],
  "as much as fits of ///": [fill("///"), undefined],
  "as many doc comments as fit": [fill("///\n"), /^a\.msg:1:1: This doc comment describes nothing/],
  'as much as fits of "': [fill('"'), /^a\.msg:1:1: Expected a declaration/],
  "a comment that never ends": [`A < > /*${fill(" ")}`, /^a\.msg:1:7: This comment is never closed/],
  "a comment without a line end, many times": [fill("/**/"), undefined],
  "100,000 nested lists": [`type A = ${"list<".repeat(100_000)}int${">".repeat(100_000)}`, /^a\.msg:1:334: Brackets/],
  "100,000 nested records": [`type A = ${"<a:".repeat(100_000)}int${">".repeat(100_000)}`, /^a\.msg:1:202: Brackets/],
  "63 nested records, then nonsense": [
    `type A = ${"<a:".repeat(63)}${repeat("x ", MAX_SIZE - 1000)}${">".repeat(63)}`,
    /^a\.msg:1:201: Expected `,` or `>`, but found `x`/,
  ],
  "a union of 100,000": [`type A = ${many(100_000, (i) => `"${i}"|`)}int`, undefined],
  "a union of 100,000 records": [`type A = ${many(50_000, (i) => `<k:"${i}">|`)}int`, undefined],
  "a giant name of a field": [`A < ${fill("x")}: int >`, /^a\.msg:1:5: A name has 255 characters at the most/],
  "a giant name of a type": [`A < a: ${fill("x")} >`, /^a\.msg:1:8: There is no type `x{40}…`/],
  "a giant number": [`A < a: long(${fill("9")}..) >`, /4300 digits/],
  "a giant default": [`A < a: long = ${fill("9")} >`, /4300 digits/],
  "a giant text": [`A < a: "${fill("x")}" >`, undefined],
  "a giant pattern": [`A < a: string(/${fill("(")}/) >`, /longer than 1000/],
  "many patterns": [`A < ${many(50_000, (i) => `a${i}: string(/[a-z]{${i % 100}}/),`)} >`, /more than 1000000/],
  "NUL bytes": [fill("\0"), /^a\.msg:1:1: The character U\+0000/],
  "bytes that are not UTF-8": [new Uint8Array(MAX_SIZE).fill(0x41).fill(0xff, MAX_SIZE - 1), /byte 4194304 \(0xff\)/],
  "half of every character": [new Uint8Array(MAX_SIZE).fill(0xe2), /byte 1 \(0xe2\)/],
  "lines without end": [fill("\n"), undefined],
  "a line without end": [fill("x "), /^a\.msg:1:3: Expected `<`, but found `x`/],
  "fields that are all wrong": [`A <${fill("a int,")}>`, /^a\.msg:1:6: Expected `:`, but found `int`/],
  "clauses that are all wrong": [`service A/B {${fill("recieves P ")}}`, /^a\.msg:1:14: Expected a clause/],
  "one name declared everywhere": [repeat("A<>\n", 1 << 20), /^a\.msg:2:1: `A` is declared twice/],
  "unknown names, with many known": [
    `A < ${many(20_000, (i) => `a${i}: Nam${i},`)} > ${many(20_000, (i) => `Name${i} < >\n`)}`,
    /There is no type `Nam0`/,
  ],
  "aliases that double": [
    `${many(100, (i) => `type A${i} = < a: A${i + 1}, b: A${i + 1} >\n`)}type A100 = int`,
    /more than 1000000/,
  ],
  "unions that double": [
    `${many(100, (i) => `type A${i} = A${i + 1} | A${i + 1}\n`)}type A100 = int`,
    /more than 1000000/,
  ],
  "a large union in many others": [
    `type A = ${many(20_000, (i) => `"${i}"|`)} null ${many(20_000, (i) => `type B${i} = A | int\n`)}`,
    /more than 1000000/,
  ],
  "a large union with many defaults": [
    `type A = ${many(20_000, (i) => `"${i}"|`)} null B < ${many(20_000, (i) => `b${i}: A = "5",`)} >`,
    /more than 1000000/,
  ],
  "a large enum with many defaults": [
    `enum A { ${many(50_000, (i) => `v${i},`)} } B < ${many(50_000, (i) => `b${i}: A = v9,`)} >`,
    /more than 1000000/,
  ],
  "a large message in many services": [
    `A < ${many(10_000, (i) => `a${i}: int,`)} > ${many(10_000, (i) => `service A/S${i} { auth all sends A }\n`)}`,
    /more than 1000000/,
  ],
  "a chain of aliases in circles": [
    `${many(30_000, (i) => `type A${i} = A${i + 1}\n`)}type A30000 = A0`,
    /^a\.msg:1:6: `A0` is defined as itself, by way of `A1`/,
  ],
  "a chain of lists in circles": [
    `${many(30_000, (i) => `type A${i} = list<A${i + 1}>\n`)}type A30000 = A0`,
    undefined,
  ],
  "a chain of unions": [
    `${many(30_000, (i) => `type A${i} = "${i}" | A${i + 1}\n`)}type A30000 = int`,
    /more than 1000000/,
  ],
  "a chain of lists": [
    `${many(30_000, (i) => `type A${i} = list<A${i + 1}>\n`)}type A30000 = int`,
    /more than 64 deep/,
  ],
  "a chain of records in circles": [
    `${many(30_000, (i) => `A${i} < a: A${i + 1} >\n`)}A30000 < a: A0 >`,
    /would never end/,
  ],
  "a chain of services in circles": [
    `${many(30_000, (i) => `service A/S${i} extends A/S${i + 1} { }\n`)}service A/S30000 extends A/S0 { }`,
    /^a\.msg:1:22: `A\/S0` is its own base/,
  ],
  "a chain of services that grow": [
    `${
      many(5_000, (i) => `A${i} < > service A/S${i} extends A/S${i + 1} { sends A${i} }\n`)
    }service A/S5000 { auth all }`,
    /more than 1000000/,
  ],
  "names that objects have": [
    "__proto__ < constructor: __proto__ > enum prototype { __proto__ } type toString = valueOf "
    + "service __proto__/constructor extends hasOwnProperty/toString { auth __proto__ sends isPrototypeOf }",
    /^a\.msg:1:1: The name `__proto__` is not allowed/,
  ],
  "an import of itself": [fill('import "a.msg"\n'), /^a\.msg:1:8: This file imports itself/],
  "imports that are not there": [many(50_000, (i) => `import "${i}"\n`), /^a\.msg:1:8: `0` can't be read/],
};

describe("load soon answers", () => {
  for (const [name, [text, said]] of Object.entries(CASES)) {
    test(name, () => {
      const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
      const read = (path: string) => {
        if (path !== "a.msg") throw new Error("there is no such file");
        return bytes;
      };
      const start = performance.now();
      const { problems } = load(["a.msg"], { read, resolve: (_from, specifier) => specifier });
      const shown = formatProblems(problems);
      assert.ok(performance.now() - start < TIME);
      if (said === undefined) assert.equal(shown.slice(0, 1000), "");
      else assert.match(shown.slice(0, 1000), said);
      assert.ok(shown.length < 100_000);
    });
  }
});

test("load takes long chains of imports", () => {
  const count = 10_000;
  const read = (path: string) => new TextEncoder().encode(Number(path) < count ? `import "${Number(path) + 1}"` : "");
  const { modules } = load(["0"], { read, resolve: (_from, specifier) => specifier });
  assert.equal(modules.length, count + 1);
});
