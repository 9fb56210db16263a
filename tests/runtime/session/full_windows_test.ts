/**
 * With both windows full and every handler waiting for an answer on the same connection, all complete.
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import { type Bounds, type Fate, message, outcome, Pair, type Side, turn, watch } from "./pair.ts";

const bounds: fc.Arbitrary<Pick<Bounds, "window" | "handlers" | "requests">> = fc.record({
  window: fc.integer({ min: 1, max: 200 }),
  handlers: fc.integer({ min: 1, max: 4 }),
  // Handlers may be waiting for as many answers as there are handlers.
  requests: fc.oneof(fc.integer({ min: 4, max: 8 }), fc.constant(1024)),
});

const chunk = fc.integer({ min: 1, max: 40 });

/** What one side's application says: messages and requests, all at once, or each when the one before was accepted. */
const speech = fc.record({
  names: fc.array(fc.constantFrom("Note", "Ask", "Deep"), { maxLength: 60 }),
  waits: fc.boolean(),
});

function say(side: Side, name: string, id: number): Promise<unknown> {
  return name === "Note"
    ? side.session.send(message(name), { id }, { acknowledge: id % 3 === 0 })
    : side.session.request(message(name), { id });
}

/** Says all, each when the one before was accepted if it `waits`; gives back what becomes of each. */
function speak(side: Side, names: readonly string[], waits: boolean): Fate<unknown>[] {
  const fates = names.map((): Fate<unknown> => ({ state: "pending" }));
  const speakAll = async (): Promise<void> => {
    for (const [id, name] of names.entries()) {
      const saying = Promise.resolve().then(() => say(side, name, id));
      watch(saying, fates[id]!);
      if (waits && name === "Note") await saying.catch(() => {});
    }
  };
  void speakAll();
  return fates;
}

/** `Ask` is answered, at once or later; `Note` and `Deep` ask something of the peer first. */
function askBack(side: Side, lazy: boolean): void {
  side.handlers["Ask"] = lazy ? ({ id }) => turn().then(() => ({ id })) : ({ id }) => ({ id });
  for (const name of ["Note", "Deep"]) {
    side.handlers[name] = async ({ id }) => {
      const { id: told } = await side.session.request(message("Ask"), { id });
      assert.equal(told, id);
      return { id };
    };
  }
}

describe("Session: with both windows full and every handler awaiting a request, all complete", () => {
  test("with the default limits, and small messages", async () => {
    const pair = new Pair();
    const text = "x".repeat(60);
    // Many more messages than handlers and requests may be, and more than the windows hold.
    const count = 20_000;
    assert.ok(count * text.length > DEFAULT_LIMITS.window);
    const sides = [pair.service, pair.client];
    const fates = sides.flatMap((side) => {
      askBack(side, true);
      const fates: Fate<unknown>[] = [];
      for (let id = 0; id < count; id++) fates.push(watch(side.session.send(message("Note"), { id, text })));
      return fates;
    });
    await pair.settle();
    assert.deepEqual([...new Set(fates.map(outcome))], ["resolved"]);
    for (const side of sides) {
      assert.equal(side.begun.filter((what) => what.startsWith("Note")).length, count);
      assert.equal(side.running, 0);
      const { handlers, requests } = DEFAULT_LIMITS;
      assert.ok(side.mostRunning <= handlers + 2 * requests, `${side.mostRunning} handlers ran at once`);
    }
  });

  test("where one side's handlers are all busy, and the other's wait behind its messages", async () => {
    const bounds = { window: 1, handlers: 64, requests: 4 };
    const pair = new Pair({ service: { ...bounds, handlers: 1 }, client: bounds });
    askBack(pair.service, false);
    askBack(pair.client, false);
    let ask = () => {};
    const mayAsk = new Promise<void>((resolve) => ask = resolve);
    pair.client.handlers["Deep"] = async ({ id }) => {
      await mayAsk;
      return await pair.client.session.request(message("Ask"), { id });
    };
    // As many as may be open: the handlers of the notes below can't ask until one has its answer.
    const deep = speak(pair.service, new Array<string>(4).fill("Deep"), false);
    await pair.settle();
    const notes = speak(pair.client, new Array<string>(20).fill("Note"), false);
    await pair.settle();
    assert.ok(notes.some(({ state }) => state === "pending"));
    ask();
    await pair.settle();
    assert.deepEqual([...new Set([...deep, ...notes].map(outcome))], ["resolved"]);
  });

  test("with any small limits: floods of messages whose handlers ask the sender", async () => {
    await fc.assert(
      fc.asyncProperty(bounds, bounds, fc.nat(80), fc.nat(80), chunk, fc.boolean(), async (...run) => {
        const [service, client, down, up, chunk, lazy] = run;
        const pair = new Pair({ service, client, chunk: () => chunk });
        askBack(pair.service, lazy);
        askBack(pair.client, lazy);
        const names = (count: number) => new Array<string>(count).fill("Note");
        const fates = [...speak(pair.service, names(down), false), ...speak(pair.client, names(up), false)];
        await pair.settle();
        assert.deepEqual(fates.map(outcome).filter((state) => state !== "resolved"), []);
        assert.equal(pair.client.begun.filter((what) => what.startsWith("Note")).length, down);
        assert.equal(pair.service.begun.filter((what) => what.startsWith("Note")).length, up);
        assert.equal(pair.client.running + pair.service.running, 0);
      }),
      { numRuns: 300 },
    );
  });

  test("with any small limits: everything settles, whatever asks whatever", async () => {
    await fc.assert(
      fc.asyncProperty(bounds, bounds, speech, speech, chunk, fc.boolean(), async (...run) => {
        const [service, client, down, up, chunk, lazy] = run;
        const pair = new Pair({ service, client, chunk: () => chunk });
        askBack(pair.service, lazy);
        askBack(pair.client, lazy);
        const fates = [...speak(pair.service, down.names, down.waits), ...speak(pair.client, up.names, up.waits)];
        await pair.settle();
        assert.deepEqual(fates.map(outcome).filter((state) => state === "pending"), []);
        assert.equal(pair.client.running + pair.service.running, 0);
        // Only where each side has as many requests open as may be is one refused.
        const most = Math.min(service.requests, client.requests);
        if (most === 1024) assert.deepEqual(fates.map(outcome).filter((state) => state !== "resolved"), []);
      }),
      { numRuns: 500 },
    );
  });
});
