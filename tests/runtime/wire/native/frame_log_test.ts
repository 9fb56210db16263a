import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { NativeFrameLog } from "../../../../runtime/wire/native/frame_log.ts";
import * as kinds from "../../../../runtime/wire/native/kinds.ts";

/** A frame's bytes. */
function frame(kind: number, length = 1): Uint8Array {
  const size: number[] = [];
  let rest = length;
  for (; rest >= 0x80; rest >>= 7) size.push(rest & 0x7f | 0x80);
  return Buffer.concat([Uint8Array.of(...size, rest, kind), new Uint8Array(length - 1)]);
}

/** Frames arrive together. */
function receive(log: NativeFrameLog, ...frames: readonly Uint8Array[]): void {
  // Others stand before and after them.
  const bytes = Buffer.concat([frame(kinds.REPLY), ...frames, frame(kinds.REPLY)]);
  const found = frames.map((bytes) => bytes[bytes.findIndex((byte) => byte < 0x80) + 1]!);
  log.received(bytes, 2, bytes.length - 2, found.filter(kinds.isCounted).length);
}

test("NativeFrameLog.list tells what came and went, the oldest first: kind, number, size and age", () => {
  const log = new NativeFrameLog();
  assert.deepEqual(log.list(5), []);
  log.begin(7, 3);
  log.tick(1000.7);
  receive(log, frame(kinds.MESSAGE, 11), frame(kinds.ACK, 5));
  log.tick(1001);
  log.sent(Buffer.concat([frame(kinds.REPLY, 300), frame(kinds.ACK, 5), frame(kinds.MESSAGE)]));
  receive(log, frame(0x42, 2));
  assert.deepEqual(log.list(1003.2), [
    { direction: "received", kind: "MESSAGE", number: 8, size: 12, ago: 3 },
    { direction: "received", kind: "ACK", size: 6, ago: 3 },
    { direction: "sent", kind: "REPLY", number: 4, size: 302, ago: 2 },
    { direction: "sent", kind: "ACK", size: 6, ago: 2 },
    { direction: "sent", kind: "MESSAGE", number: 5, size: 2, ago: 2 },
    { direction: "received", kind: "0x42", size: 3, ago: 2 },
  ]);
});

for (const count of [9, 10, 11, 19, 20, 21, 100]) {
  test(`NativeFrameLog.list keeps the last ten of ${count}, with their own numbers, however they come or leave`, () => {
    const frames = Array.from({ length: count }, (_, i) => frame(i % 2 === 0 ? kinds.REQUEST : kinds.PING, i * 30 + 1));
    const [oneByOne, together, sent] = [new NativeFrameLog(), new NativeFrameLog(), new NativeFrameLog()];
    for (const bytes of frames) receive(oneByOne, bytes);
    receive(together, ...frames);
    sent.sent(Buffer.concat(frames));
    const expected = frames.map(({ length: size }, i) => ({
      direction: "received",
      kind: i % 2 === 0 ? "REQUEST" : "PING",
      ...(i % 2 === 0 && { number: i / 2 + 1 }),
      size,
      ago: 0,
    })).slice(-10);
    assert.deepEqual(oneByOne.list(0), expected);
    assert.deepEqual(together.list(0), expected);
    assert.deepEqual(sent.list(0), expected.map((frame) => ({ ...frame, direction: "sent" })));
  });
}

test("NativeFrameLog.list holds at the bounds of what it can tell", () => {
  const log = new NativeFrameLog();
  log.tick(2 ** 40 + 2 ** 22 - 10);
  receive(log, frame(0xff, 2 ** 22));
  receive(log, frame(0, 2 ** 22 - 5));
  const now = 2 ** 40 + 2 ** 22 + 20;
  assert.deepEqual(log.list(now), [
    { direction: "received", kind: "0xff", size: 2 ** 22 - 1, ago: 30 },
    { direction: "received", kind: "0x00", size: 2 ** 22 - 1, ago: 30 },
  ]);
});
