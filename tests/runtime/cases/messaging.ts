/**
 * What clients and services say to each other.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Failure, type HoldfastError } from "../../../mod.ts";
import { code, collector, type LabCheck, settled } from "./lab.ts";

/** Declares the cases. */
export function messagingCases(labCheck: LabCheck): void {
  labCheck("a request has its reply, in both directions", async (lab) => {
    const { join, server } = await lab({ Double: ({ value }) => ({ value: value * 2 }) });
    const client = await join({ messages: { Question: ({ text }) => Promise.resolve({ text: `${text}!` }) } });
    assert.deepEqual(await client.request("Double", { value: 21 }), { value: 42 });
    const connection = server.connections.get(client.transportId!)!;
    assert.deepEqual(await connection.request("Question", { text: "why" }), { text: "why!" });
    const many = await Promise.all(Array.from({ length: 500 }, (_, value) => client.request("Double", { value })));
    assert.deepEqual(many.map(({ value }) => value), Array.from({ length: 500 }, (_, value) => value * 2));
  });

  labCheck("a handler's error answers its request, and the connection stays", async (lab) => {
    const { join, log } = await lab({
      Double({ value }) {
        if (value < 0) throw new Failure("Only positive ones.");
        if (value === 0) throw new Error("secret");
        return value === 1 ? { value: "two" } : { value: value * 2 };
      },
    });
    const client = await join();
    await assert.rejects(client.request("Double", { value: -1 }), {
      code: "handler-failed",
      message: /^Only positive/,
    });
    for (const value of [0, 1]) {
      await assert.rejects(client.request("Double", { value }), (error: HoldfastError) => {
        assert.equal(error.code, "internal");
        assert.doesNotMatch(error.message, /secret|two/);
        return true;
      });
    }
    assert.equal(log.length, 2);
    assert.deepEqual(await client.request("Double", { value: 4 }), { value: 8 });
  });

  labCheck("an acknowledged send settles when the handler is done", async (lab) => {
    const begun = collector<number>();
    let release = () => {};
    const released = new Promise<void>((resolve) => release = resolve);
    const { join } = await lab({
      async Count({ id }) {
        begun.add(id);
        if (id === 1) await released;
      },
    });
    const client = await join();
    let done = false;
    const first = client.send("Count", { id: 1 }, { acknowledge: true }).then(() => done = true);
    await client.send("Count", { id: 2 }, { acknowledge: true });
    assert.deepEqual(begun.items, [1, 2]);
    assert.equal(done, false);
    release();
    await first;
  });

  labCheck("a message whose handler throws ends that connection with an error, and no other", async (lab) => {
    const { join, drops } = await lab({
      Count({ id }) {
        if (id === 13) throw new Failure("Bad luck.");
      },
    });
    const other = await join({ reconnect: false });
    const client = await join({ reconnect: false });
    const reasons = collector<HoldfastError>();
    client.onDisconnect(reasons.add);
    const acknowledged = client.send("Count", { id: 13 }, { acknowledge: true });
    const [reason] = await reasons.atLeast(1);
    assert.deepEqual([reason!.code, reason!.message, reason!.remote], ["handler-failed", "Bad luck.", true]);
    await assert.rejects(acknowledged, { code: "handler-failed", message: "Bad luck." });
    await other.send("Count", { id: 1 }, { acknowledge: true });
    assert.equal((await settled(() => drops.length === 1, drops))[0]!.reason.code, "handler-failed");
  });

  labCheck("a message that nobody handles ends the connection with an error", async (lab) => {
    const { join } = await lab({});
    const client = await join({ reconnect: false });
    assert.equal(await code(client.send("Count", { id: 1 }, { acknowledge: true })), "no-handler");
    const again = await join({ reconnect: false });
    assert.equal(await code(again.request("Double", { value: 1 })), "no-handler");
    assert.equal(again.status.state, "open");
  });

  labCheck("what can't be sent fails at the sender, and nothing is sent", async (lab) => {
    const { join, server } = await lab();
    const client = await join();
    const connection = server.connections.get(client.transportId!)!;
    const attempts: [() => unknown, string, RegExp][] = [
      [() => client.send("Count", { id: "1" }), "invalid-message", /Count\.id: expected/],
      [() => client.send("Count", { id: 1, nope: 2 }), "invalid-message", /nope/],
      [() => client.send("Cuont", { id: 1 }), "unknown-message", /Did you mean "Count"/],
      [() => client.send("Event", { text: "" }), "wrong-direction", /Event/],
      [() => client.send("Double", { value: 1 }), "wrong-direction", /request\(\)/],
      [() => client.request("Count", { id: 1 }), "wrong-direction", /send\(\)/],
      [() => connection.send("Stop", {}), "wrong-direction", /Stop/],
      [() => connection.send("Event", {}), "invalid-message", /text/],
    ];
    for (const [attempt, code, message] of attempts) assert.throws(attempt, { code, message });
    assert.equal(client.status.state, "open");
  });

  labCheck("a server sends to any client by its transport id, and to all", async (lab) => {
    const { join, server } = await lab();
    const events = [collector<string>(), collector<string>(), collector<string>()];
    const clients = await Promise.all(
      events.map((collected) => join({ messages: { Event: ({ text }) => collected.add(text) } })),
    );
    await server.send(clients[1]!.transportId!, "Event", { text: "you" }, { acknowledge: true });
    assert.deepEqual(events.map(({ items }) => items), [[], ["you"], []]);
    assert.equal(server.broadcast("Event", { text: "all" }), 3);
    await Promise.all(events.map(({ atLeast }, i) => atLeast(i === 1 ? 2 : 1)));
    assert.equal(await code(server.send("nobody", "Event", { text: "" })), "disconnected");
  });

  labCheck("a service closes one connection, with a reason", async (lab) => {
    const { join, server, drops } = await lab();
    const other = await join();
    const client = await join();
    const reasons = collector<HoldfastError>();
    client.onDisconnect(reasons.add);
    server.connections.get(client.transportId!)!.close("Go home.");
    const [reason] = await reasons.atLeast(1);
    assert.deepEqual([reason!.code, reason!.message], ["closed", "Go home."]);
    assert.equal(client.status.state, "idle");
    await settled(() => drops.length === 1, drops);
    assert.equal(other.status.state, "open");
    assert.equal(server.connections.size, 1);
  });

  labCheck("callbacks run, all-callbacks first, and are taken off again", async (lab) => {
    const { join, server } = await lab();
    const client = await join();
    const seen: string[] = [];
    const offAll = client.onMessage(({ name }) => void seen.push(`all ${name}`));
    const off = client.on("Event", ({ text, level }) => void seen.push(`event ${text} ${level}`));
    const push = (text: string) => server.send(client.transportId!, "Event", { text }, { acknowledge: true });
    await push("a");
    off();
    await push("b");
    offAll();
    await push("c");
    assert.deepEqual(seen, ["all Event", "event a 3", "all Event"]);
    assert.throws(() => client.on("Evnt", () => {}), { code: "unknown-message", message: /"Event"/ });
    assert.throws(() => client.on("Stop", () => {}), { code: "wrong-direction" });
    client.on("Question", () => ({ text: "" }));
    assert.throws(() => client.on("Question", () => ({ text: "" })), { code: "invalid-argument" });
  });

  labCheck("for await gives messages in order, and a slow loop holds the service back", async (lab) => {
    const { join, server } = await lab({}, { limits: { window: 2_000 } });
    const client = await join({ limits: { window: 2_000, handlers: 1 } });
    const loop = client.messages("Count");
    const connection = server.connections.get(client.transportId!)!;
    let sent = 0;
    const sending = (async () => {
      for (let id = 0; id < 2_000; id++) {
        await connection.send("Count", { id });
        sent++;
      }
    })();
    // Each loop round waits for its message only: the sender can't be further ahead than the window.
    let expected = 0;
    for await (const { id } of loop) {
      assert.equal(id, expected++);
      assert.ok(sent - expected < 700, `${sent} sent when ${expected} had been handled`);
      if (expected === 2_000) break;
    }
    await sending;
  });

  labCheck(
    "an iteration over all messages has their names; ends with the client; throws when called off",
    async (lab) => {
      const { join, server } = await lab();
      const client = await join();
      const all: unknown[] = [];
      const reading = (async () => {
        for await (const received of client) all.push(received);
      })();
      const controller = new AbortController();
      const aborted = code((async () => {
        for await (const _ of client.messages("Event", { signal: controller.signal }));
      })());
      const connection = server.connections.get(client.transportId!)!;
      await connection.send("Count", { id: 1 }, {});
      await connection.send("Event", { text: "x" }, {});
      controller.abort();
      assert.equal(await aborted, "cancelled");
      await connection.send("Count", { id: 2 });
      await settled(() => all.length === 3, all);
      await client.close();
      await reading;
      assert.deepEqual(all, [
        { name: "Count", message: { id: 1 } },
        { name: "Event", message: { text: "x", level: 3 } },
        { name: "Count", message: { id: 2 } },
      ]);
    },
  );
}
