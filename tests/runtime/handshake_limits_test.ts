/**
 * Goes past the limits of those who have not been let in: on TCP, and by staying after having been refused.
 */

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectTcp } from "node:net";
import { Client, type Network, parse, serve } from "../../mod.ts";
import { nodeNetwork } from "../../runtime/transport/node.ts";
import { nativeNetwork } from "../../runtime/transport/runtime.ts";
import type { Listener, Stream, StreamEvents } from "../../runtime/transport/transport.ts";
import { check, testCertificate } from "../harness.ts";
import { LAB } from "./limits_lab.ts";

check("limits: connections and handshakes together bound those who are refused and do not go", async () => {
  let accept!: (stream: Stream) => StreamEvents;
  const listener: Listener = { hostname: "", port: 1, renew() {}, close: () => Promise.resolve() };
  const network: Network = {
    listen(_options, accepts) {
      accept = accepts;
      return Promise.resolve(listener);
    },
    connect: () => Promise.reject(new Error("Nobody connects.")),
  };
  const limits = { connections: 2, handshakes: 1 };
  const definition = parse("Ping < id: int > service Lab/Full { auth all receives Ping }");
  const server = await serve(definition, { cert: "", key: "", network, limits, messages: { Ping() {} } });
  const peers = Array.from({ length: 5 }, () => {
    const peer = { written: 0, destroyed: false };
    const events = accept({
      remote: { hostname: "127.0.0.1", port: 1 },
      alpn: undefined,
      certificates: [],
      write: ({ length }) => void (peer.written += length),
      pause() {},
      resume() {},
      close() {},
      destroy: () => void (peer.destroyed = true),
    });
    return { peer, events };
  });
  const said = peers.map(({ peer }) => peer.destroyed ? "cut off" : peer.written > 0 ? "refused" : "waits");
  assert.deepEqual(said, ["waits", "refused", "refused", "cut off", "cut off"]);
  for (const { events } of peers) events.closed();
  await server.close();
});

for (const [name, make] of [["the runtime's own", nativeNetwork], ["node:tls", nodeNetwork]] as const) {
  check(`limits: handshakes bounds those who never shake hands (${name})`, async (scope) => {
    const network: Network = scope.network(make());
    const certificate = await testCertificate();
    const server = await serve(LAB, {
      cert: certificate.cert,
      key: certificate.key,
      network,
      limits: { handshakes: 2 },
      log: () => {},
      messages: {
        Slow() {},
        Any() {},
        Big() {},
        List() {},
        Code() {},
        Ask: ({ id }) => ({ id }),
        Wait: ({ id }) => ({ id }),
      },
    });
    scope.cleanup(() => server.close());
    const join = async () => {
      const client = new Client(server.url, undefined, { ca: certificate.ca, network, reconnect: false });
      scope.cleanup(() => client.close());
      await client.connect();
      return client;
    };
    const early = await join();
    const silent = Array.from({ length: 2 }, () => connectTcp(server.port, "localhost"));
    scope.cleanup(() => silent.forEach((socket) => socket.destroy()));
    for (const socket of silent) if (socket.connecting) await once(socket, "connect");
    // Deno's own TLS has let it in before it can be cut off.
    await assert.rejects(join(), { code: /^(unreachable|disconnected)$/ });
    assert.deepEqual(await early.request("Ask", { id: 1 }), { id: 1 });
    for (const socket of silent) socket.destroy();
    for (;;) if (await join().catch(() => undefined) !== undefined) return;
  });
}
