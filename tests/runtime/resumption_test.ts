import assert from "node:assert/strict";
import {
  Client,
  type ConnectOptions,
  type HoldfastError,
  type Outcome,
  parse,
  serve,
  type ServeOptions,
  type Server,
  type UnknownService,
} from "../../mod.ts";
import { type FaultyNetwork, faultyNetwork } from "../faulty_network.ts";
import { check, type Scope } from "../harness.ts";

const LAB = parse(`
  Count < id: int >
  Ask < id: int >
  Answer < id: int >
  service Lab/Line { auth all  connect < name?: string >  receives Count  receives Ask -> Answer  sends Count  sends Ask -> Answer }
`);

interface Drop {
  readonly transportId: string;
  readonly reason: HoldfastError;
  readonly outcome: Outcome;
}

interface Lab {
  readonly network: FaultyNetwork;
  readonly server: Server<UnknownService>;
  readonly handled: number[];
  readonly connects: unknown[];
  readonly drops: Drop[];
  restart(): Promise<Server<UnknownService>>;
  join(options?: ConnectOptions<UnknownService>): Promise<Client>;
}

async function start(
  scope: Scope,
  options: Partial<ServeOptions<UnknownService>> = {},
  messages: ServeOptions<UnknownService>["messages"] = {},
): Promise<Lab> {
  const network = faultyNetwork(scope.memory());
  const handled: number[] = [];
  const connects: unknown[] = [];
  const drops: Drop[] = [];
  const serveOn = async (port: number) => {
    const server = await serve(LAB, {
      cert: "",
      key: "",
      port,
      network,
      log: () => {},
      onConnect: (_connection, args) => void connects.push(args),
      onDrop: ({ transportId }, reason, outcome) => void drops.push({ transportId, reason, outcome }),
      messages: {
        Count: ({ id }) => void handled.push(id),
        Ask: ({ id }) => ({ id: id + 1 }),
        ...messages,
      },
      ...options,
    });
    scope.cleanup(() => server.close({ timeout: 1 }));
    return server;
  };
  const server = await serveOn(0);
  return {
    network,
    server,
    handled,
    connects,
    drops,
    restart: () => serveOn(server.port),
    async join(clientOptions = {}) {
      const defaults = { network, reconnect: { first: 1, most: 10 }, log: () => {} };
      const client = new Client(server.url, undefined, { ...defaults, ...clientOptions });
      scope.cleanup(() => client.close());
      await client.connect();
      return client;
    },
  };
}

