/**
 * Silence is noticed in time on both sides, and nothing else is taken for it.
 */

import assert from "node:assert/strict";
import { setImmediate as turn } from "node:timers/promises";
import {
  Client,
  type Clock,
  type Connection,
  type Network,
  parse,
  serve,
  type Stream,
  type UnknownService,
} from "../../mod.ts";
import type { HoldfastError, ServeOptions } from "../../mod.ts";
import { systemClock } from "../../runtime/clock.ts";
import { deferred } from "../../runtime/promises.ts";
import { nativeNetwork } from "../../runtime/transport/runtime.ts";
import { faultyNetwork } from "../faulty_network.ts";
import { check, type Scope, testCertificate } from "../harness.ts";
import { type ManualClock, manualClock } from "../manual_clock.ts";
import { RawClient } from "./raw_client.ts";

const LAB = parse(`
  Ping < id: int >
  Pong < id: int >
  Large < bytes: bytes >
  service Lab/Alive { auth all  receives Large  receives Ping -> Pong  sends Large  sends Ping -> Pong }
`);
const KEEP_ALIVE = 100;

interface Lab {
  readonly client: Client;
  /** The states that the client went through. */
  readonly states: string[];
  readonly reaches: (state: string) => Promise<void>;
  readonly dropped: Promise<HoldfastError>;
  readonly port: number;
  readonly ca: string;
  readonly network: ReturnType<typeof faultyNetwork>;
  readonly connection: Connection<UnknownService>;
}

interface LabOptions extends Partial<ServeOptions<UnknownService>> {
  readonly through: Network;
  readonly keepAlive?: number;
  readonly clientClock?: Clock;
}

async function start(scope: Scope, options: LabOptions): Promise<Lab> {
  const { through, keepAlive = KEEP_ALIVE, clientClock = systemClock, ...others } = options;
  const network = faultyNetwork(through);
  const certificate = await testCertificate();
  const dropped = deferred<HoldfastError>();
  const limits = { keepAlive };
  const server = await serve(LAB, {
    cert: certificate.cert,
    key: certificate.key,
    network,
    limits,
    log: () => {},
    onDrop: (_connection, reason) => dropped.resolve(reason),
    messages: { Ping: ({ id }) => ({ id }), Large: () => {} },
    ...others,
  });
  /** Ends something, whose clock would otherwise stand still. */
  const ending = async (ended: Promise<void>, clock: Clock) => {
    let done = false;
    void ended.finally(() => done = true);
    while (!done) {
      if ("advance" in clock) (clock as ManualClock).advance(1_000);
      await turn();
    }
  };
  scope.cleanup(() => ending(server.close({ timeout: 1 }), others.clock ?? systemClock));
  const client = new Client(server.url, undefined, {
    ca: certificate.ca,
    network,
    limits,
    clock: clientClock,
    log: () => {},
    reconnect: { first: 1, most: 5 },
    messages: { Ping: ({ id }) => ({ id }), Large: () => {} },
  });
  scope.cleanup(() => ending(client.close(), clientClock));
  scope.cleanup(() => dropped.resolve(undefined as never));
  await client.connect();
  const states: string[] = [];
  client.onStatus(({ state }) => states.push(state));
  const reaches = (wanted: string) =>
    new Promise<void>((resolve) => client.onStatus(({ state }) => state === wanted && resolve()));
  return {
    client,
    states,
    reaches,
    dropped: dropped.promise,
    port: server.port,
    ca: certificate.ca,
    network,
    connection: server.connections.get(client.transportId!)!,
  };
}

/** A clock that goes on when it is told to; what is only put off to the next turn comes in the next turn. */
function stepped(): ManualClock {
  const clock = manualClock();
  return { ...clock, set: (delay, callback) => (delay === 0 ? systemClock : clock).set(delay, callback) };
}

/** Lets time pass in small steps, and all that follows from each happen. */
async function pass(clock: ManualClock, duration: number): Promise<void> {
  for (let time = 0; time < duration; time++) {
    clock.advance(1);
    for (let i = 0; i < 6; i++) await turn();
  }
}

check(
  "a client notices silence after twice the keep-alive time, not before, whenever the last byte came",
  async (scope) => {
    for (const since of [0, 1, 50, 99]) {
      const clock = stepped();
      const lab = await start(scope, { through: scope.memory(), clock: stepped(), clientClock: clock });
      await pass(clock, since);
      await lab.client.request("Ping", { id: 1 });
      lab.network.lines[0]!.freeze();
      await pass(clock, KEEP_ALIVE - 1);
      assert.deepEqual(lab.states, []);
      await pass(clock, 1);
      assert.deepEqual(lab.states, ["stale"]);
      await pass(clock, KEEP_ALIVE - 1);
      assert.deepEqual(lab.states, ["stale"]);
      const resumed = lab.reaches("resumed");
      await pass(clock, 1 + 5);
      await resumed;
      assert.deepEqual(await lab.client.request("Ping", { id: 2 }), { id: 2 });
      assert.deepEqual(lab.states, ["stale", "resuming", "resumed", "open"]);
      await lab.client.close();
    }
  },
);

