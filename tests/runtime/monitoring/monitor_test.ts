import assert from "node:assert/strict";
import { Client, connect, describe, Monitor, serve } from "../../../mod.ts";
import { memoryNetwork, type Registry, type Snapshot } from "../../../mod.ts";
import { deferred } from "../../../runtime/promises.ts";
import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import { faultyNetwork } from "../../faulty_network.ts";
import { check, testCertificate } from "../../harness.ts";
import { manualClock } from "../../manual_clock.ts";
import { code, settled } from "../cases/lab.ts";
import { DESK, PEOPLE, snapshotsOf, startLab } from "./lab.ts";

for (
  const [title, network] of Object.entries({ "in memory": memoryNetwork, "over the runtime's TLS": nativeNetwork })
) {
  check(`Holdfast/Monitor sends snapshots with rates and round trips to whoever watches, ${title}`, async (scope) => {
    const lab = await startLab(scope, network());
    const client = await lab.join({ identity: "talker", token: "ada" });
    const watcher = await lab.watcher();
    const snapshots = snapshotsOf(watcher);
    await watcher.send("Watch", { every: 0.1, order: "rate" });
    const [first] = await snapshots.atLeast(1);
    assert.deepEqual([first!.sent.byteRate, first!.clients[0]!.received.messageRate], [undefined, undefined]);
    // A message each time, until that is seen and the answer to a PING, too.
    for (let seen = 1;; seen++) {
      await client.send("Note", { text: "hello" }, { acknowledge: true });
      const latest: Snapshot = (await snapshots.atLeast(seen + 1)).at(-1)!;
      const [talker] = latest.clients;
      if (talker?.roundTrip === undefined || !(talker.received.messageRate! > 0)) continue;
      assert.deepEqual([talker.identity, talker.group, latest.clients.length], ["talker", "user", 1]);
      assert.ok(talker.roundTrip >= 0 && talker.roundTrip < 30_000);
      assert.ok(latest.received.messageRate! > 0 && talker.received.byteRate! > talker.received.messageRate!);
      break;
    }
    assert.equal(lab.server.connections.size, 1, "who watches is no client of the service's");
  });
}

check("Holdfast/Monitor is as if it were not, to whoever the rule does not let in", async (scope) => {
  const network = memoryNetwork();
  const lab = await startLab(scope, network);
  const told = async (url: string, token?: string) => {
    const options = { ca: lab.ca, network, ...(token !== undefined && { token }) };
    const error = await describe(url, options).then(() => undefined, (error) => error);
    return [error?.code, error?.message];
  };
  const other = lab.url.replace("Monitor", "Whatever");
  for (const token of [undefined, "ada", "stranger"]) {
    const [[word, text], expected] = [await told(lab.url, token), await told(other, token)];
    assert.deepEqual([word, text.replace("Monitor", "Whatever")], expected, String(token));
    assert.equal(word, "unknown-service");
  }
  assert.deepEqual(await told(lab.url, "olga"), [undefined, undefined]);
  assert.deepEqual((await describe(lab.url, { ca: lab.ca, network, token: "olga" })).shape, Monitor.shape);
  const refused = lab.audit.filter((line) => line.startsWith("refused"));
  assert.deepEqual(refused.slice(2, 4), ["refused ada unauthorized", "refused ada unknown-service"]);
});

check("Holdfast/Monitor is named in the audit of those who watch", async (scope) => {
  const messages: string[] = [];
  const lab = await startLab(scope, memoryNetwork(), { log: ({ message }) => void messages.push(message) });
  await lab.join();
  await (await lab.watcher()).close();
  await settled(() => messages.length === 3, undefined);
  assert.deepEqual(messages, [
    "A client was let in.",
    "Holdfast/Monitor: A client was let in.",
    "Holdfast/Monitor: A client's session has ended.",
  ]);
});

