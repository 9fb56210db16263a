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
