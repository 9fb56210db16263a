import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { inLab } from "./lab.ts";
import { textOf } from "./process.ts";

const JOB = '{"id": 1, "data": []}';

describe("bench", () => {
  test("asks over and over, and tells how many a second there were and how long they took", () =>
    inLab(async ({ run, met }) => {
      const { code, stdout, stderr } = await run("bench", "Job", JOB, "--count", "500", "--connections", "2");
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      assert.match(
        stdout,
        /^Job: 500 in [\d.]+ m?s, over 2 connections with up to 1 in flight each\nrate {5}[\d,.]+ a second\nlatency {2}p50 [\d.]+ \S+ {3}p90 .* p99 .* p99\.9 .* max [\d.]+ \S+\n.*--rate.*\n$/,
      );
      assert.equal(met.length, 2, "each connection begins a session");
    }));

  test("--json --rate --duration: sends each at its time; a message counts until it is handled", () =>
    inLab(async ({ run, met }) => {
      const { code, stdout } = await run(
        "bench",
        "Ping",
        '{"id":1}{"id":2}',
        "--rate",
        "200",
        "--duration",
        "1s",
        "--json",
      );
      const { latency, perSecond, seconds, ...data } = JSON.parse(stdout);
      assert.deepEqual([code, data], [0, {
        ...{ message: "Ping", connections: 1, inFlight: 1_000, rate: 200, count: 200 },
        ...{ errors: {}, unanswered: 0, unsent: 0, reconnects: 0 },
      }]);
      assert.ok(seconds > 0.9 && perSecond > 0 && latency.min > 0 && latency["p99.9"] >= latency.p50);
      const ids = met.slice(1);
      assert.equal(ids.length, 200);
      assert.ok(ids.every((id, index) => id === BigInt(index % 2 + 1)), "the values are sent in turn");
    }));

  test("--wait: a message counts until another answers it; --plot draws", () =>
    inLab(async ({ run, folder }) => {
      const args = ["Ping", '{"id": 1}', "--wait", "Pong", "--count", "300", "--in-flight", "10"];
      const { code, stdout, stderr } = await run("bench", ...args, "--plot", "plots/ping.svg");
      assert.deepEqual([code, stderr], [0, ""]);
      assert.match(stdout, /^Ping: 300 in /);
      assert.match(textOf(join(folder, "plots/ping.svg")), /^<svg [^]*Ping: 300 in [^]*<\/svg>\n$/);
    }));

  test("counts errors by their code, and ends with 8", () =>
    inLab(async ({ run }) => {
      const { code, stdout } = await run("bench", "Fail", '{"how":"loudly"}', "--count", "20", "--json");
      const { count, errors, latency } = JSON.parse(stdout);
      assert.deepEqual({ code, count, errors, latency }, {
        ...{ code: 8, count: 0, latency: null },
        errors: { "handler-failed": 20 },
      });
    }));

  test("Ctrl+C: waits for what is open, prints what was measured so far, and ends with 130", () =>
    inLab(async ({ running, met }) => {
      await using command = running({}, "bench", "Ping", '{"id": 1}', "--duration", "1h", "--json");
      while (met.length < 100) await new Promise((done) => setTimeout(done, 10));
      command.interrupt();
      const { code, stdout } = await command.ended;
      assert.deepEqual([code, JSON.parse(stdout).count], [130, met.length - 1]);
    }));

  test("a service that goes away ends it with 8, under --no-reconnect", () =>
    inLab(async ({ running, met, server }) => {
      const args = ["Ping", '{"id": 1}', "--duration", "1h", "--connections", "2", "--json", "--no-reconnect"];
      await using command = running({}, "bench", ...args);
      while (met.length < 100) await new Promise((done) => setTimeout(done, 10));
      await server.close();
      const { code, stdout } = await command.ended;
      const { count, errors } = JSON.parse(stdout);
      assert.equal(code, 8);
      assert.ok(count > 0 && Object.keys(errors).length > 0, stdout);
    }));

  test("says what is wrong with what it was given, before any load", () =>
    inLab(async ({ run, met }) => {
      const wrong = await run("bench", "Job", '{"id": "x", "data": []}');
      assert.equal(wrong.code, 1);
      assert.match(wrong.stderr, /JSON:1:8: Job\.id: expected an int or a long, got "x"\./);
      const misspelt = await run("bench", "Jop", JOB);
      assert.deepEqual([misspelt.code, /Did you mean `Job`/.test(misspelt.stderr)], [1, true]);
      const request = await run("bench", "Job", JOB, "--wait", "Pong");
      assert.deepEqual([request.code, /leave out --wait/.test(request.stderr)], [1, true]);
      assert.match((await run("bench", "Job", " ")).stderr, /nothing to send/);
      for (const args of [["--rate", "0"], ["--rate", "fast"], ["--connections", "0"], ["--duration", "5"]]) {
        assert.equal((await run("bench", "Job", JOB, ...args)).code, 2, args.join(" "));
      }
      assert.equal((await run("bench", "Job", JOB, "--identity", "kit", "--connections", "2")).code, 2);
      assert.deepEqual(met.filter((one) => typeof one === "bigint"), []);
    }));
});
