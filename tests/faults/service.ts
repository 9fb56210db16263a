/**
 * The service of the tests of faults, as a process of its own: says to all clients what it is told to, and keeps account.
 *
 * @module
 */

import { type Limits, serve, type Server, type UnknownService } from "holdfast";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { obey, settings, tell } from "./control.ts";
import { Book, LAB } from "./lab.ts";
import { type Load, Talker } from "./talker.ts";

/** What it is started with. */
export interface ServiceSettings {
  readonly port: number;
  readonly cert: string;
  readonly key: string;
  readonly limits: Partial<Limits>;
  readonly journal?: string;
}

/** How it is doing. */
export interface ServiceStats {
  /** Clients that are let in now. */
  readonly connections: number;
  readonly connects: number;
  readonly drops: number;
}

const { cert, journal, key, limits, port } = settings<ServiceSettings>();
const book = new Book(journal);
const names = new Map<string, string>();
const talkers = new Map<string, Talker>();
let load: Load | undefined;
let drops = 0;

/** Keeps account of a message; some take longer than those after them. */
function handle({ seq, stream }: Record<string, unknown>): Promise<void> | undefined {
  book.handle(stream as string, seq as number);
  return (seq as number) % 13 === 0 ? delay(2) : undefined;
}

const server: Server<UnknownService> = await serve(LAB, {
  port,
  cert,
  key,
  limits,
  log: ({ level, message, error }) => level !== "info" && console.error(message, error),
  onConnect(connection, { name }) {
    const { transportId } = connection;
    names.set(transportId, name as string);
    const talker = new Talker(connection, `<${transportId}`, book);
    talkers.set(transportId, talker);
    if (load !== undefined) talker.start(load);
  },
  onDrop({ transportId }) {
    drops++;
    talkers.get(transportId)?.end();
    talkers.delete(transportId);
  },
  messages: {
    Note: handle,
    async Ask(ask) {
      await handle(ask);
      return { seq: ask["seq"] };
    },
  },
});

obey({
  talk(next: Load) {
    load = next;
    for (const talker of talkers.values()) talker.start(next);
  },
  async hush() {
    load = undefined;
    await Promise.all([...talkers.values()].map((talker) => talker.stop()));
  },
  /** Sends large messages to one client; answers how long they took, in milliseconds. */
  async push({ count, name, size }: { count: number; name: string; size: number }) {
    const [transportId] = [...names].find(([id, one]) => one === name && talkers.has(id))!;
    const from = performance.now();
    const pad = new Uint8Array(size).fill(7);
    const stream = `<bulk ${name}`;
    for (let seq = 1; seq <= count; seq++) {
      book.send(stream, seq);
      await server.send(transportId, "Note", { stream, seq, pad }, { acknowledge: true });
    }
    return performance.now() - from;
  },
  accounts: () => book.accounts,
  stats: (): ServiceStats => ({ connections: server.connections.size, connects: names.size, drops }),
  close: ({ spread }: { spread: number }) => server.close({ spread, timeout: 10_000 }),
});
tell({ event: "ready", pid: process.pid, port: server.port });
