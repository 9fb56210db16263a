import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { DEFAULT_LIMITS } from "../../mod.ts";
import { ROOT } from "../runtimes.ts";

const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const text = read("docs/operating.md");

/** The rows of the table that begins so: each the text of its cells. */
function rows(firstCell: string): string[][] {
  const lines = text.split("\n");
  const head = lines.findIndex((line) => line.startsWith(`| ${firstCell} `));
  const end = lines.findIndex((line, index) => index > head && !line.startsWith("|"));
  return lines.slice(head + 2, end).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

test("docs/operating.md: names every limit, with its default", () => {
  const told = rows("limit").map(([name = "", value = ""]) => [
    name.replaceAll("`", ""),
    value === "`Infinity`" ? Infinity : Number(value.replaceAll(",", "")),
  ]);
  assert.deepEqual(told.sort(), Object.entries(DEFAULT_LIMITS).sort());
});

test("docs/operating.md: names every state of a client", () => {
  const [, type = ""] = /readonly state:([^;]+);/.exec(read("runtime/status.ts")) ?? [];
  const states = [...type.matchAll(/"(\w+)"/g)].map(([, state]) => state);
  assert.ok(states.length > 5);
  assert.deepEqual(rows("state").map(([name = ""]) => name.replaceAll("`", "")), states);
});
