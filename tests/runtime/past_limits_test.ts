/**
 * Goes past each limit over a real line: the one who does learns of it by a typed error and is cut off, and another
 * client keeps exchanging.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { Client, DEFAULT_LIMITS, type HoldfastError, type Limits, parse, serve } from "../../mod.ts";
import { deferred } from "../../runtime/promises.ts";
import { nativeNetwork } from "../../runtime/transport/runtime.ts";
import { HELLO, MESSAGE } from "../../runtime/wire/native/kinds.ts";
import { check, testCertificate } from "../harness.ts";
import { type Lab, type LabOptions, startLab } from "./limits_lab.ts";
import type { OpenWords, RawClient } from "./raw_client.ts";

interface Row extends LabOptions {
  readonly limit: keyof Limits;
  readonly who: string;
  attack(lab: Lab): Promise<void>;
}

/** The beginning of a frame that promises more. */
function header(length: number, kind: number): Uint8Array {
  const bytes: number[] = [];
  for (; length >= 0x80; length = Math.floor(length / 0x80)) bytes.push(length % 0x80 + 0x80);
  return Uint8Array.from([...bytes, length, kind]);
}

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const KILOBYTE = "x".repeat(1_000);

/** Ends in a refusal, and in the end of the stream. */
async function isRefused(raw: RawClient, words: RegExp): Promise<void> {
  await raw.hears(words);
  await raw.over.promise;
}

async function refusedOnOpen(lab: Lab, words?: OpenWords): Promise<void> {
  const raw = await lab.connect();
  raw.open(words);
  await isRefused(raw, /^REFUSE limit$/);
}

/** A value that goes past a limit of the service's ends the connection, and whoever sent it learns why. */
function tooMuch(
  limit: "depth" | "digits" | "items" | "matched",
  most: number,
  send: (client: Client, count: number) => Promise<void>,
): Row {
  return {
    limit,
    who: "who sends more than that",
    limits: { [limit]: most },
    async attack({ client }) {
      const guest = await client();
      const ended = new Promise<HoldfastError>((resolve) => guest.onDisconnect(resolve));
      await send(guest, most);
      await assert.rejects(send(guest, most + 1), { code: "limit", remote: true });
      assert.equal((await ended).code, "limit");
    },
  };
}

const nested = (depth: number): unknown => depth === 0 ? 1 : [nested(depth - 1)];

