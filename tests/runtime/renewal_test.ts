import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { connect as connectTls } from "node:tls";
import {
  Client,
  type LogRecord,
  memoryNetwork,
  type Network,
  parse,
  serve,
  type Server,
  type UnknownService,
} from "../../mod.ts";
import { nodeNetwork } from "../../runtime/transport/node.ts";
import { nativeNetwork } from "../../runtime/transport/runtime.ts";
import { ALPN } from "../../runtime/transport/transport.ts";
import { type Identity, issue, makeAuthority, makeCrl } from "../certificates.ts";
import { faultyNetwork } from "../faulty_network.ts";
import { check, type Scope, testCertificate } from "../harness.ts";

const LAB = parse("Ping < id: int > Pong < id: int > service Lab/Echo { auth all receives Ping -> Pong }");

const PROGRAMS: readonly { readonly name: string; readonly network: () => Network }[] = [
  { name: "the runtime's own network", network: nativeNetwork },
  { name: "node:tls", network: nodeNetwork },
];

/** Node's own network is `node:tls`. */
const HAS_OWN_TLS = "Bun" in globalThis;

async function start(scope: Scope, network: Network, renewable: boolean): Promise<Server<UnknownService>> {
  const { cert, key } = await testCertificate();
  const server = await serve(LAB, {
    cert,
    key,
    renewable,
    network: scope.network(network),
    log: () => {},
    messages: { Ping: ({ id }) => ({ id }) },
  });
  scope.cleanup(() => server.close({ timeout: 1_000 }));
  return server;
}

async function join(scope: Scope, network: Network, server: Server<UnknownService>, ca: string): Promise<Client> {
  const client = new Client(server.url, undefined, { ca, network: scope.network(network), log: () => {} });
  scope.cleanup(() => client.close());
  await client.connect();
  return client;
}

/** The fingerprint of the certificate that a client is shown: one that asks for a name, or for none. */
async function shown(port: number, servername?: string): Promise<string> {
  const name = servername === undefined ? {} : { servername };
  const options = { host: "127.0.0.1", port, rejectUnauthorized: false, ALPNProtocols: [ALPN], ...name };
  const socket = connectTls(options);
  await once(socket, "secureConnect");
  const { fingerprint256 } = socket.getPeerCertificate();
  assert.equal(socket.alpnProtocol, ALPN);
  socket.destroy();
  await once(socket, "close");
  return fingerprint256;
}

const fingerprint = (cert: string) => new X509Certificate(cert).fingerprint256;

for (const { name, network: make } of PROGRAMS) {
  check(`renew: who connects sees the new certificate, who is connected stays (${name})`, async (scope) => {
    const [first, second] = [await testCertificate(), await testCertificate({})];
    const network = make();
    const server = await start(scope, network, true);
    const client = await join(scope, network, server, first.ca);
    const { transportId } = client;
    assert.equal(await shown(server.port), fingerprint(first.cert));

    server.renew(second);
    assert.equal(await shown(server.port), fingerprint(second.cert));
    assert.equal(await shown(server.port, "localhost"), fingerprint(second.cert));
    assert.deepEqual(await client.request("Ping", { id: 1 }), { id: 1 });
    assert.equal(client.transportId, transportId);

    const later = await join(scope, network, server, second.ca);
    assert.deepEqual(await later.request("Ping", { id: 2 }), { id: 2 });
    await assert.rejects(
      new Client(server.url, undefined, { ca: first.ca, network: nodeNetwork() }).connect(),
      { code: "certificate" },
    );
  });

  check(`renew: what can't be used is 'invalid-argument', and the old certificate stays (${name})`, async (scope) => {
    const [first, second] = [await testCertificate(), await testCertificate({})];
    const server = await start(scope, make(), true);
    for (
      const wrong of [
        { cert: "service.pem", key: second.key },
        { cert: second.cert, key: "" },
        { cert: second.cert, key: first.key },
      ]
    ) {
      assert.throws(() => server.renew(wrong), { code: "invalid-argument" });
      assert.equal(await shown(server.port), fingerprint(first.cert));
    }
  });

  check(`renew: no attempt to connect is lost while certificates are replaced (${name})`, async (scope) => {
    const both = [await testCertificate(), await testCertificate({})];
    const ca = both.map(({ ca }) => ca).join("\n");
    const network = make();
    const server = await start(scope, network, true);
    for (let round = 1; round <= 10; round++) {
      const attempts = Array.from({ length: 5 }, () => join(scope, network, server, ca));
      server.renew(both[round % 2]!);
      for (const client of await Promise.all(attempts)) {
        assert.deepEqual(await client.request("Ping", { id: round }), { id: round });
        await client.close();
      }
    }
  });
}

