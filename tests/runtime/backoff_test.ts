import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "../../mod.ts";
import { backoffDelay, DEFAULT_BACKOFF } from "../../runtime/backoff.ts";

const ALMOST_ONE = 1 - Number.EPSILON;

test("backoffDelay doubles its bound from the first to the most", () => {
  const bounds = [1, 2, 3, 8, 9, 10, 11].map((attempt) => backoffDelay(attempt, DEFAULT_BACKOFF, ALMOST_ONE));
  assert.deepEqual(bounds, [100, 200, 400, 12_800, 25_600, 30_000, 30_000]);
});

test("backoffDelay is spread over the whole of its bound, however many attempts have failed", () => {
  for (const attempt of [1, 5, 100, 5_000, Number.MAX_SAFE_INTEGER]) {
    const bound = backoffDelay(attempt, DEFAULT_BACKOFF, ALMOST_ONE);
    assert.equal(backoffDelay(attempt, DEFAULT_BACKOFF, 0.5), bound / 2);
    assert.equal(backoffDelay(attempt, DEFAULT_BACKOFF, 0.25), bound / 4);
  }
});

test("backoffDelay is never zero and never beyond the most", () => {
  const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  const bounds = fc.record({ first: fc.nat(100_000), most: fc.integer({ min: 1, max: 100_000 }) });
  fc.assert(fc.property(fc.integer({ min: 1, max: 5000 }), bounds, random, (attempt, backoff, random) => {
    const delay = backoffDelay(attempt, backoff, random);
    assert.ok(Number.isSafeInteger(delay) && delay >= 1 && delay <= backoff.most, String(delay));
  }));
});

for (
  const backoff of [{ first: 0, most: 1 }, { first: 2, most: 1 }, { first: NaN, most: 1 }, { first: 1, most: Infinity }]
) {
  test(`Client refuses delays that can't be used: ${backoff.first} and ${backoff.most}`, () => {
    assert.throws(() => new Client("tls://localhost:1/A/B", undefined, { reconnect: backoff }), {
      code: "invalid-argument",
      message: /"reconnect"/,
    });
  });
}
