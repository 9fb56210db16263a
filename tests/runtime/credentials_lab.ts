/**
 * A service that asks who its clients are, and clients that show it.
 *
 * @module
 */

import {
  Client,
  type ConnectOptions,
  type Definition,
  type HoldfastError,
  type LogRecord,
  parse,
  serve,
  type ServeOptions,
  type Server,
  type UnknownService,
} from "../../mod.ts";
import type { Principal } from "../../runtime/principal.ts";
import type { Network } from "../../runtime/transport/transport.ts";
import type { Scope } from "../harness.ts";
import { followedByCalendar, type ManualClock, patientClock } from "../manual_clock.ts";
import { SECRET } from "../secrets.ts";

/** What is served. */
export const DESK: Definition<UnknownService> = parse(`
  Note < text: string >
  Job < name: string >
  Secret < text: string >
  Done < name: string >
  service Lab/Desk {
    auth all
    receives Note
    receives Job -> Done auth group:production, Operator
    sends Secret auth authenticated
  }
`);

/** Whom the test's tokens name, which say it in clear, and when they end. Those of the lab's clients are secret. */
const tokens = (token: string) => {
  const [subject = "", until] = token.replace(`${SECRET}-`, "").split("@");
  if (subject === "nobody") throw new Error("no such token");
  return { subject, issuer: "test", ...(until !== undefined && { expires: Number(until) }) };
};

/** What a test works with. */
export interface Lab {
  readonly server: Server<UnknownService>;
  readonly clock: ManualClock;
  readonly log: LogRecord[];
  /** The principals that onConnect has seen. */
  readonly seen: Principal[];
  client(options?: ConnectOptions<UnknownService>, definition?: Definition<UnknownService>): Client;
}

/** Starts the service. */
export async function lab(
  scope: Scope,
  options: Partial<ServeOptions<UnknownService>> = {},
  network: Network = scope.memory(),
): Promise<Lab> {
  const clock = followedByCalendar(scope, patientClock());
  const log: LogRecord[] = [];
  const seen: Principal[] = [];
  const server = await serve(DESK, {
    cert: "",
    key: "",
    network,
    clock,
    tokens,
    messages: { Note: () => {}, Job: ({ name }) => ({ name }) },
    onConnect: ({ principal }) => void seen.push(principal),
    log: (record) => log.push(record),
    ...options,
  });
  scope.cleanup(() => server.close({ timeout: 1 }));
  return {
    server,
    clock,
    log,
    seen,
    client(options, definition) {
      const client = new Client(server.url, definition, {
        network,
        clock,
        log: (record) => log.push(record),
        random: () => 0,
        ...options,
        ...(options?.token !== undefined && { token: secret(options.token) }),
      });
      scope.cleanup(() => client.close());
      return client;
    },
  };
}

/** Makes a token one that nobody may print. */
function secret(token: NonNullable<ConnectOptions<UnknownService>["token"]>): typeof token {
  if (typeof token === "string") return token && `${SECRET}-${token}`;
  return async () => `${SECRET}-${await token()}`;
}

/** What an audit would see. */
export const events = (log: readonly LogRecord[]): string[] =>
  log.flatMap(({ event }) => event === undefined ? [] : [event]);

/** Resolved when a client comes into a state. */
export function comesTo(client: Client, state: string): Promise<void> {
  return new Promise((resolve) => {
    const stop = client.onStatus((status) => {
      if (status.state !== state) return;
      stop();
      resolve();
    });
  });
}

/** Why a client's connection has ended, when it has. */
export function goneFrom(client: Client): Promise<HoldfastError> {
  return new Promise((resolve) => client.onDisconnect(resolve));
}
