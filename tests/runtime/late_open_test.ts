import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { Client, DEFAULT_LIMITS, type Network, parse, serve } from "../../mod.ts";
import { faultyNetwork } from "../faulty_network.ts";
import { check } from "../harness.ts";
import { patientClock } from "../manual_clock.ts";

const LAB = parse("Count < id: int > service Lab/Line { auth all  receives Count  sends Count }");

/** Keeps what is written on the line that is made when `holds` is set, until it is let go of. */
function lateNetwork(network: Network) {
  const held: (() => void)[] = [];
  const late = {
    holds: false,
    held,
    release: () => held.splice(0).forEach((write) => write()),
    listen: network.listen.bind(network),
    connect: async (...args: Parameters<Network["connect"]>) => {
      const stream = await network.connect(...args);
      if (!late.holds) return stream;
      late.holds = false;
      return {
        remote: stream.remote,
        alpn: stream.alpn,
        certificates: stream.certificates,
        write: (bytes: Uint8Array) => void held.push(() => stream.write(bytes)),
        pause: () => stream.pause(),
        resume: () => stream.resume(),
        close: () => {},
        // For the client it has ended; the service learns of it when all else has come.
        destroy() {
          held.push(() => stream.close());
          args[1].closed();
        },
      };
    },
  };
  return late;
}

check(
  "an OPEN that comes late, when its client is back over another line already, takes no session away",
  async (scope) => {
    const late = lateNetwork(scope.memory());
    const network = faultyNetwork(late);
    const drops: string[] = [];
    const handled: number[] = [];
    const back: number[] = [];
    const server = await serve(LAB, {
      cert: "",
      key: "",
      network,
      log: () => {},
      onDrop: (_connection, reason) => void drops.push(reason.message),
      messages: { Count: ({ id }) => void handled.push(id) },
    });
    scope.cleanup(() => server.close());
    const states: string[] = [];
    const clock = patientClock();
    const client = new Client(server.url, LAB, {
      network,
      clock,
      reconnect: { first: 1, most: 10 },
      log: () => {},
      messages: { Count: ({ id }) => void back.push(id) },
    });
    scope.cleanup(() => client.close());
    client.onStatus(({ state }) => states.push(state));
    await client.connect();
    const connection = server.connections.get(client.transportId!)!;
    const talk = async (id: number) => {
      await Promise.all([
        client.send("Count", { id }, { acknowledge: true }),
        connection.send("Count", { id }, { acknowledge: true }),
      ]);
    };
    await talk(1);

    const resumed = new Promise<void>((resolve) => client.onStatus(({ state }) => state === "resumed" && resolve()));
    late.holds = true;
    network.lines.at(-1)!.cut();
    while (late.held.length === 0) await setImmediate();
    clock.advance(DEFAULT_LIMITS.handshakeTimeout);
    await resumed;
    for (let id = 2; id < 10; id++) await talk(id);
    late.release();
    for (let id = 10; id < 20; id++) await talk(id);

    const all = Array.from({ length: 19 }, (_, index) => index + 1);
    assert.deepEqual([handled, back], [all, all]);
    assert.deepEqual(drops, []);
    // Nor does it break the line that is there.
    assert.equal(states.filter((state) => state === "resumed").length, 1);
  },
);
