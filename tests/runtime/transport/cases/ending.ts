/** Cases about the end of a stream: politely, at once, by either side, by neither. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { connect as tlsConnect, type ConnectionOptions } from "node:tls";
import { ALPN, type Stream } from "../../../../runtime/transport/transport.ts";
import { check, testCertificate } from "../../../harness.ts";
import { type Line, line } from "../peers.ts";
import { assertSame, connect, Ear, listen, type Pair, pair, pattern, type Subject } from "../subject.ts";

const MIB = 1024 * 1024;

interface Side {
  readonly own: Stream;
  readonly ownEar: Ear;
  readonly peer: Stream;
  readonly peerEar: Ear;
}

const SIDES: readonly (readonly [string, (pair: Pair) => Side])[] = [
  ["the client", ({ client, clientEar, service, serviceEar }) => ({
    own: client,
    ownEar: clientEar,
    peer: service,
    peerEar: serviceEar,
  })],
  ["the service", ({ client, clientEar, service, serviceEar }) => ({
    own: service,
    ownEar: serviceEar,
    peer: client,
    peerEar: clientEar,
  })],
];

export function endingCases(subject: Subject): void {
  const { name } = subject;

  for (const [who, side] of SIDES) {
    check(`${name}: close by ${who} is a regular end for both`, async (t) => {
      const { own, ownEar, peerEar } = side(await pair(t, subject));
      own.close();
      assert.equal(ownEar.endings, 0, "not from within the call");
      assert.equal(await peerEar.end(), undefined);
      assert.equal(await ownEar.end(), undefined);
    });

    check(`${name}: close by ${who} lets what was written leave first`, async (t) => {
      const { own, ownEar, peerEar } = side(await pair(t, subject));
      const all = pattern(4 * MIB);
      own.write(all);
      own.close();
      assert.equal(await peerEar.end(), undefined);
      assertSame(peerEar.bytes, all);
      assert.equal(await ownEar.end(), undefined);
    });

    check(`${name}: close by ${who} while its peer sends: nothing arrives any more, its last words do`, async (t) => {
      const { own, ownEar, peer, peerEar } = side(await pair(t, subject));
      let sending = true;
      const sent = (async () => {
        while (sending) await Promise.all([peer.write(new Uint8Array(100_000)), turn()]);
      })();
      await ownEar.received(MIB);
      own.write(new Uint8Array([1, 2, 3]));
      own.close();
      const { size } = ownEar;
      assert.equal(await peerEar.end(), undefined);
      sending = false;
      await sent;
      assert.deepEqual([...peerEar.bytes], [1, 2, 3]);
      await ownEar.end();
      assert.equal(ownEar.size, size);
    });

    check(`${name}: destroy by ${who} ends both, its own regularly`, async (t) => {
      const { own, ownEar, peerEar } = side(await pair(t, subject));
      own.destroy();
      assert.equal(ownEar.endings, 0, "not from within the call");
      assert.equal(await ownEar.end(), undefined);
      await peerEar.end();
    });

    check(`${name}: destroy by ${who} lets go a writer of either side`, async (t) => {
      const { own, ownEar, peer, peerEar } = side(await pair(t, subject));
      const [mine, theirs] = [own.write(new Uint8Array(32 * MIB)), peer.write(new Uint8Array(32 * MIB))];
      assert.ok(mine && theirs);
      own.destroy();
      await mine;
      await theirs;
      await Promise.all([ownEar.end(), peerEar.end()]);
    });

    check(`${name}: after the end, ${who} may call anything, and nothing comes of it`, async (t) => {
      const { own, ownEar, peerEar } = side(await pair(t, subject));
      own.close();
      own.close();
      await Promise.all([ownEar.end(), peerEar.end()]);
      assert.equal(own.write(new Uint8Array(10)), undefined);
      own.close();
      own.destroy();
      own.destroy();
      assert.equal(own.write(new Uint8Array(10)), undefined);
    });

    check(`${name}: destroy by ${who} after close does not wait for the peer`, async (t) => {
      const { own, ownEar, peerEar } = side(await pair(t, subject));
      own.write(new Uint8Array(8 * MIB));
      own.close();
      own.destroy();
      assert.equal(await ownEar.end(), undefined);
      await peerEar.end();
    });

    check(`${name}: ${who} may end the stream when data arrives`, async (t) => {
      for (const end of ["close", "destroy"] as const) {
        const { own, ownEar, peer, peerEar } = side(await pair(t, subject));
        ownEar.onData = () => own[end]();
        peer.write(new Uint8Array(100_000));
        await Promise.all([ownEar.end(), peerEar.end()]);
      }
    });
  }

  check(`${name}: both close at once`, async (t) => {
    const { client, clientEar, service, serviceEar } = await pair(t, subject);
    client.close();
    service.close();
    await Promise.all([clientEar.end(), serviceEar.end()]);
  });

  check(`${name}: the service may end the stream when it accepts it`, async (t) => {
    for (const end of ["close", "destroy"] as const) {
      const { listener, next } = await listen(t, subject, {}, (stream, ear) => {
        stream[end]();
        assert.equal(ear.endings, 0, "not before it was given out");
      });
      const ear = new Ear();
      // The client may hear of it before it has its stream.
      const opened = await connect(t, subject, { port: listener.port }, ear).then(() => true, () => false);
      if (opened) await ear.end();
      await (await next()).ear.end();
    }
  });

  if (!subject.tls) return;

  check(`${name}: a peer that ends its half ends the stream`, async (t) => {
    const { listener, next } = await listen(t, subject);
    const { ca } = await testCertificate();
    const options = { host: "127.0.0.1", port: listener.port, ca, ALPNProtocols: [ALPN], allowHalfOpen: true };
    const peer = tlsConnect(options as ConnectionOptions);
    t.cleanup(() => peer.destroy());
    peer.on("error", () => {});
    await once(peer, "secureConnect");
    const { ear } = await next();
    peer.resume();
    peer.end(new Uint8Array([5, 6]));
    const [cause] = await Promise.all([ear.end(), once(peer, "end")]);
    assert.equal(cause, undefined);
    assert.deepEqual([...ear.bytes], [5, 6]);
  });

  async function through(t: Parameters<typeof pair>[0]): Promise<Pair & { readonly between: Line }> {
    let between!: Line;
    const both = await pair(t, subject, async (port) => (between = await line(t, port)).port);
    return { ...both, between };
  }

  check(`${name}: a line that is cut ends the stream`, async (t) => {
    const { between, clientEar, serviceEar } = await through(t);
    between.resetClient();
    await Promise.all([clientEar.end(), serviceEar.end()]);
  });

  check(`${name}: a peer that is gone without a goodbye ends the stream`, async (t) => {
    const { between, client, clientEar } = await through(t);
    between.endClient();
    await clientEar.end();
    client.destroy();
  });

  check(`${name}: destroy does not wait for a peer that does not read`, async (t) => {
    const { between, client, clientEar, service, serviceEar } = await through(t);
    between.stall();
    const [up, down] = [client.write(new Uint8Array(32 * MIB)), service.write(new Uint8Array(32 * MIB))];
    client.close();
    client.destroy();
    service.destroy();
    await Promise.all([up, down, clientEar.end(), serviceEar.end()]);
  });
}
