import assert from "node:assert/strict";
import { mkdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { filesIn, holdfast, inFolder, put, Running, textOf } from "./process.ts";

const PING = "Ping < id: int >\n";
const COMMON = "enum Level { debug, info }\n";
const USER = 'import "./common.msg"\nNotice < level: Level >\n';

describe("compile", () => {
  test("writes a .msg.ts beside a .msg, and says so", () =>
    inFolder({ "ping.msg": PING }, async (folder) => {
      const { code, stdout, stderr } = await holdfast(folder, "compile", "ping.msg");
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "wrote ping.msg.ts\n", stderr: "" });
      assert.match(textOf(join(folder, "ping.msg.ts")), /^\/\/ Made from ping\.msg .*\n[^]*export interface Ping \{/);
    }));

  test("leaves alone what is up to date", () =>
    inFolder({ "ping.msg": PING }, async (folder) => {
      await holdfast(folder, "compile", "ping.msg");
      const { mtimeMs, ino } = statSync(join(folder, "ping.msg.ts"));
      const { code, stdout } = await holdfast(folder, "compile", "ping.msg");
      assert.deepEqual({ code, stdout }, { code: 0, stdout: "up to date: 1 file\n" });
      const after = statSync(join(folder, "ping.msg.ts"));
      assert.deepEqual([after.mtimeMs, after.ino], [mtimeMs, ino]);
    }));

  test("gives the same bytes from any folder and by any path", () =>
    inFolder({ "a/ping.msg": PING, "b/x": "" }, async (folder) => {
      const path = join(folder, "a/ping.msg");
      const texts: string[] = [];
      for (const [cwd, file] of [["a", "ping.msg"], ["b", "../a/./ping.msg"], [".", path]] as const) {
        rmSync(`${path}.ts`, { force: true });
        assert.equal((await holdfast(join(folder, cwd), "compile", file)).code, 0);
        texts.push(textOf(`${path}.ts`));
      }
      assert.equal(new Set(texts).size, 1);
      assert.ok(!texts[0]?.includes(folder));
    }));

  test("looks through folders, but not through hidden ones and node_modules", () =>
    inFolder({ "src/a.msg": PING, "src/b/c.msg": PING, "src/.d/e.msg": PING, "src/node_modules/f.msg": PING }, async (
      folder,
    ) => {
      const { code, stdout } = await holdfast(folder, "compile", "src");
      assert.deepEqual({ code, stdout }, { code: 0, stdout: "wrote src/a.msg.ts\nwrote src/b/c.msg.ts\n" });
    }));

  test("compiles several files, each once, and what they import", () =>
    inFolder({ "user.msg": USER, "common.msg": COMMON, "ping.msg": PING }, async (folder) => {
      const { code, stdout } = await holdfast(folder, "compile", "user.msg", "./ping.msg", "ping.msg");
      assert.equal(code, 0);
      assert.deepEqual(stdout.split("\n").sort(), [
        "",
        "wrote common.msg.ts",
        "wrote ping.msg.ts",
        "wrote user.msg.ts",
      ]);
      assert.match(textOf(join(folder, "user.msg.ts")), /^import \{ Level \} from "\.\/common\.msg\.ts";$/m);
    }));

  test("--out keeps the folders, and the imports between them", () =>
    inFolder({ "src/a/user.msg": USER.replace("./", "../b/"), "src/b/common.msg": COMMON }, async (folder) => {
      assert.equal((await holdfast(folder, "compile", "src", "--out", "gen/ts")).code, 0);
      assert.deepEqual(filesIn(join(folder, "gen")), ["ts/a/user.msg.ts", "ts/b/common.msg.ts"]);
      assert.match(textOf(join(folder, "gen/ts/a/user.msg.ts")), /from "\.\.\/b\/common\.msg\.ts";/);
      assert.deepEqual(filesIn(join(folder, "src")), ["a/user.msg", "b/common.msg"]);
    }));

  test("--import takes a package or a URL as it is, and a path from the current folder", () =>
    inFolder({ "a/b/ping.msg": PING }, async (folder) => {
      for (
        const [given, written] of [
          ["@me/fork", "@me/fork"],
          ["https://example.org/mod.js", "https://example.org/mod.js"],
          ["./lib/mod.ts", "../../lib/mod.ts"],
        ] as const
      ) {
        assert.equal((await holdfast(folder, "compile", "a", "--import", given)).code, 0);
        assert.match(textOf(join(folder, "a/b/ping.msg.ts")), new RegExp(`^import .* from "${written}";$`, "m"));
      }
    }));

  test("--check passes what is up to date", () =>
    inFolder({ "ping.msg": PING }, async (folder) => {
      await holdfast(folder, "compile", "ping.msg");
      assert.equal((await holdfast(folder, "compile", "--check", "ping.msg")).code, 0);
    }));

  test("--check names what is missing or stale, and writes nothing", () =>
    inFolder({ "a.msg": PING, "b.msg": PING, "c.msg": PING }, async (folder) => {
      await holdfast(folder, "compile", "a.msg", "b.msg");
      writeFileSync(join(folder, "b.msg.ts"), "// changed\n", { flag: "a" });
      const stale = textOf(join(folder, "b.msg.ts"));
      const { code, stdout, stderr } = await holdfast(folder, "compile", "--check", ".");
      assert.deepEqual({ code, stdout }, { code: 1, stdout: "stale: b.msg.ts\nstale: c.msg.ts\n" });
      assert.match(stderr, /2 files .* without --check/);
      assert.equal(textOf(join(folder, "b.msg.ts")), stale);
      assert.deepEqual(filesIn(folder), ["a.msg", "a.msg.ts", "b.msg", "b.msg.ts", "c.msg"]);
    }));

  test("tells all problems with their places, and writes nothing, not even what is right", () =>
    inFolder({ "good.msg": PING, "bad.msg": "Ping < id: itn >\nPong < id: int, id: int >\n" }, async (folder) => {
      const { code, stdout, stderr } = await holdfast(folder, "compile", ".");
      assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
      assert.match(stderr, /^bad\.msg:1:12: /m);
      assert.match(stderr, /Ping < id: itn >\n.*\^\^\^/);
      assert.match(stderr, /^bad\.msg:2:17: /m);
      assert.match(stderr, /2 problems found\. Nothing was written\./);
      assert.doesNotMatch(stderr, /\bat .*:\d+:\d+\)?$/m, "a stack trace");
      assert.deepEqual(filesIn(folder), ["bad.msg", "good.msg"]);
    }));

  test("tells what is wrong with paths and with files in one go", () =>
    inFolder({ "bad.msg": "Ping < id: itn >\n", "ping.txt": PING }, async (folder) => {
      const { code, stderr } = await holdfast(folder, "compile", "bad.msg", "missing.msg", "ping.txt");
      assert.equal(code, 1);
      assert.match(stderr, /^bad\.msg:1:12: /m);
      assert.match(stderr, /^missing\.msg: This can't be read: there is no such file\.$/m);
      assert.match(stderr, /^ping\.txt: This is not a \.msg file/m);
      assert.match(stderr, /3 problems found\. Nothing was written\./);
    }));

  test("--import warns of a path without ./, but not of a package's name that a folder has", () =>
    inFolder({ "ping.msg": PING, "dist/mod.js": "" }, async (folder) => {
      const path = await holdfast(folder, "compile", "ping.msg", "--import", "dist/mod.js");
      assert.equal(path.code, 0);
      assert.match(path.stderr, /^warning: --import dist\/mod\.js .* Write \.\/dist\/mod\.js /);
      for (const right of ["./dist/mod.js", "dist", join(folder, "dist/mod.js")]) {
        assert.equal((await holdfast(folder, "compile", "ping.msg", "--import", right)).stderr, "");
      }
    }));

  test("--json says what was written, what is stale, and what is wrong", () =>
    inFolder({ "ping.msg": PING }, async (folder) => {
      const data = async (...args: string[]): Promise<unknown> => {
        const { code, stdout, stderr } = await holdfast(folder, "compile", "ping.msg", "--json", ...args);
        assert.equal(stderr, "");
        return [code, JSON.parse(stdout)];
      };
      assert.deepEqual(await data("--check"), [1, { stale: ["ping.msg.ts"], problems: [] }]);
      assert.deepEqual(await data(), [0, { written: ["ping.msg.ts"], problems: [] }]);
      assert.deepEqual(await data("--check"), [0, { stale: [], problems: [] }]);
      put(join(folder, "ping.msg"), "Ping < id: itn >\n");
      const place = { file: "ping.msg", line: 1, column: 12, end: { line: 1, column: 15 } };
      const problem = {
        ...place,
        message: "There is no type `itn`.",
        hint: "Declare it, or import the file that declares it.",
      };
      assert.deepEqual(await data(), [1, { written: [], problems: [problem] }]);
    }));

  test("is not in colour where there is no terminal", () =>
    inFolder({ "bad.msg": "<" }, async (folder) => {
      assert.ok(!(await holdfast(folder, "compile", ".")).stderr.includes("\u001b"));
    }));

  for (
    const [args, words] of [
      [[], /missing required argument 'files'/],
      [["x.msg", "--chek"], /unknown option '--chek'[^]*--check/],
      [["x.msg", "--check", "--watch"], /--check and --watch/],
      [["x.msg", "--out"], /'--out <folder>' argument missing/],
    ] as const
  ) {
    test(`says what is wrong with 'compile ${args.join(" ")}', and ends with 2`, () =>
      inFolder({ "x.msg": PING }, async (folder) => {
        const { code, stderr } = await holdfast(folder, "compile", ...args);
        assert.equal(code, 2);
        assert.match(stderr, words);
        assert.deepEqual(filesIn(folder), ["x.msg"]);
      }));
  }

  for (
    const [path, words] of [
      ["nowhere.msg", /^nowhere\.msg: This can't be read: there is no such file\./],
      ["ping.txt", /^ping\.txt: This is not a \.msg file/],
      ["empty", /^empty: There is no \.msg file in this folder/],
      ["loop.msg", /^loop\.msg: This can't be read: its links lead in a circle\./],
      ["ping.txt/x.msg", /^ping\.txt\/x\.msg: This can't be read: part of the path is not a folder\./],
    ] as const
  ) {
    test(`says why it can't compile ${path}, and ends with 1`, () =>
      inFolder({ "ping.txt": PING }, async (folder) => {
        mkdirSync(join(folder, "empty"));
        symlinkSync("loop.msg", join(folder, "loop.msg"));
        const { code, stdout, stderr } = await holdfast(folder, "compile", path);
        assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
        assert.match(stderr, words);
      }));
  }

  test("an import that is not there is a problem at its place", () =>
    inFolder({ "user.msg": USER }, async (folder) => {
      const { code, stderr } = await holdfast(folder, "compile", "user.msg");
      assert.equal(code, 1);
      assert.match(stderr, /^user\.msg:1:8: .*common\.msg/m);
    }));

  test("leaves no half-written file behind where one can't be written", () =>
    inFolder({ "a.msg": PING, "b.msg": PING, "b.msg.ts/in_the_way": "" }, async (folder) => {
      const { code, stderr } = await holdfast(folder, "compile", ".");
      assert.equal(code, 3);
      assert.match(stderr, /b\.msg\.ts: this can't be (read|written): it is a folder\./);
      assert.deepEqual(filesIn(folder), ["a.msg", "b.msg", "b.msg.ts/in_the_way"]);
    }));
});

describe("compile --watch", () => {
  test("compiles again on every change, of imports too, outlives problems, and ends with 0 when interrupted", () =>
    inFolder({ "user.msg": USER, "common.msg": COMMON }, async (folder) => {
      await using running = new Running(folder, ["compile", "--watch", "user.msg"]);
      await running.says(/wrote user\.msg\.ts[^]*watching 2 files/);

      put(join(folder, "user.msg"), `${USER}Added < id: int >\n`);
      await running.says(/wrote user\.msg\.ts/);
      assert.match(textOf(join(folder, "user.msg.ts")), /interface Added/);
      await running.says(/watching/);

      put(join(folder, "common.msg"), "enum Level { debug, inf");
      await running.says(/common\.msg:\d[^]*Nothing was written\.\n[^]*watching/);

      // As editors do it: another file takes the place of the old one.
      put(join(folder, "new"), "enum Level { debug, fatal }\n");
      renameSync(join(folder, "new"), join(folder, "common.msg"));
      await running.says(/wrote common\.msg\.ts[^]*watching/);
      assert.match(textOf(join(folder, "common.msg.ts")), /"fatal"/);

      running.interrupt();
      assert.equal((await running.ended).code, 0);
    }));

  test("finds new files in a folder, new folders, and an import that comes later", () =>
    inFolder({ "src/user.msg": USER.replace("./", "../lib/") }, async (folder) => {
      await using running = new Running(folder, ["compile", "--watch", "src"]);
      await running.says(/src\/user\.msg:1:8:[^]*watching/);

      put(join(folder, "lib/common.msg"), COMMON);
      await running.says(/wrote src\/user\.msg\.ts[^]*watching/);

      put(join(folder, "src/new/ping.msg"), PING);
      await running.says(/wrote src\/new\/ping\.msg\.ts[^]*watching/);

      rmSync(join(folder, "src"), { recursive: true });
      await running.says(/src: This can't be read[^]*watching/);

      put(join(folder, "src/ping.msg"), PING);
      await running.says(/wrote src\/ping\.msg\.ts[^]*watching/);

      // Another folder of the same name, at once.
      rmSync(join(folder, "src"), { recursive: true });
      put(join(folder, "src/ping.msg"), `${PING}Pong < id: int >\n`);
      await running.says(/wrote src\/ping\.msg\.ts[^]*watching/);
      put(join(folder, "src/ping.msg"), `${PING}Pang < id: int >\n`);
      await running.says(/wrote src\/ping\.msg\.ts[^]*watching/);

      running.interrupt();
      assert.equal((await running.ended).code, 0);
    }));
});
