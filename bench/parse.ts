/**
 * How the time to parse and to check grows with the input: 10 to 10,000 messages.
 *
 *     deno run -A bench/parse.ts
 *
 * @module
 */

import { load } from "../idl/mod.ts";
import { parseFile } from "../idl/parse.ts";
import { Problems, Source } from "../idl/problem.ts";

const SIZES = [10, 100, 1_000, 10_000];
/** Each size is measured for at least so long, in milliseconds; the fastest run counts. */
const BUDGET = 2_000;

/** A file of that many messages of which each has a list of the one before, and a service that has them all. */
function source(messages: number): string {
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
  parts.push(`\nservice Bench/Parse {\n  auth all\n  receives ${names.join(",\n    ")}\n}\n`);
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

const columns = ["messages", "KiB", "parse, ms", "parse and check, ms", "µs per message"];
console.log(columns.join(" | "));
for (const size of SIZES) {
  const text = source(size);
  const bytes = new TextEncoder().encode(text);
  const host = { read: () => bytes, resolve: (_from: string, specifier: string) => specifier };
  const parsing = fastest(() => void parseFile(new Source("bench.msg", text), new Problems()));
  const all = fastest(() => {
    const { problems } = load(["bench.msg"], host);
    if (problems.length > 0) throw new Error(problems[0]?.message);
  });
  const row = [
    size,
    Math.round(bytes.length / 1024),
    parsing.toFixed(2),
    all.toFixed(2),
    (all * 1000 / size).toFixed(1),
  ];
  console.log(row.map((cell, index) => String(cell).padStart(columns[index]!.length)).join(" | "));
}