const ROWS: readonly Row[] = [
  {
    limit: "handshakeTimeout",
    who: "who says nothing, and who never comes to the end of a frame",
    limits: { handshakeTimeout: 1_000 },
    async attack({ connect }) {
      const silent = await connect();
      const dribbling = await connect();
      dribbling.write(header(60_000, HELLO));
      const timer = setInterval(() => dribbling.write(new Uint8Array(1)), 20);
      await isRefused(silent, /^REFUSE timeout$/);
      await isRefused(dribbling, /^REFUSE timeout$/);
      clearInterval(timer);
    },
  },
  {
    limit: "handshakes",
    who: "who comes when that many say nothing",
    limits: { handshakes: 2 },
    async attack({ client, connect }) {
      const silent = [await connect(), await connect()];
      await isRefused(await connect(), /^REFUSE limit$/);
      for (const raw of silent) raw.destroy();
      // As soon as the service has learned of that.
      for (;;) {
        const guest = await client().catch((error) => assert.equal(error.code, "limit"));
        if (guest !== undefined) return;
      }
    },
  },
  {
    limit: "failures",
    who: "who guesses, until the minute is over; sessions from there go on",
    limits: { failures: 3 },
    async attack({ client, connect, pass }) {
      const guess = async (words: RegExp) => {
        const raw = await connect();
        raw.open({ args: { password: "guess" } });
        await isRefused(raw, words);
      };
      for (let i = 0; i < 3; i++) await guess(/^REFUSE refused$/);
      await guess(/^REFUSE limit$/);
      await assert.rejects(client({ args: { password: "right" } }), { code: "limit", message: /try again in \d+ s/ });
      pass(60_000);
      await client({ args: { password: "right" } });
      await guess(/^REFUSE refused$/);
    },
  },
  {
    limit: "handshakeFrame",
    who: "who promises a longer HELLO",
    limits: { handshakeFrame: 1_000 },
    async attack({ connect }) {
      const raw = await connect();
      raw.write(header(1_001, HELLO));
      await isRefused(raw, /^REFUSE limit$/);
    },
  },
  {
    limit: "frame",
    who: "who promises a longer frame",
    limits: { frame: 1_000 },
    async attack({ join }) {
      const raw = await join();
      raw.write(header(1_001, MESSAGE));
      await isRefused(raw, /^CLOSE limit$/);
    },
  },
  {
    limit: "window",
    who: "who does not wait",
    limits: { window: 10_000, handlers: 1 },
    async attack({ begun, join }) {
      const raw = await join();
      const slow = raw.table.name("Slow")!;
      raw.say((to) => times(13, () => to.message(slow, { text: KILOBYTE })));
      await isRefused(raw, /^CLOSE limit$/);
      assert.equal(begun(), 1);
    },
  },
  {
    limit: "backlog",
    who: "what may be dropped",
    limits: { backlog: 10_000, window: 10_000 },
    async attack({ client, others, server }) {
      const handling = deferred<void>();
      const guest = await client({ limits: { handlers: 1 }, messages: { Note: () => handling.promise } });
      const connection = server.connections.get(guest.transportId!)!;
      let gone = 0;
      const sends = times(100, () => {
        const sent = connection.send("Note", { text: KILOBYTE }, { overflow: "drop-oldest" });
        return sent.catch(({ code }) => {
          assert.equal(code, "dropped");
          gone++;
        });
      });
      await others(5);
      // Ten wait, ten fill the window, one is beyond it, and one is being handled.
      assert.ok(gone >= 100 - 10 - 12, `${gone} were dropped`);
      assert.equal(connection.dropped, gone);
      handling.resolve();
      await Promise.all(sends);
      await connection.send("Note", {}, { acknowledge: true });
    },
  },
  {
    limit: "backlog",
    who: "a client that does not read, where that is not suffered",
    limits: { backlog: 10_000, window: 10_000 },
    options: { slowClients: "disconnect" },
    async attack({ client, server }) {
      const handling = deferred<void>();
      const guest = await client({ limits: { handlers: 1 }, messages: { Note: () => handling.promise } });
      const ended = new Promise<HoldfastError>((resolve) => guest.onDisconnect(resolve));
      const connection = server.connections.get(guest.transportId!)!;
      const sends = times(100, () => connection.send("Note", { text: KILOBYTE }));
      assert.equal((await ended).code, "limit");
      assert.equal(connection.reason?.code, "limit");
      const unsent = (await Promise.allSettled(sends)).filter(({ status }) => status === "rejected");
      assert.ok(unsent.length >= 100 - 12, `${unsent.length} were not sent`);
      handling.resolve();
    },
  },
  {
    limit: "keepAlive",
    who: "who answers no PING",
    limits: { keepAlive: 200 },
    async attack({ dropped, join }) {
      const raw = await join();
      await raw.hears(/^PING$/);
      assert.equal((await dropped).code, "timeout");
      await raw.over.promise;
    },
  },
  {
    limit: "connections",
    who: "who comes when there are that many",
    limits: { connections: 2 },
    async attack(lab) {
      await lab.join();
      await refusedOnOpen(lab);
      // Some may be about to watch, for all that is known: they are given no more than their places.
      const silent = await Promise.all(times(16, () => lab.connect()));
      await isRefused(await lab.connect(), /^REFUSE limit$/);
      for (const raw of silent) raw.destroy();
    },
  },
  {
    limit: "sessions",
    who: "who begins one more",
    limits: { sessions: 2 },
    async attack(lab) {
      await lab.join();
      await refusedOnOpen(lab);
    },
  },
  {
    limit: "sessionsPerAddress",
    who: "who begins one more from there, until one has ended",
    limits: { sessionsPerAddress: 2 },
    async attack(lab) {
      const raw = await lab.join();
      await refusedOnOpen(lab);
      raw.destroy();
      await lab.dropped;
      await lab.join();
    },
  },
  {
    limit: "sessionsPerSubject",
    who: "who begins one more with the same credentials, until one has ended",
    limits: { sessionsPerSubject: 2 },
    options: { tokens: (token) => ({ subject: token }) },
    async attack({ client }) {
      const first = await client({ token: "ada" });
      await client({ token: "ada" });
      await assert.rejects(client({ token: "ada" }), { code: "limit", remote: true });
      await client({ token: "bob" });
      await first.close();
      await client({ token: "ada" });
    },
  },
  {
    limit: "sessionTimeout",
    who: "who does not come back",
    limits: { sessionTimeout: 100 },
    async attack({ dropped, join }) {
      const raw = await join({ resumable: true });
      raw.destroy();
      const { code, message } = await dropped;
      assert.equal(code, "disconnected");
      assert.match(message, /did not come back within 100 ms/);
    },
  },
  {
    limit: "held",
    who: "who comes when the others are held that much for",
    limits: { held: 20_000, window: 10_000 },
    async attack(lab) {
      const handling = deferred<void>();
      const guest = await lab.client({ limits: { handlers: 1 }, messages: { Note: () => handling.promise } });
      const connection = lab.server.connections.get(guest.transportId!)!;
      const sends = times(50, () => connection.send("Note", { text: KILOBYTE }));
      await lab.others(5);
      lab.pass(1_000);
      await refusedOnOpen(lab);
      handling.resolve();
      await Promise.all(sends);
      await connection.send("Note", {}, { acknowledge: true });
      lab.pass(1_000);
      await lab.join();
    },
  },
  {
    limit: "handlers",
    who: "who sends more has to wait",
    limits: { handlers: 2 },
    async attack({ begun, client, others, release }) {
      const guest = await client();
      const sends = times(10, () => guest.send("Slow", {}, { acknowledge: true }));
      while (begun() < 2) await others(1);
      await others(10);
      assert.equal(begun(), 2);
      release();
      await Promise.all(sends);
      assert.equal(begun(), 10);
    },
  },
  {
    limit: "requests",
    who: "who opens more",
    limits: { requests: 3 },
    async attack({ begun, join }) {
      const raw = await join();
      const wait = raw.table.name("Wait")!;
      raw.say((to) => times(4, (i) => to.request(i + 1, wait, { id: i })));
      await isRefused(raw, /^CLOSE limit$/);
      assert.ok(begun() <= 3);
    },
  },
  tooMuch("depth", 5, (client, depth) => client.send("Any", { value: nested(depth - 1) }, { acknowledge: true })),
  tooMuch("digits", 20, (client, digits) => {
    return client.send("Big", { value: 10n ** BigInt(digits - 1) }, { acknowledge: true });
  }),
  tooMuch("items", 100, (client, count) => {
    return client.send("List", { items: times(count, () => 1) }, { acknowledge: true });
  }),
  tooMuch("matched", 100, (client, count) => {
    return client.send("Code", { text: "x".repeat(count) }, { acknowledge: true });
  }),
];

