/**
 * Random conversations of a client and a service, over lines that break behind any byte, or whose bytes arrive when
 * their client has left them: what was said is handled once and in order all the same, and who waits learns the truth.
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import {
  Client,
  type Connection,
  Failure,
  HoldfastError,
  type Limits,
  parse,
  serve,
  type Server,
  type UnknownService,
} from "../../mod.ts";
import { check, type Scope } from "../harness.ts";
import { seeded } from "../seed.ts";
import { type Break, breakingNetwork } from "./random_talk/breaking_network.ts";

const TALK = parse(`
  Note < id: int, data: bytes >
  Ask < id: int, data: bytes >
  Answer < id: int, data: bytes >
  service Lab/Talk { auth all  receives Note  receives Ask -> Answer  sends Note  sends Ask -> Answer }
`);

const KINDS = ["send", "acknowledge", "drop", "latest", "broadcast", "ask", "ask and call off"] as const;

/** Something that a side says, so many turns after what it has said before. */
interface Plan {
  readonly kind: typeof KINDS[number];
  readonly size: number;
  readonly pause: number;
}

/** What has become of it. */
interface Said extends Plan {
  readonly id: number;
  /** `waits`, `fine`, or the code of an error. */
  told: string;
}

/** What a side has said, and which of the other's things it has heard, in order. */
class Side {
  readonly said: Said[] = [];
  readonly heard: number[] = [];
  /** Sends to all clients. */
  readonly broadcast: ((id: number, data: Uint8Array) => void) | undefined;

  constructor(broadcast?: (id: number, data: Uint8Array) => void) {
    this.broadcast = broadcast;
  }

  /** What it does with what the other says. Some handlers take a while, so that they do not end in order. */
  readonly handlers = {
    Note: async (message: { [field: string]: unknown }): Promise<void> => {
      await this.#hear(message);
    },
    Ask: async (message: { [field: string]: unknown }): Promise<unknown> => {
      const { data, id } = await this.#hear(message);
      if (isRefused(id)) throw new Failure("No.");
      return { id, data };
    },
  };

  async #hear(message: { [field: string]: unknown }): Promise<{ id: number; data: Uint8Array }> {
    const { data, id } = message as { id: number; data: Uint8Array };
    this.heard.push(id);
    for (let turns = id % 4; turns > 0; turns--) await setImmediate();
    assert.deepEqual(data, content(id, data.length));
    return { id, data };
  }

  /** Says what is planned, and waits until it knows what has become of it. */
  async say(peer: Pick<Connection<UnknownService>, "send" | "request">, plans: readonly Plan[]): Promise<void> {
    const settled: Promise<unknown>[] = [];
    for (const plan of plans) {
      for (let turns = plan.pause; turns > 0; turns--) await setImmediate();
      const said: Said = { ...plan, id: this.said.length + 1, told: "waits" };
      this.said.push(said);
      const told = this.#say(peer, said).then(() => said.told = "fine", (error) => {
        assert.ok(error instanceof HoldfastError, String(error));
        said.told = error.code;
      });
      settled.push(told);
      // As one does who looks after the other.
      if (said.id % 3 === 0 && said.kind !== "ask") await told;
    }
    await Promise.all(settled);
  }

  async #say(peer: Pick<Connection<UnknownService>, "send" | "request">, { id, kind, size }: Said): Promise<void> {
    const data = content(id, size);
    switch (kind) {
      case "send":
        return await peer.send("Note", { id, data });
      case "acknowledge":
        return await peer.send("Note", { id, data }, { acknowledge: true });
      case "drop":
        return await peer.send("Note", { id, data }, { overflow: "drop-oldest" });
      case "latest":
        return await peer.send("Note", { id, data }, { overflow: { latest: "one" } });
      case "broadcast":
        return this.broadcast === undefined ? await peer.send("Note", { id, data }) : this.broadcast(id, data);
    }
    const controller = new AbortController();
    const reply = peer.request("Ask", { id, data }, { signal: controller.signal });
    if (kind === "ask and call off") void setImmediate().then(() => controller.abort());
    assert.deepEqual(await reply, { id, data });
  }

  /** Judges by what the other side has heard of it. */
  judge(other: Side): void {
    const { heard } = other;
    assert.equal(new Set(heard).size, heard.length, `something was heard twice: ${heard}`);
    for (const { id, kind, told } of this.said) {
      const isHeard = heard.includes(id);
      const what = `${kind} ${id} was ${isHeard ? "" : "not "}heard, and its sender told "${told}"`;
      if (kind === "ask") {
        // More than may be open are refused where they are sent.
        if (told === "limit") assert.ok(!isHeard, what);
        else assert.ok(isHeard && told === (isRefused(id) ? "handler-failed" : "fine"), what);
      } else if (kind === "ask and call off") {
        assert.match(told, isHeard ? /^(cancelled|handler-failed|fine)$/ : /^(cancelled|limit)$/, what);
      } else if (kind === "broadcast" && this.broadcast !== undefined) {
        assert.equal(told, "fine", what);
      } else if (kind === "drop" || kind === "latest") {
        assert.equal(told, isHeard ? "fine" : "dropped", what);
      } else {
        assert.ok(isHeard && told === "fine", what);
      }
    }
    heard.forEach((id, at) => {
      const { kind } = this.said[id - 1]!;
      // What it has overtaken: requests may, and what takes the place of another does.
      for (const earlier of heard.slice(at + 1).filter((later) => later < id)) {
        const overtaken = this.said[earlier - 1]!.kind;
        const mayBe = isRequest(kind) ? !isRequest(overtaken) : kind === "latest" && overtaken !== "latest";
        assert.ok(mayBe, `${kind} ${id} was heard before ${overtaken} ${earlier}`);
      }
    });
  }
}

