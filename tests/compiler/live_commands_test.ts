import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { testCertificate } from "../harness.ts";
import { inLab } from "./lab.ts";
import { holdfast, put } from "./process.ts";

describe("describe", () => {
  test("writes what one may use, as text that compiles, and begins no session", () =>
    inLab(async ({ run, met, folder }) => {
      const { code, stdout, stderr } = await run("describe");
      assert.deepEqual({ code, stderr }, { code: 0, stderr: "" });
      assert.match(stdout, /^\/\/\/ What is to be done\.\nJob </);
      assert.doesNotMatch(stdout, /Secret/);
      put(join(folder, "desk.msg"), stdout);
      assert.equal((await holdfast(folder, "check", "desk.msg")).code, 0);
      assert.deepEqual(met, []);
    }));

  test("--json writes the shape and the comments", () =>
    inLab(async ({ run }) => {
      const { shape, docs } = JSON.parse((await run("describe", "--json")).stdout);
      assert.equal(shape.service, "Lab/Desk");
      assert.deepEqual(docs, { Job: "What is to be done." });
    }));

  test("ends with a code for each reason", () =>
    inLab(async ({ run, runWith, server, folder }) => {
      put(join(folder, "token"), "wrong\n");
      assert.equal((await holdfast(folder, "describe", server.url)).code, 3, "a certificate that is not trusted");
      const nobody = await holdfast(folder, "describe", "tls://127.0.0.1:1/Lab/Desk");
      assert.equal(nobody.code, 3, nobody.stderr);
      assert.equal((await holdfast(folder, "describe", server.url.replace("Desk", "Dusk"), "--ca", "ca.pem")).code, 6);
      assert.equal((await holdfast(folder, "describe", "http://localhost")).code, 2);
      const wrong = await run("describe", "--token-file", "token");
      assert.equal(wrong.code, 5);
      assert.doesNotMatch(wrong.stderr, /wrong/);
      assert.equal((await runWith({ env: { HOLDFAST_TOKEN: "sesame" } }, "describe")).code, 0);
    }));
});

