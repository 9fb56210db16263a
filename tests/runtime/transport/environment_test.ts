import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import process from "node:process";
import { test } from "node:test";
import { BUN, DENO, NODE, ROOT } from "../../runtimes.ts";
import { UNTRUSTED } from "./certificates.ts";
import { bundle } from "./on_node.ts";

const SCRIPT = "tests/runtime/transport/testdata/untrusting.ts";

function judge(value: string | undefined, command: string, args: readonly string[]): void {
  const env = { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: value };
  const { stdout, stderr } = spawnSync(command, args, { cwd: ROOT, env, encoding: "utf8" });
  // Once for each network that the runtime has.
  const wanted = UNTRUSTED.flatMap(([what]) => [`${what}: certificate`, `${what}: certificate`]);
  assert.deepEqual(stdout.trim().split("\n"), wanted, stderr);
}

// Without the variable, too: it shows that the service is one that nobody trusts.
for (const value of [undefined, "0"]) {
  const name = `connect with NODE_TLS_REJECT_UNAUTHORIZED=${value ?? ""}`;

  test(`${name}: Deno trusts no one more`, { skip: DENO === undefined && "Deno is not installed" }, () => {
    judge(value, DENO!, ["run", "-A", "--no-check", SCRIPT]);
  });

  test(`${name}: Bun trusts no one more`, () => judge(value, BUN, ["run", SCRIPT]));

  test(`${name}: Node trusts no one more`, { skip: NODE === undefined && "Node is not installed" }, () => {
    const { file, folder } = bundle(SCRIPT);
    try {
      judge(value, NODE!, [file]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