function isRequest(kind: Plan["kind"]): boolean {
  return kind === "ask" || kind === "ask and call off";
}

/** Whether the answer to a request is an error. */
function isRefused(id: number): boolean {
  return id % 5 === 0;
}

/** What one thing holds, and no other of late. */
function content(id: number, size: number): Uint8Array {
  return new Uint8Array(size).fill(id);
}

/** Whoever knows that this was handled knows that all before it has arrived. */
const LAST: Plan = { kind: "acknowledge", size: 0, pause: 0 };

/** Has a conversation, and judges it. Gives back how many lines have broken. */
async function talk(
  scope: Scope,
  limits: { readonly client: Partial<Limits>; readonly service: Partial<Limits> },
  breaks: readonly Break[],
  plans: { readonly client: readonly Plan[]; readonly service: readonly Plan[] },
): Promise<number> {
  const network = breakingNetwork(scope.memory(), breaks);
  const service = new Side((id, data) => void server.broadcast("Note", { id, data }));
  const customer = new Side();
  const ends: string[] = [];
  const shared = { network, log: () => {} };
  const server = await serve(TALK, {
    ...{ ...shared, cert: "", key: "", port: 0, limits: { ...limits.service, failures: Infinity } },
    onDrop: (_connection, { message }) => void ends.push(message),
    messages: service.handlers,
  });
  const client = new Client(server.url, undefined, {
    ...{ ...shared, limits: limits.client, reconnect: { first: 1, most: 2 }, messages: customer.handlers },
  });
  client.onDisconnect(({ message }) => void ends.push(message));
  try {
    await client.connect();
    network.begin();
    const connection = server.connections.get(client.transportId!)!;
    await Promise.all([
      customer.say(client, [...plans.client, LAST]),
      service.say(connection, [...plans.service, LAST]),
    ]);
    await settled(server);
    assert.deepEqual(ends, [], "the session goes on");
    customer.judge(service);
    service.judge(customer);
    return network.breaks;
  } finally {
    await client.close();
    await server.close({ timeout: 1 });
  }
}

/** What a session counts only while it is under way. */
const UNDER_WAY = [
  ...["unacknowledged", "unhandled", "windowUsed", "waiting", "waitingBytes", "held"] as const,
  ...["handlers", "parked", "parkedBytes", "requestsSent", "requestsReceived"] as const,
];

/** Waits until nothing is under way; the test ends where that does not come. */
async function settled(server: Pick<Server, "snapshot">): Promise<void> {
  const isUnderWay = () => server.snapshot().clients.some((client) => UNDER_WAY.some((what) => client[what] !== 0));
  while (isUnderWay()) await setImmediate();
}

const limits = fc.record({
  window: fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 2_000, max: 60_000 })),
  backlog: fc.integer({ min: 1, max: 2_000 }),
  handlers: fc.integer({ min: 1, max: 4 }),
  requests: fc.integer({ min: 1, max: 4 }),
});

const plans = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    size: fc.oneof(
      { weight: 8, arbitrary: fc.nat({ max: 300 }) },
      { weight: 1, arbitrary: fc.integer({ min: 300, max: 40_000 }) },
    ),
    pause: fc.nat({ max: 3 }),
  }),
  { maxLength: 40, size: "max" },
);

const breaks = fc.array(
  fc.record<Break>({
    way: fc.constantFrom("up", "down"),
    at: fc.oneof({ weight: 3, arbitrary: fc.nat({ max: 400 }) }, fc.nat({ max: 40_000 })),
    late: fc.option(fc.nat({ max: 40 }), { nil: undefined }),
  }),
  { maxLength: 12, size: "max" },
);

check(
  "a client and a service say at random what each handles once and in order, over lines that break",
  async (scope) => {
    let broken = 0;
    const options = seeded("random conversations", 200);
    await fc.assert(
      fc.asyncProperty(limits, limits, breaks, plans, plans, async (ours, theirs, breaks, said, answered) => {
        broken += await talk(scope, { client: ours, service: theirs }, breaks, { client: said, service: answered });
      }),
      { ...options, timeout: 10_000, interruptAfterTimeLimit: 100_000, markInterruptAsFailure: true },
    );
    console.log(`${broken} lines have broken`);
    assert.ok(broken > options.numRuns, `${broken} lines have broken`);
  },
  { timeout: 120_000 },
);
