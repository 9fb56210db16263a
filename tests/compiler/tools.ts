/**
 * Tools that judge generated code.
 *
 * @module
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "../runtimes.ts";
import { put } from "./process.ts";

/** A tool's command. */
export function bin(name: string): string {
  return join(ROOT, "node_modules/.bin", name);
}

/** Runs a tool that must find nothing wrong. */
export function passes(command: string, args: readonly string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: ROOT, input, encoding: "utf8" });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
  return stdout;
}

/** Files that tsc must find nothing wrong with, under the project's flags but for those given. */
export function passesTsc(files: { readonly [path: string]: string }, flags: object): void {
  const folder = mkdtempSync(join(tmpdir(), "holdfast-"));
  try {
    for (const [path, text] of Object.entries(files)) put(join(folder, path), text);
    const tsconfig = {
      extends: join(ROOT, "tsconfig.json"),
      compilerOptions: {
        skipLibCheck: true,
        ...flags,
        paths: {
          holdfast: [join(ROOT, "tests/compiler/testdata/holdfast.ts")],
          typebox: [join(ROOT, "node_modules/typebox/build/index.d.mts")],
        },
        typeRoots: [join(ROOT, "node_modules/@types")],
      },
      include: ["**/*.ts"],
      exclude: [],
    };
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
    passes(bin("tsc"), ["--project", folder]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
