/**
 * What the sender is told at the end of what was on its way: each of these was once told wrongly, and found by the
 * model.
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HoldfastError } from "../../../runtime/errors.ts";
import { message, outcome, Pair, turn, watch } from "./pair.ts";
import { Alone } from "./raw.ts";

const NOTE = message("Note");
const ASK = message("Ask");

describe("Session.outcome, and what senders are told", () => {
  test("a request that no stream ever took was not sent, as a message that none took", async () => {
    const client = new Alone("client");
    const left = watch(client.session.request(ASK, { id: 1 }));
    client.take();
    const kept = watch(client.session.request(ASK, { id: 2 }));
    const message = watch(client.session.send(NOTE, { id: 3 }, { acknowledge: true }));
    client.session.disconnected(new HoldfastError("disconnected", "The line broke."));
    await turn();
    assert.match(left.error!.message, /before it was known/);
    assert.match(kept.error!.message, /^Not sent/);
    assert.match(message.error!.message, /^Not sent/);
    assert.deepEqual(client.session.outcome, { handled: 0, notHandled: 2, unknown: 1 });
  });

  test("what leaves together with CLOSE may be handled: it is unknown, not unsent", async () => {
    const pair = new Pair();
    pair.service.echo("Note");
    const send = watch(pair.client.session.send(NOTE, { id: 1 }, { acknowledge: true }));
    pair.client.session.fail(new HoldfastError("closed", "Goodbye."), 0);
    await pair.settle();
    assert.deepEqual(pair.service.begun, ["Note 1"]);
    assert.equal(outcome(send), "disconnected");
    assert.match(send.error!.message, /before it was known/);
    assert.deepEqual(pair.client.session.outcome, { handled: 0, notHandled: 0, unknown: 1 });
  });
});
