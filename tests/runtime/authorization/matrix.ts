/**
 * A service that has a message of each sort for each rule, and what its clients find that they can do.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  Client,
  type Definition,
  HoldfastError,
  type LogRecord,
  parse,
  serve,
  type ServeOptions,
  type Server,
  type UnknownService,
} from "../../../mod.ts";
import type { Network } from "../../../runtime/transport/transport.ts";
import { type Scope, testCertificate } from "../../harness.ts";
import { type Caller, type Callers, makeCallers, showing } from "./callers.ts";
import { type Row, ROWS } from "./truth_table.ts";

/** Made once: keys take time. */
export const CALLERS: Promise<Callers> = makeCallers();

/** Names a rule in the names of its messages, in their comments and in their values. */
export function markOf(index: number): string {
  return `R${index}x`;
}

/**
 * For each rule: a message and a request in each direction.
 *
 * @param ruleOf What stands behind `auth`.
 */
export function matrixOf(ruleOf: (row: Row) => string): Definition {
  const marks = ROWS.map((row, i) => [markOf(i), ruleOf(row)] as const);
  return parse(`
    ${marks.map(([mark]) => declarations(mark)).join("\n")}
    Open < >
    service Lab/Matrix {
      auth all
      receives Open
      ${marks.map(([mark, rule]) => clauses(mark, rule)).join("\n")}
    }
  `);
}

function declarations(mark: string): string {
  return `
    /// About ${mark}.
    enum Level${mark} { low${mark} }
    Inner${mark} < field${mark}: Level${mark} >
    /// Tells ${mark}.
    Tell${mark} < id: int, inner?: Inner${mark} >
    Ask${mark} < id: int, inner?: Inner${mark} > Answer${mark} < id: int >
    Push${mark} < id: int, inner?: Inner${mark} >
    Poll${mark} < id: int, inner?: Inner${mark} > Polled${mark} < id: int >
  `;
}

function clauses(mark: string, rule: string): string {
  return `
    receives Tell${mark} auth ${rule}
    receives Ask${mark} -> Answer${mark} auth ${rule}
    sends Push${mark} auth ${rule}
    sends Poll${mark} -> Polled${mark} auth ${rule}
  `;
}

/** What is served with the rules of the table. */
export const MATRIX: Definition = matrixOf(({ rule }) => rule);

/** What the service does with the table's messages, and whom it has heard. */
export interface Heard {
  /** Names of messages whose handlers ran, by the transport id of the client. */
  readonly by: Map<string, string[]>;
  readonly messages: ServeOptions<UnknownService>["messages"];
}

/** Handlers for all that a definition of the table receives. */
export function hearing(definition: Definition): Heard {
  const by = new Map<string, string[]>();
  const received = definition.shape.messages.filter(({ receives }) => receives !== undefined);
  const messages = Object.fromEntries(received.map(({ name, receives }) => [
    name,
    ({ id }: { id?: number }, { transportId }: { transportId: string }) => {
      by.set(transportId, [...by.get(transportId) ?? [], name]);
      return receives?.reply === undefined ? undefined : { id };
    },
  ]));
  return { by, messages } as Heard;
}

/** A service of the table. */
export interface Hall {
  readonly server: Server<UnknownService>;
  readonly heard: Heard;
  readonly log: LogRecord[];
  readonly network: Network;
  readonly ca: string;
  /** A client, who has not connected yet. */
  client(caller: Caller, definition?: Definition): Client;
}

/** Serves a definition to all callers. */
export async function hall(
  scope: Scope,
  definition: Definition,
  options: Partial<ServeOptions<UnknownService>> = {},
  network: Network = scope.memory(),
): Promise<Hall> {
  const { registry, tokens, trust } = await CALLERS;
  const { ca, cert, key } = await testCertificate();
  const heard = hearing(definition);
  const log: LogRecord[] = [];
  const server = await serve(definition, {
    cert,
    key,
    network,
    clientCertificates: trust,
    tokens,
    registry,
    messages: heard.messages,
    // They are all at one address, and many are to fail.
    limits: { failures: Infinity },
    log: (record) => void log.push(record),
    ...options,
  });
  scope.cleanup(() => server.close({ timeout: 100 }));
  return {
    server,
    heard,
    log,
    network,
    ca,
    client(caller, known) {
      const client = new Client(server.url, known, {
        network,
        ca,
        reconnect: false,
        log: (record) => void log.push(record),
        ...showing(caller),
      });
      scope.cleanup(() => client.close());
      return client;
    },
  };
}

