import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { developmentCertificate } from "../../compiler/certificate.ts";
import { PingPong } from "../../examples/pingpong/pingpong.msg.ts";
import { serve } from "../../mod.ts";
import { HOSTS, OWN_HOST, Program, run } from "../programs.ts";

const LISTENING = /^LISTENING (tls:\/\/localhost:(\d+)\/Framework\/PingPong)\n/;
const pongs = (...ids: readonly (number | bigint)[]) => ids.map((id) => `RECEIVED PONG ${id}\n`).join("");

for (const host of HOSTS.filter((host) => host === OWN_HOST || host.name === "Node")) {
  describe(`pingpong on ${host.name}`, { skip: host.skip }, () => {
    const folder = mkdtempSync(join(tmpdir(), "holdfast-pingpong-"));
    const file = (name: string) => join(folder, name);
    const identity = ["--cert", file("cert.pem"), "--key", file("key.pem")];
    let service: readonly string[];
    let client: readonly string[];
    let listening: Program;
    let url: string;
    let port: string;

    /** Runs to an end that was not wished for: gives back the one line that says why. */
    async function fails(command: readonly string[], ...args: readonly string[]): Promise<string> {
      const { code, stdout, stderr } = await run(command, ...args);
      assert.equal(code, 1, `${args}: ${stdout}${stderr}`);
      assert.equal(stdout, "");
      assert.match(stderr, /^error: .+\n$/);
      return stderr;
    }

    before(async () => {
      const [own, foreign] = await Promise.all([developmentCertificate(), developmentCertificate()]);
      writeFileSync(file("ca.pem"), own.ca);
      writeFileSync(file("cert.pem"), own.cert);
      writeFileSync(file("key.pem"), own.key);
      writeFileSync(file("foreign_ca.pem"), foreign.ca);
      service = await host.prepare("examples/pingpong/service.ts", folder);
      client = await host.prepare("examples/pingpong/client.ts", folder);
      listening = new Program(service, ["--port", "0", ...identity]);
      [, url = "", port = ""] = await listening.says(LISTENING);
    });

    after(async () => {
      await listening[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    });

    test("client: pings ten times from 1 on, each time with the last id plus one", async () => {
      const { code, stdout, stderr } = await run(client, url, "--ca", file("ca.pem"));
      assert.deepEqual([code, stdout, stderr], [0, pongs(1, 2, 3, 4, 5, 6, 7, 8, 9, 10), ""]);
    });

    test("client: --start and --count are any integers, beyond 2^53 and below 0 too", async () => {
      const from = (start: bigint, count: number) =>
        run(client, url, "--ca", file("ca.pem"), `--start=${start}`, "--count", `${count}`);
      const [border, huge, negative] = await Promise.all([
        from(2n ** 53n - 2n, 4),
        from(10n ** 40n, 1),
        from(-2n, 3),
      ]);
      const beyond = 2n ** 53n;
      assert.equal(border.stdout, pongs(beyond - 2n, beyond - 1n, beyond, beyond + 1n), border.stderr);
      assert.equal(huge.stdout, pongs(10n ** 40n), huge.stderr);
      assert.equal(negative.stdout, pongs(-2, -1, 0), negative.stderr);
    });

    test("client: says in one line what is wrong, and ends with 1", async () => {
      const ca = ["--ca", file("ca.pem")];
      const cases: readonly (readonly [RegExp, readonly string[]])[] = [
        [/Nobody listens at localhost:1\./, ["tls://localhost:1/Framework/PingPong", ...ca]],
        [/certificate .* not to be trusted/, [url]],
        [/certificate .* not to be trusted/, [url, "--ca", file("foreign_ca.pem")]],
        [/no service "Framework\/Other"/, [`tls://localhost:${port}/Framework/Other`, ...ca]],
        [/'--bad'/, [url, ...ca, "--bad"]],
        [/--count is a whole number, not "ten"/, [url, ...ca, "--count", "ten"]],
        [/--count is 1 or more/, [url, ...ca, "--count", "0"]],
        [/'--start' argument is ambiguous/, [url, ...ca, "--start", "-5"]],
        [/no address of a service/, ca],
        [/nowhere\.pem/, [url, "--ca", file("nowhere.pem")]],
      ];
      await Promise.all(cases.map(async ([pattern, args]) => assert.match(await fails(client, ...args), pattern)));
    });

    test("service: says in one line what is wrong, and ends with 1", async () => {
      const cases: readonly (readonly [RegExp, readonly string[]])[] = [
        [new RegExp(`localhost:${port} is taken`), ["--port", port, ...identity]],
        [/--port is a whole number, not "x"/, ["--port", "x", ...identity]],
        [/The port is 65536: /, ["--port", "65536", ...identity]],
        [/nowhere\.pem/, ["--cert", file("nowhere.pem"), "--key", file("key.pem")]],
        [/key/, ["--cert", file("ca.pem"), "--key", file("key.pem")]],
        [/'--bad'/, ["--bad"]],
      ];
      await Promise.all(cases.map(async ([pattern, args]) => assert.match(await fails(service, ...args), pattern)));
    });

    for (const signal of ["SIGTERM", "SIGINT"] as const) {
      test(`service: ends with 0 on ${signal} while a client is connected, which goes on with the next one`, async () => {
        await using first = new Program(service, ["--port", "0", ...identity]);
        const [, url = "", port = ""] = await first.says(LISTENING);
        const flags = ["--ca", file("ca.pem"), "--count", "3", "--interval", "200"];
        await using pinging = new Program(client, [url, ...flags]);
        await pinging.says(/PONG 1\n/);
        first.signal(signal);
        const { code, stderr } = await first.ended;
        assert.deepEqual([code, stderr], [0, ""]);
        await using second = new Program(service, ["--port", port, ...identity]);
        await second.says(LISTENING);
        const { stdout } = await pinging.ended;
        assert.equal(stdout, pongs(1, 2, 3));
      });
    }

    test("client: sends a ping again that was lost with its connection", async () => {
      const { ca, cert, key } = await developmentCertificate();
      writeFileSync(file("lossy_ca.pem"), ca);
      const pings: (number | bigint)[] = [];
      await using server = await serve(PingPong, {
        cert,
        key,
        log: () => {},
        messages: {
          Ping({ id }, connection) {
            pings.push(id);
            if (pings.length === 2) throw new Error("This one is lost.");
            return connection.send("Pong", { id });
          },
        },
      });
      const { stdout, stderr } = await run(client, server.url, "--ca", file("lossy_ca.pem"), "--count", "3");
      assert.equal(stdout, pongs(1, 2, 3), stderr);
      assert.deepEqual(pings, [1, 2, 2, 3]);
    });
  });
}
