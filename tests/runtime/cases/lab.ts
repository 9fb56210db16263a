/**
 * A service and its clients for the cases of this folder.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  Client,
  connect,
  type ConnectOptions,
  type Definition,
  HoldfastError,
  type LogRecord,
  type Network,
  parse,
  serve,
  type ServeOptions,
  type Server,
  type UnknownService,
} from "../../../mod.ts";
import { check, type Scope, testCertificate } from "../../harness.ts";

export const LAB: Definition = parse(`
  /// Counts.
  Count < id: int|long, note?: string(..10) >
  /// Doubles a number.
  Double < value: int >
  Doubled < value: int >
  Stop < >
  Event < text: string, level: int = 3 >
  Question < text: string >
  Answer < text: string >

  service Lab/Counter {
    auth all
    connect < name: string, slots?: int(1..8) >
    receives Count, Stop
    receives Double -> Doubled
    sends Event, Count
    sends Question -> Answer
  }
`);

export type LabHandlers = ServeOptions<UnknownService>["messages"];

export interface Lab {
  readonly server: Server<UnknownService>;
  readonly log: LogRecord[];
  readonly drops: { readonly transportId: string; readonly reason: HoldfastError }[];
  /** A client that is connected. */
  join(options?: ConnectOptions<UnknownService>, definition?: Definition): Promise<Client>;
  /** Connects to a URL. */
  connect(url: string): Promise<Client>;
  /** Serves the same again, on a port. */
  restart(port: number): Promise<Server<UnknownService>>;
  /** A client that is not connected yet. */
  client(options?: ConnectOptions<UnknownService>, definition?: Definition): Client;
}

/** Collects what is called for, and resolves when there is enough. */
export function collector<T>(): {
  readonly items: T[];
  readonly add: (item: T) => void;
  atLeast(count: number): Promise<T[]>;
} {
  const items: T[] = [];
  const waiting: { count: number; resolve: (items: T[]) => void }[] = [];
  return {
    items,
    add(item) {
      items.push(item);
      for (const { count, resolve } of waiting) if (items.length >= count) resolve(items);
    },
    atLeast: (count) =>
      items.length >= count ? Promise.resolve(items) : new Promise((resolve) => waiting.push({ count, resolve })),
  };
}

export async function code(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof HoldfastError, String(error));
    return error.code;
  }
  return "none";
}

/** Waits until something holds; the check's own time limit is what ends the waiting. */
export async function settled<T>(holds: () => boolean, value: T): Promise<T> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
  return value;
}

async function startLab(
  scope: Scope,
  bare: Network,
  messages: LabHandlers = {},
  options: Partial<ServeOptions<UnknownService>> = {},
): Promise<Lab> {
  const network = scope.network(bare);
  const { ca, cert, key } = await testCertificate();
  const log: LogRecord[] = [];
  const drops: Lab["drops"] = [];
  const start = async (port: number) => {
    const server = await serve(LAB, {
      cert,
      key,
      port,
      messages,
      network,
      // What belongs into an audit is looked at elsewhere.
      log: (record) => record.event === undefined && log.push(record),
      onDrop: (connection, reason) => void drops.push({ transportId: connection.transportId, reason }),
      ...options,
    });
    scope.cleanup(() => server.close());
    // Most tests have handlers for some messages only, which it says when it starts.
    log.length = 0;
    return server;
  };
  const server = await start(0);
  const client = (clientOptions: ConnectOptions<UnknownService> = {}, definition?: Definition) => {
    const defaults = { args: { name: "test" }, ca, network, log: () => {} };
    const made = new Client(server.url, definition, { ...defaults, ...clientOptions });
    scope.cleanup(() => made.close());
    return made;
  };
  const join = async (clientOptions?: ConnectOptions<UnknownService>, definition?: Definition) => {
    const made = client(clientOptions, definition);
    await made.connect();
    return made;
  };
  return {
    server,
    log,
    drops,
    join,
    client,
    connect: (url) => connect(url, { ca, network, args: { name: "test" } }),
    restart: start,
  };
}

/** Starts a service; gives a test what it needs of it. */
export type StartLab = (messages?: LabHandlers, options?: Partial<ServeOptions<UnknownService>>) => Promise<Lab>;

/** Declares one case. */
export type LabCheck = (name: string, body: (lab: StartLab) => Promise<void>) => void;

/**
 * Makes what declares cases on a network.
 *
 * @param title What the network is called.
 * @param network Makes the network.
 */
export function labCheckOn(title: string, network: () => Network): LabCheck {
  return (name, body) =>
    check(`${title}: ${name}`, (scope) => body((messages, options) => startLab(scope, network(), messages, options)));
}
