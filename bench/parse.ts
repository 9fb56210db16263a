/**
 * How the time to parse and to check grows with the input: 10 to 10,000 messages.
 *
 *     deno run -A bench/parse.ts
 *
 * The time per message rises to about twice that of a small file, but not with the length of the file: ten files of
 * 1,000 messages, loaded together, take about as long as one of 10,000. It is how much is alive at a time that counts:
 * the garbage collector copies it, and it outgrows the processor's caches. In a profile the collector has a quarter of
 * the time or more, and the rest of the rise is spread over whatever goes over all declarations.
 *
 * @module
 */

import { load } from "../idl/mod.ts";
import { parseFile } from "../idl/parse.ts";
import { Problems, Source } from "../idl/problem.ts";

/** How many files there are, and how many messages each has. */
const SIZES = [[1, 10], [1, 100], [1, 1_000], [1, 10_000], [10, 1_000]] as const;
/** Each size is measured for at least so long, in milliseconds; the fastest run counts. */
const BUDGET = 2_000;

/** A file of that many messages of which each has a list of the one before, and a service that has them all. */
function source(file: number, messages: number): string {
  const parts = ["enum Level { debug, info, warning }\ntype Id = int|long\n"];
  for (let i = 0; i < messages; i++) {
    parts.push(`
/// Message number ${i}.
Message${i} <
  id: Id,
  owner: string(1..64),   // who asked
  level: Level = info,
  labels: map<string>,
  where: < site: string, slot?: int > | null,
  before?: list<Message${Math.max(i - 1, 0)}>,
>
`);
  }
  const names = Array.from({ length: messages }, (_, i) => `Message${i}`);
  parts.push(`\nservice Bench/Parse${file} {\n  auth all\n  receives ${names.join(",\n    ")}\n}\n`);
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

const columns = ["files", "messages each", "KiB", "parse, ms", "parse and check, ms", "µs per message"];
console.log(columns.join(" | "));
for (const [count, messages] of SIZES) {
  const texts = new Map(Array.from({ length: count }, (_, file) => [`${file}.msg`, source(file, messages)]));
  const bytes = new Map([...texts].map(([file, text]) => [file, new TextEncoder().encode(text)]));
  const host = { read: (file: string) => bytes.get(file)!, resolve: (_from: string, specifier: string) => specifier };
  const parsing = fastest(() => {
    for (const [file, text] of texts) parseFile(new Source(file, text), new Problems());
  });
  const all = fastest(() => {
    const { problems } = load([...texts.keys()], host);
    if (problems.length > 0) throw new Error(problems[0]?.message);
  });
  const row = [
    count,
    messages,
    Math.round([...bytes.values()].reduce((sum, { length }) => sum + length, 0) / 1024),
    parsing.toFixed(2),
    all.toFixed(2),
    (all * 1000 / (count * messages)).toFixed(1),
  ];
  console.log(row.map((cell, index) => String(cell).padStart(columns[index]!.length)).join(" | "));
}
console.log("The last two lines have as many messages: what is alive at a time counts, not how long a file is.");
