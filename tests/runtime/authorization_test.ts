import assert from "node:assert/strict";
import { Client, type Definition, type HoldfastError, parse, serve, type UnknownService } from "../../mod.ts";
import { check, type Scope } from "../harness.ts";

const messages = { Open: () => {}, Shut: () => {}, Ask: () => ({}), Beg: () => ({}) };

async function lab(scope: Scope, definition: Definition) {
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
    log: ({ message }) => logged.push(message),
  });
  scope.cleanup(() => server.close());
  const client = new Client(server.url, undefined, { network, reconnect: false, log: () => {} });
  scope.cleanup(() => client.close());
  return { client, logged, server };
}

const RULES = parse(`
  Open < > Shut < > Ask < > Beg < > Reply < > Told < > Secret < >
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

check(
  "authorization: what no rule lets it send ends the connection, and says no more; the log says why",
  async (scope) => {
    const { client, logged } = await lab(scope, RULES);
    await client.connect();
    const gone = new Promise<HoldfastError>((resolve) => client.onDisconnect(resolve));
    await assert.rejects(client.send("Shut", {}, { acknowledge: true }), {
      code: "unauthorized",
      message: "Not authorized.",
    });
    assert.equal((await gone).code, "unauthorized");
    assert.deepEqual(logged, ["No rule lets this client send Shut."]);
  },
);

check(
  "authorization: a request that no rule lets it send is answered by that, and the connection stays",
  async (scope) => {
    const { client } = await lab(scope, RULES);
    await assert.rejects(client.request("Beg", {}), { code: "unauthorized", message: "Not authorized." });
    assert.equal(client.status.state, "open");
  },
);

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
