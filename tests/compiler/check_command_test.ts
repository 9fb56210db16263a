import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { filesIn, holdfast, inFolder } from "./process.ts";

describe("check", () => {
  test("looks through the current folder, and writes nothing", () =>
    inFolder({ "a.msg": "A < id: int >\n", "b/b.msg": 'import "../a.msg"\nB < a: A >\n' }, async (folder) => {
      const { code, stdout, stderr } = await holdfast(folder, "check");
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "no problems: 2 files\n", stderr: "" });
      assert.deepEqual(filesIn(folder), ["a.msg", "b/b.msg"]);
    }));

  test("tells all problems, of imports and of paths too, and ends with 1", () =>
    inFolder({ "a.msg": "A < id: itn >\n", "b.msg": 'import "./a.msg"\nB < a: Aa >\n' }, async (folder) => {
      const { code, stdout, stderr } = await holdfast(folder, "check", "b.msg", "c.msg");
      assert.deepEqual({ code, stdout }, { code: 1, stdout: "" });
      assert.match(stderr, /^a\.msg:1:9: .*itn/m);
      assert.match(stderr, /^b\.msg:2:8: .*Aa/m);
      assert.match(stderr, /^c\.msg: This can't be read/m);
      assert.match(stderr, /\n\nerror: 3 problems found\.\n$/);
    }));

  test("--json gives the problems as data: from where, to where, what, and what to do", () =>
    inFolder({ "a.msg": 'A < x: "😀", id: itn >\nB <\n  a,\n  b: int\n' }, async (folder) => {
      const { code, stdout, stderr } = await holdfast(folder, "check", "--json", "a.msg", "c.msg");
      assert.deepEqual({ code, stderr }, { code: 1, stderr: "" });
      const { problems } = JSON.parse(stdout);
      const start = { line: 1, column: 1 };
      const missing = { file: "c.msg", ...start, end: start, message: "This can't be read: there is no such file." };
      assert.deepEqual(problems[0], missing);
      const place = { file: "a.msg", line: 1, column: 17, end: { line: 1, column: 20 } };
      assert.deepEqual(problems[1], {
        ...place,
        message: "There is no type `itn`.",
        hint: "Declare it, or import the file that declares it.",
      });
      assert.deepEqual(problems.slice(2).map(({ line }: { line: number }) => line), [3, 4]);
    }));

  test("--json gives no problems as an empty list", () =>
    inFolder({ "a.msg": "A < id: int >\n" }, async (folder) => {
      const { code, stdout } = await holdfast(join(folder), "check", "--json");
      assert.deepEqual({ code, stdout }, { code: 0, stdout: '{"problems":[]}\n' });
    }));
});
