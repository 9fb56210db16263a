import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { judge, readReport } from "./run/report.ts";
import { DENO, ROOT } from "./runtimes.ts";
import { findSecrets, SECRET } from "./secrets.ts";

const DENO_REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="deno test" tests="6" failures="1" errors="0" time="0.2">
  <testsuite name="./tests/a_test.ts" tests="3" disabled="0" errors="0" failures="1">
    <testcase name="with steps" classname="./tests/a_test.ts"></testcase>
    <testcase name="with steps &gt; a step" classname="./tests/a_test.ts"></testcase>
    <testcase name="group" classname="./tests/a_test.ts"><failure message="1 test step failed."/></testcase>
  </testsuite>
  <testsuite name="ext:deno_node/testing.ts" tests="3" disabled="1" errors="0" failures="1">
    <testcase name="group &gt; one" classname="ext:deno_node/testing.ts"><failure message="no">no</failure></testcase>
    <testcase name="group &gt; two" classname="ext:deno_node/testing.ts"><skipped/></testcase>
  </testsuite>
</testsuites>`;

const BUN_REPORT = `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="bun test" tests="3" failures="0" skipped="1">
  <testsuite name="tests/a_test.ts" file="tests/a_test.ts">
    <testcase name="alone" />
    <testsuite name="group" file="tests/a_test.ts">
      <testcase name="one" classname="group" />
      <testcase name="two" classname="group"><skipped /></testcase>
    </testsuite>
  </testsuite>
</testsuites>`;

const file = "tests/a_test.ts";

test("readReport counts the tests of Deno's groups once, under their file", () => {
  assert.deepEqual(readReport(DENO_REPORT).cases, [
    { file, name: "with steps > a step", outcome: "passed" },
    { file, name: "group > one", outcome: "failed" },
    { file, name: "group > two", outcome: "skipped" },
  ]);
});

test("readReport counts a group that fails though its tests pass", () => {
  const report = DENO_REPORT.replace('<failure message="no">no</failure>', "");
  assert.deepEqual(readReport(report).cases.filter(({ outcome }) => outcome === "failed"), [
    { file, name: "group", outcome: "failed" },
  ]);
});

test("readReport reads Bun's nested groups", () => {
  assert.deepEqual(readReport(BUN_REPORT).cases, [
    { file, name: "alone", outcome: "passed" },
    { file, name: "group > one", outcome: "passed" },
    { file, name: "group > two", outcome: "skipped" },
  ]);
});

test("judge finds no fault with a run that did all it should", () => {
  assert.deepEqual(
    judge({ files: [file], code: 0, report: BUN_REPORT, output: "", errors: "", uncaught: [] }).faults,
    [],
  );
});

test("judge hears of a file whose tests are made elsewhere by what Deno prints", () => {
  const ending = { files: ["tests/b_test.ts"], code: 1, report: DENO_REPORT, errors: "", uncaught: [] };
  const running = (count: number) => `\x1b[38mrunning ${count} tests from ./tests/b_test.ts\x1b[0m\n`;
  assert.deepEqual(judge({ ...ending, output: running(2) }).faults, []);
  assert.equal(judge({ ...ending, output: running(0) }).faults.length, 1);
});

test("judge finds fault with a missing report, a silent file, a bad exit code and an uncaught error", () => {
  const good = { files: [file], code: 0, report: BUN_REPORT, output: "", errors: "", uncaught: [] };
  assert.equal(judge({ ...good, report: undefined }).faults.length, 1);
  assert.match(
    judge({ ...good, files: [file, "tests/b_test.ts"] }).faults.join(),
    /^tests\/b_test\.ts: it ran no test/,
  );
  assert.match(
    judge({ ...good, report: DENO_REPORT, files: ["tests/b_test.ts"] }).faults.join(),
    /^tests\/b_test\.ts: it/,
  );
  assert.match(judge({ ...good, code: 1 }).faults.join(), /exit code 1/);
  assert.match(judge({ ...good, code: null }).faults.join(), /from outside/);
  assert.match(judge({ ...good, uncaught: ["boom"] }).faults.join(), /boom/);
});

test("judge finds fault with a secret, wherever it was printed", () => {
  const good = { files: [file], code: 0, report: BUN_REPORT, output: "", errors: "", uncaught: [] };
  const secrets: readonly (readonly [what: string, text: string])[] = [
    ["a private key", `-----BEGIN ${"PRIVATE KEY"}-----`],
    ["a private key", `key: "-----BEGIN EC ${"PRIVATE KEY"}-----\\nMIG`],
    ["a private key", `-----BEGIN ENCRYPTED ${"PRIVATE KEY"}-----`],
    ["a JSON Web Token", `Bearer ${["eyJhbGciOiJFUzI1NiJ9", "eyJzdWIiOiJhZGEifQ", "c2ln"].join(".")}`],
    ["a JSON Web Token", `"${["eyJhbGciOiJub25lIn0", "eyJzdWIiOiJhZGEifQ", ""].join(".")}"`],
    ["a test's token", `token=${SECRET}-7`],
    ["a test's token", SECRET.replace("-", "\x1b[31m-\x1b[0m")],
  ];
  for (const [what, text] of secrets) {
    for (const ending of [{ output: text }, { errors: text }, { output: text, errors: text }]) {
      const { faults } = judge({ ...good, ...ending });
      assert.match(faults.join("; "), new RegExp(`^It printed ${what}`));
    }
    // It is one that was not caught, besides.
    assert.equal(judge({ ...good, uncaught: [text] }).faults.length, 2);
  }
  assert.match(judge({ ...good, report: BUN_REPORT.replace("alone", SECRET) }).faults.join(), /^It printed a test's/);
  assert.deepEqual(findSecrets("-----BEGIN CERTIFICATE----- eyJ.eyJ. hf-secret PRIVATE KEY a.b.c"), []);
});

describe("run.ts on both runtimes", { skip: DENO === undefined }, () => {
  const run = (...args: string[]) => {
    const { status, stdout } = spawnSync(DENO ?? "", ["run", "-A", "tests/run.ts", ...args], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return { status, last: stdout.trimEnd().split("\n").at(-1) };
  };
  const fixture = (name: string) => `tests/run/testdata/${name}.ts`;

  const endings: readonly (readonly [string, number, string])[] = [
    ["good", 0, "2 passed, 0 failed"],
    ["mixed", 1, "4 passed, 4 failed, 2 skipped"],
    ["empty", 1, "0 passed, 2 failed"],
    ["throws", 1, "1 passed, 2 failed"],
    ["rejects", 1, "0 passed, 3 failed"],
    ["exits", 1, "0 passed, 2 failed"],
    ["tells", 1, "6 passed, 6 failed"],
  ];
  for (const [name, status, last] of endings) {
    test(`${name}.ts ends with "${last}"`, () => assert.deepEqual(run(fixture(name)), { status, last }));
  }

  test("a file that cannot be loaded leaves the others counted on Bun", () => {
    assert.equal(run(fixture("throws"), fixture("good")).last, "3 passed, 2 failed");
  });

  test("a path that is not there is wrong usage", () => assert.equal(run("tests/nowhere").status, 2));
});
