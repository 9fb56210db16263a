import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readReport } from "./run/report.ts";
import { BUN, DENO, ROOT } from "./runtimes.ts";

const LEAKS = "./tests/harness/testdata/leaks.ts";

/** Runs the leaking tests; gives back how each came out, and everything that was printed. */
async function run(command: string, args: (report: string) => string[]): Promise<[Map<string, string>, string]> {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-harness-"));
  try {
    const report = join(folder, "report.xml");
    const runner = spawn(command, args(report), { cwd: ROOT });
    let printed = "";
    runner.stdout.on("data", (text) => printed += text);
    runner.stderr.on("data", (text) => printed += text);
    await once(runner, "close");
    const { cases } = readReport(readFileSync(report, "utf8"));
    return [new Map(cases.map(({ name, outcome }) => [name, outcome])), printed];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("check: fails a test that leaves something behind, and no other", async () => {
  const [outcomes, printed] = "Bun" in globalThis
    ? await run(BUN, (report) => ["test", "--reporter=junit", `--reporter-outfile=${report}`, "--timeout=30000", LEAKS])
    : await run(DENO!, (report) => ["test", "-A", "--no-check", `--junit-path=${report}`, LEAKS]);
  assert.ok(outcomes.size >= 16, printed);
  for (const [name, outcome] of outcomes) {
    assert.equal(outcome, name.startsWith("passes") ? "passed" : "failed", `${name}\n${printed}`);
  }
  for (
    const told of [
      /a timer \(setTimeout\), made at tests\/harness\/testdata\/leaks\.ts:\d+/,
      /a timer \(setInterval\), made at/,
      /a pending promise, made at runtime\/transport\/gate\.ts:\d+/,
      /a listener, made at/,
      /a stream at the client, to port \d+, made at/,
      /a stream at the service, from port \d+, made at/,
      /1 sessions/,
      /a socket that listens on port \d+/,
      /a socket from port \d+ to \d+/,
      /The test is not done after 50 ms/,
    ]
  ) assert.match(printed, told);
});
