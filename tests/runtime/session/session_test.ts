import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HoldfastError } from "../../../runtime/errors.ts";
import { message, outcome, Pair, watch } from "./pair.ts";
import { ack, Alone } from "./raw.ts";

const NOTE = message("Note");
const ASK = message("Ask");

/** The size of the frame of a `Note` with a small id and no text: length, kind, number, id, text. */
const NOTE_SIZE = 5;

describe("Session.send", () => {
  test("gives a message to the peer's handler, with its fields and defaults", async () => {
    const pair = new Pair();
    const seen: unknown[] = [];
    pair.service.handlers["Note"] = (value) => void seen.push({ ...value });
    await pair.client.session.send(NOTE, { id: 1 });
    await pair.client.session.send(NOTE, { id: 2, text: "two" });
    await pair.settle();
    assert.deepEqual(seen, [{ id: 1, text: "" }, { id: 2, text: "two" }]);
  });

  test("that need not wait gives back the same resolved promise", () => {
    const { client } = new Pair();
    assert.equal(client.session.send(NOTE, { id: 1 }), client.session.send(NOTE, { id: 2 }));
  });

  test("acknowledged settles when the peer's handler is done, and not before", async () => {
    const pair = new Pair();
    const done = pair.service.park("Note");
    const sends = [1, 2, 3].map((id) => watch(pair.client.session.send(NOTE, { id }, { acknowledge: true })));
    await pair.settle();
    assert.deepEqual(sends.map(outcome), ["pending", "pending", "pending"]);
    done[1]!();
    await pair.settle();
    assert.deepEqual(sends.map(outcome), ["pending", "resolved", "pending"]);
    done[0]!();
    done[2]!();
    await pair.settle();
    assert.deepEqual(sends.map(outcome), ["resolved", "resolved", "resolved"]);
  });

  test("throws at once what can't be sent, and sends nothing of it", () => {
    const client = new Alone("client", {}, { frame: 300 });
    assert.throws(() => client.session.send(NOTE, { id: "one" }), { code: "invalid-message" });
    assert.throws(() => client.session.send(NOTE, { id: 1, text: "x".repeat(300) }), { code: "limit" });
    assert.throws(() => client.session.send(message("ToClient"), { id: 1 }), { code: "wrong-direction" });
    assert.throws(() => client.session.send(ASK, { id: 1 }), { code: "wrong-direction", message: /use request/ });
    assert.throws(() => client.session.request(NOTE, { id: 1 }), { code: "wrong-direction", message: /use send/ });
    assert.deepEqual(client.told(), []);
    void client.session.send(NOTE, { id: 1 });
    assert.deepEqual(client.told(), ["MESSAGE Note 1"]);
  });

  test("stays pending while the window is full, and goes on in order", async () => {
    const pair = new Pair({ service: { window: 4 * NOTE_SIZE, handlers: 1 } });
    const done = pair.service.park("Note");
    const sends = [...new Array(10).keys()].map((id) => watch(pair.client.session.send(NOTE, { id })));
    await pair.settle();
    // One runs and has left the window; four fill it; five wait.
    assert.deepEqual(sends.map(outcome), [...new Array(5).fill("resolved"), ...new Array(5).fill("pending")]);
    assert.deepEqual(pair.service.begun, ["Note 0"]);
    for (let id = 1; id < 10; id++) {
      done.shift()!();
      await pair.settle();
      assert.deepEqual(pair.service.begun.at(-1), `Note ${id}`);
      assert.equal(sends.filter((send) => send.state === "resolved").length, Math.min(10, 5 + id));
    }
  });

  test("fills the window up to one frame beyond it", async () => {
    const pair = new Pair({ service: { window: NOTE_SIZE + 1, handlers: 1 } });
    pair.service.park("Note");
    await pair.client.session.send(NOTE, { id: 0 });
    await pair.settle();
    const sends = [1, 2, 3].map((id) => watch(pair.client.session.send(NOTE, { id })));
    await pair.settle();
    assert.deepEqual(sends.map(outcome), ["resolved", "resolved", "pending"]);
    assert.equal(pair.service.why(), undefined);
  });

  test("does not send more than this side would take, whatever the peer says that it takes", async () => {
    const client = new Alone("client", { window: 20 }, { window: 2 ** 40, requests: 2 ** 40 });
    const sends = [...new Array(10).keys()].map((id) => watch(client.session.send(NOTE, { id })));
    client.take();
    await Promise.resolve();
    assert.equal(sends.filter((send) => send.state === "resolved").length, 4);
    assert.equal(client.unread, 4 * NOTE_SIZE);
  });

  test("called off while it waits is never sent; afterwards only the waiting ends", async () => {
    const pair = new Pair({ service: { window: 1, handlers: 1 } });
    const done = pair.service.park("Note");
    await pair.client.session.send(NOTE, { id: 0 });
    await pair.settle();
    const controllers = [1, 2, 3].map(() => new AbortController());
    const sends = controllers.map(({ signal }, i) =>
      watch(pair.client.session.send(NOTE, { id: i + 1 }, { signal, acknowledge: true }))
    );
    await pair.settle();
    // 1 has been sent, 2 and 3 wait.
    for (const controller of controllers.slice(0, 2)) controller.abort();
    await pair.settle();
    assert.deepEqual(sends.map(outcome), ["cancelled", "cancelled", "pending"]);
    for (const end of [0, 1, 2]) {
      done[end]!();
      await pair.settle();
    }
    assert.deepEqual(pair.service.begun, ["Note 0", "Note 1", "Note 3"]);
    assert.deepEqual(sends.map(outcome), ["cancelled", "cancelled", "resolved"]);
  });

  test("with a signal that is aborted already sends nothing", async () => {
    const client = new Alone("client");
    const send = watch(client.session.send(NOTE, { id: 1 }, { signal: AbortSignal.abort() }));
    const request = watch(client.session.request(ASK, { id: 1 }, AbortSignal.abort()));
    await Promise.resolve();
    assert.deepEqual([outcome(send), outcome(request)], ["cancelled", "cancelled"]);
    assert.deepEqual(client.told(), []);
  });

  test("takes its listener off the signal, however it settles", async () => {
    const pair = new Pair({ service: { window: 1, handlers: 1 } });
    const done = pair.service.park("Note");
    pair.service.echo("Ask");
    const { signal, count } = countingSignal();
    void pair.client.session.send(NOTE, { id: 0 }, { signal, acknowledge: true });
    void pair.client.session.send(NOTE, { id: 1 }, { signal });
    void pair.client.session.request(ASK, { id: 2 }, signal);
    assert.equal(count(), 3);
    await pair.settle();
    done.shift()!();
    await pair.settle();
    done.shift()!();
    await pair.settle();
    assert.equal(count(), 0);
    void pair.client.session.send(NOTE, { id: 3 }, { signal, acknowledge: true });
    void pair.client.session.request(ASK, { id: 4 }, signal);
    pair.client.session.disconnected(new HoldfastError("disconnected", "Gone."));
    assert.equal(count(), 0);
  });
});

