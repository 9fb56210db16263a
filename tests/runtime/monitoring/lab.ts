/**
 * A service that can be watched, and those who come to it.
 *
 * @module
 */

import {
  Client,
  type ConnectOptions,
  type Definition,
  Monitor,
  type MonitorTypes,
  type Network,
  parse,
  type Principal,
  serve,
  type ServeOptions,
  type Server,
  type Snapshot,
  type Standing,
  type UnknownService,
} from "../../../mod.ts";
import { type Scope, testCertificate } from "../../harness.ts";
import { collector } from "../cases/lab.ts";

export const DESK: Definition = parse(`
  Note < text: string >
  Job < id: int >
  Done < id: int >
  service Lab/Desk { auth all  receives Note  receives Job -> Done  sends Note  sends Job -> Done }
`);

/** Whom the registry knows, by the token that they show. */
export const PEOPLE: Readonly<Record<string, Standing>> = {
  olga: { name: "olga", group: "operator" },
  ada: { name: "ada", group: "user" },
};

/** What the tests work with. */
export interface Lab {
  readonly server: Server<UnknownService>;
  readonly ca: string;
  /** What the service has logged for its audit: the event, whose it is, and the error's code. */
  readonly audit: string[];
  /** A client of the service's, connected. */
  join(options?: ConnectOptions<UnknownService>): Promise<Client>;
  /** Somebody who watches, connected. */
  watcher(options?: ConnectOptions<MonitorTypes>): Promise<Client<MonitorTypes>>;
  /** Where the monitor is. */
  readonly url: string;
}

/** Starts a service, which operators may watch. */
export async function startLab(
  scope: Scope,
  bare: Network,
  options: Partial<ServeOptions<UnknownService>> = {},
): Promise<Lab> {
  const network = scope.network(bare);
  const { ca, cert, key } = await testCertificate();
  const audit: string[] = [];
  const server = await serve(DESK, {
    cert,
    key,
    network,
    log: ({ event, principal, error }) => {
      if (event === undefined) return;
      audit.push([event, nameOf(principal), (error as { code?: string })?.code ?? ""].join(" ").trim());
    },
    tokens: (token) => ({ subject: token, issuer: "https://iam.lab.example/" }),
    registry: ({ subject }) => PEOPLE[subject],
    monitor: { auth: "group:operator" },
    messages: { Note: () => {}, Job: ({ id }) => ({ id }) },
    ...options,
  });
  scope.cleanup(() => server.close());
  const url = server.url.replace("Lab/Desk", "Holdfast/Monitor");
  return {
    server,
    ca,
    audit,
    url,
    async join(more = {}) {
      const client = new Client(server.url, undefined, { ca, network, log: () => {}, ...more });
      scope.cleanup(() => client.close());
      await client.connect();
      return client;
    },
    async watcher(more = {}) {
      const client = new Client(url, Monitor, { ca, network, token: "olga", log: () => {}, ...more });
      scope.cleanup(() => client.close());
      await client.connect();
      return client;
    },
  };
}

function nameOf(principal: Partial<Principal> | undefined): string {
  return principal?.name ?? (principal?.subject || "nobody");
}

/** The snapshots that come to somebody who watches. */
export function snapshotsOf(watcher: Client<MonitorTypes>): ReturnType<typeof collector<Snapshot>> {
  const snapshots = collector<Snapshot>();
  watcher.on("Snapshot", snapshots.add);
  return snapshots;
}
