import assert from "node:assert/strict";
import { Client, memoryNetwork, type Network, type SessionSnapshot, type SnapshotOrder } from "../../../mod.ts";
import { deferred } from "../../../runtime/promises.ts";
import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import { check } from "../../harness.ts";
import { settled } from "../cases/lab.ts";
import { DESK, snapshotsOf, startLab } from "./lab.ts";

const NETWORKS: Readonly<Record<string, () => Network>> = {
  "in memory": memoryNetwork,
  "over the runtime's TLS": nativeNetwork,
};

for (const [title, network] of Object.entries(NETWORKS)) {
  check(`Server.snapshot tells of clients of differing speed, the slowest first, ${title}`, async (scope) => {
    const lab = await startLab(scope, network(), { limits: { window: 4096 } });
    const { server } = lab;
    const release = deferred<void>();
    const deaf = await lab.join({ identity: "deaf", limits: { window: 4096, handlers: 1 } });
    deaf.on("Note", () => release.promise);
    const quick = await lab.join({ identity: "quick", token: "ada" });
    quick.on("Note", () => {});
    const asked = await lab.join({ identity: "asked" });
    asked.on("Job", () => release.promise as Promise<never>);

    const [toDeaf, toQuick, toAsked] = ["deaf", "quick", "asked"].map((name) =>
      [...server.connections.values()].find(({ identity }) => identity === name)!
    );
    const text = "x".repeat(1000);
    for (let i = 0; i < 20; i++) void toDeaf!.send("Note", { text });
    for (let i = 0; i < 20; i++) await toQuick!.send("Note", { text }, { acknowledge: true });
    void toAsked!.request("Job", { id: 1 });
    await quick.request("Job", { id: 2 });
    const find = (identity: string) => server.snapshot().clients.find((client) => client.identity === identity)!;
    await settled(() => find("deaf").unacknowledged === 0 && find("asked").unacknowledged === 0, undefined);

    const snapshot = server.snapshot();
    assert.equal(snapshot.service, "Lab/Desk");
    assert.deepEqual([snapshot.lines, snapshot.handshakes, snapshot.connections, snapshot.sessions], [3, 0, 3, 3]);
    assert.deepEqual([snapshot.slow, snapshot.resuming, snapshot.begun, snapshot.resumptions], [1, 0, 3, 0]);
    assert.deepEqual(snapshot.clients.map(({ identity }) => identity), ["deaf", "quick", "asked"]);
    assert.ok(Math.abs(snapshot.at.getTime() - Date.now()) < 10_000 && snapshot.since <= snapshot.at);

    const slow = find("deaf");
    assert.equal(slow.window, 4096);
    assert.ok(slow.windowUsed >= 4096 && slow.windowUsed < 4096 + 1100, `${slow.windowUsed}`);
    assert.equal(slow.waiting, 20 - slow.sent.messages);
    assert.ok(slow.waitingBytes > 1000 * slow.waiting && slow.held >= slow.waitingBytes);
    assert.equal(slow.unhandled, slow.sent.messages);
    assert.deepEqual([slow.subject, slow.group, slow.name], ["", undefined, undefined]);

    const fast = find("quick");
    // Twenty messages and one answer, and one request.
    assert.deepEqual([fast.sent.messages, fast.received.messages], [21, 1]);
    assert.ok(fast.sent.bytes > 20_000 && fast.sent.bytes < 22_000, `${fast.sent.bytes}`);
    assert.ok(fast.received.bytes > 0 && fast.received.bytes < 1_000, `${fast.received.bytes}`);
    assert.deepEqual([fast.waiting, fast.waitingBytes, fast.windowUsed, fast.dropped], [0, 0, 0, 0]);
    assert.deepEqual([fast.subject, fast.group, fast.name], ["ada", "user", "ada"]);
    assert.deepEqual([fast.protocol, fast.state, fast.transportId], ["holdfast", "open", toQuick!.transportId]);
    assert.match(fast.address, /:\d+$/);
    assert.ok(fast.silence >= 0 && fast.silence < 30_000 && fast.since >= snapshot.since);
    assert.deepEqual([find("asked").requestsSent, find("quick").requestsSent], [1, 0]);
    assert.equal(fast.sent.byteRate, undefined);

    const sum = (way: "sent" | "received", what: "messages" | "bytes") =>
      snapshot.clients.reduce((sum, client) => sum + client[way][what], 0);
    for (const way of ["sent", "received"] as const) {
      assert.deepEqual(
        [snapshot[way].messages, snapshot[way].bytes],
        [sum(way, "messages"), sum(way, "bytes")],
        way,
      );
    }
    release.resolve();
  });
}

