/**
 * Offers a gigabyte to a peer that does not take it, in sends that it waits for, and says what became of that:
 *
 * - `sender.ts serve CERT KEY`: a service, to each client that says so;
 * - `sender.ts connect CA URL OTHER`: a client, to the service at URL, while it talks to the one at OTHER.
 *
 * @module
 */

import { Client, connect, parse, serve } from "holdfast";
import type { SendOptions } from "holdfast";
import { readFileSync } from "node:fs";
import process from "node:process";
import { LAB } from "./lab.ts";

const [mode, ...args] = process.argv.slice(2);
const CHUNK = new Uint8Array(64 * 1024);
const OFFERED = 1024 ** 3;
/** Without progress for so long, in milliseconds, the sends are stalled. */
const STALLED = 1_500;

interface Sender {
  send(name: "Chunk", message: { bytes: Uint8Array }, options?: SendOptions): Promise<void>;
}

/** Resolves to `false` when nothing has come of it for a while. */
function comes(sent: Promise<void>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), STALLED);
    sent.then(() => true, () => false).then((came) => {
      clearTimeout(timer);
      resolve(came);
    });
  });
}

/** Notes by how much the process has grown, in bytes. */
function growth(): { measure(): void; most: number } {
  const before = process.memoryUsage().rss;
  const watch = {
    most: 0,
    measure: () => void (watch.most = Math.max(watch.most, process.memoryUsage().rss - before)),
  };
  return watch;
}

/** Offers the gigabyte, and says how much went, how much gave way, and by how much the process has grown meanwhile. */
async function offer(to: Sender): Promise<void> {
  const waiting = growth();
  let went = 0;
  while (went < OFFERED && await comes(to.send("Chunk", { bytes: CHUNK }))) {
    went += CHUNK.length;
    waiting.measure();
  }
  // And as much again that may be dropped, and is not waited for.
  const dropping = growth();
  let dropped = 0;
  for (let offered = 0; offered < OFFERED; offered += CHUNK.length) {
    to.send("Chunk", { bytes: CHUNK }, { overflow: "drop-oldest" }).catch(() => dropped += CHUNK.length);
    if (offered % (64 * CHUNK.length) === 0) await new Promise((resolve) => setTimeout(resolve));
    dropping.measure();
  }
  await new Promise((resolve) => setTimeout(resolve));
  console.log(`OFFERED ${went} ${waiting.most} ${dropped} ${dropping.most}`);
}

if (mode === "serve") {
  const [cert = "", key = ""] = args.map((file) => readFileSync(file, "utf8"));
  const server = await serve(parse(LAB), {
    cert,
    key,
    messages: {
      Ask: ({ id }) => ({ id }),
      Chunk: () => {},
      Begin: (_begin, connection) => void offer(connection),
    },
  });
  console.log(`LISTENING ${server.url}`);
} else {
  const [file = "", url = "", other = ""] = args;
  const ca = readFileSync(file, "utf8");
  const busy = await connect(other, { ca });
  const client = new Client(url, parse(LAB), { ca });
  await client.connect();
  let done = false;
  const offering = offer(client).then(() => done = true);
  let rounds = 0;
  for (; !done; rounds++) await busy.request("Ask", { id: rounds });
  await offering;
  console.log(`EXCHANGED ${rounds}`);
  process.exit(0);
}
