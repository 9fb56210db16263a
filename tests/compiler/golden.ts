/**
 * The golden files: `.msg` sources that hold the whole language, and beside each what the compiler makes of it.
 *
 * Run this file to write them anew, then read what has changed:
 *
 *     deno run -A tests/compiler/golden.ts
 *
 * @module
 */

import { writeFileSync } from "node:fs";
import { relative } from "node:path";
import { type Compilation, compile } from "../../compiler/compile.ts";
import { formatProblems } from "../../idl/mod.ts";
import { ROOT } from "../runtimes.ts";

/** Where they are. */
export const GOLDEN = "tests/compiler/testdata/golden";

/** Compiles them; their paths are given as seen from the project's folder. */
export function compileGolden(): Compilation["outputs"] {
  const { outputs, problems } = compile({ paths: [`${ROOT}/${GOLDEN}`], holdfast: "holdfast" });
  if (problems.length > 0) throw new Error(formatProblems(problems));
  return outputs.map(({ path, text }) => ({ path: relative(ROOT, path), text }));
}

if (import.meta.main) { for (const { path, text } of compileGolden()) writeFileSync(`${ROOT}/${path}`, text); }
