import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, test } from "node:test";
import { HOSTS, Program } from "../../../../programs.ts";

/** How each runtime is told to forbid it; Bun has no such option. */
const FORBIDDING: { readonly [name: string]: readonly string[] } = {
  Deno: ["run", "--v8-flags=--disallow-code-generation-from-strings"],
  Node: ["--disallow-code-generation-from-strings"],
};

describe("createCodec interprets where code may not be generated", () => {
  for (const host of HOSTS) {
    const forbidding = FORBIDDING[host.name];
    if (forbidding === undefined) continue;
    test(host.name, { skip: host.skip }, async () => {
      const folder = await mkdtemp(join(tmpdir(), "holdfast-"));
      try {
        const [runtime, ...args] = await host.prepare("tests/runtime/wire/native/generated/forbidden.ts", folder);
        const others = args.filter((arg) => arg !== "run");
        await using program = new Program([runtime!, ...forbidding, ...others], []);
        const { code, stdout, stderr } = await program.ended;
        assert.equal(code, 0, stderr);
        assert.deepEqual(JSON.parse(stdout), {
          canGenerate: false,
          value: { text: "some words, 25 characters", level: "info" },
        });
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }
});
