/**
 * What a hostile peer can make a session hold: counted in bytes and handlers, never in time.
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { message, turn } from "./pair.ts";
import { ack, Alone, frames } from "./raw.ts";

const NOTE = message("Note");
const ASK = message("Ask");

describe("Session, whose peer does not read", () => {
  test("answers no more PINGs than its window holds", () => {
    const service = new Alone("service", { window: 1000 });
    const flood = frames((to) => {
      for (let i = 0; i < 10_000; i++) to.ping(i);
    });
    for (let i = 0; i < 20; i++) service.push(flood);
    const output = service.session.take()!;
    assert.ok(output.length < 1010, `${output.length} bytes waited`);
    assert.equal(service.why(), undefined);
    service.hear((to) => to.ping(7));
    assert.deepEqual(service.told().at(-1), "PONG 7", "who reads again is answered again");
  });

  test("begins no more handlers than what they write is within its window, and then ends the connection", async () => {
    const service = new Alone("service", { window: 1000, requests: 100_000 }, { requests: 100_000 }).echo(
      "Ask",
    ) as Alone;
    for (let id = 1; id <= 2000 && service.why() === undefined; id++) {
      service.hear((to) => to.request(id, ASK, { id }));
      await Promise.resolve();
    }
    assert.equal(service.why(), "limit");
    assert.ok(service.begun.length < 300, `${service.begun.length} handlers began`);
    const output = service.session.take()!;
    assert.ok(output.length < 1000 + 100, `${output.length} bytes waited`);
  });

  test("or reads but never acknowledges, is held no more replies for than its window holds", async () => {
    const service = new Alone("service", { window: 1000 }).echo("Ask") as Alone;
    for (let id = 1; id <= 2000 && service.why() === undefined; id++) {
      service.hear((to) => to.request(id, ASK, { id }));
      service.told();
      await Promise.resolve();
      assert.ok(service.session.held < 1100, `${service.session.held} bytes are held`);
    }
    assert.equal(service.why(), "limit");
  });

  test("answers no more CANCELs than there are requests", () => {
    const service = new Alone("service", { window: 1000 });
    service.park("Ask");
    service.hear((to) => to.request(1, ASK, { id: 1 }));
    const flood = frames((to) => {
      for (let i = 0; i < 10_000; i++) to.cancel(1);
    });
    for (let i = 0; i < 20; i++) service.push(flood);
    assert.deepEqual(service.told(), ["FAILURE 1 cancelled", "ACK 200001 200001 1 0 2 200001"]);
  });

  test("leaves its own messages waiting at their senders", async () => {
    const service = new Alone("service", { window: 1000 });
    let sent = 0;
    for (let id = 0; id < 10_000; id++) void service.session.send(NOTE, { id }).then(() => sent++);
    await turn();
    service.take();
    assert.ok(service.unread < 1010, `${service.unread} bytes are under way`);
    assert.ok(sent < 300, `${sent} sends were settled`);
  });
});

describe("Session, whose peer breaks the rules", () => {
  test("runs no more handlers than it may, though requests are called off and sent anew", () => {
    for (const ownRequests of [0, 2]) {
      const service = new Alone("service", { handlers: 3, requests: 4 });
      service.park("Ask");
      for (let id = 1; id <= ownRequests; id++) void service.session.request(ASK, { id });
      for (let id = 1; id <= 200; id++) {
        service.hear((to) => to.request(id, ASK, { id }));
        service.take();
        service.hear((to) => to.cancel(id));
        service.take();
        service.wire.length = 0;
      }
      assert.ok(service.running <= (ownRequests === 0 ? 3 : 3 + 2 * 4), `${service.running} handlers run`);
    }
  });

  test("ends the connection when more is sent than the window takes: messages and requests", () => {
    for (const kind of ["messages", "requests"]) {
      const service = new Alone("service", { window: 100, handlers: 1, requests: 10_000 });
      service.park("Note");
      service.park("Ask");
      let sent = 0;
      for (let id = 1; id <= 10_000 && service.why() === undefined; id++) {
        const bytes = frames((to) => kind === "messages" ? to.message(NOTE, { id }) : to.request(id, ASK, { id }));
        service.push(bytes);
        sent += bytes.length;
      }
      assert.equal(service.why(), "limit", kind);
      // The first one runs, the last one was too much; those between were kept.
      assert.ok(sent <= 100 + 3 * 8, `${sent} bytes were taken in`);
    }
  });

  test("takes one frame beyond the window, however large", () => {
    const service = new Alone("service", { window: 100, handlers: 1 });
    service.park("Note");
    service.hear((to) => {
      to.message(NOTE, { id: 1 });
      to.message(NOTE, { id: 2, text: "x".repeat(5000) });
    });
    assert.equal(service.why(), undefined);
    service.hear((to) => to.message(NOTE, { id: 3 }));
    assert.equal(service.why(), "limit");
  });

  test("passes over optional frames, however many", () => {
    const service = new Alone();
    const flood = new Uint8Array(100_000).map((_, i) => i % 2 === 0 ? 1 : 0x80 + i % 0x80);
    service.push(flood);
    assert.equal(service.why(), undefined);
    assert.deepEqual(service.told(), []);
  });

  test("says what has to be said in frames as short as the peer takes", async () => {
    const service = new Alone("service", { handlers: 300 }, { frame: 256 });
    const done = service.park("Note");
    service.handlers["Ask"] = () => {
      throw Object.assign(new Error("x".repeat(5000)), { name: "Error" });
    };
    for (let id = 1; id <= 200; id++) service.hear((to) => to.message(NOTE, { id }));
    for (let i = 1; i < 200; i += 2) done[i]!();
    await turn();
    service.hear((to) => to.request(1, ASK, { id: 1 }));
    service.take();
    let most = 0;
    for (const bytes of service.wire) {
      for (let at = 0; at < bytes.length; most = Math.max(most, frameLength(bytes, at)), at += frameSize(bytes, at));
    }
    assert.ok(most <= 256, `a frame of ${most} bytes`);
    const told = service.told().findLast((frame) => frame.startsWith("ACK"))!;
    assert.match(told, /^ACK 201 201 1 0 2 2 4 4 6 6 /);
  });

  test("hears ACKs with any marks without harm to those who wait", async () => {
    const client = new Alone("client");
    let settled = 0;
    for (let id = 0; id < 100; id++) {
      void client.session.send(NOTE, { id }, { acknowledge: true }).then(() => settled++);
    }
    client.take();
    client.push(ack({ received: 100, started: 100, handled: 10, ranges: [20, 29, 40, 100] }));
    client.push(ack({ received: 100, started: 100, handled: 11 }));
    client.push(ack({ received: 100, started: 100, handled: 11, ranges: [20, 21] }));
    await turn();
    assert.equal(settled, 11 + 10 + 61);
    assert.equal(client.why(), undefined);
  });
});

function frameSize(bytes: Uint8Array, at: number): number {
  return frameLength(bytes, at) + (bytes[at]! < 0x80 ? 1 : 2);
}

function frameLength(bytes: Uint8Array, at: number): number {
  return bytes[at]! < 0x80 ? bytes[at]! : (bytes[at]! & 0x7f) + bytes[at + 1]! * 0x80;
}
