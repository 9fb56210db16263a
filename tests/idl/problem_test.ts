import assert from "node:assert/strict";
import { test } from "node:test";
import { formatProblem, formatProblems, load, MsgError } from "../../idl/mod.ts";
import { MAX_PROBLEMS, Problems, Source } from "../../idl/problem.ts";
import { misspeltRule, suggest } from "../../idl/suggest.ts";
import { textHost } from "./testdata.ts";

function show(text: string, start: number, length = 1): string[] {
  return formatProblem(new Source("a.msg", text).problem({ start, end: start + length }, "Wrong.")).split("\n");
}

/** What the caret stands below, with the line cut as wide as the terminal shows it. */
function marked([, line, caret]: readonly string[]): string {
  const from = caret!.indexOf("^");
  return line!.slice(from, caret!.lastIndexOf("^") + 1);
}

test("formatProblem shows the line and marks the place", () => {
  assert.deepEqual(show("one\ntwo three\nfour", 8, 5), ["a.msg:2:5: Wrong.", " 2 | two three", "   |     ^^^^^"]);
});

test("formatProblem marks one column at least, also at the end of a line and of the text", () => {
  assert.deepEqual(show("one\ntwo", 3, 0), ["a.msg:1:4: Wrong.", " 1 | one", "   |    ^"]);
  assert.deepEqual(show("one\r\ntwo", 8, 0), ["a.msg:2:4: Wrong.", " 2 | two", "   |    ^"]);
  assert.deepEqual(show("", 0, 0), ["a.msg:1:1: Wrong.", " 1 |", "   | ^"]);
});

test("formatProblem marks no more than the line", () => {
  assert.deepEqual(show("one {\n  two\n}", 4, 9), ["a.msg:1:5: Wrong.", " 1 | one {", "   |     ^"]);
});

test("formatProblem puts the caret right behind tabs, wide characters and marks that take no column", () => {
  assert.equal(marked(show("\ta\t\tb", 4)), "b");
  assert.equal(show("日本 x", 3)[2], "   |      ^");
  assert.equal(show("日本 x", 1)[2], "   |   ^^");
  assert.equal(show("e\u0301 x", 3)[2], "   |   ^");
  assert.equal(show("😀 x", 3)[2], "   |    ^");
});

test("formatProblem counts columns in characters", () => {
  assert.match(show("😀 x", 3)[0]!, /^a\.msg:1:3:/);
});

test("formatProblem cuts a long line around the place", () => {
  const long = `${"a".repeat(500)}!${"b".repeat(500)}`;
  for (
    const text of [
      long,
      `!${"b".repeat(500)}`,
      `${"a".repeat(500)}!`,
      `\n${"\u0301".repeat(5000)}!`,
      `${"日".repeat(99)}!`,
    ]
  ) {
    const shown = show(text, text.indexOf("!"));
    assert.equal(marked(shown.map((line) => line.replaceAll("\u0301", "").replaceAll("日", "日 "))), "!");
    assert.ok(shown[1]!.replaceAll("\u0301", "").length < 110);
  }
  assert.ok(show(long, 500)[1]?.includes("…a"));
  assert.ok(show(long, 500)[1]?.endsWith("b…"));
});

test("formatProblem leaves a line alone that fits, wherever the place is", () => {
  const line = "x".repeat(100);
  for (const start of [0, 50, 99]) assert.equal(show(line, start)[1], ` 1 | ${line}`);
});

test("formatProblem shows nothing that could lead a terminal astray", () => {
  const text = "a\x1b[31mb\u202ec\u2028d\x9b";
  const problem = { ...new Source("\x1b.msg", text).problem({ start: 0, end: 1 }, `No ${text}.`) };
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(formatProblem(problem), /[\x1b\x9b\u202e\u2028]/);
});

test("formatProblem shows no line where the file as a whole is meant", () => {
  const { problems } = load(["no.msg"], textHost({}));
  assert.equal(formatProblem(problems[0]!), "no.msg: `no.msg` can't be read: there is no such file.");
});

test("formatProblems puts an empty line between problems", () => {
  const problem = new Source("a.msg", "x").problem({ start: 0, end: 1 }, "Wrong.", "Mend it.");
  assert.equal(
    formatProblems([problem, problem]),
    "a.msg:1:1: Wrong.\n 1 | x\n   | ^\n    Mend it.\n\na.msg:1:1: Wrong.\n 1 | x\n   | ^\n    Mend it.",
  );
  assert.equal(new MsgError([problem]).message, formatProblem(problem));
});

test("Problems tells so many, in the order of files and places, and then how many more there are", () => {
  const problems = new Problems();
  const [a, b] = [new Source("a", "x".repeat(200)), new Source("b", "x".repeat(200))];
  for (let i = 0; i < MAX_PROBLEMS; i++) {
    assert.equal(problems.full, false);
    problems.add(i % 2 === 0 ? b : a, { start: 199 - i, end: 200 - i }, `${i}`);
  }
  assert.equal(problems.full, true);
  const fail = () => assert.fail("what is not told is not written either");
  problems.add(a, { start: 0, end: 1 }, fail, fail);
  problems.add(a, { start: 0, end: 1 }, fail, fail);
  const list = problems.list();
  assert.equal(list.length, MAX_PROBLEMS + 1);
  assert.equal(list.at(-1)?.message, "At least another 2 problems can't be shown before some of these are solved.");
  const places = list.slice(0, -1).map(({ file, offset }) => `${file}${String(offset).padStart(3, "0")}`);
  assert.deepEqual(places, places.toSorted((x, y) => y[0]!.localeCompare(x[0]!) || x.localeCompare(y)));
});

test("Source finds lines and columns in any order", () => {
  const source = new Source("a", "ab\n\ncd");
  const places = (offsets: readonly number[]) => offsets.map((start) => source.at({ start, end: start }));
  const expected = ["a:1:1", "a:1:2", "a:1:3", "a:2:1", "a:3:1", "a:3:2", "a:3:3"];
  assert.deepEqual(places([0, 1, 2, 3, 4, 5, 6]), expected);
  assert.deepEqual(places([6, 5, 4, 3, 2, 1, 0]), expected.toReversed());
});

test("suggest finds the nearest name, and none that is too far, or too long to compare", () => {
  const names = ["Ping", "Pong", "Job", "Accepted"];
  const cases: readonly [string, string | undefined][] = [
    ["Pnig", "Ping"],
    ["ping", "Ping"],
    ["jobs", "Job"],
    ["Acepted", "Accepted"],
    ["Level", undefined],
    ["x", undefined],
    ["Ping".repeat(100), undefined],
  ];
  for (const [name, expected] of cases) {
    assert.equal(suggest(name, names), expected && `Did you mean \`${expected}\`?`, name);
  }
});

test("misspeltRule finds the word of a rule behind a slip, and leaves other words alone", () => {
  const slips = {
    all: ["al", "alll", "aall", "lal"],
    none: ["None", "nne", "nonne", "noen"],
    authenticated: ["autenticated", "authenticate", "authenticatted", "Authenitcated"],
  };
  for (const [word, names] of Object.entries(slips)) {
    for (const name of names) assert.equal(misspeltRule(name), word, name);
  }
  const others = [
    "all",
    "ALL",
    "none",
    "Authenticated",
    "node",
    "zone",
    "one",
    "call",
    "alt",
    "ally",
    "unauthenticated",
  ];
  for (const name of others) assert.equal(misspeltRule(name), undefined, name);
});
