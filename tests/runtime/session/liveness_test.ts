import assert from "node:assert/strict";
import { test } from "node:test";
import { Liveness } from "../../../runtime/session/liveness.ts";

test("Liveness asks after a whole silent period, and gives up after another", () => {
  const liveness = new Liveness(100, 1_000);
  assert.deepEqual([1_000, 1_099, 1_100, 1_101, 1_199, 1_200].map((now) => liveness.look(now)), [
    100,
    1,
    "ask",
    99,
    1,
    "give up",
  ]);
});

test("Liveness counts the silence from the last byte, whenever it came", () => {
  const liveness = new Liveness(100, 0);
  liveness.heard(1);
  assert.equal(liveness.look(100), 1);
  assert.equal(liveness.look(101), "ask");
  assert.equal(liveness.look(201), "give up");
});

test("Liveness gives whoever is asked late a whole period to answer", () => {
  const liveness = new Liveness(100, 0);
  assert.equal(liveness.look(1_000), "ask");
  assert.equal(liveness.look(1_001), 99);
  assert.equal(liveness.look(1_100), "give up");
});

test("Liveness takes any byte for life, and is stale only between asking and hearing", () => {
  const liveness = new Liveness(100, 0);
  for (let now = 100; now <= 300; now += 100) {
    assert.equal(liveness.stale, false);
    assert.equal(liveness.look(now), "ask");
    assert.equal(liveness.stale, true);
    liveness.heard(now);
    assert.equal(liveness.stale, false);
  }
});
