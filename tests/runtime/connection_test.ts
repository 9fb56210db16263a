import assert from "node:assert/strict";
import { test } from "node:test";
import { Pump } from "../../runtime/connection.ts";
import { Deadlines } from "../../runtime/deadlines.ts";
import { DEFAULT_LIMITS } from "../../runtime/limits.ts";
import type { Stream } from "../../runtime/transport/transport.ts";
import { Decoder } from "../../runtime/wire/native/decoder.ts";
import { encodePing, KEEP_ALIVE } from "../../runtime/wire/native/handshake.ts";
import { PONG } from "../../runtime/wire/native/kinds.ts";
import { manualClock } from "../manual_clock.ts";

/** A pump on a stream that takes everything; what it writes, and what has ended it. */
function pumping(keepAlive: number) {
  const clock = manualClock();
  const written: { readonly at: number; readonly bytes: readonly number[] }[] = [];
  let destroyed = false;
  const stream: Stream = {
    remote: { hostname: "", port: 0 },
    alpn: undefined,
    certificates: [],
    write: (bytes) => void written.push({ at: clock.now(), bytes: [...bytes] }),
    pause: () => {},
    resume: () => {},
    close: () => {},
    destroy: () => void (destroyed = true),
  };
  const frames: number[] = [];
  const receiver = { frame: (kind: number) => void frames.push(kind) };
  const events = { fault: assert.fail, ended: () => {}, stale: () => {} };
  const pump = new Pump(
    new Decoder(receiver, 1_000),
    KEEP_ALIVE,
    { ...DEFAULT_LIMITS, keepAlive },
    new Deadlines(clock),
    events,
  );
  pump.attach(stream);
  return { clock, frames, pump, written, isDestroyed: () => destroyed };
}

for (const [keepAlive, pause] of [[15_000, 1_000], [600, 300]] as const) {
  test(`Pump: while a frame arrives byte by byte, it is heard after ${pause} ms of its own silence`, () => {
    const { clock, frames, pump, written } = pumping(keepAlive);
    // 100 bytes behind the length: the kind, and 99 more.
    const frame = [100, 0x90, ...new Array<number>(99).fill(0)];
    for (const byte of frame) {
      clock.advance(pause / 10);
      pump.data(Uint8Array.of(byte));
    }
    assert.deepEqual(frames, [0x90]);
    const nods = written.map(({ at, bytes }) => ({ at: at / pause, bytes }));
    const nod = [...encodePing(PONG, 0)];
    assert.deepEqual(nods, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((at) => ({ at, bytes: nod })));
  });
}

test("Pump: it says nothing for frames that are whole", () => {
  const { clock, frames, pump, written } = pumping(15_000);
  for (let i = 0; i < 20; i++) {
    clock.advance(1_000);
    pump.data(Uint8Array.of(1, 0x90));
  }
  assert.equal(frames.length, 20);
  assert.deepEqual(written, []);
});

test("Pump: a peer that has said nothing but the beginning of a frame is given up all the same", () => {
  const { clock, isDestroyed, pump } = pumping(1_000);
  pump.data(Uint8Array.of(100, 0x90));
  clock.advance(1_000);
  clock.advance(999);
  assert.equal(isDestroyed(), false);
  clock.advance(1);
  assert.equal(isDestroyed(), true);
});
