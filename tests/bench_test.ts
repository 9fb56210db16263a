import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, test } from "node:test";
import { METRICS } from "../bench/harness/metrics.ts";
import { ratioOf, Samples } from "../bench/harness/samples.ts";
import { spreadOf } from "../bench/harness/statistics.ts";
import { judge } from "../bench/report/goals.ts";
import { shown } from "../bench/report/numbers.ts";
import { plot } from "../bench/report/plot.ts";
import { metricTable } from "../bench/report/table.ts";
import { NODE, ROOT } from "./runtimes.ts";

const folder = mkdtempSync(join(tmpdir(), "holdfast-bench-test-"));
after(() => rmSync(folder, { recursive: true }));

const IS_DENO = "deno" in process.versions;
/** Each runner measures its own runtime; Deno's measures Node, too. */
const runtimes = IS_DENO ? ["deno", ...NODE === undefined ? [] : ["node"]] : ["bun"];

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function bench(...args: readonly string[]): Promise<Ended> {
  const options = IS_DENO ? ["run", "-A", "--quiet", "--config", "deno.json"] : ["run"];
  const child = spawn(process.execPath, [...options, "bench/run.ts", ...args], { cwd: ROOT });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => said.stdout += text);
  child.stderr.setEncoding("utf8").on("data", (text: string) => said.stderr += text);
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code, ...said }));
  });
}

test("bench: measures every metric, next to nothing of it, on the runtimes at hand", async () => {
  const json = join(folder, "results.json");
  const plots = join(folder, "plots");
  const only = runtimes.flatMap((name) => ["--runtime", name]);
  const { code, stdout, stderr } = await bench("--smoke", ...only, "--json", json, "--plots", plots);
  assert.equal(code, 0, stderr);

  const rows: readonly Record<string, unknown>[] = JSON.parse(readFileSync(json, "utf8"));
  for (const { metric, runtime, candidate, value, unit } of rows) {
    const [client, service = client] = String(runtime).split(">");
    assert.ok(runtimes.includes(client!) && runtimes.includes(service!), String(runtime));
    assert.ok(candidate === "holdfast" || candidate === "bare", String(candidate));
    assert.ok(typeof value === "number" && Number.isFinite(value), `${metric} ${value}`);
    assert.equal(unit, METRICS.find(({ name }) => String(metric).startsWith(name))?.unit);
  }
  const measured = new Set(rows.map(({ metric }) => String(metric)));
  const isMeasured = (name: string) => [...measured].some((metric) => metric.replace(/-\d+$/, "") === name);
  // The codec is measured beside others, which are packages that need not be there.
  const missing = METRICS.map(({ name }) => name).filter((name) => !measured.has(name) && !isMeasured(name));
  assert.deepEqual(
    missing.filter((name) => !/^(encode|decode|bytes)-/.test(name)),
    // Only V8 tells what is allocated.
    IS_DENO ? [] : ["allocated-service", "allocated-client"],
  );
  assert.match(stdout, /^### roundtrips-per-second$/m);
  assert.match(stdout, /^\| roundtrips-per-second: at least 0\.4 of bare/m);
  assert.ok(readdirSync(plots).includes("round-trip.svg"));
});

test("bench: measures one of a family with the others of it", async () => {
  const json = join(folder, "family.json");
  const { code, stderr } = await bench("--smoke", "--only", "compile-100", "--json", json);
  assert.equal(code, 0, stderr);
  const rows: readonly { readonly metric: string }[] = JSON.parse(readFileSync(json, "utf8"));
  assert.ok(rows.some(({ metric }) => metric === "compile-100"));
  assert.ok(rows.every(({ metric }) => metric.startsWith("compile-")));
});

test("bench: names what it does not know, and ends with 2", async () => {
  for (const args of [["--only", "speed"], ["--runtime", "rhino"], ["--candidate", "carrier-pigeon"], ["--faster"]]) {
    const { code, stderr } = await bench(...args);
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(args.at(-1)!.replace(/^--/, "")));
  }
});

test("spreadOf: gives the median and the quartiles, whatever the order", () => {
  assert.deepEqual(spreadOf([5, 1, 4, 2, 3]), { value: 3, low: 2, high: 4 });
  assert.deepEqual(spreadOf([1, 2]), { value: 1.5, low: 1.25, high: 1.75 });
  assert.equal(spreadOf([]), undefined);
});

function samplesOf(values: Readonly<Record<string, readonly (number | null)[]>>): Samples {
  const samples = new Samples();
  for (const [candidate, list] of Object.entries(values)) {
    list.forEach((value, round) => value !== null && samples.add("round-trip", "deno", candidate, round, value));
  }
  return samples;
}

test("ratioOf: compares within a round, and passes over rounds that one of the two lacks", () => {
  // A machine that was slow in the second round was so for both.
  const samples = samplesOf({ holdfast: [10, 100, null, 30], bare: [5, 50, 1] });
  const [own, bare] = ["holdfast", "bare"].map((name) => samples.row("round-trip", "deno", name)!);
  assert.deepEqual(ratioOf(own!, bare!), { value: 2, low: 2, high: 2 });
});

test("read: rounds of one run are not those of another", () => {
  const samples = new Samples();
  for (const runs of [{ holdfast: [10, 100], bare: [5] }, { holdfast: [30], bare: [10, 20] }]) {
    samples.read(samplesOf(runs).rows());
  }
  assert.deepEqual(samples.row("round-trip", "deno", "holdfast")!.samples, [10, 100, 30]);
  assert.deepEqual(samples.row("round-trip", "deno", "bare")!.samples, [5, null, 10, 20]);
});

test("judge: a goal is met at its bound, and missed beyond it", () => {
  const met = (value: number) =>
    judge(samplesOf({ holdfast: [value], bare: [100] })).filter(({ goal }) => goal.startsWith("round-trip")).map((
      verdict,
    ) => verdict.met);
  assert.deepEqual(met(115), [true]);
  assert.deepEqual(met(116), [false]);
});

test("bestPeer: where less is better, the least of the peers, and none of our own", () => {
  const samples = samplesOf({ holdfast: [1], bare: [2], "ws-json": [30], "socket-io": [20] });
  assert.equal(samples.bestPeer("round-trip", "deno")?.candidate, "socket-io");
  assert.match(metricTable("round-trip", samples), /\| deno +\| holdfast +\| 1 +\| 1 to 1 +\| 0\.5 +\| 0\.05 +\|/);
});

test("plot: has every candidate and runtime, and a name that is markup as text", () => {
  const rows = samplesOf({ holdfast: [1, 2, 4], bare: [3] }).rows();
  const pairs = rows.map((row) => ({ ...row, metric: "stall", runtime: "deno>bun" }));
  assert.match(plot("round-trip", rows), />holdfast<[^]*>bare</);
  assert.match(plot("stall", pairs), />deno&gt;bun</);
});

test("shown: three digits that count, and thousands set apart", () => {
  assert.deepEqual([1_234_567, 999.6, 12.345, 0.012345, NaN].map(shown), ["1,230,000", "1000", "12.3", "0.0123", "–"]);
});
