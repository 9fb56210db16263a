/**
 * How sessions begin where lines break before their client has heard of it, and where what asks for one comes late.
 */

import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import {
  Client,
  type ConnectOptions,
  DEFAULT_LIMITS,
  type Definition,
  type LogRecord,
  type Network,
  parse,
  serve,
  type Stream,
  type UnknownService,
} from "../../mod.ts";
import { type Cut, cuttingNetwork } from "../cutting_network.ts";
import { check, type Scope } from "../harness.ts";
import { type ManualClock, patientClock } from "../manual_clock.ts";

const LAB = parse(`
  Count < id: int >
  service Lab/Beginning { auth all  receives Count  sends Count }
`) as Definition<UnknownService>;

type Options = ConnectOptions<UnknownService>;

/** A service that greets its clients, whose tokens say who they are, and what it has seen. */
async function greeter(scope: Scope, network: Network) {
  const begun: string[] = [];
  const ended: string[] = [];
  const handled: number[] = [];
  const log: LogRecord[] = [];
  const server = await serve<UnknownService>(LAB, {
    ...{ cert: "", key: "", network, log: (record) => void log.push(record) },
    tokens: (token) => ({ subject: token, issuer: "test" }),
    onConnect(connection) {
      begun.push(connection.transportId);
      for (const id of [1, 2, 3]) void connection.send("Count", { id });
    },
    onDrop: ({ transportId }) => void ended.push(transportId),
    messages: { Count: ({ id }) => void handled.push(id) },
  });
  scope.cleanup(() => server.close({ timeout: 1 }));
  const client = (options: Options, definition?: Definition<UnknownService>) => {
    const heard: number[] = [];
    const made = new Client(server.url, definition, {
      ...{ network, reconnect: { first: 1, most: 2 }, log: () => {}, ...options },
      messages: { Count: ({ id }) => void heard.push(id) },
    });
    scope.cleanup(() => made.close());
    return { client: made, heard };
  };
  return { server, begun, ended, handled, log, client };
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!isSo()) {
    assert.ok(performance.now() < end, `It never came to that: ${what}`);
    await setImmediate();
  }
}

const CLIENTS: { readonly [who: string]: Options } = {
  "with an identity and credentials": { identity: "node-1", token: "ada" },
  "with an identity, who shows nothing": { identity: "node-1" },
  "without an identity": {},
};

/** Begins one session, over as many lines as that takes. Gives back how many bytes went over the first. */
async function begin(scope: Scope, options: Options, definition: Definition<UnknownService> | undefined, cuts: Cut[]) {
  const network = cuttingNetwork(scope.memory(), cuts);
  const { begun, client, ended, handled, server } = await greeter(scope, network);
  const { client: own, heard } = client(options, definition);
  const sent: number[] = [];
  // What was sent before the client was let in is rejected where that failed.
  for (let id = 1; sent.length < 2; id++) await own.send("Count", { id }).then(() => sent.push(id), () => {});
  const last = sent.at(-1)! + 1;
  await own.send("Count", { id: last }, { acknowledge: true });
  await until("the greetings have come", () => heard.length >= 3);
  assert.deepEqual(heard, [1, 2, 3]);
  assert.deepEqual(handled, [...sent, last]);
  assert.deepEqual([begun, ended], [[own.transportId], []]);
  assert.equal(server.connections.size, 1);
  const [counts] = structuredClone(network.counts);
  await own.close();
  await server.close({ timeout: 1 });
  return counts!;
}

for (const [who, options] of Object.entries(CLIENTS)) {
  for (const way of ["up", "down"] as const) {
    check(
      `beginning: a line that is cut behind any byte on the way ${way} leaves one session, for a client ${who}`,
      async (scope) => {
        for (const definition of [undefined, LAB]) {
          const length = (await begin(scope, options, definition, []))[way];
          await Promise.all(Array.from({ length }, async (_, at) => {
            try {
              await begin(scope, options, definition, [{ line: 0, way, at }]);
            } catch (cause) {
              throw new Error(`Cut behind byte ${at} of ${length}.`, { cause });
            }
          }));
        }
      },
      { timeout: 120_000 },
    );
  }
}

/** A line that its client may leave while the service does not learn of it. */
interface Distant {
  /** What the client writes waits. */
  holds: boolean;
  /** What the service writes is lost. */
  isDeaf: boolean;
  /** What waits. */
  readonly waiting: readonly Uint8Array[];
  /** What has waited arrives. */
  release(): void;
  /** The end of the line arrives, too. */
  end(): void;
}

