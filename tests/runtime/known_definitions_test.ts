import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { Client, type Network, parse, serve } from "../../mod.ts";
import { parseAddress } from "../../runtime/address.ts";
import type { Shown } from "../../runtime/client_credentials.ts";
import { KnownDefinitions, knownDefinitions } from "../../runtime/known_definitions.ts";
import { check, type Scope } from "../harness.ts";

const OLD = parse("Job < name: string > service Lab/Desk { auth all connect < team: string > receives Job }");
const NEW = parse(
  "Job < name: string, urgent: bool > service Lab/Desk { auth all connect < room: int > receives Job }",
);
const OTHER = parse("Job < name: string > service Lab/Other { auth all receives Job }");

/** What clients get over a network. */
function watched(network: Network): { readonly network: Network; definitions(): number } {
  let definitions = 0;
  return {
    network: {
      listen: (options, accept) => network.listen(options, accept),
      connect: (options, events) =>
        network.connect(options, {
          data(chunk) {
            if (Buffer.from(chunk).includes('"shape"')) definitions++;
            events.data(chunk);
          },
          closed: (cause) => events.closed(cause),
        }),
    },
    definitions: () => definitions,
  };
}

async function start(scope: Scope, network: Network, definition: typeof OLD, port = 0) {
  const jobs: unknown[] = [];
  const handlers = { messages: { Job: (job: unknown) => void jobs.push(job) } as never };
  const server = await serve(definition, { cert: "", key: "", network, port, ...handlers });
  scope.cleanup(() => server.close());
  return { server, jobs };
}

check("a client without a definition is not told again what the service has told another before", async (scope) => {
  const { network, definitions } = watched(scope.memory());
  const { server, jobs } = await start(scope, network, OLD);
  for (const name of ["one", "two", "three"]) {
    await using client = new Client(server.url, undefined, { network, args: { team: "a" } });
    const { definition: atFirst } = client;
    assert.equal(atFirst, undefined);
    await client.send("Job", { name }, { acknowledge: true });
    assert.deepEqual(client.definition?.shape, OLD.shape);
  }
  assert.deepEqual(jobs, [{ name: "one" }, { name: "two" }, { name: "three" }]);
  assert.equal(definitions(), 1);
});

check("a client without a definition is told a definition that has changed, and speaks by that", async (scope) => {
  const { network, definitions } = watched(scope.memory());
  const { server } = await start(scope, network, OLD);
  await using first = new Client(server.url, undefined, { network, args: { team: "a" } });
  await first.connect();
  await first.close();
  await server.close();
  const { server: later, jobs } = await start(scope, network, NEW, server.port);
  assert.equal(later.url, server.url);
  for (const urgent of [true, false]) {
    await using client = new Client(later.url, undefined, { network, args: { room: 7 } });
    await client.send("Job", { name: "one", urgent }, { acknowledge: true });
  }
  assert.deepEqual(jobs, [{ name: "one", urgent: true }, { name: "one", urgent: false }]);
  assert.equal(definitions(), 2);
});

test("KnownDefinitions.of gives what an address has told last, unless it is longer than what may come", () => {
  const known = new KnownDefinitions();
  const desk = parseAddress("tls://localhost:1/Lab/Desk");
  assert.equal(known.of(desk, {}, 1_000), undefined);
  known.remember(desk, {}, { definition: OLD, size: 100 });
  known.remember(desk, {}, { definition: NEW, size: 200 });
  assert.equal(known.of(desk, {}, 200), NEW);
  assert.equal(known.of(desk, {}, 199), undefined);
  for (const url of ["tls://localhost:1/Lab/Other", "tls://localhost:2/Lab/Desk", "tls://127.0.0.1:1/Lab/Desk"]) {
    assert.equal(known.of(parseAddress(url), {}, 1_000), undefined);
  }
});

test("KnownDefinitions.remember keeps 64, the latest, and none that is long", () => {
  const known = new KnownDefinitions();
  const address = (port: number) => parseAddress(`tls://localhost:${port}/Lab/Other`);
  for (let port = 1; port <= 65; port++) known.remember(address(port), {}, { definition: OTHER, size: 10 });
  assert.equal(known.of(address(1), {}, 10), undefined);
  assert.equal(known.of(address(2), {}, 10), OTHER);
  known.remember(address(2), {}, { definition: OTHER, size: 64 * 1024 + 1 });
  assert.equal(known.of(address(2), {}, 1_000_000), undefined);
});

test("KnownDefinitions keeps apart what was told to others, and keeps nothing for tokens", () => {
  const known = new KnownDefinitions();
  const desk = parseAddress("tls://localhost:1/Lab/Desk");
  const certificate = { cert: "the certificate", key: "the key" };
  const others: Shown[] = [{}, { certificate }, { wanted: "admins" }, { certificate, wanted: "admins" }];
  for (const shown of others) {
    assert.equal(known.of(desk, shown, 100), undefined);
    known.remember(desk, shown, { definition: OLD, size: 100 });
    assert.equal(known.of(desk, { ...shown }, 100), OLD);
    known.remember(desk, { ...shown, token: "secret" }, { definition: OLD, size: 100 });
    assert.equal(known.of(desk, { ...shown, token: "secret" }, 100), undefined);
  }
});

check("knownDefinitions keeps apart what came over different networks", (scope) => {
  const [one, other] = [scope.memory(), scope.memory()];
  assert.equal(knownDefinitions(one), knownDefinitions(one));
  assert.notEqual(knownDefinitions(one), knownDefinitions(other));
  assert.notEqual(knownDefinitions(undefined), knownDefinitions(one));
  return Promise.resolve();
});
