/**
 * Which protocol a line is taken to speak, and what a service is told of DISET.
 *
 * @module
 */

import assert from "node:assert/strict";
import { createServer } from "node:net";
import { connect, parse, type ServeOptions, type UnknownService } from "../../../mod.ts";
import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import type { Network } from "../../../runtime/transport/transport.ts";
import { check } from "../../harness.ts";
import { lab, refused, SUCCESS } from "./lab.ts";
import { DisetPeer, json } from "./peer.ts";

const PROPOSAL = json('{"OK": true, "Value": [["Framework/PingPong", "Lab"], ["Connection", "new"], ""]}');

/** The runtime's network, but that its clients ask for other protocols. */
function asking(alpn: readonly string[]): Network {
  const network = nativeNetwork();
  return {
    listen: (...args) => network.listen(...args),
    connect: (to, events) => network.connect({ ...to, alpn }, events),
  };
}

check(
  "serve: where DISET is not to be spoken, its bytes end the line, and the log says how",
  async (scope) => {
    for (const diset of [undefined, false] as const) {
      const { server, ca, log } = await lab(scope, diset === undefined ? { diset: false } : { diset });
      assert.deepEqual(server.disetUrls, []);
      const peer = await DisetPeer.tls(server.port, { ca });
      scope.cleanup(() => peer[Symbol.dispose]());
      peer.write(PROPOSAL);
      assert.deepEqual(await peer.rest(), []);
      assert.equal(log.length, 1);
      assert.match(String(log[0]!.error), /speaks DISET .* option "diset"/);
    }
  },
);

check("serve: who has agreed on the native protocol is taken at its word", async (scope) => {
  const { server, ca } = await lab(scope);
  const peer = await DisetPeer.tls(server.port, { ca, ALPNProtocols: ["holdfast/1"] });
  scope.cleanup(() => peer[Symbol.dispose]());
  peer.write(PROPOSAL);
  assert.deepEqual(await peer.rest(), []);
});

check("serve: without ALPN, native clients are told by their first bytes, and DISET's by theirs", async (scope) => {
  const { server, ca, join } = await lab(scope);
  await using client = await connect(server.url, { ca, network: asking([]) });
  const pongs = client.messages("Pong");
  await client.send("Ping", { id: 1 });
  assert.deepEqual((await pongs.next()).value, { id: 1 });
  const peer = await join("dips");
  peer.write(PROPOSAL);
  assert.equal(await peer.next(), SUCCESS);
});

for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
  check(`serve: DISET over ${version}`, async (scope) => {
    const { server, ca } = await lab(scope);
    const peer = await DisetPeer.tls(server.port, { ca, minVersion: version, maxVersion: version });
    scope.cleanup(() => peer[Symbol.dispose]());
    await peer.join();
    peer.message("Ping", [1]);
    assert.match(await peer.nextOther(), /Pong/);
  });
}

check("serve: DISET where Deno.listenTls is asked for", async (scope) => {
  const { join } = await lab(scope, { listenTls: true });
  const peer = await join("dips");
  await peer.join();
  peer.message("Ping", [1]);
  assert.match(await peer.nextOther(), /Pong/);
}, { skip: !("Deno" in globalThis) && "there is no Deno.listenTls" });

check("serve: without TLS the native protocol is not spoken", async (scope) => {
  const { join } = await lab(scope);
  const peer = await join("dip");
  peer.write(new Uint8Array([40, 1, 1, 1]));
  assert.deepEqual(await peer.rest(), [refused("Invalid action proposal")]);
});

check("serve: disetUrls are where the original's clients connect to; without TLS on loopback", async (scope) => {
  const { server } = await lab(scope, { hostname: "127.0.0.1" });
  const [tls, plain, ...more] = server.disetUrls;
  assert.equal(tls, `dips://127.0.0.1:${server.port}/Framework/PingPong`);
  assert.match(plain!, /^dip:\/\/localhost:\d+\/Framework\/PingPong$/);
  assert.deepEqual(more, []);
  const without = await lab(scope, { diset: true });
  assert.deepEqual(without.server.disetUrls, [`dips://localhost:${without.server.port}/Framework/PingPong`]);
});

for (
  const [what, diset, text] of [
    ["is no object", "yes", /must be true, or an object/],
    ["has a name that there is not", { plian: {} }, /Did you mean "plain"/],
    ["has an encoding that there is not", { encoding: "xml" }, /must be "json" or "dencode"/],
    ["says `plain` without saying where", { plain: true }, /"diset.plain" must be an object/],
    ["has a port that is none", { plain: { port: -1 } }, /whole number from 0 to 65535/],
    ["has an option of `plain` that there is not", { plain: { host: "" } }, /no option "host"/],
  ] as const
) {
  check(`serve: an option "diset" that ${what} is refused`, async (scope) => {
    const options = { diset } as unknown as Partial<ServeOptions<UnknownService>>;
    await assert.rejects(lab(scope, options), (error: Error) => text.test(error.message));
  });
}

check("serve: a definition that DISET can't say is refused, where it is to be spoken", async (scope) => {
  const definition = parse("M < a?: any >  service Framework/PingPong { auth all  receives M }");
  await assert.rejects(lab(scope, { messages: {} }, definition), { code: "invalid-argument" });
  await lab(scope, { messages: {}, diset: false }, definition);
});

check("serve: where the port without TLS is taken, nothing listens", async (scope) => {
  const other = createServer().listen(0, "localhost");
  await new Promise((resolve) => other.once("listening", resolve));
  scope.cleanup(() => other.close());
  const { port } = other.address() as { port: number };
  let listener: { readonly port: number } | undefined;
  const network = scope.network(nativeNetwork());
  const watched: Network = {
    ...network,
    listen: async (...args) => listener = await network.listen(...args),
  };
  await assert.rejects(lab(scope, { network: watched, diset: { plain: { port } } }), /taken/);
  const again = await lab(scope, { port: listener!.port });
  assert.equal(again.server.port, listener!.port);
});