/** What a client of the table can do, by a rule. */
export interface Can {
  readonly message: boolean;
  readonly request: boolean;
  readonly push: boolean;
  readonly poll: boolean;
  readonly broadcast: boolean;
  /** Whether anything of it stands in the definition that it has been told. */
  readonly discovery: boolean;
}

/** What the table says. */
export function expected({ kind }: Caller, knowsAll: boolean): Readonly<Record<string, Can>> {
  return Object.fromEntries(ROWS.map(({ rule, admits }) => {
    const can = admits[kind];
    const discovery = knowsAll || can;
    return [rule, { message: can, request: can, push: can, poll: can, broadcast: can, discovery }];
  }));
}

/**
 * Tries everything.
 *
 * @param hall The service.
 * @param caller The client.
 * @param known The definition that it holds; it discovers what it may know, unless given.
 */
export async function found(
  hall: Hall,
  caller: Caller,
  known?: Definition,
): Promise<Readonly<Record<string, Can>>> {
  const { heard, server } = hall;
  const client = hall.client(caller, known);
  await client.connect();
  const connection = server.connections.get(client.transportId!)!;
  // A client that does not know it can't send it; one that knows it is told that it may not.
  const refusal = known === undefined ? "unknown-message" : "unauthorized";
  const definition = JSON.stringify(client.definition);
  const all: Record<string, Can> = {};
  for (const [id, { rule }] of ROWS.entries()) {
    const mark = markOf(id);
    const pushed: number[] = [];
    const message = await may(refusal, () => client.send(`Tell${mark}`, { id }, { acknowledge: true }));
    const request = await may(refusal, async () => {
      assert.deepEqual({ ...await client.request(`Ask${mark}`, { id }) }, { id });
    });
    if (client.definition!.shape.messages.some(({ name }) => name === `Push${mark}`)) {
      client.on(`Push${mark}`, ({ id }) => void pushed.push(id));
      client.on(`Poll${mark}`, ({ id }) => ({ id }));
    }
    const push = await may("unauthorized", () => connection.send(`Push${mark}`, { id }, { acknowledge: true }));
    const poll = await may("unauthorized", async () => {
      assert.deepEqual({ ...await connection.request(`Poll${mark}`, { id }) }, { id });
    });
    assert.equal(connection.takes(`Push${mark}`), push);
    const broadcast = server.broadcast(`Push${mark}`, { id }) === 1;
    // What follows a broadcast arrives behind it.
    await client.send("Open", {}, { acknowledge: true });
    const ran = heard.by.get(connection.transportId)?.filter((name) => name.endsWith(mark)) ?? [];
    assert.deepEqual(ran, [...message ? [`Tell${mark}`] : [], ...request ? [`Ask${mark}`] : []]);
    assert.ok(pushed.every((pushedId) => pushedId === id));
    assert.equal(pushed.length, Number(push) + Number(broadcast), `${caller.name} was sent Push ${rule}`);
    all[rule] = { message, request, push, poll, broadcast, discovery: definition.includes(mark) };
  }
  const gone = connection.status.state;
  assert.equal(gone, "open", `${caller.name} stays connected`);
  await client.close();
  while (server.connections.size > 0) await new Promise((resolve) => setTimeout(resolve, 1));
  return all;
}

/** Whether something can be done; fails where it can't for another reason. */
async function may(refusal: string, act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (error instanceof HoldfastError && error.code === refusal && !error.remote) return false;
    throw error;
  }
}
