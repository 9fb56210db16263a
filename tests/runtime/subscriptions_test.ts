import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HoldfastError } from "../../runtime/errors.ts";
import { Subscriptions } from "../../runtime/subscriptions.ts";

function numbers(subscriptions: Subscriptions, signal?: AbortSignal): AsyncIterableIterator<unknown> {
  return subscriptions.iterate("Count", signal, ({ message }) => message["id"]);
}

/** Delivers a message; tells later whether it has been handled. */
function deliver(subscriptions: Subscriptions, id: number): { handled: boolean } {
  const fate = { handled: false };
  void Promise.resolve(subscriptions.deliverer("Count")({ id })).then(() => fate.handled = true);
  return fate;
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

describe("Subscriptions.deliverer", () => {
  test("calls those for all messages first, then those for this one, each as often as it was added", () => {
    const subscriptions = new Subscriptions();
    const heard: string[] = [];
    const callback = (name: string) => void heard.push(`one ${name}`);
    subscriptions.add("Count", callback);
    const off = subscriptions.add("Count", callback);
    subscriptions.add("Other", () => void heard.push("other"));
    subscriptions.add(undefined, (name) => void heard.push(`all ${name}`));
    assert.equal(subscriptions.deliverer("Count")({}), undefined);
    assert.deepEqual(heard, ["all Count", "one Count", "one Count"]);
    off();
    off();
    heard.length = 0;
    subscriptions.deliverer("Count")({});
    assert.deepEqual(heard, ["all Count", "one Count"]);
  });

  test("calls who is there when it begins, and no others", () => {
    const subscriptions = new Subscriptions();
    let added = 0;
    subscriptions.add("Count", () => void subscriptions.add("Count", () => void added++));
    subscriptions.deliverer("Count")({});
    assert.equal(added, 0);
  });

  test("lets all hear of it although one throws, and rejects; nothing is left unhandled", async () => {
    const subscriptions = new Subscriptions();
    const heard: string[] = [];
    subscriptions.add("Count", () => Promise.reject(new Error("later")));
    subscriptions.add("Count", () => {
      throw new Error("now");
    });
    subscriptions.add("Count", () => void heard.push("after"));
    await assert.rejects(Promise.resolve(subscriptions.deliverer("Count")({})), /now|later/);
    assert.deepEqual(heard, ["after"]);
    // Both runners fail a test that leaves a rejection unhandled.
    await turn();
  });
});

describe("Subscriptions.deliverer with one callback", () => {
  test("waits for what it gives back, throws what it throws, and sees others come and go", async () => {
    const subscriptions = new Subscriptions();
    const deliver = subscriptions.deliverer("Count");
    const off = subscriptions.add("Count", () => Promise.reject(new Error("later")));
    await assert.rejects(Promise.resolve(deliver({})), /later/);
    off();
    subscriptions.add("Count", () => {
      throw new Error("now");
    });
    assert.throws(() => deliver({}), /now/);
    const heard: string[] = [];
    subscriptions.add(undefined, (name) => void heard.push(name));
    await assert.rejects(Promise.resolve(deliver({})), /now/);
    assert.deepEqual(heard, ["Count"]);
  });
});

describe("Subscriptions.answer", () => {
  test("gives back what the callback for that request does", () => {
    const subscriptions = new Subscriptions();
    subscriptions.add("Ask", (_name, { id }) => ({ id }));
    assert.equal(subscriptions.has("Ask"), true);
    assert.deepEqual(subscriptions.answer("Ask", { id: 7 }, undefined), { id: 7 });
  });

  test("throws where nobody handles it, also when a callback was taken off", () => {
    const subscriptions = new Subscriptions();
    subscriptions.add("Ask", () => ({}))();
    assert.equal(subscriptions.has("Ask"), false);
    assert.throws(() => subscriptions.answer("Ask", {}, undefined), { code: "no-handler" });
  });
});

describe("Subscriptions.iterate", () => {
  test("gives messages in order; each counts as handled when the loop comes back", async () => {
    const subscriptions = new Subscriptions();
    const iteration = numbers(subscriptions);
    const fates = [1, 2].map((id) => deliver(subscriptions, id));
    assert.deepEqual(await iteration.next(), { done: false, value: 1 });
    await turn();
    assert.deepEqual(fates.map(({ handled }) => handled), [false, false]);
    assert.deepEqual(await iteration.next(), { done: false, value: 2 });
    await turn();
    assert.deepEqual(fates.map(({ handled }) => handled), [true, false]);
    const third = iteration.next();
    deliver(subscriptions, 3);
    assert.deepEqual(await third, { done: false, value: 3 });
    await turn();
    assert.deepEqual(fates.map(({ handled }) => handled), [true, true]);
  });

  test("gives messages to several who ask at once, in the order of asking", async () => {
    const subscriptions = new Subscriptions();
    const iteration = numbers(subscriptions);
    const asked = [iteration.next(), iteration.next()];
    for (const id of [1, 2]) deliver(subscriptions, id);
    assert.deepEqual((await Promise.all(asked)).map(({ value }) => value), [1, 2]);
  });

  test("that the loop leaves holds nothing up, and hears no more", async () => {
    const subscriptions = new Subscriptions();
    const iteration = numbers(subscriptions);
    const fates = [1, 2, 3].map((id) => deliver(subscriptions, id));
    for await (const id of iteration) if (id === 1) break;
    await turn();
    assert.deepEqual(fates.map(({ handled }) => handled), [true, true, true]);
    assert.equal(subscriptions.has("Count"), false);
    assert.deepEqual(await iteration.next(), { done: true, value: undefined });
  });

  test("that ends by an error gives out what it has, throws it once, and is over", async () => {
    const subscriptions = new Subscriptions();
    const iteration = numbers(subscriptions);
    const fates = [1, 2].map((id) => deliver(subscriptions, id));
    const error = new HoldfastError("unreachable", "Nobody there.");
    subscriptions.end(error);
    await turn();
    assert.deepEqual(fates.map(({ handled }) => handled), [true, true], "nobody waits for what can't be told any more");
    assert.deepEqual(await iteration.next(), { done: false, value: 1 });
    assert.deepEqual(await iteration.next(), { done: false, value: 2 });
    await assert.rejects(iteration.next(), error);
    assert.deepEqual(await iteration.next(), { done: true, value: undefined });
  });

  test("that begins after the end is over at once; after reopening it goes on", async () => {
    const subscriptions = new Subscriptions();
    subscriptions.end(undefined);
    assert.deepEqual(await numbers(subscriptions).next(), { done: true, value: undefined });
    subscriptions.reopen();
    const iteration = numbers(subscriptions);
    deliver(subscriptions, 1);
    assert.deepEqual(await iteration.next(), { done: false, value: 1 });
  });

  test("that is called off rejects who asks, hears no more, and holds nothing up", async () => {
    const subscriptions = new Subscriptions();
    const controller = new AbortController();
    const iteration = numbers(subscriptions, controller.signal);
    const asked = iteration.next();
    controller.abort("enough");
    await assert.rejects(asked, { code: "cancelled", cause: "enough" });
    assert.equal(deliver(subscriptions, 1).handled, false);
    assert.equal(subscriptions.has("Count"), false);
    assert.deepEqual(await iteration.next(), { done: true, value: undefined });
  });

  test("that was called off before it began hears nothing, and holds nothing up", async () => {
    const subscriptions = new Subscriptions();
    const iteration = numbers(subscriptions, AbortSignal.abort());
    assert.equal(subscriptions.has("Count"), false);
    const fate = deliver(subscriptions, 1);
    await turn();
    assert.equal(fate.handled, true);
    await assert.rejects(iteration.next(), { code: "cancelled" });
  });

  test("that another callback of the same message ends does not keep the message", async () => {
    const subscriptions = new Subscriptions();
    const controller = new AbortController();
    subscriptions.add("Count", () => controller.abort());
    const iteration = numbers(subscriptions, controller.signal);
    const fate = deliver(subscriptions, 1);
    await turn();
    assert.equal(fate.handled, true);
    await assert.rejects(iteration.next(), { code: "cancelled" });
  });
});
