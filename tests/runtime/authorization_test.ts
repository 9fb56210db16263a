import assert from "node:assert/strict";
import { Client, type Definition, parse, serve, type UnknownService } from "../../mod.ts";
import { check, type Scope } from "../harness.ts";

const messages = { Open: () => {}, Shut: () => {}, Ask: () => ({}), Beg: () => ({}) };

async function lab(scope: Scope, definition: Definition, known?: Definition) {
  const network = scope.memory();
  const logged: string[] = [];
  const handlers = Object.fromEntries(
    Object.entries(messages).filter(([name]) => definition.shape.messages.some((message) => message.name === name)),
  );
  const server = await serve<UnknownService>(definition, {
    cert: "",
    key: "",
    network,
    messages: handlers,
    log: ({ event, message }) => event === "denied" && logged.push(message),
  });
  scope.cleanup(() => server.close());
  const client = new Client(server.url, known, { network, reconnect: false, log: () => {} });
  scope.cleanup(() => client.close());
  return { client, logged, server };
}

const RULES = parse(`
  Open < > Shut < > Ask < > Beg < > Reply < > 
  /// What everybody is told.
  Told < >
  /// What nobody is to know.
  Secret < >
  service Lab/Doors {
    auth all
    receives Open  receives Shut auth group:keepers
    receives Ask -> Reply  receives Beg -> Reply auth authenticated
    sends Told  sends Secret auth Keeper
  }
`);

check("authorization: a client may send what a rule lets everybody send", async (scope) => {
  const { client } = await lab(scope, RULES);
  await client.send("Open", {}, { acknowledge: true });
  assert.deepEqual(await client.request("Ask", {}), {});
});

check("authorization: what a client may not use is not in the definition that it discovers", async (scope) => {
  const { client } = await lab(scope, RULES);
  await client.connect();
  const { docs, rules, shape } = client.definition!;
  const whole = RULES.shape.messages;
  const numberOf = (name: string) => whole.find((message) => message.name === name)!.number;
  assert.deepEqual(shape.messages, [
    { name: "Open", number: numberOf("Open"), receives: {} },
    { name: "Ask", number: numberOf("Ask"), receives: { reply: "Reply" } },
    { name: "Reply", number: numberOf("Reply") },
    { name: "Told", number: numberOf("Told"), sends: {} },
  ]);
  assert.deepEqual(Object.keys(shape.types).sort(), ["Ask", "Open", "Reply", "Told"]);
  assert.deepEqual([docs, rules], [{ "Told": "What everybody is told." }, {}]);
  assert.throws(() => client.send("Shut", {}), { code: "unknown-message" });
});

check("authorization: a client that holds the whole definition learns what it may not send", async (scope) => {
  const { client, logged } = await lab(scope, RULES, RULES);
  await client.connect();
  const connection = client.transportId;
  assert.throws(() => client.send("Shut", {}), { code: "unauthorized", message: /does not let this client send Shut/ });
  assert.throws(() => client.request("Beg", {}), { code: "unauthorized" });
  await client.send("Open", {}, { acknowledge: true });
  assert.equal(client.transportId, connection);
  assert.deepEqual(logged, []);
});

check("authorization: a client is not sent what no rule lets it be sent; a broadcast passes it over", async (scope) => {
  const { client, server } = await lab(scope, RULES);
  await client.connect();
  const connection = server.connections.get(client.transportId!)!;
  assert.equal(connection.takes("Secret"), false);
  assert.throws(() => connection.send("Secret", {}), { code: "unauthorized" });
  assert.equal(server.broadcast("Secret", {}), 0);
  assert.equal(server.broadcast("Told", {}), 1);
});

const connecting: readonly (readonly [rules: string, letsIn: boolean])[] = [
  ["auth all receives Open", true],
  ["auth none receives Open", false],
  ["auth authenticated receives Open", false],
  ["auth group:x receives Open", false],
  ["auth all, group:x receives Open", false],
  ["auth all, vo:x receives Open", false],
  ["auth none receives Open receives Shut auth all", true],
  ["auth all connect < > auth none receives Open", false],
  ["auth none connect < > auth all receives Open", true],
];
for (const [rules, letsIn] of connecting) {
  check(`authorization: "${rules}" ${letsIn ? "lets in" : "keeps out"} who is nobody`, async (scope) => {
    const { client } = await lab(scope, parse(`Open < > Shut < > service Lab/Door { ${rules} }`));
    const attempt = client.connect();
    if (letsIn) return await attempt;
    await assert.rejects(attempt, { code: "unauthorized", message: "Not authorized." });
    // Nothing was told of the service.
    assert.equal(client.definition, undefined);
  });
}

check("authorization: a definition without rules is not served", async () => {
  await assert.rejects(serve({ ...RULES, rules: {} }, { cert: "", key: "", messages: {} }), {
    code: "invalid-argument",
    message: /no rule for "receives Open"/,
  });
});