for (const row of ROWS) {
  check(`limits: ${row.limit} bounds ${row.who}`, async (scope) => {
    const lab = await startLab(scope, row);
    let attacking = true;
    const attack = row.attack(lab).finally(() => attacking = false);
    while (attacking) await Promise.all([lab.others(1), pause(1)]);
    await attack;
    await lab.others(5);
  });
}

check("limits: definition bounds what a client takes of a service", async (scope) => {
  const network = scope.network(nativeNetwork());
  const certificate = await testCertificate();
  for (const [docs, code] of [[100_000, "limit"], [2_000, "protocol"]] as const) {
    const definition = parse(`/// ${"x".repeat(docs)}\nPing < id: int > service Lab/Long { auth all receives Ping }`);
    const server = await serve(definition, {
      cert: certificate.cert,
      key: certificate.key,
      network,
      messages: { Ping: () => {} },
    });
    scope.cleanup(() => server.close());
    const join = (limits: Partial<Limits>) => {
      const client = new Client(server.url, undefined, { ca: certificate.ca, network, limits, reconnect: false });
      scope.cleanup(() => client.close());
      return client.connect();
    };
    await assert.rejects(join({ definition: 1_000 }), { code });
    await join({});
  }
});

test("limits: each has a test that goes past it", () => {
  const tested = new Set<string>([...ROWS.map(({ limit }) => limit), "definition"]);
  assert.deepEqual([...tested].sort(), Object.keys(DEFAULT_LIMITS).sort());
});
