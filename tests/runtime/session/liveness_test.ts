import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeSilence } from "../../../runtime/session/liveness.ts";

test("judgeSilence: asks after a whole silent period, from the last byte on", () => {
  const verdicts = [1_000, 1_099, 1_100, 1_101, 2_000].map((now) => judgeSilence(100, 1_000, undefined, now));
  assert.deepEqual(verdicts, [100, 1, "ask", "ask", "ask"]);
});

test("judgeSilence: gives up a whole period after it has asked, however late that was", () => {
  const verdicts = [1_100, 1_199, 1_200, 1_201].map((now) => judgeSilence(100, 1_000, 1_100, now));
  assert.deepEqual(verdicts, [100, 1, "give up", "give up"]);
  assert.deepEqual([2_000, 2_099, 2_100].map((now) => judgeSilence(100, 1_000, 2_000, now)), [100, 1, "give up"]);
});