check("renew: a runtime whose own TLS can't says how it can be done", async (scope) => {
  const { cert, key } = await testCertificate();
  const server = await start(scope, nativeNetwork(), false);
  assert.throws(() => server.renew({ cert, key }), { code: "invalid-argument", message: /renewable: true/ });
}, { skip: !HAS_OWN_TLS && "node:tls can" });

check("renew: in memory, certificates are not looked at", async (scope) => {
  const server = await start(scope, memoryNetwork(), false);
  server.renew({ cert: "", key: "" });
});

check(
  "renew: newer lists hold for who connects, who comes back and who is there, and those that can't be read for nobody",
  async (scope) => {
    const root = await makeAuthority();
    const [alice, bob] = await Promise.all(["alice", "bob"].map((name) => issue({ subject: `/CN=${name}`, of: root })));
    const faulty = faultyNetwork(scope.memory());
    const shared = { network: faulty, log: () => {} };
    const log: LogRecord[] = [];
    const server = await serve(LAB, {
      ...{ ...shared, cert: "", key: "", messages: { Ping: ({ id }) => ({ id }) } },
      log: (record) => void log.push(record),
      clientCertificates: { ca: root.own, crl: await makeCrl(root, []) },
    });
    scope.cleanup(() => server.close({ timeout: 1 }));
    const client = (identity: Identity) => {
      const certificate = { cert: identity.own, key: identity.key };
      const made = new Client(server.url, undefined, { ...shared, certificate, reconnect: { first: 1, most: 1 } });
      scope.cleanup(() => made.close());
      return made;
    };
    const goneFrom = (left: Client) => new Promise<string>((told) => left.onDisconnect(({ code }) => told(code)));
    const [former, waiting, other] = [client(alice!), client(alice!), client(bob!)];
    await former.connect();
    await waiting.connect();
    await other.connect();
    assert.throws(() => server.renew({ crl: "" }), { code: "invalid-argument" });
    assert.throws(() => server.renew({ crl: undefined } as never), { code: "invalid-argument", message: /PEM/ });
    await client(alice!).connect();
    // One whose line is broken just then may come back before it is judged, or after that.
    const [ended, refused] = [goneFrom(former), goneFrom(waiting)];
    faulty.lines[1]!.cut();
    server.renew({ crl: await makeCrl(root, [alice!]) });
    assert.equal(await ended, "unauthorized");
    assert.equal(await refused, "unauthorized");
    const [withdrawn] = log.filter(({ event }) => event === "withdrawn");
    assert.equal(withdrawn?.principal?.subject, "/CN=alice");
    assert.match(((withdrawn?.error as Error).cause as Error).message, /taken it back/);
    await assert.rejects(client(alice!).connect(), { code: "unauthorized" });
    await client(bob!).connect();
    assert.deepEqual(await other.request("Ping", { id: 1 }), { id: 1 });
    assert.throws(() => server.renew({ crl: "", ca: "" } as never), { code: "invalid-argument", message: /"ca"/ });
  },
);

check("renew: who has left is not put out by newer lists", async (scope) => {
  const root = await makeAuthority();
  const alice = await issue({ subject: "/CN=alice", of: root });
  const certificate = { cert: alice.own, key: alice.key };
  const shared = { network: scope.memory(), log: () => {} };
  const withdrawn: (string | undefined)[] = [];
  const server = await serve(LAB, {
    ...{ ...shared, cert: "", key: "", messages: { Ping: ({ id }) => ({ id }) } },
    log: ({ event, principal }) => event === "withdrawn" && withdrawn.push(principal?.subject),
    clientCertificates: { ca: root.own, crl: await makeCrl(root, []) },
    // What has no end needs no watch on that.
    tokens: (subject) => ({ subject, issuer: "test" }),
  });
  scope.cleanup(() => server.close({ timeout: 1 }));
  const clients: Client[] = [];
  for (const token of ["ada", "bob", "eve"]) {
    const client = new Client(server.url, undefined, { ...shared, certificate, token, reconnect: false });
    scope.cleanup(() => client.close());
    await client.connect();
    clients.push(client);
  }
  // They are judged in this order: the last one stays.
  const ended = new Promise((told) => clients.at(-1)!.onDisconnect(({ code }) => told(code)));
  server.renew({ crl: await makeCrl(root, [alice]) });
  for (const { transportId } of clients.slice(0, -1)) server.connections.get(transportId!)!.close();
  assert.equal(await ended, "unauthorized");
  assert.deepEqual(withdrawn, ["eve"]);
});

check("renew: lists are refused where clients are not asked for certificates", async (scope) => {
  const options = { cert: "", key: "", network: scope.memory(), log: () => {}, messages: { Ping: () => ({ id: 1 }) } };
  const server = await serve(LAB, options);
  scope.cleanup(() => server.close());
  assert.throws(() => server.renew({ crl: "" }), { code: "invalid-argument", message: /clientCertificates/ });
});
