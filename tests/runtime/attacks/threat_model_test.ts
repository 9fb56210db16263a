/**
 * What `docs/security.md` says is tested, is: each test that it names is there.
 */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ROOT } from "../../runtimes.ts";

const TESTS = join(ROOT, "tests/runtime");

/** What stands for anything, in a name in the document, and for what a test puts into its name. */
const ANY = "…";

/** The names of the tests in a file. */
function namesIn(source: string): string[] {
  return [...source.matchAll(/\b(?:check|test|describe)\(\s*(["`])/g)].map(({ 0: { length }, 1: quote, index }) => {
    let name = "";
    for (let at = index + length; source[at] !== quote; at++) {
      if (!source.startsWith("${", at)) {
        name += source[at];
        continue;
      }
      let depth = 1;
      for (at += 2; depth > 0; at++) depth += source[at] === "{" ? 1 : source[at] === "}" ? -1 : 0;
      at--;
      name += ANY;
    }
    return name;
  });
}

/** The tests that the document names: `file: name`. */
function claims(): string[] {
  const text = readFileSync(join(ROOT, "docs/security.md"), "utf8");
  const section = text.slice(text.indexOf("## What is defended"), text.indexOf("### What an outsider costs"));
  const rows = section.split("\n").filter((line) => /^\| (?!-|what )/.test(line));
  return rows.flatMap((row) => {
    const cell = row.split("|").at(-2)!.trim();
    let file: string | undefined;
    return cell.split("; ").map((claim) => {
      const [, named, name = ""] = /^(?:`([^`]+)`: )?(.+)$/.exec(claim)!;
      file = named ?? file;
      assert.ok(file !== undefined, `This row names no file: ${row}`);
      return `${file}: ${name}`;
    });
  });
}

test("docs/security.md: each test that it names is there", () => {
  const all = claims();
  assert.ok(all.length > 30, `${all.length} claims`);
  for (const claim of all) {
    const [file = "", ...rest] = claim.split(": ");
    const words = rest.join(": ").split(/ ?… ?/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const name = new RegExp(`^${words.join(".*")}$`);
    const names = namesIn(readFileSync(join(TESTS, file), "utf8"));
    assert.ok(names.some((one) => name.test(one)), `${file} has no test called ${name}, but\n${names.join("\n")}`);
  }
});

test("docs/security.md: names a test of each file of attacks", () => {
  const all = claims();
  for (const file of readdirSync(join(TESTS, "attacks")).filter((name) => /(?<!threat_model)_test\.ts$/.test(name))) {
    assert.ok(all.some((claim) => claim.startsWith(`attacks/${file}: `)), `It says nothing of ${file}`);
  }
});

test("namesIn finds what tests are called, and what they put into that", () => {
  const source = 'check(`a ${x({ y: 1 })} b`, () => {});\ntest(\n  "c",\n () => {});\nconst check = ("no");';
  assert.deepEqual(namesIn(source), [`a ${ANY} b`, "c"]);
});
