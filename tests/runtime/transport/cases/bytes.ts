/** Cases about bytes: they arrive, all of them, in order, and a writer hears when there is room. */

import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { check } from "../../../harness.ts";
import { line } from "../peers.ts";
import { assertSame, connect, Ear, listen, pair, pattern, type Subject } from "../subject.ts";

const MIB = 1024 * 1024;

export function bytesCases(subject: Subject): void {
  const { name } = subject;

  check(`${name}: a few bytes arrive, both ways`, async (t) => {
    const { client, clientEar, service, serviceEar } = await pair(t, subject);
    client.write(new Uint8Array([1, 2, 3]));
    assert.deepEqual([...await serviceEar.received(3)], [1, 2, 3]);
    service.write(new Uint8Array([4, 5]));
    assert.deepEqual([...await clientEar.received(2)], [4, 5]);
  });

  check(`${name}: megabytes arrive, both ways at once`, async (t) => {
    const { client, clientEar, service, serviceEar } = await pair(t, subject);
    const [up, down] = [pattern(4 * MIB, 1), pattern(4 * MIB + 1, 2)];
    client.write(up);
    service.write(down);
    assertSame(await serviceEar.received(up.length), up);
    assertSame(await clientEar.received(down.length), down);
  });

  check(`${name}: many small writes arrive in order`, async (t) => {
    const { client, serviceEar } = await pair(t, subject);
    const all = pattern(100_000);
    for (let at = 0, step = 1; at < all.length; at += step, step = step % 37 + 1) {
      client.write(all.subarray(at, Math.min(at + step, all.length)));
    }
    assertSame(await serviceEar.received(all.length), all);
  });

  check(`${name}: tells when what was written has left, in a turn of its own`, async (t) => {
    const { client, serviceEar } = await pair(t, subject);
    const all = pattern(MIB);
    let at = 0;
    await new Promise<void>((resolve) => {
      const next = (): void => {
        if (at === all.length) return resolve();
        let isWithin = true;
        const end = Math.min(all.length, at + 1 + at % 70_000);
        client.write(all.subarray(at, at = end), () => {
          assert.ok(!isWithin);
          next();
        });
        isWithin = false;
      };
      next();
    });
    assertSame(await serviceEar.received(all.length), all);
  });

  check(`${name}: a stream that pauses slows its peer down, and hears the rest when it goes on`, async (t) => {
    const { client, clientEar, service, serviceEar } = await pair(t, subject);
    // More than the system's buffers have room for.
    const all = pattern(32 * MIB);
    service.pause();
    service.pause();
    const room = client.write(all);
    assert.ok(room !== undefined);
    const has = await Promise.race([room.then(() => "room"), setTimeout(500, "none")]);
    assert.equal(has, "none");
    service.write(new Uint8Array([1]));
    assert.deepEqual([...await clientEar.received(1)], [1]);
    service.resume();
    service.resume();
    assertSame(await serviceEar.received(all.length), all);
  });

  check(`${name}: a stream that has paused can be ended, either way`, async (t) => {
    for (const end of ["close", "destroy"] as const) {
      const { client, clientEar, service, serviceEar } = await pair(t, subject);
      service.pause();
      client.write(pattern(MIB));
      service[end]();
      await clientEar.end();
      await serviceEar.end();
    }
  });

  check(`${name}: writes of all sizes arrive in order, turn by turn`, async (t) => {
    const { client, serviceEar } = await pair(t, subject);
    const all = pattern(3 * MIB);
    for (let at = 0, step = 1; at < all.length; at += step, step = step * 3 % 200_003) {
      const room = client.write(all.subarray(at, Math.min(at + step, all.length)));
      await (step % 2 === 0 ? room : Promise.resolve());
    }
    assertSame(await serviceEar.received(all.length), all);
  });

  check(`${name}: what a large burst leaves does not hold back the small ones behind it`, async (t) => {
    const { client, clientEar, service, serviceEar } = await pair(t, subject);
    let expected = 0;
    for (const size of [1, 1023, 1024, 1025, 16_383, 16_384, 16_385, 65_536, 3, MIB, 1, 1]) {
      client.write(pattern(size));
      expected += size;
      await serviceEar.received(expected);
      service.write(new Uint8Array(1));
      await clientEar.received(clientEar.size + 1);
    }
  });

  check(`${name}: a writer hears of room again and again while much is sent`, async (t) => {
    const { client, serviceEar } = await pair(t, subject);
    const chunk = pattern(128 * 1024);
    let waited = 0;
    for (let round = 0; round < 64; round++) {
      const room = client.write(chunk);
      if (room === undefined) continue;
      waited++;
      await room;
    }
    await serviceEar.received(64 * chunk.length);
    assert.ok(waited > 0, "8 MiB without ever having to wait");
  });

  check(`${name}: what the service writes at once arrives after the client has the stream`, async (t) => {
    const { listener } = await listen(t, subject, {}, (stream) => void stream.write(new Uint8Array([7, 8, 9])));
    for (let round = 0; round < 5; round++) {
      let hasStream = false;
      const ear = new Ear();
      ear.onData = () => assert.ok(hasStream, "data before the stream");
      await connect(t, subject, { port: listener.port }, ear);
      hasStream = true;
      assert.deepEqual([...await ear.received(3)], [7, 8, 9]);
    }
  });

  check(`${name}: 200 clients at once, each with its own bytes`, async (t) => {
    const { listener } = await listen(t, subject, {}, (stream, ear) => {
      ear.onData = () => void ear.received(1).then((bytes) => stream.write(bytes.slice(-1)));
    });
    await Promise.all(Array.from({ length: 200 }, async (_, index) => {
      const ear = new Ear();
      const stream = await connect(t, subject, { port: listener.port }, ear);
      stream.write(new Uint8Array([index]));
      assert.deepEqual([...await ear.received(1)], [index]);
      stream.close();
      assert.equal(await ear.end(), undefined);
    }));
  }, { timeout: 60_000 });

  if (subject.tls) {
    check(`${name}: a writer waits while the peer does not read, and goes on when it does`, async (t) => {
      let between!: Awaited<ReturnType<typeof line>>;
      const { client, serviceEar } = await pair(t, subject, async (port) => (between = await line(t, port)).port);
      client.write(new Uint8Array(1));
      await serviceEar.received(1);
      between.stall();
      const all = pattern(32 * MIB);
      const room = client.write(all);
      assert.ok(room, "32 MiB taken at once");
      let hasRoom = false;
      void room.then(() => hasRoom = true);
      // Others go on meanwhile; their round trips are the time that the writer is watched for.
      const other = await pair(t, subject);
      for (let round = 1; round <= 20; round++) {
        other.client.write(new Uint8Array(1));
        await other.serviceEar.received(round);
      }
      assert.equal(hasRoom, false);
      between.resume();
      await room;
      assertSame((await serviceEar.received(1 + all.length)).subarray(1), all);
    });
  }
}
