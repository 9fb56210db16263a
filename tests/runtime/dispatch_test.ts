import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Answers, type AnyHandler, Dispatcher, isPending, reportError } from "../../runtime/dispatch.ts";
import { Failure, HoldfastError } from "../../runtime/errors.ts";
import type { LogRecord } from "../../runtime/log.ts";
import { DONE } from "../../runtime/promises.ts";
import type { ServedRequest } from "../../runtime/session/types.ts";
import type { Fields } from "../../runtime/wire/wire.ts";
import { message, turn } from "./session/pair.ts";
import { Alone } from "./session/raw.ts";

const NOTE = message("Note");
const ASK = message("Ask");

/** A session that has one handler, and has heard a message of each kind. */
async function hear(name: "Note" | "Ask", handler: AnyHandler): Promise<Alone> {
  const service = new Alone();
  service.handlers[name] = handler;
  service.hear((to) => name === "Note" ? to.message(NOTE, { id: 1 }) : to.request(1, ASK, { id: 1 }));
  await turn();
  return service;
}

describe("Dispatcher.message", () => {
  test("counts a message as handled when its handler has returned, or its promise is fulfilled", async () => {
    for (const result of [undefined, 7, { then: 7 }, Promise.resolve(), thenable((fulfil) => fulfil(1))]) {
      const service = await hear("Note", () => result);
      assert.deepEqual(service.told(), ["ACK 1 1 0 1"]);
    }
  });

  test("takes a thenable at its first word", async () => {
    const twice = await hear("Note", () =>
      thenable((fulfil, reject) => {
        fulfil(1);
        reject(new Error("after all"));
        fulfil(2);
      }));
    assert.deepEqual(twice.told(), ["ACK 1 1 0 1"]);
    twice.hear((to) => to.message(NOTE, { id: 2 }));
    await turn();
    assert.deepEqual(twice.told(), ["ACK 2 2 0 2"]);
    const throwing = await hear("Note", () =>
      thenable(() => {
        throw new Failure("No.");
      }));
    assert.equal(throwing.why(), "handler-failed");
    const getter = await hear("Note", () =>
      Object.defineProperty({}, "then", {
        get() {
          throw new Failure("No.");
        },
      }));
    assert.equal(getter.why(), "handler-failed");
  });
});

test("Dispatcher reads nothing of what the peer may not send, and answers by that", () => {
  const told: string[] = [];
  const session: Answers = {
    handled: () => told.push("handled"),
    fail: ({ code }, frame) => told.push(`fail ${code} ${frame}`),
    reply: () => told.push("reply"),
    refuse: (_served, { code }) => told.push(`refuse ${code}`),
  };
  const fields: Fields = {
    read() {
      told.push("read");
      throw new HoldfastError("invalid-message", "It is none.");
    },
    keep: () => fields,
  };
  const served: ServedRequest = { request: 1, frame: 7, reply: NOTE, signal: new AbortController().signal };
  const hear = (refusal: HoldfastError | undefined) => {
    const report = () => ({ code: "internal", text: "" }) as const;
    const dispatcher = new Dispatcher({ rights: 1, find: () => () => {}, report, refusal: () => refusal });
    dispatcher.message(session, NOTE, fields, 7);
    dispatcher.request(session, ASK, fields, served);
    return told.splice(0);
  };
  assert.deepEqual(hear(new HoldfastError("unauthorized", "No.")), ["fail unauthorized 7", "refuse unauthorized"]);
  assert.deepEqual(hear(undefined), ["read", "fail invalid-message 7", "read", "fail invalid-message 7"]);
});

describe("Dispatcher.request", () => {
  test("answers with what the handler gives back, now or later, or with its error", async () => {
    const cases: [AnyHandler, string][] = [
      [() => ({ id: 7 }), "REPLY 1 7"],
      [() => Promise.resolve({ id: 8 }), "REPLY 1 8"],
      [() => thenable((fulfil) => (fulfil({ id: 9 }), fulfil({ id: 10 }))), "REPLY 1 9"],
      [() => undefined, "FAILURE 1 internal"],
      [() => ({ id: "7" }), "FAILURE 1 internal"],
      [() => Promise.reject(new Failure("No.")), "FAILURE 1 handler-failed"],
      [() => {
        throw new HoldfastError("no-handler", "Nobody handles Ask here.");
      }, "FAILURE 1 no-handler"],
      [() => {
        throw new HoldfastError("no-handler", "Nobody handles Other there.", { remote: true });
      }, "FAILURE 1 internal"],
    ];
    for (const [handler, answer] of cases) {
      const service = await hear("Ask", handler);
      assert.deepEqual(service.told(), [answer, "ACK 1 1 1 1"]);
      assert.equal(service.why(), undefined);
    }
  });
});

describe("reportError", () => {
  test("shows the text of a Failure, and hides that of all else behind a number that stands in the log", () => {
    const log: LogRecord[] = [];
    const report = (error: unknown, what: string) => reportError((record) => void log.push(record), "t1", error, what);
    assert.deepEqual(report(new Failure("Not today."), "Ask"), { code: "handler-failed", text: "Not today." });
    assert.deepEqual(log, []);
    for (const error of [new Error("secret"), new HoldfastError("limit", "secret"), "secret", undefined, null]) {
      const { code, text } = report(error, "Ask");
      assert.equal(code, "internal");
      assert.doesNotMatch(text, /secret/);
      const record: LogRecord = log.pop()!;
      assert.ok(text.includes(record.incident!));
      assert.equal(record.error, error);
      assert.equal(record.transportId, "t1");
    }
  });
});

test("isPending is true of what can be awaited, but for what a send gives back that is done", () => {
  assert.deepEqual(
    [Promise.resolve(), thenable(() => {}), DONE, { then: 1 }, {}, null, undefined, "then"].map(isPending),
    [true, true, false, false, false, false, false, false],
  );
});

function thenable(
  then: (fulfil: (value: unknown) => void, reject: (reason: unknown) => void) => void,
): PromiseLike<unknown> {
  // deno-lint-ignore no-explicit-any
  return { then } as any;
}
