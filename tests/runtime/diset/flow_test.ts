/**
 * What keeps a conversation with DISET clients going, and within bounds: waiting for acknowledgements, freeing frames
 * that lie unread, slowing down who sends too fast.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { AcknowledgementWatch } from "../../../runtime/diset/acknowledgement_watch.ts";
import { Nudges } from "../../../runtime/diset/nudges.ts";
import { deferred } from "../../../runtime/promises.ts";
import { check } from "../../harness.ts";
import { manualClock, patientClock } from "../../manual_clock.ts";
import { lab } from "./lab.ts";
import { DisetPeer, json } from "./peer.ts";

test("AcknowledgementWatch: what waits for 30 s is overdue, and nothing that was acknowledged", () => {
  const clock = manualClock();
  const waiting = new Set<number>();
  let overdue = 0;
  const watch = new AcknowledgementWatch(clock, () => Math.min(Infinity, ...waiting), () => overdue++);
  const send = (frame: number) => {
    waiting.add(frame);
    watch.sent(frame);
  };
  send(1);
  clock.advance(20_000);
  send(2);
  send(5);
  waiting.delete(1);
  waiting.delete(5);
  clock.advance(29_999);
  assert.equal(overdue, 0);
  clock.advance(1);
  assert.equal(overdue, 1);
  watch.stop();
  assert.equal(clock.timers.size, 0);
});

test("AcknowledgementWatch: waits for nothing when all has been acknowledged", () => {
  const clock = manualClock();
  let oldest = 1;
  const watch = new AcknowledgementWatch(clock, () => oldest, () => assert.fail("overdue"));
  watch.sent(1);
  oldest = Infinity;
  clock.advance(100_000);
  assert.equal(clock.timers.size, 0);
});

test("Nudges: frames close together are followed by asking, later and later, until there is an answer", () => {
  const clock = manualClock();
  const asked: number[] = [];
  const nudges = new Nudges(clock, () => asked.push(clock.now()));
  const start = clock.now();
  nudges.left();
  clock.advance(1_000);
  assert.deepEqual(asked, [], "one alone lies nowhere");
  nudges.left();
  clock.advance(2);
  nudges.left();
  for (let i = 0; i < 70; i++) clock.advance(10);
  assert.deepEqual(asked.map((at) => at - start), [1_102, 1_302, 1_702]);
  nudges.answered();
  clock.advance(100_000);
  assert.equal(asked.length, 3);
  nudges.left();
  nudges.left();
  nudges.stop();
  clock.advance(100_000);
  assert.equal(asked.length, 3);
});

const PONG = /"name": "Pong"/;

check("service: one who is silent is asked for a sign of life; one who gives none is given up", async (scope) => {
  const clock = patientClock();
  const { join, drops } = await lab(scope, { clock, limits: { keepAlive: 100 } });
  const peer = await join("dips");
  await peer.join();
  const ping = /^dka\d+:\{"OK": true, "Value": \{"id": "Framework\/PingPongMSB\d+", "kaping": true\}\}$/;
  clock.advance(100);
  const asked = await peer.next();
  assert.match(asked, ping);
  peer.write(`dka${json(asked.replace(/^dka\d+:/, "").replace("true}}", "false}}"))}`);
  // Once this is answered, that has been heard.
  peer.message("Ping", [1]);
  assert.match(await peer.nextOther(), PONG);
  clock.advance(100);
  assert.match(await peer.next(), ping);
  clock.advance(100);
  assert.deepEqual(await peer.rest(), []);
  assert.equal(drops[0]?.reason.code, "timeout");
});

/** The type of a TLS record. */
const APPLICATION_DATA = 23;

check(
  "service: on plain TCP frames that leave together are followed by keep-alives, until one is answered",
  async (scope) => {
    const { join } = await lab(scope);
    const peer = await join("dip");
    await peer.join();
    peer.message("Ping", [1]);
    peer.message("Ping", [2]);
    assert.match(await peer.next(), PONG);
    assert.match(await peer.next(), PONG);
    const [first, second] = [await peer.next(), await peer.next()];
    assert.match(first, /^dka.*"kaping": true/);
    assert.notEqual(second, first);
    peer.write(`dka${json(second.replace(/^dka\d+:/, "").replace("true}}", "false}}"))}`);
    await assert.rejects(peer.next(600), /Nothing has come/);
  },
);

check("service: over TLS each frame has a record of its own, and nothing follows it", async (scope) => {
  const { server, ca } = await lab(scope);
  const records: number[] = [];
  // Of TLS 1.2 it can be seen from outside which records are frames.
  const relay = await recordRelay(server.port, records);
  scope.cleanup(() => relay.close());
  const { port } = relay.address() as AddressInfo;
  const peer = await DisetPeer.tls(port, { ca, maxVersion: "TLSv1.2" });
  scope.cleanup(() => peer[Symbol.dispose]());
  await peer.join();
  for (let id = 0; id < 20; id++) peer.message("Ping", [id % 10]);
  const frames = [];
  for (let id = 0; id < 20; id++) frames.push(await peer.next());
  assert.ok(frames.every((frame) => PONG.test(frame)));
  await assert.rejects(peer.next(300), /Nothing has come/);
  assert.equal(records.length, 2 + 20);
});

/** Passes TLS on to a port, and counts the records of data that come back. */
async function recordRelay(port: number, records: number[]): Promise<Server> {
  const relay = createServer((socket) => {
    const target = connect({ host: "localhost", port });
    let kept = Buffer.alloc(0);
    target.on("data", (chunk: Buffer) => {
      kept = Buffer.concat([kept, chunk]);
      while (kept.length >= 5 && kept.length >= 5 + kept.readUInt16BE(3)) {
        if (kept[0] === APPLICATION_DATA) records.push(kept.readUInt16BE(3));
        kept = kept.subarray(5 + kept.readUInt16BE(3));
      }
    });
    socket.pipe(target).pipe(socket);
    for (const one of [socket, target]) one.on("error", () => {});
    socket.on("close", () => target.destroy());
    target.on("close", () => socket.destroy());
  });
  relay.listen(0, "localhost");
  await once(relay, "listening");
  return relay;
}

for (const way of ["dip", "dips"] as const) {
  check(`service: over ${way}, who sends faster than is handled is slowed down, and loses nothing`, async (scope) => {
    const gate = deferred<void>();
    const seen: number[] = [];
    const { join, server, log } = await lab(scope, {
      limits: { window: 64 * 1024, handlers: 1, keepAlive: 200 },
      messages: {
        async Ping({ id }) {
          await gate.promise;
          seen.push(id);
        },
      },
    });
    const peer = await join(way);
    await peer.join();
    const words = "x".repeat(1_000);
    const frames = Array.from(
      { length: 32_000 },
      (_, id) =>
        json(`{"OK": true, "Value": {"request": true, "name": "Ping", "attrs": [false, [${id}, "${words}"]]}}`),
    ).join("");
    let hasLeft = false;
    peer.socket.write(frames, () => hasLeft = true);
    // Longer than a peer may be silent: one that is not listened to is not given up.
    await sleep(1_000);
    assert.equal(hasLeft, false);
    assert.equal(server.connections.size, 1);
    gate.resolve();
    while (seen.length < 32_000) await sleep(20);
    assert.ok(seen.every((id, index) => id === index));
    assert.deepEqual(log.filter(({ level }) => level !== "info"), []);
  });
}
