import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { hasColor } from "../../compiler/terminal.ts";
import { holdfast, inFolder } from "./process.ts";

describe("holdfast", () => {
  test("--help names every verb, and ends with 0", () =>
    inFolder({}, async (folder) => {
      const { code, stdout } = await holdfast(folder, "--help");
      assert.equal(code, 0);
      for (const verb of ["compile", "cert"]) assert.match(stdout, new RegExp(`^ +${verb} `, "m"));
    }));

  for (
    const [args, words] of [[[], /Usage: holdfast/], [["complie"], /unknown command 'complie'[^]*compile/]] as const
  ) {
    test(`'holdfast ${args.join(" ")}' ends with 2, and helps`, () =>
      inFolder({}, async (folder) => {
        const { code, stdout, stderr } = await holdfast(folder, ...args);
        assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
        assert.match(stderr, words);
      }));
  }
});

describe("hasColor", () => {
  test("is for terminals, and not where it is not wanted", () => {
    assert.equal(hasColor({ isTTY: true }, {}), true);
    assert.equal(hasColor({}, {}), false);
    assert.equal(hasColor({ isTTY: true }, { NO_COLOR: "1" }), false);
    assert.equal(hasColor({ isTTY: true }, { NO_COLOR: "" }), true);
    assert.equal(hasColor({ isTTY: true }, { TERM: "dumb" }), false);
  });
});
