/**
 * How compile time grows with the input: generating code for 10 to 10,000 messages.
 *
 *     deno run -A bench/compile.ts
 *
 * The time per message rises to about twice that of a small file, but not with the length of the file: ten files of
 * 1,000 messages, loaded together, take about as long as one of 10,000. It is how much is alive at a time that counts:
 * the garbage collector copies it, and it outgrows the processor's caches. In a profile the collector has a quarter of
 * the time or more, and the rest of the rise is spread over whatever goes over all declarations.
 *
 * @module
 */

import { generate } from "../compiler/generate.ts";
import { load } from "../idl/mod.ts";
import { BUDGET, fastest, printGrowth, SIZES } from "./growth.ts";

/** A file of that many messages, of which each has the one before, and a service that has them all. */
function source(file: number, messages: number): string {
  const parts: string[] = ["enum Level { debug, info, warning }\n"];
  for (let i = 0; i < messages; i++) {
    parts.push(`
/// Message number ${i}.
Message${i} <
  id: int|long,
  owner: string(1..64),
  level: Level,
  labels: map<string>,
  retries: int(0..10) = 0,
  outcome: "done" | "failed" | null,
  where: < site: string, slot?: int >,${i === 0 ? "" : `\n  before?: Message${i - 1},`}
>
`);
  }
  const names = Array.from({ length: messages }, (_, i) => `Message${i}`);
  parts.push(`\nservice Bench/Compile${file} {\n  auth all\n  receives ${names.join(", ")}\n}\n`);
  return parts.join("");
}

/** What it takes to compile some files. Times are in milliseconds. */
export interface Compiled {
  readonly check: number;
  readonly generate: number;
  /** How long the code is. */
  readonly characters: number;
}

/**
 * Compiles so many files of so many messages.
 *
 * @param budget For how long each step is measured, in milliseconds.
 */
export function compile(files: number, messages: number, budget: number): Compiled {
  const sources = new Map(
    Array.from({ length: files }, (_, file) => [`${file}.msg`, new TextEncoder().encode(source(file, messages))]),
  );
  const host = { read: (file: string) => sources.get(file)!, resolve: (_from: string, specifier: string) => specifier };
  const check = fastest(() => void load([...sources.keys()], host), budget);
  const { modules, problems } = load([...sources.keys()], host);
  if (problems.length > 0) throw new Error(problems[0]?.message);
  const layout = { holdfast: () => "holdfast", specifier: () => "./other.msg.ts" };
  const time = fastest(() => void generate(modules, layout), budget);
  const characters = [...generate(modules, layout).values()].reduce((sum, text) => sum + text.length, 0);
  return { check, generate: time, characters };
}

function* rows(): Generator<readonly (string | number)[]> {
  for (const [files, messages] of SIZES) {
    const { check, generate, characters } = compile(files, messages, BUDGET);
    const each = (check + generate) * 1000 / (files * messages);
    yield [files, messages, check.toFixed(2), generate.toFixed(2), each.toFixed(1), (characters / 1024).toFixed(0)];
  }
}

if (import.meta.main) {
  printGrowth(["files", "messages each", "check, ms", "generate, ms", "µs per message", "output, KiB"], rows());
}
