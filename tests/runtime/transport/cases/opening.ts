/** Cases about listening and connecting, with or without TLS. */

import assert from "node:assert/strict";
import { ALPN } from "../../../../runtime/transport/transport.ts";
import { check, testCertificate } from "../../../harness.ts";
import { assertRejects, connect, Ear, listen, type Subject } from "../subject.ts";

export function openingCases(subject: Subject): void {
  const { name } = subject;

  check(`${name}: both sides know with whom they speak, and the protocol`, async (t) => {
    const { listener, next } = await listen(t, subject, { alpn: ["holdfast/1"] });
    assert.ok(listener.port > 0);
    const stream = await connect(t, subject, { port: listener.port, alpn: ["holdfast/1"] });
    const { stream: accepted } = await next();
    assert.equal(stream.remote.port, listener.port);
    assert.ok(accepted.remote.port > 0);
    if (subject.tls) {
      assert.equal(listener.hostname, "127.0.0.1");
      assert.equal(stream.remote.hostname, "127.0.0.1");
      assert.equal(accepted.remote.hostname, "127.0.0.1");
    }
    assert.equal(stream.alpn, "holdfast/1");
    assert.equal(accepted.alpn, "holdfast/1");
  });

  check(`${name}: the service's preference decides among the protocols that both speak`, async (t) => {
    const { listener, next } = await listen(t, subject, { alpn: ["c", "b", "a"] });
    const stream = await connect(t, subject, { port: listener.port, alpn: ["a", "b"] });
    assert.equal(stream.alpn, "b");
    assert.equal((await next()).stream.alpn, "b");
  });

  check(`${name}: no protocol in common is 'protocol'`, async (t) => {
    const { listener, next } = await listen(t, subject, { alpn: ["a"] });
    await assertRejects(connect(t, subject, { port: listener.port, alpn: ["b"] }), "protocol");
    // The service never hears of it: the next one that it does hear of is a good one.
    const stream = await connect(t, subject, { port: listener.port, alpn: ["a"] });
    stream.write(new Uint8Array([1]));
    await (await next()).ear.received(1);
  });

  check(`${name}: a client that names no protocol gets none`, async (t) => {
    const { listener, next } = await listen(t, subject, { alpn: ["a"] });
    assert.equal((await connect(t, subject, { port: listener.port, alpn: [] })).alpn, undefined);
    assert.equal((await next()).stream.alpn, undefined);
  });

  check(`${name}: nobody there is 'unreachable'`, async (t) => {
    const { listener } = await listen(t, subject);
    await listener.close();
    await assertRejects(connect(t, subject, { port: listener.port }), "unreachable");
  });

  check(`${name}: an attempt whose signal was aborted before is 'cancelled'`, async (t) => {
    const { listener } = await listen(t, subject);
    const why = new Error("no longer wanted");
    const error = await assertRejects(
      connect(t, subject, { port: listener.port, signal: AbortSignal.abort(why) }),
      "cancelled",
    );
    assert.equal(error.cause, why);
  });

  check(`${name}: an attempt that is aborted on its way is 'cancelled', and leaves nothing open`, async (t) => {
    const accepted: Ear[] = [];
    const { listener } = await listen(t, subject, {}, (stream, ear) => {
      accepted.push(ear);
      stream.write(new Uint8Array(1));
    });
    const why = new Error("no longer wanted");
    const controller = new AbortController();
    const { ca } = await testCertificate();
    const { signal } = controller;
    const to = { hostname: "127.0.0.1", port: listener.port, ca, alpn: [ALPN], signal };
    const opening = t.network(subject.network).connect(to, new Ear());
    controller.abort(why);
    assert.equal((await assertRejects(opening, "cancelled")).cause, why);
    // If the service has heard of the first one at all, it has done so before the second.
    const ear = new Ear();
    await connect(t, subject, { port: listener.port }, ear);
    await ear.received(1);
    await Promise.all(accepted.slice(0, -1).map((ear) => ear.end()));
  });

  check(`${name}: an attempt takes its hands off the signal when it is over`, async (t) => {
    const { listener } = await listen(t, subject);
    const { signal } = new AbortController();
    let listening = 0;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      listening++;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      listening--;
      remove(...args);
    };
    await connect(t, subject, { port: listener.port, signal });
    await listener.close();
    await assertRejects(connect(t, subject, { port: listener.port, signal }), "unreachable");
    assert.equal(listening, 0);
  });

  check(`${name}: the signal is not looked at once the stream is open`, async (t) => {
    const { listener, next } = await listen(t, subject);
    const controller = new AbortController();
    const stream = await connect(t, subject, { port: listener.port, signal: controller.signal });
    const { ear } = await next();
    controller.abort();
    stream.write(new Uint8Array([1]));
    await ear.received(1);
  });

  check(`${name}: closing a listener leaves the streams, and nobody comes in any more`, async (t) => {
    const { listener, next } = await listen(t, subject);
    const clientEar = new Ear();
    const client = await connect(t, subject, { port: listener.port }, clientEar);
    const { stream: service, ear } = await next();
    await listener.close();
    await listener.close();
    await assertRejects(connect(t, subject, { port: listener.port }), "unreachable");
    client.write(new Uint8Array([1]));
    await ear.received(1);
    service.write(new Uint8Array([2]));
    await clientEar.received(1);
    // The port can be had again, although streams of its are open.
    await listen(t, subject, { port: listener.port });
  });

  check(`${name}: a port that is taken is 'invalid-argument'`, async (t) => {
    const { listener } = await listen(t, subject);
    await assertRejects(listen(t, subject, { port: listener.port }), "invalid-argument");
  });
}
