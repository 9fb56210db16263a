import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { OWN_HOST, Program } from "../programs.ts";

test("executors: each task is completed exactly once, though one is killed and one is cut off", async () => {
  const temporary = mkdtempSync(join(tmpdir(), "holdfast-executor-test-"));
  try {
    const command = await OWN_HOST.prepare("examples/executor/run.ts", temporary);
    await using executors = new Program(command, [], { TMPDIR: temporary });
    const { code, stdout, stderr } = await executors.ended;
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^STATUS four resumed$/m);
    assert.match(stdout, /^DROPPED one, which gives back \d+ tasks/m);
    assert.match(stdout, /^SUMMARY tasks 3000, completed 3000, completed twice 0, .*not theirs 0$/m);
  } finally {
    rmSync(temporary, { recursive: true });
  }
});
