import assert from "node:assert/strict";
import { test } from "node:test";
import { completeLimits, DEFAULT_LIMITS, LEAST_FRAME, type Limits } from "../../runtime/limits.ts";

test("completeLimits fills in what was not said", () => {
  assert.deepEqual(completeLimits(), DEFAULT_LIMITS);
  assert.deepEqual(completeLimits({ window: 7 }), { ...DEFAULT_LIMITS, window: 7 });
});

test("completeLimits refuses what is no positive whole number, and names that are none", () => {
  for (const value of [0, -1, 1.5, NaN, Infinity, 2 ** 53, "7", null, undefined]) {
    const limits = { window: value } as unknown as Partial<Limits>;
    assert.throws(() => completeLimits(limits), { code: "invalid-argument", message: /"window" is/ });
  }
  for (const name of ["windows", "toString", "__proto__"]) {
    const limits = Object.fromEntries([[name, 7]]) as Partial<Limits>;
    assert.throws(() => completeLimits(limits), { code: "invalid-argument", message: `There is no limit "${name}".` });
  }
});

test("completeLimits refuses frames too short for an error to be told", () => {
  assert.throws(() => completeLimits({ frame: LEAST_FRAME - 1 }), { code: "invalid-argument", message: /256/ });
  assert.equal(completeLimits({ frame: LEAST_FRAME }).frame, LEAST_FRAME);
});
