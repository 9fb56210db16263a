import assert from "node:assert/strict";
import { test } from "node:test";
import { Traffic } from "../../../runtime/session/traffic.ts";

test("Traffic times a round trip from a PING to its own PONG", () => {
  const traffic = new Traffic();
  traffic.asked(1, 100);
  traffic.heard(3, 110);
  // A sign of life that nobody asked for.
  traffic.answered(0);
  assert.deepEqual([traffic.roundTrip, traffic.isAsking], [undefined, true]);
  traffic.asked(2, 200);
  traffic.heard(3, 230);
  traffic.answered(1);
  assert.deepEqual([traffic.roundTrip, traffic.isAsking], [undefined, true]);
  traffic.answered(2);
  assert.deepEqual([traffic.roundTrip, traffic.isAsking, traffic.bytesReceived], [30, false, 6]);
  traffic.heard(3, 300);
  traffic.answered(2);
  assert.equal(traffic.roundTrip, 30);
});

test("Traffic awaits no answer over another line than the one it has asked on", () => {
  const traffic = new Traffic();
  traffic.asked(1, 100);
  traffic.moved(200);
  assert.deepEqual([traffic.isAsking, traffic.heardAt], [false, 200]);
  traffic.heard(3, 300);
  traffic.answered(1);
  assert.equal(traffic.roundTrip, undefined);
});

/** Sends a frame, which arrives when so much time has passed. */
function exchange(traffic: Traffic, frame: number, at: number, time: number): number {
  traffic.leaving(frame, frame - 1);
  traffic.sent(1, at);
  traffic.heard(1, at + time);
  traffic.arrived(frame);
  return traffic.share / 1024;
}

test("Traffic lets no less be under way than a line of 1.5 Gbit/s holds, and no less than 384 KiB", () => {
  const traffic = new Traffic();
  assert.equal(traffic.share, Infinity);
  assert.equal(exchange(traffic, 1, 0, 50), 50 * 192);
  // A shorter way is known at once, a longer one little by little.
  assert.equal(exchange(traffic, 2, 100, 4), 4 * 192);
  assert.equal(exchange(traffic, 3, 200, 0), 384);
  assert.equal(exchange(traffic, 4, 300, 16), 384);
  assert.equal(exchange(traffic, 5, 400, 22), 4.5 * 192);
  for (let frame = 6; frame < 100; frame++) exchange(traffic, frame, 100 * frame, 50);
  assert.ok(Math.abs(traffic.share / 1024 - 50 * 192) < 1);
});

test("Traffic takes the time of a frame from when it leaves until all sent by then has arrived", () => {
  const traffic = new Traffic();
  // Nothing leaves that the peer has not got already.
  traffic.leaving(3, 3);
  traffic.sent(1, 0);
  traffic.heard(1, 5);
  traffic.arrived(3);
  assert.equal(traffic.share, Infinity);
  traffic.leaving(5, 3);
  traffic.sent(1, 10);
  // What leaves meanwhile is not timed.
  traffic.leaving(6, 3);
  traffic.sent(1, 20);
  traffic.heard(1, 25);
  traffic.arrived(4);
  assert.equal(traffic.share, Infinity);
  traffic.heard(1, 30);
  traffic.arrived(5);
  assert.deepEqual([traffic.share, traffic.bytesSent], [20 * 192 * 1024, 3]);
});

test("Traffic knows nothing of the way over another line", () => {
  const traffic = new Traffic();
  exchange(traffic, 1, 0, 1);
  traffic.leaving(2, 1);
  traffic.sent(1, 10);
  traffic.moved(20);
  traffic.heard(1, 30);
  traffic.arrived(2);
  assert.equal(traffic.share, Infinity);
});
