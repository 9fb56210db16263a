/** Cases about TLS: what can't be used for it, and peers that don't speak it. */

import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { networkInterfaces } from "node:os";
import { createServer } from "node:tls";
import type { Stream } from "../../../../runtime/transport/transport.ts";
import { check, type Scope, testCertificate } from "../../../harness.ts";
import { gone, tcpClient, tcpServer } from "../peers.ts";
import { assertRejects, connect, Ear, listen, pair, type Subject } from "../subject.ts";

export function tlsCases(subject: Subject): void {
  const { name } = subject;
  const cantDrop = subject.lacks.droppingSilentPeers === true && "it can't end a socket whose handshake hangs";

  check(`${name}: what can't be read as a certificate or key is 'invalid-argument'`, async (t) => {
    const { cert, key } = await testCertificate();
    const other = await testCertificate({});
    const broken = cert.replace(/\n[A-Za-z0-9+/]{20}/, "\n");
    for (const wrong of [{ cert: "service.pem" }, { cert: broken }, { cert: key }, { cert: "" }]) {
      const { message } = await assertRejects(listen(t, subject, wrong), "invalid-argument");
      assert.match(message, /'cert'/);
    }
    for (const wrong of [{ key: "service.key" }, { key: cert }, { key: "" }, { key: other.key }]) {
      const { message } = await assertRejects(listen(t, subject, wrong), "invalid-argument");
      assert.match(message, /'key'/);
    }
    const swapped = await assertRejects(listen(t, subject, { cert: key, key: cert }), "invalid-argument");
    assert.match(swapped.message, /seem to be swapped/);
    const { listener } = await listen(t, subject);
    for (const ca of ["ca.pem", "", key, broken]) {
      const { message } = await assertRejects(connect(t, subject, { port: listener.port, ca }), "invalid-argument");
      assert.match(message, /'ca'/);
    }
  });

  check(`${name}: an address that is none is 'invalid-argument'`, async (t) => {
    await assertRejects(listen(t, subject, { port: 70_000 }), "invalid-argument");
    // Set aside for documents: no machine has it.
    await assertRejects(listen(t, subject, { hostname: "192.0.2.1" }), "invalid-argument");
    await assertRejects(connect(t, subject, { port: 70_000 }), "invalid-argument");
  });

  check(`${name}: IPv6`, async (t) => {
    const { listener, next } = await listen(t, subject, { hostname: "::1" });
    const stream = await connect(t, subject, { hostname: "::1", port: listener.port });
    stream.write(new Uint8Array(1));
    const { stream: accepted, ear } = await next();
    await ear.received(1);
    assert.equal(accepted.remote.hostname, "::1");
    assert.equal(stream.remote.hostname, "::1");
  }, { skip: !hasIpv6() && "this machine has no IPv6" });

  check(`${name}: a service without protocols is 'protocol' to a client that has some`, async (t) => {
    const { listener } = await listen(t, subject, { alpn: [] });
    await assertRejects(connect(t, subject, { port: listener.port, alpn: ["a"] }), "protocol");
  });

  check(`${name}: a service that does not speak TLS is 'protocol'`, async (t) => {
    const port = await tcpServer(t, (socket) => {
      socket.resume();
      socket.end("HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n");
    });
    await assertRejects(connect(t, subject, { port }), "protocol");
  });

  check(`${name}: a service that hangs up before TLS is ready is 'unreachable'`, async (t) => {
    await assertRejects(connect(t, subject, { port: await tcpServer(t, (socket) => socket.destroy()) }), "unreachable");
    const port = await tcpServer(t, (socket) => void socket.once("data", () => socket.resetAndDestroy()));
    await assertRejects(connect(t, subject, { port }), "unreachable");
  });

  check(`${name}: an attempt that hangs in its handshake can be aborted`, async (t) => {
    const controller = new AbortController();
    const why = new Error("too slow");
    let ended!: Promise<unknown>;
    const port = await tcpServer(t, (socket) => {
      ended = gone(socket);
      socket.once("data", () => controller.abort(why));
    });
    const error = await assertRejects(connect(t, subject, { port, signal: controller.signal }), "cancelled");
    assert.equal(error.cause, why);
    if (!subject.lacks.droppingSilentPeers) await ended;
  });

  check(`${name}: what a service says in one breath with the end of its handshake waits for the stream`, async (t) => {
    // Only before TLS 1.3 is the service the last to speak in the handshake.
    const { cert, key, ca } = await testCertificate();
    const server = createServer({ cert, key, maxVersion: "TLSv1.2" }, (socket) => {
      socket.on("error", () => {});
      socket.end(new Uint8Array([1, 2, 3]));
    });
    server.listen(0, "127.0.0.1");
    t.cleanup(() => server.close());
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    for (let round = 0; round < 5; round++) {
      let hasStream = false;
      const ear = new Ear();
      ear.onData = () => assert.ok(hasStream, "data before the stream");
      await connect(t, subject, { port, ca, alpn: [] }, ear);
      hasStream = true;
      await ear.end();
      assert.deepEqual([...ear.bytes], [1, 2, 3]);
    }
  });

  check(`${name}: bytes that are not TLS harm nobody else`, async (t) => {
    const { listener, next } = await listen(t, subject);
    const clientEar = new Ear();
    const client = await connect(t, subject, { port: listener.port }, clientEar);
    const { stream: service, ear } = await next();
    for (const garbage of ["GET / HTTP/1.1\r\n\r\n", "\x16\x03\x01\xff\xff\x01", "\0".repeat(10_000)]) {
      const peer = await tcpClient(t, listener.port);
      peer.end(garbage);
      await gone(peer);
    }
    client.write(new Uint8Array([1]));
    await ear.received(1);
    service.write(new Uint8Array([2]));
    await clientEar.received(1);
    await connect(t, subject, { port: listener.port });
    await next();
  });

  check(`${name}: a peer that never shakes hands is dropped after the time for it`, async (t) => {
    const { listener } = await listen(t, subject, { handshakeTimeout: 50 });
    const peer = await tcpClient(t, listener.port);
    await gone(peer);
  }, { skip: cantDrop });

  check(`${name}: a peer that never shakes hands ends with the listener`, async (t) => {
    const { listener } = await listen(t, subject, { handshakeTimeout: 3_600_000 });
    const peer = await tcpClient(t, listener.port);
    // The listener must know of it: it accepts in order.
    await connect(t, subject, { port: listener.port });
    await listener.close();
    await gone(peer);
  }, { skip: cantDrop });

  check(`${name}: the time for the handshake is not the time for the stream`, async (t) => {
    const { client, ear, timeout } = await inTime(t, subject, 200);
    const other = await pair(t, subject);
    const end = performance.now() + 2 * timeout;
    for (let round = 1; performance.now() < end; round++) {
      other.client.write(new Uint8Array(1));
      await other.serviceEar.received(round);
    }
    client.write(new Uint8Array(1));
    await ear.received(1);
  });
}

/** Connects within a time for the handshake: a longer one than is asked for, where the machine is too slow for that. */
async function inTime(
  t: Scope,
  subject: Subject,
  timeout: number,
): Promise<{ readonly client: Stream; readonly ear: Ear; readonly timeout: number }> {
  const { listener, next } = await listen(t, subject, { handshakeTimeout: timeout });
  const clientEar = new Ear();
  const client = await connect(t, subject, { port: listener.port }, clientEar).catch(() => undefined);
  // A client may think that it is there when it is too late.
  const accepted = client && await Promise.race([next(), clientEar.end().then(() => undefined)]);
  return client && accepted ? { client, ear: accepted.ear, timeout } : await inTime(t, subject, 4 * timeout);
}

function hasIpv6(): boolean {
  return Object.values(networkInterfaces()).flat().some((address) => address?.address === "::1");
}
