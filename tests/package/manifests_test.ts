import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { VERSION } from "../../compiler/version.ts";
import { ROOT } from "../runtimes.ts";

const read = (file: string) => JSON.parse(readFileSync(join(ROOT, file), "utf8"));

test("package.json, deno.json and the command tell the same version", () => {
  assert.equal(read("package.json").version, VERSION);
  assert.equal(read("deno.json").version, VERSION);
});

test("deno.json exports what package.json does, and the command: all of it is there", () => {
  const exports: { readonly [subpath: string]: string } = read("deno.json").exports;
  assert.deepEqual(exports, { ...read("package.json").exports, "./cli": "./compiler/cli.ts" });
  for (const file of Object.values(exports)) assert.ok(existsSync(join(ROOT, file)), file);
});
