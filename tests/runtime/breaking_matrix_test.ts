/**
 * Every kind of change, both ways round: what `compareShapes` says beforehand is what two sides find that really meet.
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { compareShapes, type Verdict } from "../../idl/breaking.ts";
import { Client, type Definition, parse, serve } from "../../mod.ts";
import { DEFAULT_LIMITS } from "../../runtime/limits.ts";
import { createCodec } from "../../runtime/wire/native/codec.ts";
import { Writer } from "../../runtime/wire/native/writer.ts";
import { arbitraryValue } from "../arbitraries.ts";
import { check, type Scope } from "../harness.ts";

const TABLE = readFileSync(new URL("../../docs/evolution.md", import.meta.url), "utf8");
const LIBRARY = /The types that the table names:\n\n```\n([^`]*)```/.exec(TABLE)![1]!;
const ROWS = [...TABLE.matchAll(/^\| `(.+?)` +\| `(.+?)` +\| (fits|no) +\| (fits|no) +\|$/gm)]
  .map(([, old, next, forwards, backwards]) => ({
    old: old!.replaceAll("\\|", "|"),
    next: next!.replaceAll("\\|", "|"),
    forwards: forwards === "fits",
    backwards: backwards === "fits",
  }));

/** Those fields in every place where a message can stand. */
const everywhere = (fields: string) =>
  parse(`
    ${LIBRARY} M < ${fields} > N < ${fields} > R < ${fields} > Q < ${fields} > Ask < > Told < > Asked < >
    service A/B { auth all receives M, Ask -> R, Q -> Told sends N, Asked -> Told }`);
const onConnecting = (fields: string) => parse(`${LIBRARY} service A/B { auth all connect < ${fields} > }`);

/** Changes to the service itself; whom they break. What is not named works. */
const CHANGES: readonly {
  readonly change: string;
  readonly old: string;
  readonly next: string;
  readonly oldClients?: readonly string[];
  readonly newClients?: readonly string[];
  readonly added?: readonly string[];
}[] = [
  { change: "nothing", old: "receives M sends N", next: "receives M sends N" },
  { change: "the order of the messages", old: "receives M, K", next: "receives K, M" },
  { change: "a message more to send", old: "receives M", next: "receives M, K", added: ["receives K"] },
  { change: "a message more to be sent", old: "sends N", next: "sends N, K", added: ["sends K"] },
  { change: "a message less to send", old: "receives M, K", next: "receives M", oldClients: ["receives K"] },
  { change: "a message less to be sent", old: "sends N, K", next: "sends N", oldClients: ["sends K"] },
  {
    change: "another name for a message",
    old: "receives M",
    next: "receives K",
    oldClients: ["receives M"],
    added: ["receives K"],
  },
  {
    change: "the other direction",
    old: "receives M",
    next: "sends M",
    oldClients: ["receives M"],
    added: ["sends M"],
  },
  { change: "both directions", old: "receives M", next: "receives M sends M", added: ["sends M"] },
  {
    change: "a message that becomes a request",
    old: "receives M",
    next: "receives M -> K",
    oldClients: ["receives M"],
    newClients: ["receives M"],
  },
  {
    change: "a request that the service sends becomes a message",
    old: "sends N -> K",
    next: "sends N",
    oldClients: ["sends N"],
    newClients: ["sends N"],
  },
  { change: "another name for a reply of the same fields", old: "receives M -> K", next: "receives M -> L" },
  {
    change: "a reply that lacks what was there",
    old: "receives M -> K",
    next: "receives M -> Empty",
    oldClients: ["receives M"],
  },
  {
    change: "a reply of the client's that lacks what was there",
    old: "sends N -> K",
    next: "sends N -> Empty",
    newClients: ["sends N"],
  },
  { change: "other rules", old: "receives M", next: "receives M  auth authenticated, all" },
];
const service = (clauses: string) =>
  parse(`M < a: int > N < a: int > K < a: int > L < a: int > Empty < > service A/B { auth all ${clauses} }`);

/** What two sides find that meet: whether they can connect, and which of the client's messages do not work. */
interface Found {
  readonly connects: boolean;
  readonly broken: readonly string[];
}

function said({ connect, broken, added }: Verdict): Found {
  const names = [...broken, ...added].map(({ direction, message }) => `${direction} ${message}`);
  return { connects: connect.length === 0, broken: connect.length > 0 ? [] : names.sort() };
}

/** Some values of a message, or of the connect arguments. */
function values(name: string, { shape }: Definition): Record<string, unknown>[] {
  const type = name === "connect" ? shape.connect : shape.types[name]!;
  const codec = createCodec(shape, DEFAULT_LIMITS);
  const { encode } = name === "connect" ? codec.connect : codec.message(name);
  // A random text that matches a pattern may be longer than it may be.
  const isRight = (value: unknown) => {
    try {
      encode(new Writer(), value);
      return true;
    } catch {
      return false;
    }
  };
  const right = fc.sample(arbitraryValue(type, shape.types), { seed: 7, numRuns: 30 }).filter(isRight).slice(0, 3);
  assert.ok(right.length > 0, name);
  return right as Record<string, unknown>[];
}

