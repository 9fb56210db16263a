/**
 * How much a session has under way, where that is less than its peer's window.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HoldfastError } from "../../../runtime/errors.ts";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import { Outgoing } from "../../../runtime/session/outgoing.ts";
import { Traffic } from "../../../runtime/session/traffic.ts";
import type { SessionTerms } from "../../../runtime/session/types.ts";
import { NativeEncoder } from "../../../runtime/wire/native/encoder.ts";
import { message, TALK } from "./pair.ts";
import { ack, Alone } from "./raw.ts";

const NOTE = message("Note");
const NOTE_SIZE = 5;

describe("Session: the share of the window that is under way", () => {
  test("lets the next messages go when others have arrived, although no handler has begun", () => {
    const client = new Alone("client");
    client.session.traffic.share = 2 * NOTE_SIZE;
    client.push(ack({}));
    for (let id = 0; id < 5; id++) void client.session.send(NOTE, { id });
    assert.deepEqual(client.told(), ["MESSAGE Note 0", "MESSAGE Note 1"]);
    client.push(ack({ received: 2 }));
    assert.deepEqual(client.told(), ["MESSAGE Note 2", "MESSAGE Note 3"]);
    client.push(ack({ received: 4 }));
    assert.deepEqual(client.told(), ["MESSAGE Note 4"]);
  });

  test("lets a message go that is larger, and answers go whatever is under way", () => {
    const service = new Alone("service").echo("Ask");
    service.session.traffic.share = NOTE_SIZE;
    service.push(ack({}));
    void service.session.send(NOTE, { id: 1, text: "more than the share" });
    void service.session.send(NOTE, { id: 2 });
    service.hear((to) => to.request(1, message("Ask"), { id: 7 }));
    assert.deepEqual(service.told().filter((frame) => !frame.startsWith("ACK")), ["MESSAGE Note 1", "REPLY 1 7"]);
  });

  test("has no request overtake messages that do not wait for the window", () => {
    const client = new Alone("client", {}, { window: 4 * NOTE_SIZE });
    client.session.traffic.share = NOTE_SIZE;
    // Who handles a request may send its own ahead, where the window is full.
    client.handlers["Ask"] = () => new Promise(() => {});
    client.hear((to) => to.request(1, message("Ask"), { id: 7 }));
    client.push(ack({}));
    for (let id = 0; id < 5; id++) void client.session.send(NOTE, { id });
    void client.session.request(message("Ask"), { id: 8 });
    const told = () => client.told().filter((frame) => !frame.startsWith("ACK"));
    assert.deepEqual(told(), ["MESSAGE Note 0"]);
    client.push(ack({ received: 1 }));
    assert.deepEqual(told(), ["MESSAGE Note 1"]);
    client.push(ack({ received: 2 }));
    assert.deepEqual(told(), ["MESSAGE Note 2"]);
    client.push(ack({ received: 3 }));
    assert.deepEqual(told(), ["MESSAGE Note 3", "REQUEST 1 Ask 8"]);
    client.push(ack({ received: 5, started: 2 }));
    assert.deepEqual(told(), ["MESSAGE Note 4"]);
  });

  test("drops nothing for which the window has room", async () => {
    const client = new Alone("client", { window: 8 * NOTE_SIZE, backlog: 2 * NOTE_SIZE });
    client.session.traffic.share = NOTE_SIZE;
    client.push(ack({}));
    for (let id = 0; id < 10; id++) void client.session.send(NOTE, { id }, { overflow: "drop-oldest" });
    assert.equal(client.session.dropped, 0);
    const last = client.session.send(NOTE, { id: 10 }, { overflow: "drop-oldest" });
    assert.equal(client.session.dropped, 1);
    client.session.disconnected(new HoldfastError("disconnected", "over"));
    await assert.rejects(last);
  });
});

test("Outgoing.excess has no byte for which the window has room", () => {
  const traffic = new Traffic();
  traffic.share = 2 * NOTE_SIZE;
  const encoder = new NativeEncoder(TALK, DEFAULT_LIMITS.frame, true);
  const terms = { encoder, window: 4 * NOTE_SIZE, requests: 1, limits: DEFAULT_LIMITS } as unknown as SessionTerms;
  const outgoing = new Outgoing(terms, { mayOvertake: false, traffic });
  outgoing.progress({ received: 0, started: 0, requests: 0, handled: 0, ranges: [] });
  const excess: number[] = [];
  for (let id = 0; id < 6; id++) {
    const size = encoder.message(NOTE, { id });
    if (outgoing.admit(size, 0) === 0) outgoing.wait(size, 0, () => {}, () => {});
    excess.push(outgoing.excess / NOTE_SIZE);
  }
  assert.deepEqual(excess, [0, 0, 0, 0, 1, 2]);
});
