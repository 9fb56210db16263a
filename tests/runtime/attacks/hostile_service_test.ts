/**
 * Hostile services, towards a client that has credentials: one that nobody vouches for learns none of them, and one that
 * is what it says can't make a client show them without end.
 */

import assert from "node:assert/strict";
import { createServer, type TLSSocket } from "node:tls";
import { encodeDefinition } from "../../../idl/canonical.ts";
import { Client, type ConnectOptions, type Network, type UnknownService } from "../../../mod.ts";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import { nodeNetwork } from "../../../runtime/transport/node.ts";
import { nativeNetwork } from "../../../runtime/transport/runtime.ts";
import { encodeDefinitionFrame, encodeExpiry, encodeWelcome } from "../../../runtime/wire/native/handshake.ts";
import * as kinds from "../../../runtime/wire/native/kinds.ts";
import { type Identity, issue, makeAuthority } from "../../certificates.ts";
import { check, type Scope } from "../../harness.ts";
import { type ManualClock, manualClock } from "../../manual_clock.ts";
import { rawFrame, RawPeer } from "../raw_peer.ts";
import { until, VAULT } from "./lab.ts";

const NAMES = { names: ["localhost"] };

/** Certificates that a service may have, none of which a client should believe. */
async function impostors(ca: Identity): Promise<{ readonly [what: string]: Identity }> {
  return {
    "of another authority": await issue({ ...NAMES, of: await makeAuthority() }),
    "that it has signed itself": await issue(NAMES),
    "for another host": await issue({ names: ["other.example"], of: ca }),
    "that has expired": await issue({ ...NAMES, of: ca, until: -60 }),
    "that is for clients": await issue({ ...NAMES, of: ca, purposes: ["client"] }),
    "that a client has issued": await issue({ ...NAMES, of: await issue({ of: ca }) }),
  };
}

/** A TLS service that keeps what it hears, and asks for a certificate. */
async function trap(scope: Scope, identity: Identity) {
  const heard: string[] = [];
  const shown: string[] = [];
  const { cert, key } = identity;
  const options = { cert, key, ALPNProtocols: ["holdfast/1"], requestCert: true, rejectUnauthorized: false };
  const server = createServer(options, (socket: TLSSocket) => {
    shown.push(String(socket.getPeerCertificate().subject?.CN));
    socket.on("data", (chunk: Uint8Array) => void heard.push(new TextDecoder().decode(chunk)));
    socket.on("error", () => {});
    scope.cleanup(() => socket.destroy());
  });
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "localhost", resolve));
  scope.cleanup(() => new Promise((resolve) => server.close(resolve)));
  return { port: (server.address() as { port: number }).port, heard, shown };
}

for (const [network, make] of [["the runtime's TLS", nativeNetwork], ["node:tls", nodeNetwork]] as const) {
  check(`attacks: a service that nobody vouches for hears nothing from a client on ${network}`, async (scope) => {
    const ca = await makeAuthority();
    const user = await issue({ of: ca, subject: "/C=ch/O=Lab/CN=ada" });
    for (const [what, identity] of Object.entries(await impostors(ca))) {
      for (const shows of [{ token: "hf-secret-canary" }, { certificate: user }]) {
        const { port, heard } = await trap(scope, identity);
        const own = new Client(`tls://localhost:${port}/Lab/Vault`, VAULT, {
          network: scope.network(make()),
          ca: ca.own,
          reconnect: false,
          log: () => {},
          ...shows,
        });
        await assert.rejects(own.connect(), { code: "certificate" }, what);
        await own.close();
        assert.deepEqual(heard, [], what);
      }
    }
    // One that is what it says does hear it.
    const { port, heard, shown } = await trap(scope, await issue({ ...NAMES, of: ca }));
    const own = new Client(`tls://localhost:${port}/Lab/Vault`, VAULT, {
      network: scope.network(make()),
      ca: ca.own,
      token: "a token",
      certificate: user,
      reconnect: false,
      log: () => {},
    });
    const connecting = own.connect().catch(() => {});
    await until("it hears the token", () => heard.join("").includes("a token"));
    assert.deepEqual(shown, ["ada"]);
    await own.close();
    await connecting;
  });
}

interface Meeting {
  readonly client: Client;
  readonly clock: ManualClock;
  readonly line: () => RawPeer;
}

