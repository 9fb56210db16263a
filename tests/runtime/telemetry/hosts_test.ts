import { build } from "esbuild";
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { HOSTS, run } from "../../programs.ts";
import { NODE, ROOT } from "../../runtimes.ts";

const PROGRAM = "tests/runtime/telemetry/testdata/parent_and_child.ts";

/** The command for Node: the SDK stays as it was installed, since parts of it can't be bundled as a module. */
async function onNode(folder: string): Promise<readonly string[]> {
  const outfile = join(folder, "program.mjs");
  const format = { bundle: true, format: "esm", platform: "node", packages: "external", target: "node20" } as const;
  await build({ absWorkingDir: ROOT, entryPoints: [PROGRAM], outfile, ...format });
  return [NODE!, outfile];
}

for (const host of HOSTS) {
  test(`openTelemetry: on ${host.name}, a request's spans are one trace`, { skip: host.skip }, async () => {
    // Within the project, so that Node finds its packages.
    mkdirSync(join(ROOT, "dist"), { recursive: true });
    const folder = mkdtempSync(join(ROOT, "dist", "telemetry-"));
    try {
      const command = host.name === "Node" ? await onNode(folder) : await host.prepare(PROGRAM, folder);
      const { code, stderr, stdout } = await run(command);
      assert.equal(code, 0, stderr);
      assert.deepEqual(stdout.trim().split("\n"), [
        "SERVER Lab/Family/Ask, child of 1",
        "CLIENT Lab/Family/Ask, child of 2",
        "INTERNAL work, child of -1",
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}
