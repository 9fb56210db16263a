/**
 * Services of Holdfast's that take the place of DIRAC's `Tests/Lab`, `Tests/Guarded` and `Tests/Small`: a process,
 * started with {@link ServiceSettings}, which tells what `handlers/LabHandler.py` tells.
 *
 * @module
 */

import {
  type Call,
  type Connection,
  Failure,
  type Handlers,
  parse,
  readRegistry,
  serve,
  type ServeOptions,
  type Server,
  type UnknownService,
} from "../../mod.ts";
import { obey, settings, tell } from "../faults/control.ts";
import { type Dict, portable, Python, type PythonValue } from "./values.ts";

/** What the process is started with. */
export interface ServiceSettings {
  /** The definition of `Tests/Lab`. */
  readonly text: string;
  readonly cert: string;
  readonly key: string;
  /** Of those whose clients are let in. */
  readonly ca: string;
  /** Whether this runtime takes proxies. */
  readonly proxies: boolean;
  readonly registry: string;
  readonly encoding: "json" | "dencode";
  /** What is served, by what follows `Tests/`. */
  readonly services: { readonly [component: string]: Pick<ServeOptions<UnknownService>, "rules" | "limits"> };
}

type Values = Record<string, unknown>;

const { ca, cert, encoding, key, proxies, registry, services, text } = settings<ServiceSettings>();
const roster = readRegistry(registry);

function event(kind: string, connection: Connection<UnknownService>, what: Dict = {}): void {
  const told = Object.entries({ ...what, trid: connection.transportId });
  tell({ event: kind, ...Object.fromEntries(told.map(([name, value]) => [name, portable(value)])) });
}

/** Of Holdfast's numbers, those of whole ones are Python's `int`; no field is told here whose type says otherwise. */
function python(value: unknown): PythonValue {
  if (typeof value === "number" && Number.isInteger(value)) return BigInt(value);
  if (value instanceof Date) return new Python("datetime", value.toISOString().slice(0, 19));
  if (Array.isArray(value)) return value.map(python);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value as PythonValue;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, python(item)]));
}

/** The handlers tell of what they get, as DIRAC's do, and then answer. */
function told(handlers: Handlers<UnknownService>): Handlers<UnknownService> {
  return Object.fromEntries(
    Object.entries(handlers).map((
      [name, handler],
    ) => [name, (values: Values, connection: Connection<UnknownService>, call: Call) => {
      event("message", connection, { name, values: python(values) });
      return handler(values, connection, call);
    }]),
  );
}

const messages = told({
  Ping: ({ id }, connection) => connection.send("Pong", { id }),
  Echo: ({ value }, connection) => connection.send("Echoed", { value }),
  Sample: (values, connection) => connection.send("Sampled", values),
  Empty: (_, connection) => connection.send("Emptied", {}),
  Note: () => {},
  Push: (values, connection) => void push(values, connection),
  Fail({ how }) {
    throw how === "error" ? new Failure("The handler refused.") : new Error("The handler failed.");
  },
  Restricted: () => {},
  Leave: (_, connection) => connection.close(),
});

/** Not waited for by the handler, as the client acknowledges while it runs. */
async function push({ acknowledged, number, text }: Values, connection: Connection<UnknownService>): Promise<void> {
  const sent = connection.send("Notice", { number, text }, { acknowledge: acknowledged === true });
  const result = await sent.then(
    () => ({ OK: true, Value: null }),
    (error: Error) => ({ OK: false, Errno: 0n, Message: error.message }),
  );
  event("pushed", connection, { result });
}

function onConnect(connection: Connection<UnknownService>, args: Values): void {
  const { diset, identity, principal: { group, name, subject } } = connection;
  const credentials = {
    DN: subject,
    ...(name !== undefined && { username: name }),
    ...(group !== undefined && { group }),
  };
  const { setup = "", vo = "", version = "" } = diset!;
  event("new", connection, { identity, arguments: python(args), credentials, setup, vo, version });
  if (args["refuse"] === "new") throw new Failure("Not today.");
  if (args["raise"] === "new") throw new Error("The handler failed.");
  event("connected", connection, { identity });
  // Once it is let in.
  if ((args["refuse"] ?? args["raise"]) === "connected") setTimeout(() => connection.close(), 0);
}

const servers: Server<UnknownService>[] = [];
const ports: Record<string, PythonValue> = {};
for (const [component, options] of Object.entries(services)) {
  const server = await serve(parse(text.replace("Tests/Lab", `Tests/${component}`)), {
    ...options,
    cert,
    key,
    clientCertificates: { ca, proxies: proxies ? "full" : "none" },
    registry: roster,
    diset: { encoding, plain: {} },
    messages,
    onConnect,
    onDrop: (connection) => event("dropped", connection),
    log: () => {},
  });
  servers.push(server);
  for (const url of server.disetUrls) {
    ports[url.replace(/:\/\/.*/, ` ${component}`)] = BigInt(new URL(url.replace(/^dips?/, "http")).port);
  }
}
tell({ event: "ready", ports: portable(ports) });
obey({
  async close() {
    await Promise.all(servers.map((server) => server.close({ timeout: 0 })));
  },
});
