/**
 * What ends a session: the errors that the peer causes or suffers, and who learns what of them.
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Failure, HoldfastError } from "../../../runtime/errors.ts";
import { MESSAGE, REQUEST } from "../../../runtime/wire/native/kinds.ts";
import { message, outcome, Pair, turn, watch } from "./pair.ts";
import { Alone, frames } from "./raw.ts";

const NOTE = message("Note");

describe("Session: an error of the peer's names the frame that caused it", () => {
  const wrong: { [what: string]: [string, () => Uint8Array] } = {
    "wrong direction": ["wrong-direction", () => frames((to) => to.message(message("ToClient"), { id: 1 }))],
    "unknown message": ["unknown-message", () => new Uint8Array([3, MESSAGE, 99, 0])],
    "unknown request": ["unknown-message", () => new Uint8Array([4, REQUEST, 1, 99, 0])],
    "neither message nor request": ["wrong-direction", () => frames((to) => to.message(message("Told"), { id: 1 }))],
    "wrong shape": ["invalid-message", () => misshapen()],
    "no handler": ["no-handler", () => frames((to) => to.message(message("ToService"), { id: 1 }))],
  };
  for (const [what, [code, bytes]] of Object.entries(wrong)) {
    test(what, () => {
      const service = new Alone().echo("Note") as Alone;
      service.hear((to) => to.message(NOTE, { id: 1 }));
      service.hear((to) => to.message(NOTE, { id: 2 }));
      service.push(bytes());
      assert.equal(service.why(), code);
      const told = service.told();
      assert.equal(told.at(-1), `CLOSE ${code} 3`);
      assert.match(told.at(-2)!, /^ACK \d \d 0 2$/, "what was handled before stays handled, and the peer learns it");
      // Nothing that follows is heard.
      service.hear((to) => to.message(NOTE, { id: 4 }));
      assert.deepEqual(service.begun.filter((what) => what.startsWith("Note")), ["Note 1", "Note 2"]);
      assert.equal(service.ends, 1);
      assert.deepEqual(service.told(), []);
    });
  }

  test("a handler that throws, now or later", async () => {
    for (const later of [false, true]) {
      const service = new Alone();
      service.handlers["Note"] = ({ id }) => {
        if (id !== 2) return;
        const error = new Error("the secret");
        if (later) return Promise.reject(error);
        throw error;
      };
      for (const id of [1, 2]) service.hear((to) => to.message(NOTE, { id }));
      await turn();
      assert.equal(service.why(), "internal");
      // This side knows all of it; what the peer is told, it reads in the CLOSE.
      assert.equal(service.session.reason!.message, "The handler of Note failed: the secret");
      assert.equal(service.told().at(-1), "CLOSE internal 2");
      assert.match(String(service.log[0]?.error), /secret/);
    }
  });
});

describe("Session: the sender learns which of its frames ended the connection", () => {
  test("an acknowledged send rejects with that error, others with `disconnected`, handled ones resolve", async () => {
    const pair = new Pair();
    const done = pair.service.park("ToService");
    pair.service.handlers["Note"] = ({ id }) => {
      if (id === 3) throw new Failure("Not three.");
    };
    const sends = [1, 2, 3, 4].map((id) => watch(pair.client.session.send(NOTE, { id }, { acknowledge: true })));
    const parked = watch(pair.client.session.send(message("ToService"), { id: 5 }, { acknowledge: true }));
    const request = watch(pair.client.session.request(message("Deep"), { id: 6 }));
    await pair.settle();
    assert.deepEqual(sends.map(outcome), ["resolved", "resolved", "handler-failed", "disconnected"]);
    assert.deepEqual([parked, request].map(outcome), ["disconnected", "disconnected"]);
    assert.equal(sends[2]!.error!.message, "Not three.");
    assert.ok(sends[2]!.error!.remote);
    assert.equal(pair.client.session.reason, sends[2]!.error);
    assert.equal(done.length, 0, "what stood behind it never began");
  });

  test("sends and requests after the end reject, and nothing is sent", async () => {
    const client = new Alone("client");
    client.session.disconnected(new HoldfastError("disconnected", "The line broke."));
    const fates = [
      watch(client.session.send(NOTE, { id: 1 })),
      watch(client.session.send(NOTE, { id: 2 }, { acknowledge: true })),
      watch(client.session.request(message("Ask"), { id: 3 })),
    ];
    await turn();
    assert.deepEqual(fates.map(outcome), ["disconnected", "disconnected", "disconnected"]);
    client.session.ping(1);
    assert.deepEqual(client.told(), []);
  });

  test("sends that wait, are under way, or wait for their acknowledgement reject each in its words", async () => {
    const pair = new Pair({ service: { window: 1, handlers: 1 } });
    pair.service.park("Note");
    const sends = [1, 2, 3].map((id) => watch(pair.client.session.send(NOTE, { id }, { acknowledge: true })));
    await pair.settle();
    const reason = new HoldfastError("disconnected", "The line broke.");
    pair.client.session.disconnected(reason);
    await turn();
    assert.deepEqual(sends.map(outcome), ["disconnected", "disconnected", "disconnected"]);
    assert.deepEqual(sends.map(({ error }) => /^[^:]+/.exec(error!.message)![0]), [
      "The connection ended before it was known whether this was handled",
      "The connection ended before it was known whether this was handled",
      "Not sent, since the connection has ended",
    ]);
  });
});

describe("Session: nothing is called after it has ended", () => {
  test("handlers that were parked never begin, and those that run have no more effect", async () => {
    const pair = new Pair({ service: { handlers: 2 } });
    const done = pair.service.park("Note");
    const asked = pair.service.park("Ask");
    void pair.client.session.send(NOTE, { id: 1 });
    const request = watch(pair.client.session.request(message("Ask"), { id: 2 }));
    for (const id of [3, 4]) void pair.client.session.send(NOTE, { id });
    await pair.settle();
    pair.service.session.fail(new HoldfastError("closed", "Bye."), 0);
    done[0]!();
    asked[0]!({ id: 2 });
    await pair.settle();
    assert.deepEqual(pair.service.begun, ["Note 1", "Ask 2"]);
    assert.equal(outcome(request), "disconnected");
    assert.equal(pair.client.why(), "closed");
    assert.deepEqual([pair.service.ends, pair.client.ends], [1, 1]);
  });

  test("a handler that ends the session while others of the same chunk wait", () => {
    const service = new Alone("service", { handlers: 1 });
    service.handlers["Note"] = ({ id }) => {
      if (id === 2) service.session.fail(new HoldfastError("closed", "Bye."), 0);
    };
    service.hear((to) => {
      for (let id = 1; id <= 4; id++) to.message(NOTE, { id });
    });
    assert.deepEqual(service.begun, ["Note 1", "Note 2"]);
    assert.deepEqual(service.told(), ["ACK 2 2 0 1", "CLOSE closed 0"]);
  });

  test("ending twice, in whatever way, is told once, for the first reason", () => {
    const service = new Alone();
    service.session.fail(new HoldfastError("closed", "Bye."), 0);
    service.session.fail(new HoldfastError("internal", "Again."), 0);
    service.session.disconnected(new HoldfastError("disconnected", "Broken."));
    assert.equal(service.ends, 1);
    assert.equal(service.why(), "closed");
    assert.deepEqual(service.told(), ["ACK 0 0 0 0", "CLOSE closed 0"]);
  });
});

/** A `Note` whose fields go on behind their end. */
function misshapen(): Uint8Array {
  const bytes = [...frames((to) => to.message(NOTE, { id: 1 })), 0];
  bytes[0]!++;
  return new Uint8Array(bytes);
}
