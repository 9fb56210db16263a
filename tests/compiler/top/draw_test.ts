import assert from "node:assert/strict";
import { test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { draw } from "../../../compiler/commands/top/draw.ts";
import type { SessionSnapshot, Snapshot } from "../../../mod.ts";

const AT = new Date("2026-01-02T03:04:05Z");

function session(identity: string, more: Partial<SessionSnapshot> = {}): SessionSnapshot {
  return {
    ...{ transportId: "t", identity, subject: "", address: "127.0.0.1:4000", protocol: "holdfast", state: "open" },
    ...{ since: new Date(AT.getTime() - 61_000), resumptions: 0, silence: 1_000 },
    sent: { messages: 3, bytes: 1_500, messageRate: 1.5, byteRate: 2_000 },
    received: { messages: 4, bytes: 500, messageRate: 20, byteRate: 300 },
    ...{ window: 1_000, windowUsed: 0, unacknowledged: 0, unhandled: 0, waiting: 0, waitingBytes: 0, dropped: 0 },
    ...{ held: 0, handlers: 0, parked: 0, parkedBytes: 0, requestsSent: 1, requestsReceived: 2 },
    ...more,
  };
}

function snapshot(clients: SessionSnapshot[], sessions = clients.length): Snapshot {
  return {
    ...{ at: AT, service: "Lab/Desk", since: new Date(AT.getTime() - 7_200_000), lines: 3, handshakes: 1 },
    ...{ connections: sessions, sessions, resuming: 0, slow: 1, held: 98_304, begun: 5, resumptions: 1, clients },
    sent: { messages: 30, bytes: 15_000, messageRate: 15, byteRate: 20_000 },
    received: { messages: 40, bytes: 5_000, messageRate: 200, byteRate: 3_000 },
  };
}

const PLAIN = { color: false, order: "waiting" } as const;

test("draw tells of the service, and of each client on a line", () => {
  const slow = session("slow", {
    ...{ subject: "/CN=sloth", name: "sloth", group: "user", waitingBytes: 98_304, windowUsed: 1_010, roundTrip: 7.7 },
  });
  assert.deepEqual(draw(snapshot([slow, session("quick")]), PLAIN), [
    "Lab/Desk, up 2h00m, at 2026-01-02 03:04:05 UTC",
    "2 clients, 1 slow, 0 resuming, 1 coming in; 98kB held; 5 begun, 1 resumption",
    "in:  200 messages/s, 3kB/s, 5kB in all",
    "out: 15 messages/s, 20kB/s, 15kB in all",
    "",
    "IDENTITY  SUBJECT  GROUP  ADDRESS         STATE    AGE  IN/s  OUT/s  IN B/s  OUT B/s  TOTAL  WINDOW  UNACK  WAITING  OPEN"
    + "   PING  SILENT",
    "slow      sloth    user   127.0.0.1:4000  open   1m01s    20    1.5    300B      2kB    2kB    101%      0     98kB     3"
    + "  7.7ms      1s",
    "quick                     127.0.0.1:4000  open   1m01s    20    1.5    300B      2kB    2kB      0%      0       0B     3"
    + "      -      1s",
  ]);
});

test("draw keeps within the columns and rows that there are, and leaves out the least first", () => {
  const names = ["日本".repeat(20), "e\u0301".repeat(40), "x".repeat(60), "a", "b", "c"];
  const sessions = names.map((name) => session(name, { subject: "s".repeat(50) }));
  for (let columns = 0; columns < 200; columns++) {
    const lines = draw(snapshot(sessions), { ...PLAIN, columns, notice: "n".repeat(300) });
    for (const line of lines) assert.ok(widthOf(line) <= columns, `${columns}: ${line}`);
  }
  const narrow = draw(snapshot(sessions), { ...PLAIN, columns: 40 })[5]!;
  assert.deepEqual(narrow.trim().split(/ +/), ["IDENTITY", "SUBJECT", "OUT", "B/s", "WAITING"]);
  for (let rows = 0; rows < 20; rows++) {
    const lines = draw(snapshot(sessions), { ...PLAIN, columns: 80, rows });
    assert.ok(lines.length <= rows, `${rows}: ${lines.length}`);
    if (rows >= 7 && rows < 12) assert.equal(lines.at(-1), `… and ${13 - rows} more sessions`);
  }
});

/** Only what the test draws: two columns for each of these ideographs, none for an accent. */
function widthOf(line: string): number {
  return [...line].reduce((sum, character) => sum + (/[日本]/.test(character) ? 2 : character === "\u0301" ? 0 : 1), 0);
}

test("draw tells how many sessions the service has left out", () => {
  assert.equal(draw(snapshot([session("a")], 40), PLAIN).at(-1), "… and 39 more sessions");
});

test("draw shows nothing of what a client's texts would do to a terminal, nor lets them begin a line", () => {
  const lines = draw(snapshot([session("a\x1b[2Jb\nc\u202ed", { subject: "\r\x07" })]), PLAIN);
  assert.equal(lines.length, 7);
  assert.match(lines[6]!, /^a\ufffd\[2Jb\ufffdc\ufffdd +\ufffd\ufffd /);
});

test("draw colours slow clients, dims those that are away, and marks the order, with nothing else changed", () => {
  const sessions = [session("slow", { waitingBytes: 1 }), session("away", { state: "resuming" }), session("well")];
  const drawn = draw(snapshot(sessions), { color: true, order: "rate" });
  assert.deepEqual(drawn.map(stripVTControlCharacters), draw(snapshot(sessions), { color: false, order: "rate" }));
  // deno-lint-ignore no-control-regex
  assert.deepEqual(drawn.slice(6).map((line) => /^\x1b\[(\d+)m/.exec(line)?.[1]), ["33", "2", undefined]);
  assert.equal(drawn[5]!.split("\x1b[7m").length - 1, 2);
});
