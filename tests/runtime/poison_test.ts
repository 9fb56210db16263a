/**
 * A message that makes its handler throw is handled once, however its line breaks.
 */

import assert from "node:assert/strict";
import { Client, Failure, parse, serve } from "../../mod.ts";
import { type Deferred, deferred } from "../../runtime/promises.ts";
import { type FaultyNetwork, faultyNetwork } from "../faulty_network.ts";
import { check, type Scope } from "../harness.ts";

const LAB = parse("Count < id: int > service Lab/Poison { auth all receives Count }");
const POISON = 13;

/** A service whose handler fails on the poison; before, what the test does when it arrives. */
async function start(scope: Scope, arrives: (network: FaultyNetwork) => void | Promise<void>) {
  const network = faultyNetwork(scope.memory());
  const handled: number[] = [];
  const server = await serve(LAB, {
    cert: "",
    key: "",
    network,
    log: () => {},
    messages: {
      async Count({ id }) {
        handled.push(id);
        if (id !== POISON) return;
        await arrives(network);
        throw new Failure("Poison.");
      },
    },
  });
  scope.cleanup(() => server.close({ timeout: 1 }));
  const client = new Client(server.url, LAB, { network, reconnect: { first: 1, most: 5 }, log: () => {} });
  scope.cleanup(() => client.close());
  await client.connect();
  const states: string[] = [];
  const waiting = new Map<string, Deferred<void>>();
  client.onStatus(({ state }) => {
    states.push(state);
    waiting.get(state)?.resolve();
  });
  const reaches = (state: string) => {
    const done = deferred<void>();
    waiting.set(state, done);
    return done.promise;
  };
  return { client, handled, network, reaches, states };
}

check("a message that makes its handler throw is not replayed when the news of it is lost", async (scope) => {
  const { client, handled, reaches } = await start(scope, (network) => network.lines.at(-1)!.sever());
  const reset = reaches("reset");
  await assert.rejects(client.send("Count", { id: POISON }, { acknowledge: true }), {
    code: "disconnected",
    message: /before it was known/,
  });
  await reset;
  await client.send("Count", { id: 1 }, { acknowledge: true });
  assert.deepEqual(handled, [POISON, 1]);
});

check("a message whose handler throws after its line was broken and resumed ends the session, once", async (scope) => {
  const resumed = deferred<void>();
  const { client, handled, reaches, states } = await start(scope, (network) => {
    network.lines.at(-1)!.cut();
    return resumed.promise;
  });
  void reaches("resumed").then(resumed.resolve);
  const reconnected = reaches("reconnecting");
  await assert.rejects(client.send("Count", { id: POISON }, { acknowledge: true }), {
    code: "handler-failed",
    message: "Poison.",
  });
  await reconnected;
  await client.send("Count", { id: 1 }, { acknowledge: true });
  assert.deepEqual(handled, [POISON, 1]);
  assert.ok(states.indexOf("resumed") < states.indexOf("reconnecting"));
});

check("a message that is replayed and makes its handler throw is not replayed again", async (scope) => {
  const { client, handled, network, reaches } = await start(scope, () => {});
  network.lines.at(-1)!.cut();
  await reaches("resuming");
  const before = client.send("Count", { id: 1 }, { acknowledge: true });
  await assert.rejects(client.send("Count", { id: POISON }, { acknowledge: true }), { code: "handler-failed" });
  await before;
  await client.send("Count", { id: 3 }, { acknowledge: true });
  assert.deepEqual(handled, [1, POISON, 3]);
});
