import assert from "node:assert/strict";
import { test } from "node:test";
import { compare, judge } from "./faults/judge.ts";
import { Book } from "./faults/lab.ts";
import { ANY_BREAK, BREAKS_TWICE, plan } from "./faults/plan.ts";
import { OWN_HOST, run } from "./programs.ts";

test("faults: a service on this runtime and clients on both lose nothing, whatever breaks (short)", async () => {
  const command = await OWN_HOST.prepare("tests/faults/run.ts", "");
  const { code, stderr, stdout } = await run(command, "--short", "--runtime", OWN_HOST.name.toLowerCase());
  assert.equal(code, 0, stdout + stderr);
  assert.match(stdout, /^messages \d{4,}, breaks \d{2,}, lost 0, duplicated 0, reordered 0, leaked 0$/m);
});

test("plan: the same seed makes the same faults, another one others", () => {
  const make = (seed: number) => plan(seed, [ANY_BREAK, BREAKS_TWICE], 50, 1_000);
  assert.deepEqual(make(7), make(7));
  assert.notDeepEqual(make(7), make(8));
});

for (
  const [what, handled, wrong] of [
    ["nothing", [1, 2, 3, 4], { lost: 0, duplicated: 0, reordered: 0 }],
    ["one lost", [1, 2, 4], { lost: 1, duplicated: 0, reordered: 1 }],
    ["the last lost", [1, 2, 3], { lost: 1, duplicated: 0, reordered: 1 }],
    ["one duplicated", [1, 2, 2, 3, 4], { lost: 0, duplicated: 1, reordered: 1 }],
    ["two reordered", [1, 3, 2, 4], { lost: 0, duplicated: 0, reordered: 2 }],
  ] as const
) {
  test(`compare: finds ${what}`, () => {
    const [sender, receiver] = [new Book(undefined), new Book(undefined)];
    for (const seq of [1, 2, 3, 4]) sender.send("one>", seq);
    for (const seq of handled) receiver.handle("one>", seq);
    const { duplicated, faults, lost, messages, reordered } = compare([receiver.accounts, sender.accounts]);
    assert.deepEqual({ lost, duplicated, reordered }, wrong);
    assert.equal(messages, 4);
    assert.equal(faults.length > 0, what !== "nothing");
  });
}

test("compare: a rejected message of a session that has survived is a lost one", () => {
  const book = new Book(undefined);
  book.send("one>", 1);
  book.handle("one>", 1);
  book.settle("one>", 1, "unknown", new Error("Gone."));
  assert.equal(compare([book.accounts]).lost, 1);
});

for (
  const [what, journal, mayFail, wrong] of [
    ["handled, as it was told", "S R H", true, {}],
    ["not handled, as it was told", "S N", true, {}],
    ["not known, and handled", "S R U", true, {}],
    ["not known, and not handled", "S U", true, {}],
    ["not told, since its sender was killed", "S R", true, {}],
    ["acknowledged, and not handled", "S H", true, { lost: 1, faults: 1 }],
    ["handled twice", "S R R H", true, { duplicated: 1, faults: 1 }],
    ["handled, and told not to be", "S R N", true, { duplicated: 1, faults: 1 }],
    ["handled, and never sent", "R", true, { faults: 1 }],
    ["told two things", "S R H U", true, { faults: 1 }],
    ["not handled where all must be", "S N", false, { lost: 1, faults: 2 }],
    ["not known where all must be", "S R U", false, { faults: 1 }],
  ] as const
) {
  test(`judge: a message that is ${what}`, () => {
    const lines = journal.split(" ").map((mark) => `${mark} 1 one>\n`);
    const { duplicated, faults, lost, reordered } = judge([lines.join("")], mayFail);
    const found = { lost, duplicated, reordered, faults: faults.length };
    assert.deepEqual(found, { lost: 0, duplicated: 0, reordered: 0, faults: 0, ...wrong });
  });
}

test("judge: messages that are handled out of order, in one process or from one to the next", () => {
  const sent = "S 1 one>\nS 2 one>\n";
  assert.equal(judge([sent, "R 1 one>\n", "R 2 one>\n"], true).reordered, 0);
  assert.equal(judge([sent, "R 2 one>\nR 1 one>\n"], true).reordered, 1);
  assert.equal(judge([sent, "R 2 one>\n", "R 1 one>\n"], true).reordered, 1);
});
