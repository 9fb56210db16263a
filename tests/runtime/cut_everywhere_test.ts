/**
 * A conversation of all kinds of frames, whose line is cut behind every single byte, handshakes included: what was said
 * is handled once and in order all the same.
 */

import assert from "node:assert/strict";
import { setImmediate } from "node:timers";
import { type Call, Client, type Connection, Failure, parse, serve, type UnknownService } from "../../mod.ts";
import { type Counts, type Cut, cuttingNetwork } from "../cutting_network.ts";
import { check, type Scope } from "../harness.ts";

const TALK = parse(`
  Begin < >
  Count < id: int >
  Ask < id: int >
  Answer < id: int >
  service Lab/Cut { auth all  receives Begin, Count  receives Ask -> Answer  sends Count  sends Ask -> Answer }
`);

/** What one side has heard, and what it was told of what it said. */
interface Record {
  readonly counted: number[];
  readonly asked: number[];
  readonly calledOff: number[];
  readonly told: string[];
}

const EXPECTED: Record = {
  counted: [1, 2, 3, 4, 5, 6, 7, 8],
  asked: [1, 2, 3],
  calledOff: [3],
  told: [...new Array<string>(7).fill("fine"), "handler-failed", "cancelled", "fine"],
};

function emptyRecord(): Record {
  return { counted: [], asked: [], calledOff: [], told: [] };
}

type Handlers = {
  readonly [name: string]: (message: { [field: string]: number }, peer: unknown, call: Call) => unknown;
};

/** How either side hears the other. Some handlers take a while, so that they do not end in order. */
function handlers(record: Record): Handlers {
  return {
    async Count({ id }) {
      record.counted.push(id!);
      for (let turns = id! % 3; turns > 0; turns--) await turn();
    },
    async Ask({ id }, _peer, { signal }) {
      record.asked.push(id!);
      if (id === 2) throw new Failure("Not two.");
      if (id! < 3) return { id };
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      record.calledOff.push(id!);
      return { id };
    },
  };
}

/** What either side says to the other. */
async function converse(peer: Pick<Connection<UnknownService>, "send" | "request">, { told }: Record): Promise<void> {
  const controller = new AbortController();
  const count = (id: number) => peer.send("Count", { id }, { acknowledge: id % 2 === 0 });
  const answered = peer.request("Ask", { id: 1 });
  const said = [
    ...[1, 2, 3, 4, 5, 6].map(count),
    answered,
    peer.request("Ask", { id: 2 }),
    peer.request("Ask", { id: 3 }, { signal: controller.signal }),
  ];
  await answered;
  await peer.send("Count", { id: 7 }, { acknowledge: true });
  controller.abort();
  // Whoever hears of this one has heard of all before it.
  said.push(peer.send("Count", { id: 8 }, { acknowledge: true }));
  for (const result of await Promise.allSettled(said)) {
    told.push(result.status === "fulfilled" ? "fine" : result.reason.code);
  }
}

/** Has the conversation once. Gives back what went over each line. */
async function talk(scope: Scope, cuts: readonly Cut[]): Promise<readonly Counts[]> {
  const network = cuttingNetwork(scope.memory(), cuts);
  const [service, customer] = [emptyRecord(), emptyRecord()];
  const drops: string[] = [];
  await using server = await serve(TALK, {
    ...{ cert: "", key: "", port: 0, network, log: () => {} },
    onDrop: ({ transportId }) => void drops.push(transportId),
    messages: { ...handlers(service), Begin: (_begin, connection) => converse(connection, service) },
  });
  const options = { network, reconnect: { first: 1, most: 2 }, log: () => {}, messages: handlers(customer) };
  const client = new Client(server.url, undefined, options);
  // A line that is cut before the client was let in is an error of whoever asked for it.
  await client.connect().catch(() => client.connect());
  const { transportId } = client;
  await Promise.all([client.send("Begin", {}, { acknowledge: true }), converse(client, customer)]);
  const counts = structuredClone(network.counts);
  assert.deepEqual({ service, customer }, { service: EXPECTED, customer: EXPECTED });
  assert.equal(client.transportId, transportId);
  assert.deepEqual(drops, []);
  // Also where it was cut before the client heard of its session.
  assert.equal(server.connections.size, 1);
  await client.close();
  await server.close({ timeout: 1 });
  return counts;
}

/** Many conversations at a time: most of each is waiting. */
const AT_ONCE = 32;

async function cutEverywhere(scope: Scope, line: number, way: Cut["way"], before: readonly Cut[]): Promise<void> {
  const length = (await talk(scope, before))[line]![way];
  let cuts = 0;
  for (let from = 0; from < length; from += AT_ONCE) {
    const places = Array.from({ length: Math.min(AT_ONCE, length - from) }, (_, i) => from + i);
    await Promise.all(places.map(async (at) => {
      try {
        const counts = await talk(scope, [...before, { line, way, at }]);
        if (counts.length > line + 1) cuts++;
      } catch (cause) {
        throw new Error(`Cut behind byte ${at} of ${length}, ${way}, on line ${line}.`, { cause });
      }
    }));
  }
  // How much there is to acknowledge at a time differs from run to run, so that a line may not come to its last bytes.
  assert.ok(length > 200 && cuts > 0.7 * length, `${cuts} cuts in ${length} bytes`);
}

for (const way of ["up", "down"] as const) {
  check(
    `a session whose line is cut behind any byte on the way ${way} goes on, with all that was said`,
    (scope) => cutEverywhere(scope, 0, way, []),
    { timeout: 120_000 },
  );

  check(
    `a session whose next line is cut too, behind any byte on the way ${way}, goes on over a third`,
    (scope) => cutEverywhere(scope, 1, way, [{ line: 0, way: "down", at: 700 }]),
    { timeout: 120_000 },
  );
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