/** Lets a client and a service meet, and tries all that the client was made for. */
async function meet(scope: Scope, own: Definition, theirs: Definition): Promise<Found> {
  const network = scope.memory();
  const arrived: string[] = [];
  const handlers = theirs.shape.messages.filter(({ receives }) => receives).map(({ name, receives }) => {
    const [answer] = receives!.reply === undefined ? [] : values(receives!.reply, theirs);
    return [name, () => (arrived.push(name), answer)] as const;
  });
  const server = await serve(theirs, {
    cert: "",
    key: "",
    network,
    rules: { default: "all" },
    messages: Object.fromEntries(handlers),
  });
  try {
    let connects = true;
    for (const args of values("connect", own)) {
      const client = new Client(server.url, own, { network, args });
      try {
        await client.connect();
      } catch (error) {
        assert.equal((error as { code?: string }).code, "incompatible", String(error));
        connects = false;
      } finally {
        await client.close();
      }
    }
    if (!connects) return { connects, broken: [] };
    await using client = new Client(server.url, own, { network, args: values("connect", own)[0]! });
    await client.connect();
    const canSend = async (name: string, isRequest: boolean): Promise<boolean> => {
      const given = values(name, own);
      const verdicts = new Set<boolean>();
      for (const value of given) {
        arrived.length = 0;
        try {
          if (isRequest) await client.request(name, value);
          else await client.send(name, value, { acknowledge: true });
          assert.deepEqual(arrived, [name]);
          verdicts.add(true);
        } catch (error) {
          assert.equal((error as { code?: string }).code, "incompatible", String(error));
          assert.deepEqual(arrived, []);
          verdicts.add(false);
        }
      }
      assert.equal(verdicts.size, 1, "some values can be sent, and some can't");
      return verdicts.has(true);
    };

    const canBeSent = async (name: string, reply: string | undefined): Promise<boolean> => {
      const got: unknown[] = [];
      const [answer] = reply === undefined ? [] : values(reply, own);
      const push = async (value: Record<string, unknown>) => {
        const connection = server.connections.get(client.transportId!)!;
        const isRequest = theirs.shape.messages.find((message) => message.name === name)?.sends?.reply !== undefined;
        if (isRequest) await connection.request(name, value);
        else await connection.send(name, value, { acknowledge: true });
      };
      const given = theirs.shape.types[name] === undefined ? [{}] : values(name, theirs);
      try {
        client.on(name, (message) => (got.push(message), answer as never));
      } catch (error) {
        assert.equal((error as { code?: string }).code, "incompatible", String(error));
        // Neither does the service send it to this client.
        for (const value of given) {
          await assert.rejects(async () => await push(value), ({ code }: { code: string }) => code !== "disconnected");
        }
        return false;
      }
      for (const value of given) await push(value);
      assert.equal(got.length, given.length);
      return true;
    };
    const broken: string[] = [];
    for (const { name, receives, sends } of own.shape.messages) {
      if (receives !== undefined && !await canSend(name, receives.reply !== undefined)) broken.push(`receives ${name}`);
      if (sends !== undefined && !await canBeSent(name, sends.reply)) broken.push(`sends ${name}`);
    }
    return { connects, broken: broken.sort() };
  } finally {
    await server.close();
  }
}

/** Asks beforehand, and lets the two meet in both ways. */
async function compare(scope: Scope, old: Definition, next: Definition): Promise<readonly [Verdict, Verdict]> {
  const verdicts = compareShapes(old.shape, next.shape);
  assert.deepEqual(await meet(scope, old, next), said(verdicts[0]));
  assert.deepEqual(await meet(scope, next, old), said(verdicts[1]));
  // Before the change, all of it has worked.
  assert.deepEqual(await meet(scope, old, old), { connects: true, broken: [] });
  return verdicts;
}

for (const { old, next, forwards, backwards } of ROWS) {
  check(`compareShapes ${old} to ${next}: what it says is what two sides find that meet`, async (scope) => {
    const verdicts = await compare(scope, everywhere(old), everywhere(next));
    for (
      const [verdict, clientWrites, serviceWrites] of [
        [verdicts[0], forwards, backwards],
        [verdicts[1], backwards, forwards],
      ] as const
    ) {
      const fromClient = clientWrites ? [] : ["M", "Q"];
      const fromService = serviceWrites ? [] : ["Ask", "N"];
      assert.deepEqual(verdict.broken.map(({ message }) => message).sort(), [...fromClient, ...fromService].sort());
      assert.deepEqual(verdict.added, []);
    }
    const connecting = await compare(scope, onConnecting(old), onConnecting(next));
    assert.deepEqual(connecting.map(({ connect }) => connect.length === 0), [forwards, backwards]);
  });
}

for (const { change, old, next, oldClients = [], newClients = [], added = [] } of CHANGES) {
  check(`compareShapes ${change}: what it says is what two sides find that meet`, async (scope) => {
    const [first, second] = await compare(scope, service(old), service(next));
    const names = (misfits: Verdict["broken"]) => misfits.map(({ direction, message }) => `${direction} ${message}`);
    assert.deepEqual([names(first.broken), names(first.added)], [oldClients, []]);
    assert.deepEqual([names(second.broken), names(second.added)], [newClients, added]);
  });
}