/** Resolves when the client has gone through a state. */
function reaches(client: Client, state: string): Promise<HoldfastError | undefined> {
  return new Promise((resolve) => {
    const off = client.onStatus((status) => {
      if (status.state !== state) return;
      off();
      resolve(status.reason);
    });
  });
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

for (const fault of ["cut", "sever", "freeze"] as const) {
  check(
    `a session goes on after its line was broken (${fault}), with all that was said, once and in order`,
    async (scope) => {
      // Who is frozen out learns of it by silence alone; what is alive may be silent for as long on a busy machine, too.
      const limits = fault === "freeze" ? { keepAlive: 30 } : {};
      const { drops, handled, join, network, server } = await start(scope, { limits });
      const back: number[] = [];
      const client = await join({
        limits,
        messages: { Count: ({ id }) => void back.push(id), Ask: ({ id }) => ({ id: -id }) },
      });
      const { transportId } = client;
      const connection = server.connections.get(transportId!)!;
      let sent = 0;
      for (let round = 0; round < 5; round++) {
        const resumed = reaches(client, "resumed");
        const asked = client.request("Ask", { id: sent });
        const told = connection.request("Ask", { id: 7 });
        for (let i = 0; i < 50; i++) {
          void client.send("Count", { id: sent });
          void connection.send("Count", { id: sent++ });
          if (i % 7 === round) await null;
          if (i === 25) network.lines.at(-1)![fault]();
        }
        await resumed;
        assert.deepEqual(await asked, { id: sent - 50 + 1 });
        assert.deepEqual(await told, { id: -7 });
      }
      await client.send("Count", { id: sent }, { acknowledge: true });
      await connection.send("Count", { id: sent }, { acknowledge: true });
      assert.deepEqual(handled, upTo(sent + 1));
      assert.deepEqual(back, upTo(sent + 1));
      assert.equal(client.transportId, transportId);
      if (fault !== "freeze") assert.equal(network.lines.length, 6);
      assert.equal(drops.length, 0);
    },
  );
}

check("a session in which nothing was said goes on too, and onConnect does not run again", async (scope) => {
  const { connects, drops, join, network, server } = await start(scope);
  const client = await join({ args: { name: "kit" } });
  const { transportId } = client;
  for (let i = 0; i < 3; i++) {
    const resumed = reaches(client, "resumed");
    network.lines.at(-1)!.cut();
    await resumed;
  }
  assert.equal(client.transportId, transportId);
  assert.deepEqual([...server.connections.keys()], [transportId]);
  assert.deepEqual(connects, [{ name: "kit" }]);
  assert.equal(drops.length, 0);
});

check("the status tells each step to both sides, and onDisconnect says nothing of what goes on", async (scope) => {
  const { join, network, server } = await start(scope);
  const client = await join();
  const states: string[] = [];
  const atService: string[] = [];
  const connection = server.connections.get(client.transportId!)!;
  assert.equal(connection.status.state, "open");
  client.onStatus(({ state }) => states.push(state));
  connection.onStatus(({ state }) => atService.push(state));
  client.onDisconnect(() => states.push("disconnected"));
  const resumed = reaches(client, "resumed");
  network.lines.at(-1)!.cut();
  await resumed;
  assert.deepEqual(states, ["resuming", "resumed", "open"]);
  await server.close();
  assert.deepEqual(atService, ["resuming", "resumed", "open", "draining", "closed"]);
});

check("a session whose client does not come back in time ends, and its client begins a new one", async (scope) => {
  const { drops, join, network, connects } = await start(scope, { limits: { sessionTimeout: 20 } });
  const client = await join();
  const { transportId } = client;
  await client.send("Count", { id: 1 }, { acknowledge: true });
  network.reachable = false;
  network.lines.at(-1)!.cut();
  await reaches(client, "resuming");
  const lost: Outcome[] = [];
  client.onDisconnect((_reason, outcome) => lost.push(outcome));
  await client.send("Count", { id: 2 });
  const acknowledged = client.send("Count", { id: 3 }, { acknowledge: true });
  const asked = client.request("Ask", { id: 1 });
  while (drops.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  assert.equal(drops[0]!.transportId, transportId);
  assert.match(drops[0]!.reason.message, /did not come back within 20 ms/);
  const reset = reaches(client, "reset");
  network.reachable = true;
  await reset;
  await assert.rejects(acknowledged, { code: "disconnected", message: /^Not sent/ });
  await assert.rejects(asked, { code: "disconnected" });
  assert.deepEqual(lost, [{ handled: 1, notHandled: 3, unknown: 0 }]);
  await client.send("Count", { id: 4 }, { acknowledge: true });
  assert.notEqual(client.transportId, transportId);
  assert.equal(connects.length, 2);
});

check("a service that was restarted does not know the session: both are told, nothing is sent again", async (scope) => {
  let release = () => {};
  const released = new Promise<void>((resolve) => release = resolve);
  const { handled, join, network, restart, server } = await start(scope, {}, {
    Ask: () => released.then(() => ({ id: 0 })),
  });
  const client = await join();
  const outcomes: Outcome[] = [];
  client.onDisconnect((_reason, outcome) => outcomes.push(outcome));
  await client.send("Count", { id: 1 }, { acknowledge: true });
  const asked = client.request("Ask", { id: 1 });
  const unknown = assert.rejects(asked, { code: "disconnected", message: /before it was known/ });
  await client.send("Count", { id: 2 }, { acknowledge: true });
  // The process is gone: its lines break, and its sessions with it.
  network.reachable = false;
  network.lines.at(-1)!.cut();
  await reaches(client, "resuming");
  await server.close({ timeout: 1 });
  release();
  await restart();
  const reset = reaches(client, "reset");
  network.reachable = true;
  await reset;
  await unknown;
  assert.deepEqual(outcomes, [{ handled: 2, notHandled: 0, unknown: 1 }]);
  await client.send("Count", { id: 3 }, { acknowledge: true });
  assert.deepEqual(handled, [1, 2, 3]);
});

check("with resumption off, on either side, every break is a drop", async (scope) => {
  for (const [serving, joining] of [[{ resume: false }, {}], [{}, { resume: false }]] as const) {
    const { drops, join, network } = await start(scope, serving);
    const client = await join(joining);
    const gone = new Promise((resolve) => client.onDisconnect(resolve));
    network.lines.at(-1)!.cut();
    await gone;
    await client.connect();
    while (drops.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    assert.equal(drops.length, 1);
  }
});

check("a message whose handler throws ends the session, and is not sent again", async (scope) => {
  const tried: number[] = [];
  const { join, drops } = await start(scope, {}, {
    Count({ id }) {
      tried.push(id);
      if (id === 13) throw new Error("poison");
    },
  });
  const client = await join();
  await assert.rejects(client.send("Count", { id: 13 }, { acknowledge: true }), { code: "internal" });
  await client.connect();
  await client.send("Count", { id: 14 }, { acknowledge: true });
  assert.deepEqual(tried, [13, 14]);
  assert.equal(drops.length, 1);
});

check(
  "a client that is closed by its signal while its line is broken ends at once, and says what it can't know",
  async (scope) => {
    const { join, network } = await start(scope);
    const controller = new AbortController();
    const client = await join({ signal: controller.signal });
    network.reachable = false;
    network.lines.at(-1)!.cut();
    await reaches(client, "resuming");
    const asked = assert.rejects(client.request("Ask", { id: 1 }), { code: "disconnected" });
    controller.abort();
    await asked;
    assert.equal(client.status.state, "closed");
  },
);

check("a rolling restart under load loses nothing", async (scope) => {
  const { drops, handled, join, restart, server } = await start(scope);
  let current = server;
  const clients = await Promise.all(upTo(5).map(() => join()));
  let running = true;
  let sent = 0;
  const loads = clients.map(async (client) => {
    while (running) {
      await client.send("Count", { id: sent++ }, { acknowledge: true });
      await client.request("Ask", { id: 1 });
    }
  });
  for (let round = 0; round < 3; round++) {
    const before = handled.length;
    while (handled.length < before + 50) await new Promise((resolve) => setTimeout(resolve, 1));
    await current.close({ spread: 5 });
    current = await restart();
  }
  running = false;
  await Promise.all(loads);
  assert.equal(handled.length, sent);
  assert.deepEqual([...handled].sort((a, b) => a - b), upTo(sent));
  for (const { outcome } of drops) assert.deepEqual([outcome.notHandled, outcome.unknown], [0, 0]);
});