check("Server.snapshot lists by what was asked for, and no more than that", async (scope) => {
  const lab = await startLab(scope, memoryNetwork());
  const eldest = await lab.join({ identity: "eldest" });
  await settled(() => lab.server.snapshot().at > lab.server.snapshot().clients[0]!.since, undefined);
  await lab.join({ identity: "silent" });
  await eldest.send("Note", { text: "hello" }, { acknowledge: true });
  const first = (order: SnapshotOrder) => lab.server.snapshot({ order, limit: 1 }).clients.map((one) => one.identity);
  assert.deepEqual(first("age"), ["eldest"]);
  assert.deepEqual(first("traffic"), ["eldest"]);
  assert.deepEqual(lab.server.snapshot({ limit: 0 }).clients, []);
  assert.deepEqual(lab.server.snapshot({ limit: 0 }).sessions, 2);
});

check("Server.snapshot counts what has ended, and tells of sessions that wait for their clients", async (scope) => {
  const bare = memoryNetwork();
  const streams: { destroy(): void }[] = [];
  const network: Network = {
    listen: (options, accept) =>
      bare.listen(options, (stream) => {
        streams.push(stream);
        return accept(stream);
      }),
    connect: (options, events) => bare.connect(options, events),
  };
  const lab = await startLab(scope, network);
  const gone = await lab.join({ identity: "gone" });
  await gone.send("Note", { text: "hello" }, { acknowledge: true });
  const { received } = lab.server.snapshot();
  assert.equal(received.messages, 1);
  await gone.close();
  await settled(() => lab.server.snapshot().sessions === 0, undefined);
  assert.equal(lab.server.snapshot().received.messages, 1);
  assert.ok(lab.server.snapshot().received.bytes >= received.bytes);

  const back = await lab.join({ identity: "back" });
  streams.at(-1)!.destroy();
  await settled(() => lab.server.snapshot().resumptions === 1, undefined);
  await back.send("Note", { text: "again" }, { acknowledge: true });
  const { begun, clients: [client], received: all, resuming } = lab.server.snapshot();
  assert.deepEqual([begun, resuming, client!.resumptions, client!.state, all.messages], [2, 0, 1, "open", 2]);
});

check("Server.snapshot tells of clients that speak DISET, of whom no round trip is known", async (scope) => {
  const lab = await startLab(scope, nativeNetwork(), { diset: true });
  const client = new Client(lab.server.disetUrls[0]!, DESK, { ca: lab.ca, log: () => {} });
  scope.cleanup(() => client.close());
  await client.send("Note", { text: "hello" });
  await settled(() => lab.server.snapshot().received.messages === 1, undefined);
  const watcher = await lab.watcher();
  const snapshots = snapshotsOf(watcher);
  await watcher.send("Watch", { every: 0.1 });
  const [, , third] = await snapshots.atLeast(3);
  const [{ protocol, received, roundTrip, state }] = third!.clients as [SessionSnapshot];
  assert.deepEqual([protocol, received.messages, roundTrip, state], ["diset", 1, undefined, "open"]);
  assert.ok(received.bytes > 0);
});
