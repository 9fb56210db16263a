import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import * as terminal from "../../compiler/terminal.ts";
import { VERSION } from "../../compiler/version.ts";
import { ROOT } from "../runtimes.ts";
import { holdfast, holdfastWith, inFolder, Running } from "./process.ts";

const { hasColor } = terminal;

describe("holdfast", () => {
  test("--version is the version of the package, everywhere", () =>
    inFolder({}, async (folder) => {
      for (const file of ["package.json", "deno.json"]) {
        assert.equal(JSON.parse(readFileSync(join(ROOT, file), "utf8")).version, VERSION, file);
      }
      for (const option of ["--version", "-V"]) {
        const { code, stdout, stderr } = await holdfast(folder, option);
        assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `${VERSION}\n`, stderr: "" });
      }
    }));

  test("--help names every verb, and each has help with an example", () =>
    inFolder({}, async (folder) => {
      const { code, stdout } = await holdfast(folder, "--help");
      assert.equal(code, 0);
      const verbs = [...stdout.matchAll(/^ {2}([a-z]+) /gm)].map(([, verb]) => verb ?? "").filter((verb) =>
        verb !== "help"
      );
      for (const verb of ["compile", "check", "fmt", "cert", "completions"]) assert.ok(verbs.includes(verb), verb);
      for (const verb of verbs) {
        const help = await holdfast(folder, verb, "--help");
        assert.equal(help.code, 0);
        assert.match(help.stdout, new RegExp(`Examples?:\\n[^]*holdfast ${verb}`), verb);
      }
    }));

  for (
    const [args, words] of [
      [[], /Usage: holdfast/],
      [["complie"], /unknown command 'complie'[^]*Did you mean compile\?/],
      [["--hepl"], /unknown option '--hepl'[^]*Did you mean --help\?/],
      [["fmt", "--chekc"], /unknown option '--chekc'[^]*Did you mean --check\?/],
      [["completions", "csh"], /'csh' is invalid[^]*bash, zsh, fish/],
    ] as const
  ) {
    test(`'holdfast ${args.join(" ")}' ends with 2, and helps`, () =>
      inFolder({}, async (folder) => {
        const { code, stdout, stderr } = await holdfast(folder, ...args);
        assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
        assert.match(stderr, words);
        assert.doesNotMatch(stderr, /\bat .*:\d+:\d+\)?$/m, "a stack trace");
      }));
  }

  test("ends with 141 where nobody hears it any more, and says nothing of it", () =>
    inFolder(Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`${i}.msg`, "A<id:int>"])), async (folder) => {
      await using running = new Running(folder, ["fmt", "--check"]);
      await running.says(/not formatted/);
      running.deafen();
      const { code, stderr } = await running.ended;
      assert.deepEqual({ code, stderr }, { code: 141, stderr: "" });
    }));

  test("is in colour where FORCE_COLOR says so, but never where NO_COLOR does", () =>
    inFolder({ "bad.msg": "A < a: itn >" }, async (folder) => {
      const forced = await holdfastWith({ env: { FORCE_COLOR: "1" } }, folder, "check");
      assert.ok(forced.stderr.startsWith("\x1b[31mbad.msg:1:8:\x1b[39m "), forced.stderr);
      const both = await holdfastWith({ env: { FORCE_COLOR: "1", NO_COLOR: "1" } }, folder, "check");
      assert.ok(!both.stderr.includes("\x1b"), both.stderr);
    }));
});

test("docs/cli.md lists every exit code, once", () => {
  const table = /\| exit code [^]*?\n\n/.exec(readFileSync(join(ROOT, "docs/cli.md"), "utf8"))?.[0] ?? "";
  const listed = [...table.matchAll(/^\| (\d+) /gm)].map(([, code]) => Number(code));
  const known = Object.entries(terminal).filter(([name]) => name.startsWith("EXIT_")).map(([, code]) => code as number);
  assert.deepEqual(listed, known.toSorted((a, b) => a - b));
});

test("hasColor is for terminals, and for whoever wants it, and not where it is not wanted", () => {
  assert.equal(hasColor({ isTTY: true }, {}), true);
  assert.equal(hasColor({}, {}), false);
  assert.equal(hasColor({ isTTY: true }, { NO_COLOR: "1" }), false);
  assert.equal(hasColor({ isTTY: true }, { NO_COLOR: "" }), true);
  assert.equal(hasColor({ isTTY: true }, { TERM: "dumb" }), false);
  assert.equal(hasColor({}, { FORCE_COLOR: "1" }), true);
  assert.equal(hasColor({}, { FORCE_COLOR: "" }), true);
  assert.equal(hasColor({ isTTY: true }, { FORCE_COLOR: "0" }), false);
  assert.equal(hasColor({ isTTY: true }, { FORCE_COLOR: "1", NO_COLOR: "1" }), false);
});
