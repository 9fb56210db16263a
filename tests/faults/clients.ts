/**
 * Many clients of the tests of faults, in a process of their own.
 *
 * @module
 */

import { Client, type Limits } from "holdfast";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { obey, settings, tell } from "./control.ts";
import { Book, LAB } from "./lab.ts";
import { type Load, Talker } from "./talker.ts";

/** What they are started with. */
export interface ClientsSettings {
  /** Each client's name, and where it finds the service. */
  readonly urls: Readonly<Record<string, string>>;
  readonly ca: string;
  readonly limits: Partial<Limits>;
  readonly journal?: string;
}

/** How often a client has been in each state. */
export type States = Readonly<Record<string, number>>;

const { ca, journal, limits, urls } = settings<ClientsSettings>();
const book = new Book(journal);
const states: Record<string, Record<string, number>> = {};

/** Keeps account of a message; some take longer than those after them. */
function handle({ seq, stream }: Record<string, unknown>): Promise<void> | undefined {
  book.handle(stream as string, seq as number);
  return (seq as number) % 17 === 0 ? delay(2) : undefined;
}

const all = Object.entries(urls).map(([name, url]) => {
  const client = new Client(url, LAB, {
    ca,
    args: { name },
    limits,
    reconnect: { first: 20, most: 200 },
    log: ({ level, message, error }) => level !== "info" && console.error(message, error),
    messages: {
      Note: handle,
      async Ask(ask) {
        await handle(ask);
        return { seq: ask["seq"] };
      },
    },
  });
  const counts: Record<string, number> = states[name] = {};
  client.onStatus(({ reason, state }) => {
    counts[state] = (counts[state] ?? 0) + 1;
    tell({ event: "status", name, state, ...(reason && { reason: reason.message }) });
  });
  return { client, talker: new Talker(client, `${name}>`, book) };
});

obey({
  connect: () => Promise.all(all.map(({ client }) => client.connect())),
  talk(load: Load) {
    for (const { talker } of all) talker.start(load);
  },
  hush: () => Promise.all(all.map(({ talker }) => talker.stop())),
  accounts: () => book.accounts,
  states: () => states,
  async close() {
    await Promise.all(all.map(({ client }) => client.close()));
  },
});
tell({ event: "ready", pid: process.pid });
