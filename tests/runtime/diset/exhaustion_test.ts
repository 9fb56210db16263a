/**
 * Clients that would have a service keep memory, places or lines for nothing, by ways that only DISET has.
 *
 * @module
 */

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, parse, serve } from "../../../mod.ts";
import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import { check, testCertificate } from "../../harness.ts";
import { lab } from "./lab.ts";
import { DisetPeer, json } from "./peer.ts";

/** A keep-alive that asks for an answer, with a name of so many letters. */
function ask(length: number): string {
  return `dka${json(`{"OK": true, "Value": {"id": "${"x".repeat(length)}", "kaping": true}}`)}`;
}

for (const way of ["dip", "dips"] as const) {
  check(`service: over ${way}, who is not let in gets back no keep-alive that is long`, async (scope) => {
    const { join } = await lab(scope);
    const peer = await join(way);
    peer.propose();
    await peer.next();
    peer.write(ask(60_000).repeat(50) + ask(10));
    peer.introduce();
    const answers = [await peer.next(), await peer.next()];
    assert.match(answers[0]!.slice(0, 100), /^dka.{1,90}$/);
    assert.match(answers[1]!, /"OK": true/);
  });

  check(`service: over ${way}, who neither reads nor is listened to is given up`, async (scope) => {
    const { drops, join } = await lab(scope, {
      limits: { window: 64 * 1024, frame: 64 * 1024, keepAlive: 300 },
    });
    const peer = await join(way);
    await peer.join();
    peer.socket.pause();
    const words = `"request": true, "name": "Ping", "attrs": [false, [1]], "id": "${"x".repeat(8_000)}"`;
    const frames = json(`{"OK": true, "Value": {${words}}}`).repeat(250);
    for (let i = 0; i < 20; i++) peer.write(frames);
    while (drops.length === 0) await sleep(20);
    assert.equal(drops[0]!.reason.code, "timeout");
  });
}

check("service: a client by DISET that sends more requests than may be open is slowed down", async (scope) => {
  const definition = parse(`
    Add < id: int >
    Sum < id: int >
    service Framework/PingPong { auth all  receives Add -> Sum }
  `);
  const { join } = await lab(scope, {
    limits: { requests: 10, handlers: 2 },
    messages: {
      async Add({ id }) {
        await sleep(1);
        return { id };
      },
    },
  }, definition);
  const peer = await join("dips");
  await peer.join();
  for (let id = 0; id < 100; id++) peer.message("Add", [id]);
  const sums: number[] = [];
  while (sums.length < 100) {
    const frame = await peer.nextOther();
    assert.match(frame, /"name": "Sum"/);
    sums.push(Number(/\[(\d+)\]/.exec(frame)![1]));
  }
  assert.deepEqual(sums.sort((a, b) => a - b), Array.from({ length: 100 }, (_, id) => id));
});

check(
  "handshakes: who says nothing on the port of both protocols takes no more places than there are",
  async (scope) => {
    const { cert, key, ca } = await testCertificate();
    const network = scope.network(nativeNetwork());
    const definition = parse("Ping < id: int > service Framework/PingPong { auth all receives Ping }");
    const server = await serve(definition, {
      cert,
      key,
      network,
      diset: true,
      limits: { handshakes: 3, handshakeTimeout: 1_000 },
      messages: { Ping() {} },
    });
    scope.cleanup(() => server.close({ timeout: 0 }));
    const silent = async () => {
      const peer = await DisetPeer.tls(server.port, { ca });
      scope.cleanup(() => peer[Symbol.dispose]());
      return peer;
    };
    for (let i = 0; i < 3; i++) await silent();
    while (server.snapshot().handshakes < 3) await sleep(10);
    for (let i = 0; i < 4; i++) await silent();
    while (server.snapshot().lines < 7) await sleep(10);
    assert.equal(server.snapshot().handshakes, 3);
    while (server.snapshot().handshakes > 0) await sleep(10);
    const client = new Client(server.url, undefined, { ca, network, reconnect: false });
    scope.cleanup(() => client.close());
    await client.connect();
  },
);

check("handshakes: who comes when all places are taken, and then says what it speaks, is told so", async (scope) => {
  const { ca, join, server } = await lab(scope, { limits: { handshakes: 2 } });
  const first = await join("dips");
  await join("dips");
  while (server.snapshot().handshakes < 2) await sleep(10);
  const late = await join("dips");
  late.propose();
  assert.match(await late.next(), /Maximum number of connections reached/);
  const native = new Client(server.url, undefined, { ca, reconnect: false });
  scope.cleanup(() => native.close());
  await assert.rejects(native.connect(), { code: "limit" });
  first[Symbol.dispose]();
  while (server.snapshot().handshakes > 1) await sleep(10);
  const next = await join("dips");
  next.propose();
  assert.match(await next.next(), /"OK": true/);
});

for (const way of ["dip", "dips"] as const) {
  check(
    `service: over ${way}, who leaves while it is not listened to has left, and done nothing wrong`,
    async (scope) => {
      const { drops, join } = await lab(scope, {
        limits: { window: 64 * 1024, handlers: 1, keepAlive: 300 },
        messages: { Ping: (_, connection) => new Promise<void>((resolve) => connection.onStatus(() => resolve())) },
      });
      const peer = await join(way);
      await peer.join();
      peer.write(json('{"OK": true, "Value": {"request": true, "name": "Ping", "attrs": [false, [1]]}}').repeat(2_000));
      await sleep(200);
      peer.socket.destroy();
      await sleep(100);
      while (drops.length === 0) await sleep(20);
      assert.equal(drops[0]!.reason.code, "disconnected");
    },
  );
}
