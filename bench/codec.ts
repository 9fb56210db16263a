/**
 * What it costs to write and to read a message's fields, in nanoseconds: the best of several rounds, so that what else
 * the machine does counts as little as possible. JSON stands beside it, as something that everybody knows.
 *
 * `deno run -A bench/codec.ts`, `bun bench/codec.ts`
 *
 * @module
 */

import type { RecordType, Shape } from "../idl/definition.ts";
import { DEFAULT_LIMITS } from "../runtime/limits.ts";
import { createCodec } from "../runtime/wire/native/codec.ts";
import { Reader } from "../runtime/wire/native/reader.ts";
import { Writer } from "../runtime/wire/native/writer.ts";

const ROUNDS = 9;
/** What has been written is taken after so many bytes, as a connection does under load. */
const CHUNK = 32 * 1024;

const ping: RecordType = { type: "record", fields: [{ name: "id", type: { type: "int|long" } }] };

const job: RecordType = {
  type: "record",
  fields: [
    { name: "id", type: { type: "int" } },
    { name: "owner", type: { type: "string" } },
    { name: "title", type: { type: "string" } },
    { name: "priority", type: { type: "float" } },
    { name: "state", type: { type: "ref", name: "State" } },
    { name: "sites", type: { type: "list", items: { type: "string" } } },
    {
      name: "where",
      type: {
        type: "record",
        fields: [{ name: "host", type: { type: "string" } }, { name: "slot", type: { type: "int" }, optional: true }],
      },
    },
    { name: "labels", type: { type: "map", values: { type: "string" } } },
    { name: "submitted", type: { type: "timestamp" } },
    { name: "input", type: { type: "bytes" } },
  ],
};

const shape: Shape = {
  service: "Bench/Codec",
  connect: { type: "record", fields: [] },
  messages: [{ name: "Ping", number: 0, receives: {} }, { name: "Job", number: 1, receives: {} }],
  types: { Ping: ping, Job: job, State: { type: "enum", values: ["waiting", "running", "done", "failed"] } },
};

const values: { readonly [name: string]: unknown } = {
  Ping: { id: 123456 },
  Job: {
    id: 987654321,
    owner: "/DC=org/DC=example/CN=Somebody",
    title: "Monte Carlo production, 2026, reprocessing 12, stream B",
    priority: 0.75,
    state: "running",
    sites: ["LCG.CERN.cern", "LCG.CNAF.it", "LCG.GRIDKA.de", "LCG.RAL.uk"],
    where: { host: "node-0042.cluster.example.org", slot: 17 },
    labels: { campaign: "2026-11", owner: "production", queue: "long" },
    submitted: new Date(1_800_000_000_000),
    input: new Uint8Array(256).fill(7),
  },
};

/** Nanoseconds that one of `count` operations takes, which `run` does all. */
function measure(count: number, run: (count: number) => void): number {
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    run(count);
    best = Math.min(best, (performance.now() - start) * 1e6 / count);
  }
  return best;
}

const codec = createCodec(shape, DEFAULT_LIMITS);
console.log("message  encode  decode  JSON.stringify  JSON.parse  bytes");
for (const [name, value] of Object.entries(values)) {
  const message = codec.message(name);
  const count = name === "Ping" ? 500_000 : 50_000;
  const writer = new Writer();

  const encode = measure(count, (count) => {
    for (let i = 0; i < count; i++) {
      message.encode(writer, value);
      if (writer.at - writer.start > CHUNK) writer.take();
    }
    writer.take();
  });

  message.encode(writer, value);
  const bytes = writer.take()!;
  const copies = 64;
  const chunk = new Uint8Array(bytes.length * copies);
  for (let i = 0; i < copies; i++) chunk.set(bytes, i * bytes.length);
  const reader = new Reader();
  const decode = measure(count, (count) => {
    reader.reset(chunk, 0, chunk.length);
    for (let i = 0; i < count; i++) {
      message.decode(reader);
      if (reader.at === reader.end) reader.reset(chunk, 0, chunk.length);
    }
  });

  const plain = { ...value as object, input: undefined };
  const text = JSON.stringify(plain);
  const stringify = measure(count, (count) => {
    for (let i = 0; i < count; i++) JSON.stringify(plain);
  });
  const parse = measure(count, (count) => {
    for (let i = 0; i < count; i++) JSON.parse(text);
  });
  const cells = [encode, decode, stringify, parse].map((cost) => cost.toFixed(0));
  console.log(
    `${name.padEnd(7)}  ${pad(cells[0]!, 6)}  ${pad(cells[1]!, 6)}  ${pad(cells[2]!, 14)}  ${pad(cells[3]!, 10)}  ${
      pad(String(bytes.length), 5)
    }`,
  );
}

function pad(text: string, width: number): string {
  return text.padStart(width);
}
