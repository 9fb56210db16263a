import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { NODE } from "../runtimes.ts";
import { bundle } from "./transport/on_node.ts";

test("renew: works on Node", { skip: NODE === undefined && "Node is not installed" }, async () => {
  const { file, folder } = bundle("tests/runtime/renewal_test.ts");
  try {
    // A runner that finds itself started by another one reports in a form of its own.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    const node = spawn(NODE!, ["--test", "--test-reporter=tap", file], { env });
    let printed = "";
    node.stdout.on("data", (text) => printed += text);
    node.stderr.on("data", (text) => printed += text);
    const [code] = await once(node, "close");
    assert.equal(code, 0, printed);
    assert.match(printed, /^# pass 10$/m);
    assert.match(printed, /^# skipped 1$/m);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
