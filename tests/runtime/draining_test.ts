import assert from "node:assert/strict";
import { Client, parse, serve } from "../../mod.ts";
import { deferred } from "../../runtime/promises.ts";
import { faultyNetwork } from "../faulty_network.ts";
import { check } from "../harness.ts";

const LAB = parse("Count < id: int > service Lab/Line { auth all  receives Count }");

check(
  "a line that breaks before its client has left a stopping service ends the session: nothing waits for ever",
  async (scope) => {
    const network = faultyNetwork(scope.memory());
    const serveOn = (port: number, handle: () => Promise<void>) =>
      serve(LAB, { cert: "", key: "", network, log: () => {}, port, messages: { Count: handle } });
    const arrived = deferred<void>();
    const release = deferred<void>();
    const server = await serveOn(0, () => {
      arrived.resolve();
      return release.promise;
    });
    const client = new Client(server.url, LAB, {
      network,
      // It waits for half of the time given before it leaves.
      random: () => 0.5,
      reconnect: { first: 1, most: 10 },
      log: () => {},
    });
    scope.cleanup(() => client.close());
    await client.connect();
    const unknown = assert.rejects(client.send("Count", { id: 1 }, { acknowledge: true }), {
      code: "disconnected",
      message: /before it was known/,
    });
    await arrived.promise;

    const draining = new Promise<void>((resolve) => client.onStatus(({ state }) => state === "draining" && resolve()));
    const closed = server.close({ spread: 200 });
    await draining;
    network.lines.at(-1)!.cut();
    await unknown;
    release.resolve();
    await closed;

    await using _next = await serveOn(server.port, () => Promise.resolve());
    await client.send("Count", { id: 2 }, { acknowledge: true });
  },
);
