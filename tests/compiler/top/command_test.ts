import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import process from "node:process";
import { describe, test } from "node:test";
import { connect, parse, serve, type Server } from "../../../mod.ts";
import { testCertificate } from "../../harness.ts";
import { ROOT } from "../../runtimes.ts";
import { type Ended, holdfast, holdfastWith, inFolder, put, RUN, Running } from "../process.ts";

const DESK = parse("Note < text: string > service Lab/Desk { auth all  receives Note  sends Note }");
const WINDOW = 4_096;

interface Lab {
  readonly server: Server;
  readonly folder: string;
  /** What `top` needs to be let in. */
  readonly args: readonly string[];
  top(...more: string[]): Promise<Ended>;
}

/** A service with a client that does not read what it is sent, and one that does. */
function inLab(use: (lab: Lab) => Promise<void>): Promise<void> {
  return inFolder({ token: "olga\n" }, async (folder) => {
    const { ca, cert, key } = await testCertificate();
    put(join(folder, "ca.pem"), ca);
    const server = await serve(DESK, {
      cert,
      key,
      log: () => {},
      tokens: (token) => ({ subject: token, issuer: "https://iam.lab.example/" }),
      registry: ({ subject }) => ({ name: subject, group: subject === "olga" ? "operator" : "user" }),
      monitor: { auth: "group:operator" },
      limits: { window: WINDOW },
      messages: { Note: () => {} },
    }) as Server;
    const quick = await connect(server.url, { ca, identity: "quick", token: "ada" });
    const deaf = await connect(server.url, { ca, identity: "deaf", limits: { window: WINDOW, handlers: 1 } });
    deaf.on("Note", () => new Promise<void>(() => {}));
    try {
      const connection = [...server.connections.values()].find(({ identity }) => identity === "deaf")!;
      for (let i = 0; i < 10; i++) void connection.send("Note", { text: "x".repeat(1_000) });
      const args = ["top", server.url, "--ca", join(folder, "ca.pem"), "--token-file", join(folder, "token")];
      await use({
        server,
        folder,
        args,
        top: (...more) => holdfastWith({}, folder, ...args, ...more),
      });
    } finally {
      await quick.close();
      // It will not come to an end by itself.
      const closed = server.close({ timeout: 1 });
      await deaf.close();
      await closed;
    }
  });
}

