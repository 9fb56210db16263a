import assert from "node:assert/strict";
import { test } from "node:test";
import { Rates } from "../../../runtime/monitoring/rates.ts";

const counts = (number: number) => ({
  framesSent: number,
  framesReceived: 2 * number,
  bytesSent: 3 * number,
  bytesReceived: 4 * number,
});

test("Rates tell how fast counts grow, from the second look on, and of newcomers from nothing", () => {
  const rates = new Rates();
  assert.equal(rates.look(new Map([["a", counts(100)]]), 5_000)("a"), undefined);
  const growthOf = rates.look(new Map([["a", counts(150)], ["b", counts(10)]]), 7_000);
  assert.deepEqual(growthOf("a"), counts(25));
  assert.deepEqual(growthOf("b"), counts(5));
  assert.equal(growthOf("gone"), undefined);
});

test("Rates stand as they were for a look that comes too soon, which loses nothing", () => {
  const rates = new Rates();
  const look = (number: number, now: number) => rates.look(new Map([["a", counts(number)]]), now)("a");
  assert.equal(look(0, 0), undefined);
  assert.equal(look(1, 10), undefined);
  assert.deepEqual(look(10, 1_000), counts(10));
  assert.deepEqual(look(20, 1_010), counts(10));
  assert.deepEqual(look(50, 2_000), counts(40));
});
