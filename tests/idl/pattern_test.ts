import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePattern, patternProblem } from "../../idl/pattern.ts";

test("compilePattern matches the whole text, and Unicode by code points", () => {
  const cases: [string, string[], string[]][] = [
    ["a|ab", ["a", "ab"], ["", "abc", "xa"]],
    ["^a$", ["a"], ["a\n", "\na", "ba"]],
    ["(?m)^a$", ["a"], ["a\nb", "a\n"]],
    [".", ["x", "😀", "é"], ["\n", "", "xx"]],
    ["(?s).", ["\n"], []],
    ["\\p{Greek}+", ["αω"], ["a"]],
    ["(?i)straße", ["STRAßE", "straẞe"], ["STRASSE"]],
    ["[\\x{1F600}-\\x{1F64F}]", ["😀"], ["\ud83d"]],
    ["", [""], ["a"]],
    ["a/b", ["a/b"], ["a\\/b"]],
    ["\\Qa.b\\E", ["a.b"], ["axb"]],
  ];
  for (const [pattern, good, bad] of cases) {
    const compiled = compilePattern(pattern);
    for (const text of good) assert.equal(compiled.matches(text), true, `/${pattern}/ refuses ${JSON.stringify(text)}`);
    for (const text of bad) assert.equal(compiled.matches(text), false, `/${pattern}/ takes ${JSON.stringify(text)}`);
  }
});

test("patternProblem says what is wrong in words", () => {
  const cases: [string, RegExp][] = [
    ["(", /can't be read: missing closing \)/],
    ["a{2,1}", /invalid repeat count/],
    ["(?=a)", /unsupported Perl syntax/],
    ["\\1", /invalid escape sequence/],
    ["\\C", /invalid escape sequence/],
    ["[z-a]", /invalid character class range/],
    ["a\nb", /line end or control character/],
    ["a\u2028b", /line end or control character/],
    ["\ud800", /not valid Unicode/],
    ["a\\/b", /escaped slash/],
    ["a\\\\\\/b", /escaped slash/],
    ["x".repeat(1_001), /longer than 1000/],
  ];
  for (const [pattern, problem] of cases) assert.match(patternProblem(pattern) ?? "none", problem);
  assert.equal(patternProblem("a\\\\/b"), undefined); // an escaped backslash, and a slash
});

test("patternProblem refuses what is short and compiles to much, in well under a second", () => {
  const large = [
    "(?:abcdefghij){1000}",
    "((((x{10}){10}){10}){10}){10}",
    "(x{1000}){1000}",
    "x{1000}".repeat(140),
    "(?:a{0,30}){30}b",
    `(${"a{50}".repeat(100)}){20}`,
    "(".repeat(400) + "x" + "){2}".repeat(80),
    "[\\pL\\pN\\pS]{400}".repeat(9),
    "(?i)(\\pL{40}){30}",
    ...Array.from({ length: 5 }, (_, i) => `(?:${"ab".repeat(490 - i)}){1000}`),
  ];
  const start = performance.now();
  for (const pattern of large) assert.notEqual(patternProblem(pattern), undefined, pattern);
  assert.ok(performance.now() - start < 1_000);
});

test("patternProblem takes the repetitions that people write", () => {
  for (
    const pattern of [
      "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
      "[A-Za-z0-9_.-]{1,255}",
      "([a-z0-9-]{1,63}\\.)+[a-z]{2,63}",
      "[0-9]{4}-[0-9]{2}-[0-9]{2}",
      "\\{a\\}{3}",
    ]
  ) assert.equal(patternProblem(pattern), undefined, pattern);
});

test("compilePattern takes time linear in the text where others take exponential time", () => {
  const text = "a".repeat(200_000) + "b";
  const start = performance.now();
  for (const pattern of ["(a+)+", "(a|aa)*c", "(.*)*x", "(a*)*(a*)*(a*)*"]) {
    assert.equal(compilePattern(pattern).matches(text), false);
  }
  assert.ok(performance.now() - start < 5_000);
});

test("compilePattern bounds the states that the engine keeps", () => {
  const compiled = compilePattern("(.*a.{450})+|c") as ReturnType<typeof compilePattern> & {
    re2(): { dfa: { stateBudget: number; maxMem: number } };
  };
  // The engine's own budget is 8 MiB for each pattern; should it go by another name one day, this must be seen.
  assert.equal(compiled.re2().dfa.maxMem, 8 * 1024 * 1024);
  assert.ok(compiled.re2().dfa.stateBudget <= 256 * 1024);
});