check("Holdfast/Monitor and a name that nobody has are both answered when it is known who asks", async (scope) => {
  const network = memoryNetwork();
  const known = deferred<void>();
  let asked = 0;
  const lab = await startLab(scope, network, {
    async tokens(token) {
      asked++;
      await known.promise;
      return { subject: token, issuer: "" };
    },
  });
  const answers: string[] = [];
  const tries = ["Holdfast/Monitor", "Lab/Nobody"].map(async (name) => {
    const url = lab.server.url.replace("Lab/Desk", name);
    answers.push(await code(describe(url, { ca: lab.ca, network, token: "ada" })));
  });
  await settled(() => asked === 2, undefined);
  assert.deepEqual(answers, []);
  known.resolve();
  await Promise.all(tries);
  assert.deepEqual(answers, ["unknown-service", "unknown-service"]);
});

check("Holdfast/Monitor is not there unless asked for, nor where a rule lets nobody in", async (scope) => {
  const network = memoryNetwork();
  for (const monitor of [{}, { monitor: { auth: "none" } }]) {
    const { ca, cert, key } = await testCertificate();
    const server = await serve(DESK, {
      ...{ cert, key, network, log: () => {}, messages: {} },
      tokens: (token) => ({ subject: token, issuer: "" }),
      registry: ({ subject }) => PEOPLE[subject],
      ...monitor,
    });
    scope.cleanup(() => server.close());
    const url = server.url.replace("Lab/Desk", "Holdfast/Monitor");
    assert.equal(await code(connect(url, Monitor, { ca, network, token: "olga", log: () => {} })), "unknown-service");
  }
});

check("serve refuses a rule for the monitor that can't be read", async () => {
  const { cert, key } = await testCertificate();
  const options = { cert, key, network: memoryNetwork(), messages: {} };
  for (const monitor of [{}, true, { auth: 5 }, { auth: "any" }, { auth: [""] }]) {
    await assert.rejects(
      serve(DESK, { ...options, monitor: monitor as never }),
      { code: "invalid-argument", message: /"monitor(\.auth)?"/ },
      JSON.stringify(monitor),
    );
  }
  await assert.rejects(serve(Monitor as never, { ...options, rules: { default: "all" }, monitor: { auth: "all" } }), {
    code: "invalid-argument",
    message: /Holdfast\/Monitor/,
  });
});

