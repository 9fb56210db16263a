import assert from "node:assert/strict";
import { test } from "node:test";
import { NativeFrameLog } from "../../../../runtime/wire/native/frame_log.ts";
import * as kinds from "../../../../runtime/wire/native/kinds.ts";

/** A frame's bytes, of a length that takes one byte or two. */
function frame(kind: number, length = 1): number[] {
  const size = length < 0x80 ? [length] : [length & 0x7f | 0x80, length >> 7];
  return [...size, kind, ...new Array<number>(length - 1).fill(0)];
}

test("NativeFrameLog.list tells what came and went, the oldest first: kind, number, size and age", () => {
  const log = new NativeFrameLog();
  assert.deepEqual(log.list(5), []);
  log.begin(7, 3);
  log.tick(1000.7);
  log.received(kinds.MESSAGE, 12);
  log.received(kinds.ACK, 6);
  log.tick(1001);
  log.sent(Uint8Array.from([...frame(kinds.REPLY, 300), ...frame(kinds.ACK, 5), ...frame(kinds.MESSAGE)]));
  log.received(0x42, 3);
  assert.deepEqual(log.list(1003.2), [
    { direction: "received", kind: "MESSAGE", number: 8, size: 12, ago: 3 },
    { direction: "received", kind: "ACK", size: 6, ago: 3 },
    { direction: "sent", kind: "REPLY", number: 4, size: 302, ago: 2 },
    { direction: "sent", kind: "ACK", size: 6, ago: 2 },
    { direction: "sent", kind: "MESSAGE", number: 5, size: 2, ago: 2 },
    { direction: "received", kind: "0x42", size: 3, ago: 2 },
  ]);
});

test("NativeFrameLog.list keeps the last ten, with their own numbers", () => {
  const log = new NativeFrameLog();
  for (let i = 0; i < 100; i++) log.received(i % 2 === 0 ? kinds.REQUEST : kinds.PING, i);
  const list = log.list(0);
  assert.deepEqual(list.map(({ size }) => size), [90, 91, 92, 93, 94, 95, 96, 97, 98, 99]);
  assert.deepEqual(list.map(({ number }) => number).filter((number) => number), [46, 47, 48, 49, 50]);
});

test("NativeFrameLog.list holds at the bounds of what it can tell", () => {
  const log = new NativeFrameLog();
  log.tick(2 ** 40 + 2 ** 22 - 10);
  log.received(0xff, 2 ** 34);
  log.received(0, 2 ** 22 - 1);
  const now = 2 ** 40 + 2 ** 22 + 20;
  assert.deepEqual(log.list(now), [
    { direction: "received", kind: "0xff", size: 2 ** 22 - 1, ago: 30 },
    { direction: "received", kind: "0x00", size: 2 ** 22 - 1, ago: 30 },
  ]);
});
