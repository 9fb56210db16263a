/**
 * How compile time grows with the input: generating code for 10 to 10,000 messages.
 *
 *     deno run -A bench/compile.ts
 *
 * @module
 */

import { generate } from "../compiler/generate.ts";
import { load } from "../idl/mod.ts";

const SIZES = [10, 100, 1_000, 10_000];
/** Each size is measured for at least so long, in milliseconds; the fastest run counts. */
const BUDGET = 2_000;

/** A file of that many messages: ordinary ones, each with a list of the one before, and one service that has them all. */
function source(messages: number): string {
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
  parts.push(`\nservice Bench/Compile {\n  auth all\n  receives ${names.join(", ")}\n}\n`);
  return parts.join("");
}

/** The time of the fastest run, in milliseconds. */
function fastest(run: () => void): number {
  let best = Infinity;
  const end = performance.now() + BUDGET;
  do {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  } while (performance.now() < end);
  return best;
}

console.log("messages |  check, ms | generate, ms | ns per message | output, KiB");
for (const size of SIZES) {
  const bytes = new TextEncoder().encode(source(size));
  const host = { read: () => bytes, resolve: (_from: string, specifier: string) => specifier };
  const check = fastest(() => void load(["bench.msg"], host));
  const { modules, problems } = load(["bench.msg"], host);
  if (problems.length > 0) throw new Error(problems[0]?.message);
  const layout = { holdfast: () => "holdfast", specifier: () => "./other.msg.ts" };
  const time = fastest(() => void generate(modules, layout));
  const output = [...generate(modules, layout).values()].reduce((sum, text) => sum + text.length, 0);
  console.log([
    String(size).padStart(8),
    check.toFixed(2).padStart(10),
    time.toFixed(2).padStart(12),
    ((check + time) * 1e6 / size).toFixed(0).padStart(14),
    (output / 1024).toFixed(0).padStart(11),
  ].join(" | "));
}
