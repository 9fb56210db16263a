import {
  build,
  type BuildContext,
  type BuildOptions,
  type BuildResult,
  context,
  formatMessages,
  type Message,
  type PluginBuild,
} from "esbuild";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, test } from "node:test";
import { holdfast } from "../../../compiler/plugin/plugin.ts";
import { NODE } from "../../runtimes.ts";
import { filesIn, put } from "../process.ts";
import { COMMON, inProject, PINGPONG, PONG } from "./project.ts";

const options = (folder: string, entry = "app.ts"): BuildOptions => ({
  absWorkingDir: folder,
  entryPoints: [entry],
  outfile: "out.mjs",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node20",
  mainFields: ["module", "main"],
  logLevel: "silent",
  plugins: [holdfast()],
});

/** The errors of a build that must fail. */
async function errorsOf(building: Promise<unknown>): Promise<Message[]> {
  return await building.then(() => assert.fail("The build went well."), ({ errors }) => errors);
}

describe("the plugin in esbuild", () => {
  test("compiles what is imported, and what that imports; the bundle runs on Node and on this runtime", () =>
    inProject({}, async (folder) => {
      const { warnings } = await build(options(folder));
      assert.deepEqual(warnings, []);
      const here = "deno" in process.versions ? [process.execPath, "run", "-A"] : [process.execPath];
      for (const [command = "", ...args] of [here, ...NODE === undefined ? [] : [[NODE]]]) {
        assert.equal(execFileSync(command, [...args, "out.mjs"], { cwd: folder, encoding: "utf8" }), PONG, command);
      }
      assert.deepEqual(filesIn(folder).filter((file) => /\.msg\..*ts$/.test(file) && !/node_modules/.test(file)), []);
    }));

  test("shows a problem where it is, as esbuild shows its own, with what to do", () =>
    inProject({
      "pingpong.msg": PINGPONG.replace("Ping < count", "Ping < /* 界𝒳 */ count").replace(
        "count: Count",
        "count: Cuont",
      ),
    }, async (folder) => {
      const errors = await errorsOf(build(options(folder)));
      const [shown = ""] = await formatMessages(errors, { kind: "error" });
      assert.equal(errors.length, 1, shown);
      const { file, line, column, length, lineText } = errors[0]?.location ?? assert.fail("It has no place.");
      const before = new TextEncoder().encode("Ping < /* 界𝒳 */ count: ").length;
      assert.deepEqual({ file, line, column, length, lineText }, {
        file: "pingpong.msg",
        ...{ line: 3, column: before, length: "Cuont".length },
        lineText: "Ping < /* 界𝒳 */ count: Cuont >",
      });
      assert.match(shown, /\[plugin holdfast\][^]*pingpong\.msg:3:\d+:[^]*~~~~~/);
      assert.match(JSON.stringify(errors[0]?.notes), /Count/);
    }));

  test("tells once what is wrong with a file that several import, and nothing of what follows from it", () =>
    inProject({
      "other.msg": PINGPONG.replace("PingPong", "Other"),
      "both.ts": `import "./app.ts";\nimport { Other } from "./other.msg";\nconsole.log(Other);\n`,
      "shared/common.msg": COMMON.replace("int|long", "number"),
    }, async (folder) => {
      const places = (await errorsOf(build(options(folder, "both.ts")))).map(({ location }) => location?.file);
      assert.deepEqual(places, [join("shared", "common.msg")]);
    }));

  test("says so where an imported file is not there", () =>
    inProject({}, async (folder) => {
      rmSync(join(folder, "shared/common.msg"));
      const [error, ...others] = await errorsOf(build(options(folder, "pingpong.msg")));
      assert.deepEqual([error?.location?.file, error?.location?.line, others], ["pingpong.msg", 1, []]);
    }));

  test("watching, builds again when a file changes that is imported for its types alone", () =>
    inProject({ "main.ts": `import { Ping } from "./pingpong.msg";\nconsole.log(Ping);\n` }, async (folder) => {
      const waiting: ((result: BuildResult) => void)[] = [];
      const next = () => new Promise<BuildResult>((done) => waiting.push(done));
      const tell = {
        name: "tell",
        setup: ({ onEnd }: PluginBuild) => onEnd((r) => waiting.shift()?.(r)),
      };
      const first = next();
      const watched = { ...options(folder, "main.ts"), plugins: [holdfast(), tell] };
      const watching: BuildContext = await context(watched);
      try {
        await watching.watch();
        assert.deepEqual((await first).errors, []);
        const second = next();
        put(join(folder, "shared/common.msg"), "Cuont < >\n");
        assert.equal((await second).errors[0]?.location?.file, "pingpong.msg");
        const third = next();
        put(join(folder, "shared/common.msg"), `${COMMON}More < >\n`);
        assert.deepEqual((await third).errors, []);
      } finally {
        await watching.dispose();
      }
    }));

  test("takes Holdfast from where it is told", () =>
    inProject({}, async (folder) => {
      const inside = { ...options(folder, "pingpong.msg"), external: ["https://*"], write: false };
      const { outputFiles } = await build({
        ...inside,
        plugins: [holdfast({ import: "https://files.example/mod.js" })],
      });
      assert.match(outputFiles?.[0]?.text ?? "", /from "https:\/\/files\.example\/mod\.js"/);
    }));
});