check("Holdfast/Monitor never has more than one snapshot on its way to who is slow", async (scope) => {
  const clock = manualClock();
  const lab = await startLab(scope, memoryNetwork(), { clock, limits: { keepAlive: 2 ** 40 } });
  const talker = await lab.join();
  const watcher = await lab.watcher();
  const release = deferred<void>();
  const snapshots: Snapshot[] = [];
  watcher.on("Snapshot", async (snapshot) => {
    snapshots.push(snapshot);
    if (snapshots.length === 2) await release.promise;
  });
  await watcher.send("Watch", { every: 1 }, { acknowledge: true });
  const passes = async (seconds: number, wanted: number) => {
    for (let i = 0; i < seconds; i++) {
      clock.advance(1_000);
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await settled(() => snapshots.length >= wanted, undefined);
  };
  await passes(0, 1);
  await passes(1, 2);
  // Ten are due while the second is being handled.
  for (let i = 0; i < 10; i++) await talker.send("Note", { text: "hello" }, { acknowledge: true });
  await passes(10, 2);
  assert.equal(snapshots.length, 2);
  release.resolve();
  await passes(1, 3);
  assert.equal(snapshots.length, 3);
  // What happened in between is in that one.
  const rate = snapshots[2]!.received.messageRate!;
  assert.ok(rate > 0.8 && rate <= 1, `${rate}`);
});

check("Watch takes the place of what was asked for before", async (scope) => {
  const clock = manualClock();
  const lab = await startLab(scope, memoryNetwork(), { clock, limits: { keepAlive: 2 ** 40 } });
  await lab.join();
  const watcher = await lab.watcher();
  const snapshots = snapshotsOf(watcher);
  await watcher.send("Watch", { every: 1 });
  await snapshots.atLeast(1);
  await watcher.send("Watch", { every: 1000, limit: 0 }, { acknowledge: true });
  clock.advance(100);
  await snapshots.atLeast(2);
  assert.deepEqual(snapshots.items.map(({ clients }) => clients.length), [1, 0]);
  clock.advance(10_000);
  await watcher.send("Watch", { every: 1000 });
  await snapshots.atLeast(3);
  assert.equal(snapshots.items.length, 3);
});

check("Watch without end gets no more snapshots than one every 100 ms", async (scope) => {
  const clock = manualClock();
  const lab = await startLab(scope, memoryNetwork(), { clock, limits: { keepAlive: 2 ** 40 } });
  const watcher = await lab.watcher();
  const snapshots = snapshotsOf(watcher);
  for (let seen = 1; seen < 4; seen++) {
    for (let i = 0; i < 50; i++) await watcher.send("Watch", {}, { acknowledge: true });
    await snapshots.atLeast(seen);
    await watcher.send("Watch", {}, { acknowledge: true });
    assert.equal(snapshots.items.length, seen);
    clock.advance(100);
    await snapshots.atLeast(seen + 1);
  }
});

check("Holdfast/Monitor is closed to an operator who is one no more", async (scope) => {
  let operators = "olga";
  let changed = () => {};
  const registry: Registry = {
    find: ({ subject }) => ({ name: subject, group: subject === operators ? "operator" : "user" }),
    watch: (callback) => {
      changed = callback;
      return () => {};
    },
  };
  const lab = await startLab(scope, memoryNetwork(), { registry });
  const watcher = await lab.watcher();
  const gone = deferred<string>();
  watcher.onDisconnect((reason) => gone.resolve(reason.code));
  const snapshots = snapshotsOf(watcher);
  await watcher.send("Watch", { every: 0.1 });
  await snapshots.atLeast(1);
  operators = "ada";
  changed();
  assert.equal(await gone.promise, "unauthorized");
  assert.equal(await code(lab.watcher()), "unknown-service");
});

check("Server.close asks whoever watches to leave, too", async (scope) => {
  const lab = await startLab(scope, memoryNetwork());
  const watcher = await lab.watcher();
  const snapshots = snapshotsOf(watcher);
  await watcher.send("Watch", { every: 0.1 });
  await snapshots.atLeast(1);
  // More than this test may take.
  await lab.server.close({ timeout: 60_000 });
  assert.ok(watcher instanceof Client && watcher.status.state !== "open");
});

check("Holdfast/Monitor has places of its own at a service that is full, and nobody else has them", async (scope) => {
  const network = memoryNetwork();
  const lab = await startLab(scope, network, { limits: { connections: 2 } });
  const options = { ca: lab.ca, network, log: () => {} };
  const first = await lab.join();
  await lab.join();
  const watchers = await Promise.all(Array.from({ length: 16 }, () => lab.watcher()));
  const snapshots = snapshotsOf(watchers[0]!);
  await watchers[0]!.send("Watch", {});
  const [{ connections, lines }] = await snapshots.atLeast(1) as [Snapshot];
  assert.deepEqual({ connections, lines }, { connections: 2, lines: 18 });
  assert.equal(await code(lab.watcher()), "limit");
  await watchers.pop()!.close();
  assert.equal(await code(connect(lab.server.url, DESK, options)), "limit");
  assert.equal(await code(connect(lab.url, Monitor, { ...options, token: "ada" })), "unknown-service");
  await first.close();
  await settled(() => lab.server.connections.size === 1, undefined);
  // Who watches takes no place of those who are served.
  await lab.join();
});

check("Holdfast/Monitor leaves nobody else the place of a watcher whose line has broken", async (scope) => {
  const network = faultyNetwork(memoryNetwork());
  const lab = await startLab(scope, network, { limits: { connections: 1 } });
  await lab.join();
  await lab.watcher({ reconnect: false });
  network.lines.at(-1)!.cut();
  await settled(() => lab.server.snapshot().lines === 1, undefined);
  assert.equal(await code(connect(lab.server.url, DESK, { ca: lab.ca, network, log: () => {} })), "limit");
});
