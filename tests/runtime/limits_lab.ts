/**
 * A service with limits, over a real line: who goes past them, and another client, who keeps exchanging.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  Client,
  type Clock,
  type ConnectOptions,
  type Definition,
  Failure,
  type HoldfastError,
  type Limits,
  parse,
  serve,
  type ServeOptions,
  type Server,
  type UnknownService,
} from "../../mod.ts";
import { systemClock } from "../../runtime/clock.ts";
import { deferred } from "../../runtime/promises.ts";
import { nativeNetwork } from "../../runtime/transport/runtime.ts";
import { type Scope, testCertificate } from "../harness.ts";
import { type OpenWords, RawClient, type RawOptions } from "./raw_client.ts";

/** The service: what is slow returns when the test says so. */
export const LAB: Definition<UnknownService> = parse(`
  Note < text: string = "" >
  Slow < text: string = "" >
  Any < value: any >
  Big < value: long >
  List < items: list<int> >
  Code < text: string(/x+/) >
  Ask < id: int >
  Wait < id: int >
  Answer < id: int >
  service Lab/Limits {
    auth all
    connect < password?: string >
    receives Slow, Any, Big, List, Code
    receives Ask -> Answer
    receives Wait -> Answer
    sends Note
  }
`);

/** What a test works with. */
export interface Lab {
  readonly server: Server<UnknownService>;
  /** How many slow handlers have begun. */
  readonly begun: () => number;
  /** Lets all slow handlers return. */
  readonly release: () => void;
  /** Waits until a session has been dropped. */
  readonly dropped: Promise<HoldfastError>;
  /** Lets time pass, as the service sees it. */
  readonly pass: (duration: number) => void;
  /** Opens a line that says nothing. */
  connect(): Promise<RawClient>;
  /** Opens a line that is let in. */
  join(words?: OpenWords): Promise<RawClient>;
  /** Connects a client that keeps to the rules. */
  client(options?: ConnectOptions<UnknownService>): Promise<Client>;
  /** Waits until the other client has made so many more exchanges. */
  others(count: number): Promise<void>;
}

/** What a service is started with. */
export interface LabOptions {
  readonly limits: Partial<Limits>;
  readonly options?: Partial<ServeOptions<UnknownService>>;
}

/** Starts a service, and connects the other client. */
export async function startLab(scope: Scope, { limits, options }: LabOptions): Promise<Lab> {
  const network = scope.network(nativeNetwork());
  const certificate = await testCertificate();
  const released = deferred<void>();
  const dropped = deferred<HoldfastError>();
  let begun = 0;
  let shift = 0;
  const clock: Clock = { ...systemClock, now: () => systemClock.now() + shift };
  const slow = () => {
    begun++;
    return released.promise;
  };
  const server = await serve(LAB, {
    cert: certificate.cert,
    key: certificate.key,
    network,
    clock,
    limits,
    log: () => {},
    onConnect(_connection, { password }) {
      if (password === "guess") throw new Failure("Wrong.");
    },
    onDrop: (_connection, reason) => dropped.resolve(reason),
    messages: {
      Slow: slow,
      Any: () => {},
      Big: () => {},
      List: () => {},
      Code: () => {},
      Ask: ({ id }) => ({ id }),
      Wait: ({ id }) => slow().then(() => ({ id })),
    },
    ...options,
  });
  scope.cleanup(() => server.close({ timeout: 1 }));
  scope.cleanup(() => dropped.resolve(undefined as never));
  scope.cleanup(() => released.resolve());
  const raw: RawOptions = { network, port: server.port, ca: certificate.ca, definition: LAB };
  const keep = async (opening: Promise<RawClient>) => {
    const client = await opening;
    scope.cleanup(() => client.destroy());
    return client;
  };
  const client: Lab["client"] = async (options = {}) => {
    const own = new Client(server.url, undefined, { ca: certificate.ca, network, log: () => {}, ...options });
    scope.cleanup(() => own.close());
    await own.connect();
    return own;
  };
  const other = await client();
  return {
    server,
    begun: () => begun,
    release: released.resolve,
    dropped: dropped.promise,
    pass: (duration) => void (shift += duration),
    connect: () => keep(RawClient.connect(raw)),
    join: (words) => keep(RawClient.join(raw, words)),
    client,
    async others(count) {
      for (let id = 0; id < count; id++) assert.deepEqual(await other.request("Ask", { id }), { id });
      assert.equal(other.status.state, "open");
    },
  };
}
