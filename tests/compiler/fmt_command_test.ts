import assert from "node:assert/strict";
import { chmodSync, lstatSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { describe, test } from "node:test";
import { filesIn, holdfast, holdfastWith, inFolder, Running, textOf } from "./process.ts";

const ODD = "A<id:int>\n";
const EVEN = "A < id: int >\n";

describe("fmt", () => {
  test("formats what is odd, says so, and leaves alone what is not", () =>
    inFolder({ "odd.msg": ODD, "b/even.msg": EVEN, "other.txt": ODD }, async (folder) => {
      const before = statSync(join(folder, "b/even.msg"));
      const { code, stdout, stderr } = await holdfast(folder, "fmt");
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "formatted: odd.msg\n", stderr: "" });
      assert.equal(textOf(join(folder, "odd.msg")), EVEN);
      const after = statSync(join(folder, "b/even.msg"));
      assert.deepEqual([after.ino, after.mtimeMs], [before.ino, before.mtimeMs]);
      assert.deepEqual(filesIn(folder), ["b/even.msg", "odd.msg", "other.txt"]);
      assert.equal((await holdfast(folder, "fmt")).stdout, "formatted already: 2 files\n");
    }));

  test("--check names what would be changed, changes nothing, and ends with 1", () =>
    inFolder({ "odd.msg": ODD, "even.msg": EVEN }, async (folder) => {
      const { code, stdout, stderr } = await holdfast(folder, "fmt", "--check", ".");
      assert.deepEqual({ code, stdout }, { code: 1, stdout: "not formatted: odd.msg\n" });
      assert.match(stderr, /1 file to be formatted\. .* without --check/);
      assert.equal(textOf(join(folder, "odd.msg")), ODD);
      assert.equal((await holdfast(folder, "fmt", "--check", "even.msg")).code, 0);
    }));

  test("formats what it can of a file with problems, and of other files; tells them, and ends with 1", () =>
    inFolder({ "bad.msg": "B < a  int >\nA<id:int>\n", "odd.msg": ODD }, async (folder) => {
      writeFileSync(join(folder, "latin1.msg"), new Uint8Array([0x2f, 0x2f, 0xe9]));
      const { code, stdout, stderr } = await holdfast(folder, "fmt", ".", "missing.msg");
      assert.deepEqual({ code, stdout }, { code: 1, stdout: "formatted: bad.msg\nformatted: odd.msg\n" });
      assert.equal(textOf(join(folder, "bad.msg")), `B < a  int >\n${EVEN}`);
      assert.deepEqual([...readFileSync(join(folder, "latin1.msg"))], [0x2f, 0x2f, 0xe9]);
      assert.match(stderr, /^bad\.msg:1:8: /m);
      assert.match(stderr, /^latin1\.msg:1:3: The file is not UTF-8/m);
      assert.match(stderr, /^missing\.msg: This can't be read/m);
      assert.match(stderr, /3 problems found\. What has them was left as it is\.\n$/);
    }));

  test("--json gives what was formatted, what is unformatted, and the problems", () =>
    inFolder({ "odd.msg": ODD, "bad.msg": "B < a  int >\n" }, async (folder) => {
      for (const [args, name] of [[["--check"], "unformatted"], [[], "formatted"]] as const) {
        const { code, stdout, stderr } = await holdfast(folder, "fmt", "--json", ...args);
        assert.deepEqual({ code, stderr }, { code: 1, stderr: "" });
        const { [name]: files, problems } = JSON.parse(stdout);
        assert.deepEqual(files, ["odd.msg"]);
        assert.deepEqual(problems.map(({ file, line }: { file: string; line: number }) => [file, line]), [[
          "bad.msg",
          1,
        ]]);
      }
    }));

  test(
    "keeps a file's mode, and writes through a link",
    { skip: process.platform === "win32" },
    () =>
      inFolder({ "odd.msg": ODD }, async (folder) => {
        chmodSync(join(folder, "odd.msg"), 0o606);
        symlinkSync("odd.msg", join(folder, "link.msg"));
        assert.equal((await holdfast(folder, "fmt", "link.msg")).code, 0);
        assert.equal(textOf(join(folder, "odd.msg")), EVEN);
        assert.equal(statSync(join(folder, "odd.msg")).mode & 0o777, 0o606);
        assert.ok(lstatSync(join(folder, "link.msg")).isSymbolicLink());
      }),
  );

  test("- formats standard input to standard output", () =>
    inFolder({}, async (folder) => {
      const { code, stdout, stderr } = await holdfastWith({ input: "// é\r\nA<id:int>" }, folder, "fmt", "-");
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "// é\r\nA < id: int >\r\n", stderr: "" });
    }));

  test("- gives back what can't be read, and says so", () =>
    inFolder({}, async (folder) => {
      const { code, stdout, stderr } = await holdfastWith({ input: "B < a  int >\n" }, folder, "fmt", "-");
      assert.deepEqual({ code, stdout }, { code: 1, stdout: "B < a  int >\n" });
      assert.match(stderr, /^<stdin>:1:8: /);
    }));

  test("--check - ends with 1 if standard input is not formatted", () =>
    inFolder({}, async (folder) => {
      const odd = await holdfastWith({ input: ODD }, folder, "fmt", "--check", "-");
      assert.deepEqual([odd.code, odd.stdout], [1, "not formatted: <stdin>\n"]);
      const even = await holdfastWith({ input: EVEN }, folder, "fmt", "--check", "-");
      assert.deepEqual([even.code, even.stdout], [0, ""]);
    }));

  for (const [args, words] of [[["-", "a.msg"], /- stands alone/], [["-", "--json"], /--json is for files/]] as const) {
    test(`says what is wrong with 'fmt ${args.join(" ")}', and ends with 2`, () =>
      inFolder({}, async (folder) => {
        const { code, stderr } = await holdfast(folder, "fmt", ...args);
        assert.equal(code, 2);
        assert.match(stderr, words);
      }));
  }

  for (const [signal, exitCode] of [["SIGINT", 130], ["SIGTERM", 143]] as const) {
    test(`ends with ${exitCode} where ${signal} comes while it waits for standard input`, () =>
      inFolder({}, async (folder) => {
        await using running = new Running(folder, ["fmt", "-"], { input: "" });
        await running.reads("A < >\n".repeat(100_000));
        running.interrupt(signal);
        const { code, stdout } = await running.ended;
        assert.deepEqual({ code, stdout }, { code: exitCode, stdout: "" });
      }));
  }

  test("ends with 130 where Ctrl+C is pressed between files, and leaves none half written", () =>
    inFolder(Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`${index}.msg`, ODD])), async (folder) => {
      await using running = new Running(folder, ["fmt"]);
      await running.says(/formatted: /);
      running.interrupt();
      const { code } = await running.ended;
      const texts = filesIn(folder).map((file) => [file.endsWith(".msg"), textOf(join(folder, file))] as const);
      assert.ok(texts.every(([isMessage, text]) => isMessage && (text === ODD || text === EVEN)));
      assert.equal(code, 130);
      assert.ok(texts.some(([, text]) => text === ODD));
    }));
});