describe("what to trust and to show", () => {
  test("is told by file where that is not what it should be, before anybody is asked", () =>
    inLab(async ({ folder }) => {
      const { cert, key } = await testCertificate();
      put(join(folder, "cert.pem"), cert);
      put(join(folder, "key.pem"), key);
      const nobody = "tls://localhost:1/Lab/Desk";
      for (
        const [args, told] of [
          [["--ca", "key.pem"], /^error: key\.pem is the wrong file: .*'-----BEGIN CERTIFICATE-----'/],
          [["--ca", "ca.pem", "--crl", "ca.pem"], /^error: ca\.pem is the wrong file: .*'-----BEGIN X509 CRL-----'/],
          [["--cert", "key.pem", "--key", "cert.pem"], /^error: key\.pem is the wrong file/],
          [["--cert", "cert.pem"], /^error: cert\.pem has no private key: .* --key FILE/],
          [["--cert", "cert.pem", "--key", "ca.pem"], /^error: ca\.pem has no private key[^]*PRIVATE KEY-----'\.\n$/],
        ] as const
      ) {
        const { code, stderr } = await holdfast(folder, "describe", nobody, ...args);
        assert.equal(code, 2, stderr);
        assert.match(stderr, told);
      }
      const dirac = await holdfast(folder, "describe", "dips://localhost:1/Lab/Desk");
      assert.deepEqual([dirac.code, dirac.stderr.split(":")[1]], [2, " a service tells its definition at tls"]);
    }));
});

describe("request", () => {
  test("writes the replies one a line, and loses nothing", () =>
    inLab(async ({ runWith, folder, run }) => {
      const jobs = [
        `{"id":123456789012345678901234567890,"when":"2026-11-22T10:00:00.001Z","data":["","aGk="],"more":{"a":{"$long":1}}}`,
        `{"id":1,"data":[],"more":[{"$bytes":"aGk="},{"$float":"NaN"},-0,1e+300,9007199254740993]}`,
      ];
      const text = jobs.join("\n");
      for (
        const found of [
          await runWith({ input: text }, "request", "Job", "@-"),
          await run("request", "Job", text),
          (put(join(folder, "jobs.json"), `\ufeff${text.replaceAll(",", ",\n  ")}`),
            await run("request", "Job", "@jobs.json")),
        ]
      ) {
        assert.deepEqual(found, { code: 0, stdout: `${text}\n`, stderr: "" });
      }
    }));

  test("points into the JSON where it is wrong", () =>
    inLab(async ({ runWith, run }) => {
      const input = `{"id":1,"data":[]}\n\n{"id":2,"data":["aGk=", 5]}\n`;
      const { code, stdout, stderr } = await runWith({ input }, "request", "Job", "@-");
      assert.equal(code, 1);
      assert.equal(stdout, `{"id":1,"data":[]}\n`);
      assert.match(
        stderr,
        /standard input:3:25: Bytes are written in base64, with its padding\.\n 3 \| \{"id":2,"data":\["aGk=", 5\]\}\n {3}\| {25}\^\n/,
      );
      const codec = await run("request", "Job", `{"id": "x", "data": []}`);
      assert.deepEqual([codec.code, codec.stderr.split("\n")[1]], [
        1,
        'JSON:1:8: Job.id: expected an int or a long, got "x".',
      ]);
      const misspelt = await run("request", "Job", `{"id":1,"dta":[]}`);
      assert.equal(misspelt.code, 1);
      assert.match(misspelt.stderr, /JSON:1:9: There is no field "dta" here\.[^]*Did you mean `data`\?/);
      const missing = await run("request", "Job", "@no_such_file");
      assert.deepEqual([missing.code, missing.stderr], [
        3,
        "error: no_such_file: this can't be read: there is no such file.\n",
      ]);
    }));

  test("ends with 8 where the service fails, and shows its text without what a terminal would obey", () =>
    inLab(async ({ run }) => {
      const { code, stderr } = await run("request", "Fail", `{"how":"loudly"}`);
      assert.deepEqual({ code, stderr }, { code: 8, stderr: "error: It can't be done.\ufffd[2J\n" });
    }));

  test("--timeout ends it with 7", () =>
    inLab(async ({ run }) => {
      const { code, stderr } = await run("request", "Fail", `{"how":"silently"}`, "--timeout", "300ms");
      assert.equal(code, 7, stderr);
      assert.equal((await run("request", "Fail", "--timeout", "soon")).code, 2);
    }));

  test("--parallel: so many are asked at once, and the replies come in the order of the requests", () =>
    inLab(async ({ run, runWith, gate }) => {
      // Each is answered when those behind it have come.
      const input = [2, 1, 0].map((behind) => `{"behind":${behind}}\n`).join("");
      assert.deepEqual(
        (await runWith({ input }, "request", "Queue", "@-", "--parallel", "3")).stdout,
        `{"place":1}\n{"place":2}\n{"place":3}\n`,
      );
      assert.equal(gate.most, 3);
      const mistake = await run("request", "Queue", `{"behind":0}{"behind":0}{"behind":"x"}`, "--parallel", "2");
      assert.deepEqual([mistake.code, mistake.stdout.split("\n").length], [1, 2], mistake.stderr);
      assert.match(mistake.stderr, /JSON:1:35: /);
      assert.equal((await run("request", "Queue", "{}", "--parallel", "0")).code, 2);
    }));

  test("gives the connect arguments", () =>
    inLab(async ({ run, met }) => {
      const args = `{"team":"q","size":123456789012345678901234567890}`;
      assert.equal((await run("request", "Job", `{"id":1,"data":[]}`, "--args", args)).code, 0);
      assert.deepEqual(met.pop(), { team: "q", size: 123456789012345678901234567890n });
      const refused = await run("request", "Job", `{"id":1,"data":[]}`, "--args", `{"team":"foes"}`);
      assert.equal(refused.code, 6, refused.stderr);
      const wrong = await run("request", "Job", "--args", `{"tem":"q"}`);
      assert.equal(wrong.code, 1);
      assert.match(wrong.stderr, /Did you mean `team`/);
    }));
});

describe("send", () => {
  test("waits for what comes back", () =>
    inLab(async ({ run }) => {
      const { code, stdout } = await run("send", "Ping", `{"id":1}{"id":2}`, "--wait", "Pong", "--count", "2");
      assert.deepEqual({ code, stdout }, { code: 0, stdout: `{"id":1}\n{"id":2}\n` });
    }));

  test("--acknowledge: every message has been handled", () =>
    inLab(async ({ runWith, met }) => {
      const ids = Array.from({ length: 3_000 }, (_, id) => BigInt(id));
      const input = ids.map((id) => `{"id":${id}}\n`).join("");
      const { code, stdout, stderr } = await runWith({ input }, "send", "Ping", "@-", "--acknowledge");
      assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: "", stderr: "sent 3000 messages\n" });
      assert.deepEqual(met.slice(1), ids);
    }));

  test("sends nothing where what it is to wait for will not come", () =>
    inLab(async ({ run, met }) => {
      const { code, stderr } = await run("send", "Ping", `{"id":1}`, "--wait", "Pnog");
      assert.deepEqual([code, /Did you mean `Pong`/.test(stderr)], [1, true], stderr);
      assert.deepEqual(met.slice(1), []);
    }));

  test("says which message or verb was meant", () =>
    inLab(async ({ run }) => {
      const misspelt = await run("send", "Pnig");
      assert.deepEqual([misspelt.code, /Did you mean `Ping`/.test(misspelt.stderr)], [1, true], misspelt.stderr);
      const secret = await run("send", "Secret");
      assert.deepEqual([secret.code, /receives no "Secret", as far as you may know/.test(secret.stderr)], [1, true]);
      const request = await run("send", "Job");
      assert.deepEqual([request.code, /holdfast request/.test(request.stderr)], [1, true]);
      const message = await run("request", "Ping");
      assert.deepEqual([message.code, /holdfast send/.test(message.stderr)], [1, true]);
      assert.equal((await run("send", "Ping", "--count", "1")).code, 2);
    }));

  test("--no-reconnect: ends with 3 when the connection breaks, also while it waits for input", () =>
    inLab(async ({ running, server, met }) => {
      await using command = running({ input: "" }, "send", "Ping", "@-", "--no-reconnect");
      await command.reads(`{"id":1}\n`);
      while (met.length < 2) await new Promise((done) => setTimeout(done, 10));
      await server.close();
      assert.equal((await command.ended).code, 3);
    }));

  test("Ctrl+C while it waits for input: what was read is sent and handled, and it ends with 130", () =>
    inLab(async ({ running, met }) => {
      await using command = running({ input: "" }, "send", "Ping", "@-", "--wait", "Pong", "--count", "5");
      await command.reads(`{"id":1}\n{"id":2}\n{"id"`);
      await command.says(/"id":2/);
      command.interrupt();
      const { code, stdout } = await command.ended;
      assert.deepEqual({ code, stdout }, { code: 130, stdout: `{"id":1}\n{"id":2}\n` });
      assert.deepEqual(met.slice(1), [1n, 2n]);
    }));
});

