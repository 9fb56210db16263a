import assert from "node:assert/strict";
import { test } from "node:test";
import { checkId } from "../../../../runtime/wire/diset/ids.ts";
import { DateTime, Day, Dict, Float, type PyValue, Time, Tuple } from "../../../../runtime/wire/diset/python.ts";

const TOO_LARGE = { code: "limit", message: /8192/ };

/** One value in so many lists. */
function nested(depth: number): PyValue {
  let value: PyValue = "x";
  for (let i = 0; i < depth; i++) value = [value];
  return value;
}

test("checkId gives back what an id may be, whatever its type", () => {
  const moment = new DateTime(new Day(2026, 11, 22), new Time(0, 0, 0, 0));
  const few = [null, false, 7, 7n ** 200n, new Float(1), "x".repeat(8_000), new Uint8Array(8_000), moment];
  for (const id of [undefined, ...few, ["a", [1]], new Tuple([1, 2]), Dict.of([["a", [1]]]), nested(3_000)]) {
    assert.equal(checkId(id), id);
  }
});

test("checkId refuses what takes long to write, without looking at all of it", () => {
  const wide: PyValue[] = Array.from({ length: 1_000_000 }, () => []);
  const many = Dict.of(Array.from({ length: 5_000 }, (_, i) => [`${i}`, null] as const));
  const large = [wide, new Tuple(wide), [[wide]], many, nested(5_000), "x".repeat(8_193), new Uint8Array(8_193)];
  const start = performance.now();
  for (const id of [...large, 7n ** 20_000n, ["x".repeat(5_000), "x".repeat(5_000)]]) {
    assert.throws(() => checkId(id), TOO_LARGE);
  }
  assert.ok(performance.now() - start < 1_000);
});