describe("Session: handlers", () => {
  test("begin in order, and never more than the limit run", async () => {
    const pair = new Pair({ service: { handlers: 3 }, chunk: () => 7 });
    const done = pair.service.park("Note");
    for (let id = 0; id < 20; id++) void pair.client.session.send(NOTE, { id });
    // The last one that began ends first, so that they end in quite another order.
    for (let left = 20; left > 0; left--) {
      await pair.settle();
      assert.equal(pair.service.running, Math.min(3, left));
      done.pop()!();
    }
    await pair.settle();
    assert.deepEqual(pair.service.begun, [...new Array(20).keys()].map((id) => `Note ${id}`));
    assert.equal(pair.service.mostRunning, 3);
  });

  test("of requests and messages begin in the order in which these were sent", async () => {
    // With a window of one byte, they wait at the sender; else at the receiver.
    for (const window of [1, 1000]) {
      const pair = new Pair({ service: { handlers: 1, window } });
      pair.service.echo("Note");
      const done = pair.service.park("Ask");
      for (let id = 0; id < 6; id++) {
        if (id % 2 === 0) void pair.client.session.request(ASK, { id });
        else void pair.client.session.send(NOTE, { id });
      }
      await pair.settle();
      for (let left = 3; left > 0; left--) {
        done.shift()!({ id: left });
        await pair.settle();
      }
      assert.deepEqual(pair.service.begun, ["Ask 0", "Note 1", "Ask 2", "Note 3", "Ask 4", "Note 5"]);
    }
  });

  test("do not begin while the peer doesn't read what others wrote", () => {
    const service = new Alone("service", { window: 40 });
    service.handlers["Ask"] = ({ id }) => ({ id });
    for (let id = 1; id <= 30; id++) {
      // What begins late is kept, and what is kept must fit the window: the test does not send more than that.
      if (service.begun.length < id - 6) break;
      service.hear((to) => to.request(id, ASK, { id }));
    }
    const begun = service.begun.length;
    assert.ok(begun > 0 && begun < 20, `${begun} handlers began`);
    const output = service.session.take()!;
    assert.ok(output.length < 40 + 20, `${output.length} bytes waited`);
    service.push(ack({ received: begun, started: begun, handled: begun }));
    service.take();
    assert.equal(service.begun.length, begun + 6, "the others begin when it has read");
  });
});