describe("listen", () => {
  test("writes what comes with its name, until it has enough", () =>
    inLab(async ({ running, server }) => {
      await using command = running({}, "listen", "--count", "2");
      await command.says(/listening for Pong/);
      for (const id of [1n, 2n, 3n]) server.broadcast("Pong", { id });
      const { code, stdout } = await command.ended;
      const line = (id: number) => `{"name":"Pong","message":{"id":${id}}}\n`;
      assert.deepEqual({ code, stdout }, { code: 0, stdout: line(1) + line(2) });
    }));

  test("--no-reconnect: ends with 3 when the connection breaks; without, it connects again", () =>
    inLab(async ({ running, server }) => {
      await using stubborn = running({}, "listen", "Pong");
      await using command = running({}, "listen", "Pong", "--no-reconnect");
      await Promise.all([stubborn.says(/listening for Pong/), command.says(/listening for Pong/)]);
      await server.close();
      const { code, stderr } = await command.ended;
      assert.equal(code, 3, stderr);
      assert.doesNotMatch(stderr, /Connecting again/);
      await stubborn.says(/Connecting again/);
    }));

  test("Ctrl+C ends it with 130", () =>
    inLab(async ({ running, run }) => {
      await using command = running({}, "listen", "Pong");
      await command.says(/listening for Pong/);
      command.interrupt();
      assert.equal((await command.ended).code, 130);
      const misspelt = await run("listen", "Pnog");
      assert.deepEqual([misspelt.code, misspelt.stdout], [1, ""]);
      assert.match(misspelt.stderr, /^error: Lab\/Desk sends no "Pnog".*Did you mean `Pong`/);
    }));
});
