import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import process from "node:process";
import { describe, test } from "node:test";
import { BUN } from "../../runtimes.ts";
import type { Ended } from "../process.ts";
import { COMMON, inProject, PONG } from "./project.ts";

const BUILD = `import { holdfast } from "holdfast/plugin";

const { success, logs } = await Bun.build({
  entrypoints: ["app.ts"],
  outdir: "out",
  target: "bun",
  plugins: [holdfast()],
  throw: false,
});
for (const log of logs) console.error(log);
process.exitCode = success ? 0 : 1;
`;

const BROKEN = { "shared/common.msg": COMMON.replace("int|long", "number") };
const PROBLEM = /shared\/common\.msg:2:17: There is no type `number`\.\n 2 \| Count < number: number = 1 >\n/;

function bun(cwd: string, ...args: string[]): Promise<Ended> {
  const env = { ...process.env, NO_COLOR: "1" };
  return new Promise((done) => {
    const child = execFile(BUN, args, { cwd, env }, (_, stdout, stderr) => {
      done({ code: child.exitCode, stdout, stderr });
    });
  });
}

describe("the plugin in Bun.build", () => {
  test("compiles what is imported, and what that imports; the bundle runs", () =>
    inProject({ "build.ts": BUILD }, async (folder) => {
      const built = await bun(folder, "build.ts");
      assert.deepEqual(built, { code: 0, stdout: "", stderr: "" });
      assert.deepEqual(await bun(folder, "out/app.js"), { code: 0, stdout: PONG, stderr: "" });
    }));

  test("shows a problem with its file, line and column", () =>
    inProject({ "build.ts": BUILD, ...BROKEN }, async (folder) => {
      const { code, stderr } = await bun(folder, "build.ts");
      assert.equal(code, 1);
      assert.match(stderr, PROBLEM);
    }));
});

describe("holdfast/preload", () => {
  const preload = { "bunfig.toml": 'preload = ["holdfast/preload"]\n' };

  test("lets Bun run a program that imports .msg files", () =>
    inProject(preload, async (folder) => {
      assert.deepEqual(await bun(folder, "app.ts"), { code: 0, stdout: PONG, stderr: "" });
    }));

  test("shows a problem with its file, line and column", () =>
    inProject({ ...preload, ...BROKEN }, async (folder) => {
      const { code, stderr } = await bun(folder, "app.ts");
      assert.equal(code, 1);
      assert.match(stderr, PROBLEM);
    }));
});
