import assert from "node:assert/strict";
import { test } from "node:test";
import { bytes, duration, latency, short } from "../../../compiler/commands/top/units.ts";

test("short writes any number in at most four characters and a prefix", () => {
  const written = [0, 0.04, 0.44, 7, 9.94, 9.96, 12.3, 999, 999.4, 999.6, 1_000, 1_234, 99_949, 1.5e6, 9.99e11, 3e15];
  const texts = [
    "0",
    "0",
    "0.4",
    "7",
    "9.9",
    "10",
    "12",
    "999",
    "999",
    "1k",
    "1k",
    "1.2k",
    "100k",
    "1.5M",
    "999G",
    "3P",
  ];
  assert.deepEqual(written.map(short), texts);
  assert.deepEqual([0, 98_304].map(bytes), ["0B", "98kB"]);
});

test("duration writes the two largest units", () => {
  const times = [-5, 0, 59_999, 60_000, 184_000, 3_599_000, 8_100_000, 86_400_000, 273_600_000].map(duration);
  assert.deepEqual(times, ["0s", "0s", "59s", "1m00s", "3m04s", "59m59s", "2h15m", "1d00h", "3d04h"]);
});

test("latency writes milliseconds, and seconds from one on", () => {
  assert.deepEqual([0.04, 0.36, 9.94, 9.96, 12.3, 999.4, 999.6, 1_540, 12_000].map(latency), [
    ...["0.0ms", "0.4ms", "9.9ms", "10ms", "12ms", "999ms", "1.0s", "1.5s", "12s"],
  ]);
});
