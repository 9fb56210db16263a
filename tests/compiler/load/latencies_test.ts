import assert from "node:assert/strict";
import { test } from "node:test";
import { Latencies } from "../../../compiler/load/latencies.ts";

const isNear = (found: number, expected: number, share: number) =>
  assert.ok(Math.abs(found - expected) <= expected * share, `${found} is not ${expected}`);

test("Latencies: percentiles are right to three digits, from microseconds to minutes", () => {
  for (const unit of [0.001, 1, 60_000 / 1_000]) {
    const latencies = new Latencies();
    for (let number = 1_000; number >= 1; number--) latencies.record(number * unit, 0);
    const { count, min, mean, percentiles, max } = latencies.summary()!;
    assert.equal(count, 1_000);
    isNear(min, unit, 0.001);
    isNear(mean, 500.5 * unit, 0.001);
    for (const [index, expected] of [500, 900, 990, 999].entries()) isNear(percentiles[index]!, expected * unit, 0.002);
    isNear(max, 1_000 * unit, 0.001);
  }
});

test("Latencies: without any, there is no summary; what can't be is taken for what can", () => {
  const latencies = new Latencies();
  assert.deepEqual([latencies.summary(), latencies.intervals()], [undefined, []]);
  latencies.record(0, 0);
  latencies.record(24 * 3_600_000, 0);
  const { count, min, max } = latencies.summary()!;
  assert.equal(count, 2);
  assert.ok(min > 0 && min < 0.001);
  isNear(max, 3_600_000, 0.001);
});

test("Latencies: intervals become longer as time goes by, and keep what was in them", () => {
  const latencies = new Latencies();
  for (let second = 0; second < 1_000; second++) latencies.record(second < 500 ? 1 : 100, second * 1_000);
  const intervals = latencies.intervals();
  assert.ok(intervals.length > 60 && intervals.length <= 120, `${intervals.length}`);
  assert.equal(intervals.reduce((sum, { count }) => sum + count, 0), 1_000);
  for (const { start, length, count, p50, p99, max } of intervals) {
    assert.ok(
      count <= Math.ceil(length / 1_000) && count >= Math.floor(Math.min(length, 1e6 - start) / 1_000),
      `${count}`,
    );
    const expected = start + length <= 500_000 ? 1 : start >= 500_000 ? 100 : undefined;
    if (expected !== undefined) { for (const found of [p50, p99, max]) isNear(found, expected, 0.02); }
  }
});
