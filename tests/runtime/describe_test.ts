import assert from "node:assert/strict";
import { Client, describe, type DescribeOptions, parse, print, serve, type ServeOptions } from "../../mod.ts";
import { nativeNetwork } from "../../runtime/transport/runtime.ts";
import { check, type Scope, testCertificate } from "../harness.ts";

const DESK = parse(`
  /// What is to be done.
  Job < name: string >
  Accepted < id: int >
  Secret < text: string >
  service Lab/Desk {
    auth all
    connect < team: string >
    receives Job -> Accepted
    sends Secret  auth Operator
  }
`);

/** One that whoever asks could begin a session with. */
const OPEN_DESK = parse("Job < name: string > service Lab/Desk { auth all receives Job }");

async function start(scope: Scope, options: Partial<ServeOptions<never>> = {}, definition = DESK) {
  const network = scope.memory();
  const met: string[] = [];
  const server = await serve(definition, {
    cert: "",
    key: "",
    network,
    onConnect: () => void met.push("onConnect"),
    onDrop: () => void met.push("onDrop"),
    log: ({ level, message }) => level !== "info" && met.push(`${level}: ${message}`),
    messages: { Job: () => (definition === DESK ? { id: 1 } : undefined) as never },
    ...options as object,
  });
  scope.cleanup(() => server.close());
  return { server, met, ask: (more: DescribeOptions = {}) => describe(server.url, { network, ...more }), network };
}

check("describe gives the definition with its comments, and only what the client may use", async (scope) => {
  const { ask } = await start(scope);
  const definition = await ask();
  assert.deepEqual(definition.shape.messages.map(({ name }) => name), ["Job", "Accepted"]);
  assert.equal(definition.docs["Job"], "What is to be done.");
  assert.deepEqual(definition.rules, {});
  assert.ok(Object.isFrozen(definition.shape));
  assert.deepEqual(parse(print(definition)).shape.connect, DESK.shape.connect);
});

for (const [what, definition] of [["that asks for connect arguments", DESK], ["that does not", OPEN_DESK]] as const) {
  check(`describe begins no session with a service ${what}, and nothing of the service's runs`, async (scope) => {
    const { ask, met, server, network } = await start(scope, {}, definition);
    await ask();
    // What the service does with one client, it has done when it has let in the next.
    const args = definition === DESK ? { team: "a" } : {};
    await using client = new Client(server.url, undefined, { network, args });
    await client.connect();
    assert.deepEqual(met, ["onConnect"]);
    assert.equal(server.connections.size, 1);
  });
}

check("describe tries several services in turn, and says why the last one did not tell", async (scope) => {
  const { server, network } = await start(scope);
  const nobody = "tls://localhost:1/Lab/Desk";
  assert.equal((await describe([nobody, server.url], { network })).shape.service, "Lab/Desk");
  await assert.rejects(describe([nobody, nobody], { network }), { code: "unreachable" });
  await assert.rejects(describe(server.url.replace("Desk", "Dusk"), { network }), { code: "unknown-service" });
  await assert.rejects(describe([], { network }), { code: "invalid-argument" });
});

check("describe refuses what it can't use", async () => {
  await assert.rejects(describe("http://localhost"), { code: "invalid-argument" });
  await assert.rejects(describe("tls://localhost:1/A/B", { arg: 1 } as never), {
    code: "invalid-argument",
    message: /no option "arg"/,
  });
  await assert.rejects(describe("tls://localhost:1/A/B", { ca: 1 } as never), { code: "invalid-argument" });
});

check("describe is called off by its signal", async (scope) => {
  const network = scope.memory();
  const silent = await network.listen({
    hostname: "localhost",
    port: 0,
    cert: "",
    key: "",
    alpn: [],
    handshakeTimeout: 1_000,
  }, () => ({
    data: () => {},
    closed: () => {},
  }));
  scope.cleanup(() => silent.close());
  const stop = new AbortController();
  const asked = describe(`tls://localhost:${silent.port}/A/B`, { network, signal: stop.signal });
  stop.abort();
  await assert.rejects(asked, { code: "cancelled" });
});

check("describe asks over TLS, too", async (scope) => {
  const { ca, cert, key } = await testCertificate();
  const network = scope.network(nativeNetwork());
  const { server } = await start(scope, { cert, key, network } as never);
  assert.equal((await describe(server.url, { network, ca })).shape.service, "Lab/Desk");
  await assert.rejects(describe(server.url, { network }), { code: "certificate" });
});
