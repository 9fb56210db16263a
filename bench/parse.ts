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
import { BUDGET, fastest, printGrowth, SIZES } from "./growth.ts";

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

function* rows(): Generator<readonly (string | number)[]> {
  for (const [files, messages] of SIZES) {
    const texts = new Map(Array.from({ length: files }, (_, file) => [`${file}.msg`, source(file, messages)]));
    const bytes = new Map([...texts].map(([file, text]) => [file, new TextEncoder().encode(text)]));
    const host = { read: (file: string) => bytes.get(file)!, resolve: (_from: string, specifier: string) => specifier };
    const parsing = fastest(() => {
      for (const [file, text] of texts) parseFile(new Source(file, text), new Problems());
    }, BUDGET);
    const all = fastest(() => {
      const { problems } = load([...texts.keys()], host);
      if (problems.length > 0) throw new Error(problems[0]?.message);
    }, BUDGET);
    const size = [...bytes.values()].reduce((sum, { length }) => sum + length, 0) / 1024;
    const each = all * 1000 / (files * messages);
    yield [files, messages, size.toFixed(0), parsing.toFixed(2), all.toFixed(2), each.toFixed(1)];
  }
}

printGrowth(["files", "messages each", "KiB", "parse, ms", "parse and check, ms", "µs per message"], rows());
