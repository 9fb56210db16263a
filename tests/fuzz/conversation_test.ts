/**
 * Recordings of real conversations, changed by accidents, played to a service and to a client: they say what is wrong, or
 * nothing; they take neither time nor memory for it, and those who do no harm notice nothing.
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import process from "node:process";
import { setImmediate } from "node:timers/promises";
import { Client, HoldfastError, type Network, serve } from "../../mod.ts";
import { collectGarbage } from "../garbage.ts";
import { check } from "../harness.ts";
import { RawPeer } from "../runtime/raw_peer.ts";
import { seeded } from "../seed.ts";
import { HANDLERS, join, mutated, record, TALK } from "./recording.ts";

/** How long one input may take, in milliseconds, on a machine that does much else besides. */
const PATIENCE = 2_000;

/**
 * How much memory may be taken afterwards, in bytes, beside so much for each input: what watches for leaks notes more
 * than what is watched. One connection alone could hold more, if bytes were kept that are of no use.
 */
const MEMORY = 48 * 1024 * 1024;
const MEMORY_PER_INPUT = 40 * 1024;

const LIMITS = { failures: Infinity, sessionTimeout: 1, handshakeTimeout: 500 };

/** Plays all prefixes of a recording and what accidents make of it; fails where that takes long or holds memory. */
async function playAll(
  what: string,
  frames: readonly Uint8Array[],
  others: readonly Uint8Array[],
  play: (bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const quick = async (bytes: Uint8Array) => {
    const start = performance.now();
    await play(bytes);
    assert.ok(performance.now() - start < PATIENCE, `${performance.now() - start} ms`);
  };
  const options = seeded(what, 1_000);
  collectGarbage();
  const before = process.memoryUsage().heapUsed;
  const whole = join(frames);
  for (let at = 0; at < whole.length; at++) await quick(whole.slice(0, at));
  await fc.assert(fc.asyncProperty(mutated(frames, others), quick), options);
  collectGarbage();
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(grown < MEMORY + (whole.length + options.numRuns) * MEMORY_PER_INPUT, `${grown} bytes are held`);
}

check("a service bears what accidents make of a client's words", async (scope) => {
  const { up, down } = await record(scope.memory());
  const network = scope.memory();
  const server = await serve(TALK, {
    ...{ cert: "", key: "", port: 0, network, log: () => {}, limits: LIMITS, messages: HANDLERS },
  });
  scope.cleanup(() => server.close({ timeout: 1 }));
  const bystander = new Client(server.url, TALK, { network, args: { name: "bystander" }, messages: HANDLERS });
  scope.cleanup(() => bystander.close());
  await bystander.connect();
  const { transportId } = bystander;
  const ends = new Map<string, number>();
  const play = async (bytes: Uint8Array) => {
    const peer = new RawPeer();
    const to = { hostname: "localhost", port: server.port, alpn: ["holdfast/1"] };
    peer.attach(await network.connect(to, peer)).write(bytes);
    // Whoever waits for more is left; the others have answered by then.
    for (let turns = 0; turns < 12 && !peer.ended; turns++) await setImmediate();
    peer.leave("close");
    const end = await peer.end();
    const what = end?.code ?? "";
    ends.set(what, (ends.get(what) ?? 0) + 1);
    assert.notEqual(what, "internal", String(end?.text));
  };
  await playAll("a client's words, mutated", up, down, play);
  expectCodes(ends, "", "protocol", "limit", "invalid-message");
  await bystander.request("Ask", { id: 7 });
  assert.equal(bystander.transportId, transportId);
  while (server.connections.size > 1) await setImmediate();
}, { timeout: 120_000 });

check("a client bears what accidents make of a service's words", async (scope) => {
  const { up, down } = await record(scope.memory());
  const network = scope.memory();
  let words: Uint8Array = new Uint8Array();
  const listener = await network.listen(
    { hostname: "localhost", port: 0, cert: "", key: "", alpn: [], handshakeTimeout: 1_000 },
    (stream) => {
      const peer = new RawPeer().attach(stream).write(words);
      peer.leave("close");
      return peer;
    },
  );
  scope.cleanup(() => listener.close());
  const ends = new Map<string, number>();
  const play = async (bytes: Uint8Array) => {
    words = bytes;
    const code = await meet(network, listener.port);
    ends.set(code, (ends.get(code) ?? 0) + 1);
  };
  await playAll("a service's words, mutated", down, up, play);
  expectCodes(ends, "disconnected", "protocol", "limit", "invalid-message");
}, { timeout: 120_000 });

/** Connects, speaks if there is somebody to speak to, and gives back the code with which it ended. */
async function meet(network: Network, port: number): Promise<string> {
  const client = new Client(`tls://localhost:${port}/Fuzz/Talk`, undefined, {
    ...{ network, args: { name: "kit" }, reconnect: false, log: () => {}, limits: LIMITS, messages: HANDLERS },
  });
  let code = "closed";
  const over = new Promise<void>((resolve) =>
    client.onDisconnect((reason) => {
      code = reason.code;
      resolve();
    })
  );
  try {
    await client.connect();
    const asked = client.request("Ask", { id: 1 });
    asked.catch(() => {});
    await over;
  } catch (error) {
    assert.ok(error instanceof HoldfastError, String(error));
    code = error.code;
  }
  assert.notEqual(code, "internal");
  await client.close();
  return code;
}

/** Fails where inputs did not get far enough to be refused for all of these reasons. */
function expectCodes(ends: ReadonlyMap<string, number>, ...codes: readonly string[]): void {
  console.log([...ends].map(([code, count]) => `${code || "no word"} ${count}`).join(", "));
  for (const code of codes) assert.ok(ends.has(code), `"${code}" never came up`);
}