describe("top", () => {
  test("--once tells who is connected, rates and round trips too, the slowest first", () =>
    inLab(async ({ top }) => {
      const { code, stderr, stdout } = await top("--once", "--every", "0.5");
      assert.deepEqual([code, stderr], [0, ""]);
      const [service, clients, received, , , , first, second, ...rest] = stdout.split("\n");
      assert.match(service!, /^Lab\/Desk, up /);
      assert.match(clients!, /^2 clients, 1 slow, 0 resuming, 0 coming in; /);
      assert.match(received!, /^in: {2}[\d.]+ messages\/s, [\d.]+B\/s, /);
      assert.match(first!, /^deaf +127\.0\.0\.1:\d+ +open .* 1\d\d% +\d+ +[\d.]+kB +0 +[\d.]+ms/);
      assert.match(second!, /^quick +ada +user +127\.0\.0\.1:\d+ +open .* 0% +0 +0B +0 +[\d.]+ms/);
      assert.deepEqual(rest, [""]);
    }));

  test("--json writes one snapshot a line, as long as it is not interrupted", () =>
    inLab(async ({ args, folder }) => {
      await using running = new Running(folder, [...args, "--json", "--every", "0.1", "--sort", "age", "--limit", "1"]);
      await running.says(/"roundTrip":.*\}\n.*\}\n/);
      running.interrupt();
      const { code, stderr, stdout } = await running.ended;
      assert.deepEqual([code, stderr], [130, ""]);
      const lines = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
      assert.equal(lines[0].sent.byteRate, undefined);
      const { clients, received, service, sessions } = lines.at(-1);
      assert.deepEqual([service, sessions, clients.length, clients[0].identity], ["Lab/Desk", 2, 1, "quick"]);
      assert.ok(clients[0].roundTrip >= 0 && received.byteRate >= 0);
      assert.ok(!stdout.includes("iam.lab.example"));
    }));

  test("says that a service can't be watched by DIRAC's protocol", () =>
    inFolder({}, async (folder) => {
      for (const scheme of ["dips", "dip"]) {
        const { code, stderr, stdout } = await holdfast(folder, "top", `${scheme}://localhost:1/Lab/Desk`, "--once");
        assert.deepEqual([code, stdout], [2, ""]);
        assert.match(stderr, /^error: a service can be watched at tls:\/\/ only/);
      }
    }));

  test("is not let in without the right to watch, and says so", () =>
    inLab(async ({ folder, server }) => {
      const { code, stderr, stdout } = await holdfastWith({}, folder, "top", server.url, "--ca", "ca.pem", "--once");
      assert.deepEqual([code, stdout], [6, ""]);
      assert.match(stderr, /^error: the service can't be watched: .*"monitor"/);
    }));

  test("says what is wrong with its options and addresses", () =>
    inFolder({}, async (folder) => {
      for (
        const [args, said] of [
          [["tls://localhost:1/A/B", "--sort", "name"], /Allowed choices are waiting, unacknowledged, rate/],
          [["tls://localhost:1/A/B", "--every", "0"], /--every <seconds>.*0\.1 to 3600/],
          [["tls://localhost:1/A/B", "--limit", "0"], /--limit <number>.*1 to 1000/],
          [["localhost"], /"localhost" is no address of a service/],
        ] as const
      ) {
        const { code, stderr } = await holdfastWith({}, folder, "top", ...args);
        assert.equal(code, 2, args.join(" "));
        assert.match(stderr, said);
      }
    }));

  const skip = spawnSync("python3", ["--version"]).error !== undefined && "there is no python3 to make a terminal";
  const CASES = {
    "q": { steps: [{ after: 2, type: "r" }, { after: 2, type: "q" }], code: 0 },
    "Ctrl+C": { steps: [{ after: 2, type: "\x03" }], code: 130 },
  };
  for (const [key, { steps, code }] of Object.entries(CASES)) {
    test(`draws over a terminal, and leaves it as it was at ${key}`, { skip }, () =>
      inLab(async ({ args, folder }) => {
        const { head, text } = await inTerminal(folder, [...args, "--every", "0.1"], steps);
        assert.deepEqual(head, { code, restored: true });
        assert.ok(text.includes("\x1b[?1049h\x1b[?25l\x1b[HLab/Desk, up "));
        assert.ok(text.endsWith("\x1b[J\x1b[?25h\x1b[?1049l"), JSON.stringify(text.slice(-200)));
        const screens = text.split("\x1b[H").slice(1);
        assert.match(screens[0]!, /sort by: w waiting/);
        for (const screen of screens) assert.ok(screen.split("\n").length <= 12);
        // deno-lint-ignore no-control-regex
        const sorted = screens.map((screen) => /\x1b\[7m *([A-Z]+)/.exec(screen)?.[1]);
        assert.equal(sorted[0], "WAITING");
        if (key === "q") assert.equal(sorted.at(-1), "IN");
      }));
  }
});

/** Runs `holdfast` in a terminal of 12 lines. */
async function inTerminal(
  folder: string,
  args: readonly string[],
  steps: readonly { readonly after: number; readonly type: string }[],
): Promise<{ head: unknown; text: string }> {
  const command = [...RUN, join(ROOT, "compiler/cli.ts"), ...args];
  const child = spawn("python3", [join(ROOT, "tests/compiler/top/terminal.py"), ...command], {
    cwd: folder,
    env: { ...process.env, TERM: "xterm", NO_COLOR: "", FORCE_COLOR: undefined },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => output += chunk);
  child.stdin.end(steps.map((step) => JSON.stringify(step)).join("\n"));
  await once(child, "close");
  const [head = "", ...rest] = output.split("\n");
  return { head: JSON.parse(head), text: rest.join("\n") };
}
