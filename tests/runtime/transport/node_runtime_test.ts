import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { NODE } from "../../runtimes.ts";
import { bundle } from "./on_node.ts";

for (const file of ["native_test.ts", "memory_test.ts"]) {
  test(`nodeNetwork, memoryNetwork on Node: ${file} passes`, {
    skip: NODE === undefined && "Node is not installed",
  }, async () => {
    const bundled = bundle(`tests/runtime/transport/${file}`);
    try {
      const node = spawn(NODE!, ["--test", "--test-reporter=tap", bundled.file], { env: cleanEnvironment() });
      let printed = "";
      node.stdout.on("data", (text) => printed += text);
      node.stderr.on("data", (text) => printed += text);
      const [code] = await once(node, "close");
      assert.equal(code, 0, printed);
      assert.match(printed, /^# fail 0$/m);
      assert.ok(Number(/^# pass (\d+)$/m.exec(printed)?.[1]) > 30, printed);
    } finally {
      rmSync(bundled.folder, { recursive: true });
    }
  });
}

/** A runner that finds itself started by another one reports in a form of its own. */
function cleanEnvironment(): Record<string, string | undefined> {
  const { NODE_TEST_CONTEXT: _, ...others } = process.env;
  return others;
}
