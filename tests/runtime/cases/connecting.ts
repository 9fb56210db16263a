/**
 * How clients and services find each other, and how they part.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Failure, type HoldfastError, print } from "../../../mod.ts";
import { code, collector, LAB, type LabCheck, settled } from "./lab.ts";

/** Declares the cases. */
export function connectingCases(labCheck: LabCheck): void {
  labCheck("a client without definitions learns them, and sends and receives", async (lab) => {
    const { join } = await lab({ Count: ({ id }, connection) => connection.send("Count", { id: id + 1 }) });
    const client = await join();
    const counts = client.messages("Count");
    await client.send("Count", { id: 41 });
    assert.deepEqual((await counts.next()).value, { id: 42 });
    assert.equal(print(client.definition!), print({ ...LAB, rules: {} }));
    assert.match(print(client.definition!), /\/\/\/ Doubles a number\.\nDouble </);
  });

  labCheck("a long beyond 2^53 arrives as the same bigint", async (lab) => {
    const { join } = await lab({ Count: ({ id }, connection) => connection.send("Count", { id }) });
    const client = await join();
    const counts = client.messages("Count");
    for (const id of [2n ** 53n, -(2n ** 200n), 2 ** 53 - 1]) {
      await client.send("Count", { id });
      assert.equal((await counts.next()).value.id, id);
    }
  });

  labCheck("connect arguments reach onConnect, with identity and transport id", async (lab) => {
    const seen: unknown[] = [];
    const { join, server } = await lab({}, {
      onConnect(connection, args) {
        seen.push(args, connection.identity);
      },
    });
    const client = await join({ args: { name: "kit", slots: 3 }, identity: "me" });
    assert.deepEqual(seen, [{ name: "kit", slots: 3 }, "me"]);
    assert.equal(client.identity, "me");
    assert.deepEqual([...server.connections.keys()], [client.transportId]);
    const other = await join();
    assert.notEqual(other.identity, "me");
    assert.notEqual(other.identity, "");
    assert.notEqual(other.transportId, client.transportId);
  });

  labCheck("connect arguments of a wrong shape are refused before the service sees them", async (lab) => {
    const { client } = await lab();
    const wrong = client({ args: { name: "kit", slots: 9 } });
    await assert.rejects(wrong.connect(), { code: "invalid-message", message: /slots/ });
  });

  labCheck("onConnect refuses with the text of a Failure, and hides that of another error", async (lab) => {
    let error: Error = new Failure("Only on Tuesdays.");
    const { client, drops, log } = await lab({}, {
      onConnect() {
        throw error;
      },
    });
    await assert.rejects(client().connect(), { code: "refused", message: "Only on Tuesdays.", remote: true });
    assert.equal(log.length, 0);
    error = new Error("the password is 1234");
    await assert.rejects(client().connect(), (thrown: HoldfastError) => {
      assert.equal(thrown.code, "internal");
      assert.doesNotMatch(thrown.message, /1234/);
      assert.ok(thrown.message.includes(log[0]!.incident!));
      return true;
    });
    assert.equal(log[0]!.error, error);
    assert.equal(drops.length, 0);
  });

  labCheck("what onConnect sends arrives first", async (lab) => {
    const { join } = await lab({ Stop: (_message, connection) => connection.send("Event", { text: "second" }) }, {
      async onConnect(connection) {
        await connection.send("Event", { text: "first" });
      },
    });
    const events = collector<unknown>();
    const client = await join({ messages: { Event: ({ text }) => events.add(text) } });
    await client.send("Stop", {});
    assert.deepEqual(await events.atLeast(2), ["first", "second"]);
  });

  labCheck("an identity that somebody has is given to nobody else", async (lab) => {
    const { join, client } = await lab();
    await join({ identity: "one" });
    assert.equal(await code(client({ identity: "one" }).connect()), "identity-in-use");
  });

  labCheck("onDrop runs exactly once for each client that was let in, with the reason", async (lab) => {
    const { join, drops, server } = await lab();
    const first = await join();
    const second = await join();
    const ids = [first.transportId, second.transportId];
    await first.close("enough");
    const dropped = await settled(() => drops.length === 1, drops);
    assert.equal(dropped[0]!.transportId, ids[0]);
    assert.equal(dropped[0]!.reason.code, "closed");
    assert.equal(dropped[0]!.reason.message, "enough");
    await server.close();
    assert.deepEqual(drops.map(({ transportId }) => transportId), ids);
    assert.equal(server.connections.size, 0);
  });

  labCheck("the first thing that is sent connects; once for all who wait", async (lab) => {
    const { client, server } = await lab({
      Count: () => {},
      Double: ({ value }) => ({ value: value * 2 }),
    });
    const lazy = client();
    assert.equal(lazy.status.state, "idle");
    const results = await Promise.all([
      lazy.request("Double", { value: 1 }),
      lazy.send("Count", { id: 1 }),
      lazy.connect(),
    ]);
    assert.deepEqual(results[0], { value: 2 });
    assert.equal(server.connections.size, 1);
    await assert.rejects(client().send("Nope", {}), { code: "unknown-message" });
  });

  labCheck("a client comes back when its service does, as the same identity on a new connection", async (lab) => {
    const { join, restart, server } = await lab();
    const states: string[] = [];
    const client = await join({ reconnect: { first: 1, most: 20 } });
    client.onStatus(({ state }) => states.push(state));
    const { identity, transportId } = client;
    const reasons = collector<HoldfastError>();
    client.onDisconnect(reasons.add);
    const port = server.port;
    await server.close();
    assert.equal((await reasons.atLeast(1))[0]!.code, "stopping");
    const again = await restart(port);
    await client.connect();
    assert.equal(client.identity, identity);
    assert.notEqual(client.transportId, transportId);
    assert.deepEqual(states.slice(0, 2), ["draining", "reconnecting"]);
    assert.equal(states.at(-1), "open");
    await again.close();
    await client.close();
  });

  labCheck("a client that may not reconnect stays away, until something is sent", async (lab) => {
    const { join, server } = await lab({ Count: () => {} });
    const client = await join({ reconnect: false });
    const statuses = collector<string>();
    client.onStatus(({ state }) => statuses.add(state));
    server.connections.get(client.transportId!)!.close();
    await statuses.atLeast(1);
    assert.equal(client.status.state, "idle");
    await client.send("Count", { id: 1 }, { acknowledge: true });
    assert.deepEqual(statuses.items, ["idle", "connecting", "open"]);
  });

  labCheck("close is for good, and what is sent afterwards is rejected", async (lab) => {
    const { join } = await lab();
    const client = await join();
    await client.close();
    await client.close();
    assert.equal(client.status.state, "closed");
    assert.equal(await code(client.connect()), "closed");
    assert.equal(await code(client.request("Double", { value: 1 })), "closed");
  });

  labCheck("close waits until what was sent has been handled", async (lab) => {
    const ids: number[] = [];
    const { join } = await lab({
      async Count({ id }) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        ids.push(id);
      },
    });
    const client = await join();
    for (let id = 0; id < 300; id++) void client.send("Count", { id });
    await client.close();
    assert.equal(ids.length, 300);
  });

  labCheck("signals: a request is called off at the service too; a client and a service are closed", async (lab) => {
    const aborted = collector<unknown>();
    const begun = collector<number>();
    const stop = new AbortController();
    const { join, server } = await lab({
      Double: ({ value }, _connection, { signal }) =>
        new Promise((_resolve, reject) => {
          begun.add(value);
          signal.addEventListener("abort", () => {
            aborted.add(value);
            reject(signal.reason);
          });
        }),
    }, { signal: stop.signal });
    const end = new AbortController();
    const client = await join({ signal: end.signal });
    const controller = new AbortController();
    const request = client.request("Double", { value: 7 }, { signal: controller.signal });
    await begun.atLeast(1);
    controller.abort("enough");
    await assert.rejects(request, { code: "cancelled", cause: "enough" });
    assert.deepEqual(await aborted.atLeast(1), [7]);
    assert.equal(await code(client.request("Double", { value: 1 }, { signal: AbortSignal.abort() })), "cancelled");
    assert.equal(await code(client.send("Stop", {}, { signal: AbortSignal.abort() })), "cancelled");
    const unanswered = client.request("Double", { value: 8 });
    await begun.atLeast(2);
    end.abort();
    assert.equal(await code(unanswered), "disconnected");
    assert.equal(client.status.state, "closed");
    assert.deepEqual(await aborted.atLeast(2), [7, 8]);
    stop.abort();
    await server.close();
  });

  labCheck("a client that holds the definition is not sent it again", async (lab) => {
    const { join } = await lab({ Double: ({ value }) => ({ value: value + 1 }) });
    const first = await join();
    const second = await join({}, first.definition!);
    assert.equal(second.definition, first.definition);
    assert.deepEqual(await second.request("Double", { value: 1 }), { value: 2 });
  });

  labCheck("a service of another name, nobody there, a wrong URL: each is said", async (lab) => {
    const { client, connect, server } = await lab();
    const elsewhere = server.url.replace("Lab/Counter", "Lab/Other");
    await assert.rejects(connect(elsewhere), { code: "unknown-service", message: /Lab\/Other/ });
    for (const url of ["", "http://localhost:1/A/B", "tls://localhost/A/B", "tls://localhost:1/A", "tls://:1/A/B"]) {
      await assert.rejects(connect(url), { code: "invalid-argument", message: /tls:\/\/HOST:PORT/ });
    }
    const lost = client();
    await server.close();
    assert.equal(await code(lost.connect()), "unreachable");
    assert.equal(lost.status.state, "idle");
    assert.equal(lost.status.reason?.code, "unreachable");
  });

  labCheck("more clients than the limit are refused, and the others stay", async (lab) => {
    const { join, client } = await lab({ Count: () => {} }, { limits: { connections: 2 } });
    const first = await join();
    await join();
    assert.equal(await code(client({ reconnect: false }).connect()), "limit");
    await first.send("Count", { id: 1 }, { acknowledge: true });
  });

  labCheck(
    "a connect that is called off leaves nothing at the service, and its identity is free at once",
    async (lab) => {
      const begun = collector<string>();
      let release = () => {};
      const { client, drops, server } = await lab({}, {
        async onConnect(connection) {
          begun.add(connection.identity);
          if (begun.items.length === 1) await new Promise<void>((resolve) => release = resolve);
        },
      });
      const controller = new AbortController();
      const first = client({ identity: "me", signal: controller.signal });
      const attempt = code(first.connect());
      await begun.atLeast(1);
      controller.abort();
      const rejected = await attempt;
      release();
      assert.equal(rejected, "cancelled");
      await settled(() => drops.length === 1, drops);
      assert.equal(server.connections.size, 0);
      const second = client({ identity: "me" });
      await second.connect();
      assert.equal(second.identity, "me");
    },
  );

  labCheck("a client that takes too little for a broadcast is passed over, and the others get it", async (lab) => {
    const { join, log, server } = await lab();
    const text = "x".repeat(1000);
    const got = [collector<string>(), collector<string>()];
    await join({ messages: { Event: ({ text }) => got[0]!.add(text) } });
    await join({ limits: { frame: 300 } });
    await join({ messages: { Event: ({ text }) => got[1]!.add(text) } });
    assert.equal(server.broadcast("Event", { text }), 2);
    for (const { atLeast } of got) assert.deepEqual(await atLeast(1), [text]);
    assert.match(log[0]!.message, /could not be sent Event/);
    assert.throws(() => server.broadcast("Evnt", { text }), { code: "unknown-message" });
    assert.throws(() => server.broadcast("Stop", {}), { code: "wrong-direction" });
    assert.throws(() => server.broadcast("Event", {}), { code: "invalid-message" });
  });

  labCheck("a service learns from onDrop what its own handler threw", async (lab) => {
    const thrown = new Error("the disk is full");
    const { drops, join } = await lab({
      Count() {
        throw thrown;
      },
    });
    const client = await join({ reconnect: false });
    const told = collector<HoldfastError>();
    client.onDisconnect(told.add);
    await client.send("Count", { id: 1 });
    await settled(() => drops.length === 1, drops);
    assert.doesNotMatch((await told.atLeast(1))[0]!.message, /disk/);
    const { reason } = drops[0]!;
    assert.deepEqual([reason.code, reason.message, reason.cause], [
      "internal",
      "The handler of Count failed: the disk is full",
      thrown,
    ]);
  });
}
