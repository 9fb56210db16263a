import assert from "node:assert/strict";
import { test } from "node:test";
import { Liveness } from "../../../runtime/session/liveness.ts";

test("Liveness asks after a whole silent period, and gives up after another", () => {
  const liveness = new Liveness();
  assert.deepEqual([liveness.period(), liveness.period(), liveness.period()], ["nothing", "ask", "give up"]);
});

test("Liveness takes any byte for life, and is stale only between asking and hearing", () => {
  const liveness = new Liveness();
  for (let round = 0; round < 3; round++) {
    assert.equal(liveness.period(), "nothing");
    assert.equal(liveness.stale, false);
    assert.equal(liveness.period(), "ask");
    assert.equal(liveness.stale, true);
    liveness.heard();
    assert.equal(liveness.stale, false);
  }
});
