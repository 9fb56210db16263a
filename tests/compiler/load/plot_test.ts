import { parseXml, XmlElement } from "@rgrove/parse-xml";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "../../../compiler/load/drive.ts";
import { Latencies } from "../../../compiler/load/latencies.ts";
import { plot } from "../../../compiler/load/plot.ts";
import { reportData, reportText } from "../../../compiler/load/report.ts";

function outcome(took: readonly number[]): Outcome {
  const latencies = new Latencies();
  for (const [index, time] of took.entries()) latencies.record(time, index * 10);
  const errors = new Map([["handler-failed", 1_234]]);
  return { seconds: took.length / 100, latencies, errors, unanswered: 2, unsent: 0 };
}

const subject = { message: "Job", load: { connections: 2, inFlight: 8, rate: 100 }, reconnects: 1 };

test("plot: whatever was measured, all of the picture is numbers, and inside of it", () => {
  for (
    const took of [
      [1],
      [1, 1, 1, 1],
      [0.001, 90_000],
      Array.from({ length: 5_000 }, (_, index) => 1 + index % 97),
    ]
  ) {
    const { root } = parseXml(plot(subject, outcome(took)));
    assert.ok(root instanceof XmlElement);
    const [width, height] = [Number(root.attributes["width"]), Number(root.attributes["height"])];
    assert.ok(width > 0 && height > 0);
    const lines = root.children.filter((one) => one instanceof XmlElement && one.name === "path") as XmlElement[];
    assert.ok(lines.length > 10);
    for (const { attributes: { d = "" } } of lines) {
      assert.match(d, /^(?:[MLHV](?:-?[\d.]+ ?)+)+$/);
      for (const [, x, y] of d.matchAll(/[ML](-?[\d.]+) (-?[\d.]+)/g)) {
        assert.ok(Number(x) >= 0 && Number(x) <= width && Number(y) >= 0 && Number(y) <= height, d);
      }
    }
    assert.match(root.text, /Latency, by percentile/);
  }
});

test("reportText and reportData: tell the same, with what went wrong", () => {
  const found = outcome([1, 2, 3, 4]);
  assert.match(
    reportText(subject, found),
    /^Job: 4 in 40 ms, over 2 connections with up to 8 in flight each\nrate {5}100 a second, of 100 asked for\nlatency {2}p50 2 ms.*max 4(\.\d+)? ms\n.*from when each was to be sent.*\nerrors {3}handler-failed 1,234\n {9}2 had no answer at the end\n {9}connected again: 1$/,
  );
  const data = JSON.parse(JSON.stringify(reportData(subject, found)));
  assert.deepEqual(Object.keys(data.latency), ["min", "mean", "p50", "p90", "p99", "p99.9", "max"]);
  assert.deepEqual([data.count, data.errors, data.perSecond], [4, { "handler-failed": 1_234 }, 100]);
  assert.equal(JSON.parse(JSON.stringify(reportData(subject, { ...found, latencies: new Latencies() }))).latency, null);
});

test("plot: where nothing was answered for a while, the lines of latencies are broken", () => {
  const latencies = new Latencies();
  for (const at of [0, 100, 200, 1_000, 1_100]) latencies.record(1, at);
  const measured = { seconds: 2, latencies, errors: new Map(), unanswered: 0, unsent: 0 };
  const breaks = [...plot(subject, measured).matchAll(/<path d="([^"]+)" fill="none"/g)]
    .map(([, d = ""]) => d.split("M").length - 2);
  assert.deepEqual(breaks, [0, 1, 1, 1, 0]);
});
