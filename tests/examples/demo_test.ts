import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test } from "node:test";
import { OWN_HOST, Program } from "../programs.ts";

/** Whether somebody listens there. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "localhost");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

describe("demo", () => {
  /** Where the demo puts its own folder. */
  const temporary = mkdtempSync(join(tmpdir(), "holdfast-demo-test-"));
  let command: readonly string[];
  const start = (command: readonly string[]) => new Program(command, [], { TMPDIR: temporary });

  before(async () => {
    command = await OWN_HOST.prepare("examples/demo.ts", temporary);
  });

  after(() => rmSync(temporary, { recursive: true }));

  test("demo: 12 pongs to beyond 2^53, in order, over a restart on the same port; leaves nothing behind", async () => {
    await using demo = start("deno" in process.versions ? [process.execPath, "task", "demo"] : command);
    const { code, stdout, stderr } = await demo.ended;
    assert.equal(code, 0, stdout + stderr);
    const pongs = [...stdout.matchAll(/^RECEIVED PONG (\d+)$/gm)].map(([, id = ""]) => BigInt(id));
    assert.deepEqual(pongs, Array.from({ length: 12 }, (_, index) => 2n ** 53n - 6n + BigInt(index)));
    const ports = [...stdout.matchAll(/^LISTENING tls:\/\/localhost:(\d+)\/Framework\/PingPong$/gm)].map(([, p]) => p);
    assert.equal(ports.length, 2, stdout);
    assert.equal(ports[0], ports[1]);
    assert.equal(await listens(Number(ports[0])), false);
    assert.deepEqual(readdirSync(temporary), []);
  });

  test("demo: interrupted, it says so, ends with 1, and leaves nothing behind", async () => {
    await using demo = start(command);
    const [, port] = await demo.says(/^LISTENING tls:\/\/localhost:(\d+)/m);
    await demo.says(/RECEIVED PONG/);
    demo.signal("SIGINT");
    const { code, stderr } = await demo.ended;
    assert.equal(code, 1);
    assert.match(stderr, /^error: Interrupted\.$/m);
    assert.deepEqual(readdirSync(temporary), []);
    assert.equal(await listens(Number(port)), false);
  });

  test("demo: says in one line what went wrong, and ends with 1", async () => {
    await using demo = new Program(command, [], { TMPDIR: join(temporary, "nowhere") });
    const { code, stderr } = await demo.ended;
    assert.equal(code, 1);
    assert.match(stderr, /^error: .*nowhere/m);
    assert.doesNotMatch(stderr, /^\s+at /m);
  });
});
