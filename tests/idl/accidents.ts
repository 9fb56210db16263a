/**
 * Random texts that are more or less of the language.
 *
 * @module
 */

import fc from "fast-check";
import { readFileSync } from "node:fs";
import { TESTDATA } from "./testdata.ts";

const files = [
  "language",
  "syntax",
  "declarations",
  "names",
  "ranges",
  "aliases",
  "unions",
  "defaults",
  "services",
  "docs",
  "format/comments",
];
const texts = files.map((name) => readFileSync(`${TESTDATA}${name}.msg`, "utf8"));

/** What the language is made of, and what it is not. */
const piece = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom(..."<>(){}|,:;=?./-\"'\n\t\r\\@0 9aA_") },
  {
    weight: 30,
    arbitrary: fc.constantFrom("..", "->", "//", "///", "/*", "*/", "/a/", '"a"', "1e9", "\ufeff", "é", "😀"),
  },
  { weight: 30, arbitrary: fc.constantFrom("import", "enum", "type", "service", "extends", "auth", "connect", "none") },
  {
    weight: 30,
    arbitrary: fc.constantFrom("receives", "sends", "int", "long", "string", "list", "map", "any", "null"),
  },
  {
    weight: 30,
    arbitrary: fc.constantFrom("Ping", "Level", "A/B", "__proto__", "true", "Ping <", "enum L {", "a: int,"),
  },
  // Not text at all: most of what happens is to be found in what is.
  { weight: 1, arbitrary: fc.oneof(fc.constantFrom("\0", "\ud800"), fc.string({ unit: "binary", maxLength: 3 })) },
);

/** A text of the language after some accidents: pieces cut out, put in, said twice, or moved. */
export const mutated: fc.Arbitrary<string> = fc.tuple(
  fc.constantFrom(...texts),
  fc.array(fc.tuple(fc.nat(), fc.nat(40), fc.oneof(piece, fc.constant(undefined))), { minLength: 1, maxLength: 12 }),
).map(([text, accidents]) =>
  accidents.reduce((text, [place, length, inserted]) => {
    const at = place % (text.length + 1);
    const end = at + length % 7;
    const put = inserted ?? text.slice(at, at + length).repeat(2);
    return text.slice(0, at) + put + text.slice(inserted === undefined ? at : end);
  }, text)
);

/** The same words, one after the other. */
export const soup: fc.Arbitrary<string> = fc.array(piece, { maxLength: 80 }).map((pieces) => pieces.join(" "));
