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

/** How many files there are, and how many messages each has. */
const SIZES = [[1, 10], [1, 100], [1, 1_000], [1, 10_000], [10, 1_000]] as const;
/** Each size is measured for at least so long, in milliseconds; the fastest run counts. */
const BUDGET = 2_000;

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

const columns = ["files", "messages each", "check, ms", "generate, ms", "µs per message", "output, KiB"];
console.log(columns.join(" | "));
for (const [count, messages] of SIZES) {
  const sources = new Map(
    Array.from({ length: count }, (_, file) => [`${file}.msg`, new TextEncoder().encode(source(file, messages))]),
  );
  const host = { read: (file: string) => sources.get(file)!, resolve: (_from: string, specifier: string) => specifier };
  const check = fastest(() => void load([...sources.keys()], host));
  const { modules, problems } = load([...sources.keys()], host);
  if (problems.length > 0) throw new Error(problems[0]?.message);
  const layout = { holdfast: () => "holdfast", specifier: () => "./other.msg.ts" };
  const time = fastest(() => void generate(modules, layout));
  const output = [...generate(modules, layout).values()].reduce((sum, text) => sum + text.length, 0);
  const row = [
    count,
    messages,
    check.toFixed(2),
    time.toFixed(2),
    ((check + time) * 1000 / (count * messages)).toFixed(1),
    (output / 1024).toFixed(0),
  ];
  console.log(row.map((cell, index) => String(cell).padStart(columns[index]!.length)).join(" | "));
}
console.log("The last two lines have as many messages: what is alive at a time counts, not how long a file is.");
