/**
 * A Holdfast service, or a client that talks to one for a while: a process, as `dirac_party.py` is.
 *
 * @module
 */

import { readFileSync } from "node:fs";
import process from "node:process";
import { Client, type ConnectOptions, parse, serve, type UnknownService } from "../../../mod.ts";
import { obey, settings, tell } from "../../faults/control.ts";
import { type Dict, native, portable } from "../values.ts";

/** What the process is started with. */
export interface PartySettings {
  readonly role: "service" | "client";
  /** The files of the authority, and of this side's certificate and key. */
  readonly files: { readonly authority: string; readonly cert: string; readonly key: string };
}

/** What a client is to do. */
interface Task {
  readonly url: string;
  readonly seconds: bigint;
}

const { files, role } = settings<PartySettings>();
const [authority, cert, key] = [files.authority, files.cert, files.key].map((path) => readFileSync(path, "utf8")) as [
  string,
  string,
  string,
];
const PINGPONG = parse(`
  Ping < id: int|long >
  Pong < id: int|long >
  service Framework/PingPong { auth all  receives Ping  sends Pong }
`);

/** Processor time of this process, in seconds. */
function cost(): number {
  const { system, user } = process.cpuUsage();
  return (system + user) / 1e6;
}

/** Pings one at a time, for so many seconds; `next` is given the time until the pong has come. */
async function stable({ seconds, url }: Task): Promise<Dict> {
  const client = connectTo(url);
  const roundTrips: number[] = [];
  let sentAt = 0;
  let end = Infinity;
  let finish: () => void;
  const finished = new Promise<void>((resolve) => finish = resolve);
  const ping = (id: number) => {
    sentAt = performance.now();
    return client.send("Ping", { id });
  };
  client.on("Pong", ({ id }) => {
    const now = performance.now();
    roundTrips.push(now - sentAt);
    return now < end ? ping(Number(id) + 1) : finish();
  });
  await new Promise<void>((resolve) => {
    const off = client.on("Pong", () => {
      off();
      resolve();
    });
    void ping(0);
  });
  roundTrips.length = 0;
  const [begun, before] = [performance.now(), cost()];
  end = begun + 1000 * Number(seconds);
  let lost = 0;
  client.onDisconnect(() => {
    lost++;
    if (performance.now() < end) void ping(0);
    else finish();
  });
  await finished;
  const result = told(roundTrips, performance.now() - begun, cost() - before, lost);
  await client.close();
  return result;
}

/** A connection for each ping. */
async function calls({ seconds, url }: Task): Promise<Dict> {
  const roundTrips: number[] = [];
  let [begun, before] = [0, 0];
  for (let count = 0; count <= 1 || performance.now() - begun < 1000 * Number(seconds); count++) {
    if (count === 1) [begun, before] = [performance.now(), cost()];
    const at = performance.now();
    const client = connectTo(url);
    const pong = new Promise((resolve) => client.on("Pong", resolve));
    await client.send("Ping", { id: count });
    await pong;
    if (count > 0) roundTrips.push(performance.now() - at);
    await client.close();
  }
  return told(roundTrips, performance.now() - begun, cost() - before, 0);
}

function connectTo(url: string): Client<UnknownService> {
  const options: ConnectOptions<UnknownService> = {
    log: () => {},
    ...(!url.startsWith("dip:") && { ca: authority, certificate: { cert, key } }),
  };
  return new Client(url, PINGPONG, options);
}

function told(roundTrips: readonly number[], took: number, cost: number, lost: number): Dict {
  const ordered = [...roundTrips].sort((a, b) => a - b);
  const middle = (ordered[ordered.length >> 1] ?? NaN) / 1000;
  return { count: BigInt(ordered.length), took: took / 1000, cost, middle, lost: BigInt(lost) };
}

const task = (run: (task: Task) => Promise<Dict>) => async (argument: unknown) =>
  portable(await run(native(argument) as unknown as Task));

if (role === "client") {
  tell({ event: "ready" });
  obey({ stable: task(stable), calls: task(calls), close: () => Promise.resolve() });
} else {
  const server = await serve(PINGPONG, {
    cert,
    key,
    // Both sides show certificates, as DIRAC's do.
    clientCertificates: { ca: authority },
    diset: { plain: {} },
    messages: { Ping: ({ id }, connection) => connection.send("Pong", { id }) },
    log: () => {},
  });
  tell({ event: "ready", urls: [server.url, ...server.disetUrls] });
  obey({ cost: () => portable(cost()), close: () => server.close({ timeout: 0 }) });
}