/** A client, and a service that is played by the test: it lets the client in, and says that credentials end then. */
async function meet(scope: Scope, options: ConnectOptions<UnknownService>, expiresIn: number): Promise<Meeting> {
  const network: Network = scope.memory();
  const clock = manualClock();
  const lines: RawPeer[] = [];
  const says = [
    encodeDefinitionFrame(encodeDefinition(VAULT)),
    encodeWelcome({
      limits: DEFAULT_LIMITS,
      transportId: "t1",
      identity: "node-1",
      token: new Uint8Array(32),
      expiresIn,
      forbidden: [],
    }),
  ];
  const listener = await network.listen(
    { hostname: "localhost", port: 0, cert: "", key: "", alpn: [], handshakeTimeout: 1_000 },
    (stream) => {
      const peer = new RawPeer().attach(stream).write(...says);
      lines.push(peer);
      return peer;
    },
  );
  scope.cleanup(() => listener.close());
  const client = new Client(`tls://localhost:${listener.port}/Lab/Vault`, undefined, {
    network,
    clock,
    reconnect: false,
    log: () => {},
    ...options,
  });
  scope.cleanup(() => {
    const closed = client.close();
    lines.at(-1)?.leave("destroy");
    return closed;
  });
  await client.connect();
  clock.advance(0);
  return { client, clock, line: () => lines.at(-1)! };
}

/** Time enough for what was written to have been heard. */
async function heard({ line }: Meeting): Promise<void> {
  const before = line().told().filter((name) => name === "PONG").length;
  line().write([2, kinds.PING, 1]);
  await until("it answers", () => line().ended || line().told().filter((name) => name === "PONG").length > before);
}

check(
  "attacks: a service that says again and again that a token ends is shown a new one no more often than that",
  async (scope) => {
    let asked = 0;
    const meeting = await meet(scope, { token: () => `token ${asked++}` }, 0);
    assert.equal(asked, 1);
    for (const expiresIn of [1, 99, 0, 2 ** 53 - 1, 100_000]) {
      meeting.line().write(...Array.from({ length: 1_000 }, () => encodeExpiry(expiresIn)));
      await heard(meeting);
      meeting.clock.advance(1_000);
      await heard(meeting);
    }
    assert.equal(asked, 1, "none of those is soon to end, or has to be renewed");
    assert.ok(meeting.clock.timers.size < 10, `${meeting.clock.timers.size} timers`);
    meeting.line().write(encodeExpiry(1_000));
    await heard(meeting);
    meeting.clock.advance(800);
    await until("it is asked for one", () => asked === 2);
    assert.equal(meeting.line().ended, false);
  },
);

check("attacks: what gives tokens, and is slow, is not asked again before it has answered", async (scope) => {
  let asked = 0;
  const meeting = await meet(scope, {
    token: () => asked++ === 0 ? "first" : new Promise<string>(() => {}),
  }, 1_000);
  for (let round = 0; round < 20; round++) {
    meeting.clock.advance(900);
    meeting.line().write(encodeExpiry(1_000));
    await heard(meeting);
  }
  assert.equal(asked, 2);
});

for (
  const [what, bytes, code] of [
    ["nothing", rawFrame(kinds.CREDENTIALS), "protocol"],
    ["a number that goes on", rawFrame(kinds.CREDENTIALS, [1, 0]), "protocol"],
    ["a number beyond all", rawFrame(kinds.CREDENTIALS, new Array(9).fill(0xff)), "protocol"],
  ] as const
) {
  check(`attacks: CREDENTIALS of a service that hold ${what} end the connection with "${code}"`, async (scope) => {
    for (const options of [{ token: () => "token" }, { token: "token" }, {}]) {
      const meeting = await meet(scope, options, 0);
      const reason = new Promise<string>((resolve) => meeting.client.onDisconnect(({ code }) => resolve(code)));
      meeting.line().write(bytes);
      assert.equal(await reason, code);
    }
  });
}

check("attacks: CREDENTIALS of a service are nothing to a client that has none", async (scope) => {
  const meeting = await meet(scope, {}, 1);
  meeting.line().write(encodeExpiry(1_000));
  await heard(meeting);
  meeting.clock.advance(2_000);
  await heard(meeting);
  assert.deepEqual(meeting.line().told().filter((name) => name === "CREDENTIALS"), []);
});