describe("Session: output", () => {
  test("is told of once, until some has been taken", async () => {
    const pair = new Pair();
    pair.service.handlers["Note"] = () => {};
    pair.service.handlers["Ask"] = ({ id }) => ({ id });
    const { session } = pair.client;
    for (let i = 1; i <= 3; i++) {
      const { announced } = pair.client;
      void session.send(NOTE, { id: 1 });
      void session.send(NOTE, { id: 2 });
      void session.request(ASK, { id: 3 });
      assert.equal(pair.client.announced, announced + 1);
      pair.client.take();
    }
    await pair.settle();
    assert.equal(pair.service.begun.length, 9);
  });
});

describe("Session: acknowledgements", () => {
  test("say what was received, started and handled; what ends out of order stands in ranges", async () => {
    const pair = new Pair({ service: { handlers: 6 } });
    const service = new Alone("service", { handlers: 6 });
    const done = service.park("Note");
    for (let id = 1; id <= 8; id++) service.hear((to) => to.message(NOTE, { id }));
    assert.deepEqual(service.told(), ["ACK 8 6 0 0"]);
    for (const ended of [1, 2, 4]) done[ended]!();
    await pair.settle();
    assert.deepEqual(service.told(), ["ACK 8 8 0 0 2 3 5 5"]);
    done[0]!();
    await pair.settle();
    assert.deepEqual(service.told(), ["ACK 8 8 0 3 5 5"]);
    for (const ended of [3, 5, 6, 7]) done[ended]!();
    await pair.settle();
    assert.deepEqual(service.told(), ["ACK 8 8 0 8"]);
    assert.deepEqual(service.told(), []);
  });

  test("stay short, however many answers arrive between messages that wait", () => {
    const service = new Alone("service", { handlers: 1 });
    service.park("Note");
    for (let id = 1; id <= 1000; id++) void service.session.request(ASK, { id });
    service.told();
    for (let id = 1; id <= 1000; id++) {
      service.hear((to) => to.message(NOTE, { id }));
      service.hear((to) => to.reply(id, message("Told"), { id }));
    }
    assert.deepEqual(service.told(), ["ACK 2000 2 0 0 2 2"]);
  });

  test("that say what can't be end the connection", () => {
    const wrong = {
      "more than was sent": [{ received: 3 }],
      "a request that was never sent": [{ received: 2, started: 2, requests: 2 }],
      "received goes back": [{ received: 2 }, { received: 1 }],
      "started goes back": [{ received: 2, started: 2 }, { received: 2, started: 1 }],
      "handled goes back": [{ received: 2, started: 2, handled: 2 }, { received: 2, started: 2, handled: 1 }],
      "started requests go back": [{ received: 2, started: 2, requests: 1 }, { received: 2, started: 2 }],
      "handled before it was started": [{ received: 2, started: 1, handled: 2 }],
    };
    for (const [what, acks] of Object.entries(wrong)) {
      const client = new Alone("client");
      void client.session.send(NOTE, { id: 1 });
      void client.session.request(ASK, { id: 2 });
      client.take();
      for (const [at, progress] of acks.entries()) {
        assert.equal(client.why(), undefined, `${what}, ACK ${at}`);
        client.push(ack(progress));
      }
      assert.equal(client.why(), "protocol", what);
      assert.deepEqual(client.told().at(-1), "CLOSE protocol 0");
    }
  });
});

describe("Session.drained", () => {
  test("is resolved when the peer has handled all that was sent, and each time anew", async () => {
    const pair = new Pair({ service: { window: 1, handlers: 1 } });
    const done = pair.service.park("Note");
    for (const round of [1, 2]) {
      void pair.client.session.send(NOTE, { id: round });
      void pair.client.session.send(NOTE, { id: round });
      const drained = watch(pair.client.session.drained());
      await pair.settle();
      done.shift()!();
      await pair.settle();
      assert.equal(drained.state, "pending");
      done.shift()!();
      await pair.settle();
      assert.equal(drained.state, "resolved");
    }
  });

  test("is resolved at once when nothing was sent, and by the end of the session", async () => {
    const pair = new Pair();
    await pair.client.session.drained();
    pair.service.park("Note");
    void pair.client.session.send(NOTE, { id: 1 });
    const drained = watch(pair.client.session.drained());
    pair.client.session.disconnected(new HoldfastError("disconnected", "Gone."));
    await pair.settle();
    assert.equal(drained.state, "resolved");
    await pair.client.session.drained();
  });
});

/** A signal that knows how many listeners it has. */
function countingSignal(): { signal: AbortSignal; count: () => number } {
  const { signal } = new AbortController();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  const remove = signal.removeEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  const removed = new Set<unknown>();
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    if (!removed.has(args[1])) listeners--;
    removed.add(args[1]);
    remove(...args);
  };
  return { signal, count: () => listeners };
}