check(
  "a service notices silence after twice the keep-alive time, and the session waits for its client",
  async (scope) => {
    const clock = stepped();
    const lab = await start(scope, {
      through: scope.memory(),
      clock,
      clientClock: stepped(),
      limits: { keepAlive: KEEP_ALIVE, sessionTimeout: 500 },
    });
    let drop: HoldfastError | undefined;
    void lab.dropped.then((reason) => drop = reason);
    await lab.client.request("Ping", { id: 1 });
    lab.network.lines[0]!.freeze();
    await pass(clock, 2 * KEEP_ALIVE + 500 - 1);
    assert.equal(drop, undefined);
    await pass(clock, 1);
    assert.match(drop!.message, /did not come back within 500 ms\. The peer has been silent for too long\./);
  },
);

for (const [name, make] of [["in memory", undefined], ["over TLS", nativeNetwork]] as const) {
  check(
    `a line that swallows all is noticed by both sides, and the session goes on over the next (${name})`,
    async (scope) => {
      const lab = await start(scope, { through: make === undefined ? scope.memory() : scope.network(make()) });
      const { transportId } = lab.client;
      const resumed = lab.reaches("resumed");
      lab.network.lines[0]!.freeze();
      const asked = lab.client.request("Ping", { id: 1 });
      const told = lab.connection.request("Ping", { id: 2 });
      await resumed;
      assert.deepEqual([await asked, await told], [{ id: 1 }, { id: 2 }]);
      assert.equal(lab.client.transportId, transportId);
    },
  );

  check(`a peer that is alive but says nothing stays (${name})`, async (scope) => {
    const through = make === undefined ? scope.memory() : scope.network(make());
    const lab = await start(scope, { through, keepAlive: 300 });
    let answered = 0;
    for (let asked = 0; asked < 3;) {
      await lab.reaches("stale");
      asked++;
      await lab.reaches("open");
      answered++;
    }
    assert.equal(answered, 3);
    assert.ok(lab.states.every((state) => state === "stale" || state === "open"), lab.states.join());
    assert.equal(lab.network.lines.length, 1);
  });
}

/** Lets so many bytes through each 10 milliseconds, both ways. */
function slow(network: Network, rate: number, scope: Scope): Network {
  const drips = new Set<() => void>();
  const timer = setInterval(() => drips.forEach((drip) => drip()), 10);
  scope.cleanup(() => clearInterval(timer));
  const slowed = (stream: Stream): Stream => {
    const queue: Uint8Array[] = [];
    let room: ReturnType<typeof deferred<void>> | undefined;
    const drip = () => {
      for (let left = rate; left > 0 && queue.length > 0;) {
        const part = queue[0]!.subarray(0, left);
        left -= part.length;
        stream.write(part);
        if (part.length < queue[0]!.length) queue[0] = queue[0]!.subarray(part.length);
        else queue.shift();
      }
      if (queue.length > 0) return;
      room?.resolve();
      room = undefined;
    };
    drips.add(drip);
    return {
      remote: stream.remote,
      alpn: stream.alpn,
      certificates: stream.certificates,
      write(bytes) {
        queue.push(bytes);
        return (room ??= deferred()).promise;
      },
      pause: () => stream.pause(),
      resume: () => stream.resume(),
      close() {
        for (const bytes of queue.splice(0)) stream.write(bytes);
        drip();
        stream.close();
      },
      destroy() {
        queue.length = 0;
        drip();
        stream.destroy();
      },
    };
  };
  return {
    listen: (options, accept) => network.listen(options, (stream) => accept(slowed(stream))),
    connect: async (options, events) => slowed(await network.connect(options, events)),
  };
}

for (const sender of ["client", "service"] as const) {
  check(`a ${sender} that sends one large frame slowly is not taken for dead, nor its peer`, async (scope) => {
    // 4 MB at 40 KB each 10 ms take four times the keep-alive time.
    const lab = await start(scope, { through: slow(scope.memory(), 40_000, scope), keepAlive: 250 });
    const bytes = new Uint8Array(4_000_000);
    const side = sender === "client" ? lab.client : lab.connection;
    await side.send("Large", { bytes }, { acknowledge: true });
    assert.deepEqual(await lab.client.request("Ping", { id: 1 }), { id: 1 });
    assert.ok(!lab.states.includes("resuming"), lab.states.join());
    assert.equal(lab.network.lines.length, 1);
  });
}

check(
  "who floods a service with PING and PONG gets one answer for each PING at the most, and harms nobody else",
  async (scope) => {
    const lab = await start(scope, { through: scope.network(nativeNetwork()), keepAlive: 10_000 });
    const raw = await RawClient.join({ network: lab.network, port: lab.port, ca: lab.ca, definition: LAB });
    scope.cleanup(() => raw.destroy());
    const pings = 20_000;
    raw.say((to) => {
      for (let i = 0; i < pings; i++) {
        to.ping(i);
        to.pong(i);
      }
      to.request(1, raw.table.name("Ping")!, { id: 1 });
    });
    await raw.hears(/^REPLY$/);
    const pongs = raw.heard.filter((heard) => heard === "PONG").length;
    assert.ok(pongs <= pings, `${pongs} answers`);
    assert.deepEqual(await lab.client.request("Ping", { id: 1 }), { id: 1 });
  },
);