/** A network whose lines are so from the first byte on, as `next` says. */
function distantNetwork(network: Network) {
  const distant = {
    next: {} as { readonly holds?: boolean; readonly isDeaf?: boolean },
    lines: [] as Distant[],
    listen: network.listen.bind(network),
    async connect(...[options, events]: Parameters<Network["connect"]>): Promise<Stream> {
      const { holds = false, isDeaf = false } = distant.next;
      distant.next = {};
      const waiting: Uint8Array[] = [];
      const stream = await network.connect(options, {
        data: (chunk) => line.isDeaf ? undefined : events.data(chunk),
        closed: (cause) => line.isDeaf ? undefined : events.closed(cause),
      });
      const line: Distant = {
        holds,
        isDeaf,
        waiting,
        release: () => waiting.splice(0).forEach((bytes) => void stream.write(bytes)),
        end: () => stream.destroy(),
      };
      distant.lines.push(line);
      if (!holds && !isDeaf) return stream;
      return {
        remote: stream.remote,
        alpn: stream.alpn,
        certificates: stream.certificates,
        write: (bytes) => line.holds ? void waiting.push(bytes) : stream.write(bytes),
        pause: () => stream.pause(),
        resume: () => stream.resume(),
        close: () => {},
        destroy() {
          line.isDeaf = line.holds = true;
          events.closed();
        },
      };
    },
  };
  return distant;
}

/** Tries to connect in vain: the client has no patience any more when its OPEN has got so far. */
async function failToConnect(client: Client, clock: ManualClock, hasAsked: () => boolean): Promise<void> {
  const failed = assert.rejects(client.connect(), { code: "timeout" });
  await until("it has asked", hasAsked);
  clock.advance(DEFAULT_LIMITS.handshakeTimeout);
  await failed;
}

/** Ends lines whose client has gone. */
function endAll(scope: Scope, { lines }: { readonly lines: readonly Distant[] }): void {
  scope.cleanup(() => lines.forEach((line) => line.end()));
}

for (const [who, options] of Object.entries(CLIENTS)) {
  check(
    `beginning: a WELCOME that is lost, on a line that the service believes alive, is said again to a client ${who}`,
    async (scope) => {
      const network = distantNetwork(scope.memory());
      const { begun, client, ended } = await greeter(scope, network);
      endAll(scope, network);
      network.next = { isDeaf: true };
      const clock = patientClock();
      const { client: own, heard } = client({ ...options, clock }, LAB);
      await failToConnect(own, clock, () => begun.length === 1);
      await own.send("Count", { id: 1 }, { acknowledge: true });
      await until("the greetings have come", () => heard.length >= 3);
      assert.deepEqual(heard, [1, 2, 3]);
      assert.deepEqual([begun, ended], [[own.transportId], []]);
    },
  );

  check(`beginning: an OPEN that comes late takes nothing from a client ${who}`, async (scope) => {
    const network = distantNetwork(scope.memory());
    const { client, ended, handled, server } = await greeter(scope, network);
    endAll(scope, network);
    network.next = { holds: true };
    const clock = patientClock();
    const { client: own } = client({ ...options, clock }, LAB);
    await failToConnect(own, clock, () => (network.lines[0]?.waiting.length ?? 0) >= 2);
    const states: string[] = [];
    await own.connect();
    const { transportId } = own;
    own.onStatus(({ state }) => states.push(state));
    await own.send("Count", { id: 1 }, { acknowledge: true });
    const before = server.snapshot().lines;
    network.lines[0]!.release();
    await own.send("Count", { id: 2 }, { acknowledge: true });
    network.lines[0]!.end();
    await until("its line is gone", () => server.snapshot().lines < before);
    await own.send("Count", { id: 3 }, { acknowledge: true });
    assert.deepEqual([handled, ended, states], [[1, 2, 3], [], []]);
    assert.equal(own.transportId, transportId);
    assert.equal(server.connections.size, 1);
  });
}

check("beginning: an OPEN of a client that is gone does not end the session of who took its place", async (scope) => {
  const network = distantNetwork(scope.memory());
  const { client, ended, handled } = await greeter(scope, network);
  endAll(scope, network);
  network.next = { holds: true };
  const options: Options = { identity: "node-1", token: "ada" };
  const clock = patientClock();
  const former = client({ ...options, clock }, LAB);
  await failToConnect(former.client, clock, () => (network.lines[0]?.waiting.length ?? 0) >= 2);
  await former.client.close();
  const { client: own } = client(options, LAB);
  await own.send("Count", { id: 1 }, { acknowledge: true });
  network.lines[0]!.release();
  await own.send("Count", { id: 2 }, { acknowledge: true });
  network.lines[0]!.end();
  await own.send("Count", { id: 3 }, { acknowledge: true });
  assert.deepEqual([handled, ended, own.status.state], [[1, 2, 3], [], "open"]);
  // Who is there takes the place, as before.
  const { client: next } = client(options, LAB);
  await next.connect();
  await until("the former one is told", () => own.status.state === "idle");
  assert.equal(own.status.reason?.code, "closed");
});
