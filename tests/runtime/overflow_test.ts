/**
 * What may give way to newer messages, over a line: never anything else.
 */

import assert from "node:assert/strict";
import { Client, type Connection, parse, serve, type UnknownService } from "../../mod.ts";
import { deferred } from "../../runtime/promises.ts";
import { nativeNetwork } from "../../runtime/transport/runtime.ts";
import { faultyNetwork } from "../faulty_network.ts";
import { check, type Scope, testCertificate } from "../harness.ts";

const LAB = parse(`
  Note < id: int, text: string = "" >
  Price < of: string, value: int >
  Ask < id: int >
  Answer < id: int >
  service Lab/Market { auth all  sends Note, Price  sends Ask -> Answer  receives Ask -> Answer }
`);
const KILOBYTE = "x".repeat(1_000);

/** A client that handles nothing until it is told to, and what the service sends it. */
async function start(scope: Scope) {
  const network = faultyNetwork(scope.network(nativeNetwork()));
  const certificate = await testCertificate();
  const server = await serve(LAB, {
    cert: certificate.cert,
    key: certificate.key,
    network,
    log: () => {},
    limits: { window: 10_000, backlog: 10_000 },
    messages: { Ask: ({ id }) => ({ id }) },
  });
  scope.cleanup(() => server.close({ timeout: 1 }));
  const handling = deferred<void>();
  const heard: unknown[] = [];
  const hear = (message: Record<string, unknown>) => {
    heard.push(message["value"] ?? message["id"]);
    return handling.promise;
  };
  const client = new Client(server.url, undefined, {
    ca: certificate.ca,
    network,
    log: () => {},
    limits: { handlers: 1 },
    reconnect: { first: 1, most: 10 },
    messages: { Note: hear, Price: hear, Ask: (ask) => hear(ask).then(() => ({ id: Number(ask["id"]) })) },
  });
  scope.cleanup(() => client.close());
  await client.connect();
  const connection = server.connections.get(client.transportId!)!;
  return { client, connection, handling, heard, network };
}

/** Sends more than the window takes. */
async function fill(connection: Connection<UnknownService>): Promise<void> {
  for (let id = 0; id < 10; id++) await connection.send("Note", { id, text: KILOBYTE });
}

check("send, latest: of what waits under a key only the newest arrives, in the place of the first", async (scope) => {
  const { connection, handling, heard } = await start(scope);
  await fill(connection);
  const fates: string[] = [];
  const push = (of: string, value: number) =>
    connection.send("Price", { of, value }, { overflow: { latest: of } })
      .then(() => fates.push(`${value} went`), ({ code }) => fates.push(`${value} ${code}`));
  // What still fits goes; from then on all waits.
  const waiting = connection.send("Note", { id: 10, text: KILOBYTE });
  const last = connection.send("Note", { id: 11, text: KILOBYTE });
  const prices = [push("gold", 100), push("tin", 200), push("gold", 101), push("gold", 102), push("tin", 201)];
  await Promise.all([prices[0], prices[1], prices[2]]);
  assert.deepEqual(fates, ["100 dropped", "101 dropped", "200 dropped"]);
  assert.equal(connection.dropped, 3);
  handling.resolve();
  await Promise.all([waiting, last, ...prices]);
  await connection.send("Note", { id: 12 }, { acknowledge: true });
  assert.deepEqual(heard.slice(-4), [11, 102, 201, 12]);
});

check(
  "send, drop-oldest: requests, replies, and what is acknowledged or waited for stay, also when the line breaks",
  async (scope) => {
    const { client, connection, handling, heard, network } = await start(scope);
    await fill(connection);
    const acknowledged = [20, 21].map((id) => connection.send("Note", { id, text: KILOBYTE }, { acknowledge: true }));
    const waited = [30, 31].map((id) => connection.send("Note", { id, text: KILOBYTE }));
    const asked = [40, 41].map((id) => connection.request("Ask", { id }));
    let dropped = 0;
    const droppable = Array.from(
      { length: 100 },
      (_, index) =>
        connection.send("Note", { id: 100 + index, text: KILOBYTE }, { overflow: "drop-oldest" })
          .catch(({ code }) => {
            assert.equal(code, "dropped");
            dropped++;
          }),
    );
    assert.deepEqual(await client.request("Ask", { id: 7 }), { id: 7 });
    assert.ok(dropped >= 89, `${dropped} were dropped`);
    assert.equal(connection.dropped, dropped);

    const resumed = new Promise<void>((resolve) => client.onStatus(({ state }) => state === "resumed" && resolve()));
    network.lines[0]!.cut();
    await resumed;
    handling.resolve();
    await Promise.all([...acknowledged, ...waited, ...droppable]);
    assert.deepEqual(await Promise.all(asked), [{ id: 40 }, { id: 41 }]);
    await connection.send("Note", { id: 999 }, { acknowledge: true });
    // The newest that may be dropped arrive, in order and once.
    const newest = Array.from({ length: 100 - dropped }, (_, index) => 100 + dropped + index);
    const messages = heard.filter((id) => id !== 40 && id !== 41);
    assert.deepEqual(messages, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20, 21, 30, 31, ...newest, 999]);
  },
);

check("send: what is to be acknowledged can't be one that may be dropped", async (scope) => {
  const { connection, handling } = await start(scope);
  for (const overflow of ["drop-oldest", { latest: "key" }] as const) {
    assert.throws(() => connection.send("Note", { id: 1 }, { acknowledge: true, overflow }), {
      code: "invalid-argument",
    });
  }
  handling.resolve();
});
