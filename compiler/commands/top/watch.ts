/**
 * Watches a service for as long as somebody wants to see it.
 *
 * @module
 */

import process from "node:process";
import { Client, HoldfastError, Monitor, type MonitorTypes, type SnapshotOrder } from "../../../mod.ts";
import { interruptible } from "../../interrupt.ts";
import { CommandError, EXIT_REFUSED } from "../../terminal.ts";
import { printable, talking } from "../live/failure.ts";
import { checkNative } from "../live/own_definition.ts";
import { leave, orStop } from "../live/session.ts";
import { trustOf } from "../live/trust.ts";
import { ORDERS, type TopOptions } from "./options.ts";
import { type Display, JsonDisplay, Screen, TextDisplay } from "./screen.ts";

/** `holdfast top`. */
export function top(url: string, options: TopOptions): Promise<void> {
  checkNative(url, "can be watched");
  return interruptible((interrupted) =>
    talking(options, async () => {
      const stop = new AbortController();
      const interrupt = (): void => stop.abort(interrupted.reason);
      interrupted.addEventListener("abort", interrupt);
      try {
        const client = new Client(monitorOf(url), Monitor, { ...trustOf(options), log: () => {} });
        try {
          await orStop(stop.signal, client.connect({ signal: stop.signal }));
          await watch(client, options, stop.signal);
        } catch (error) {
          throw explained(error);
        } finally {
          await client.close();
        }
      } finally {
        interrupted.removeEventListener("abort", interrupt);
        leave();
      }
    })
  );
}

async function watch(client: Client<MonitorTypes>, options: TopOptions, signal: AbortSignal): Promise<void> {
  const { every, json, limit, once, sort } = options;
  let end = (): void => {};
  let fail = (_error: unknown): void => {};
  const over = new Promise<void>((resolve, reject) => [end, fail] = [resolve, reject]);
  let order: SnapshotOrder = ORDERS[sort];
  /** A new session is to be told what to send; one that goes on knows. */
  let asked: string | undefined;
  const ask = (): void => {
    asked = client.transportId;
    client.send("Watch", { every, limit, order }).catch(() => {});
  };
  const isScreen = process.stdout.isTTY === true && json === undefined && once === undefined;
  const display: Display = json
    ? new JsonDisplay()
    : isScreen
    ? new Screen(order, { quit: end, sort: (other) => (order = other, ask()) })
    : new TextDisplay(order);
  const close = (): void => display.close();
  // Not to wait for anything: whoever interrupts twice is to find the terminal as it was.
  signal.addEventListener("abort", close);
  let seen = 0;
  client.on("Snapshot", async (snapshot) => {
    // The first one has no rates, and nobody has been asked for a sign of life.
    if (once && seen++ === 0) return;
    if (signal.aborted) return;
    await display.show(snapshot);
    if (once) end();
  });
  client.onStatus(({ state, reason }) => {
    const why = reason === undefined ? "" : `${printable(reason.message)} `;
    if (state === "idle" || state === "closed") fail(reason);
    else if (state === "resuming" || state === "reconnecting") display.notice(`${why}Connecting again …`);
    else if (state === "open") {
      display.notice("");
      if (asked !== client.transportId) ask();
    }
  });
  try {
    ask();
    await orStop(signal, over);
  } finally {
    signal.removeEventListener("abort", close);
    display.close();
  }
}

/** @returns Where the monitor of the service of that URL is. */
function monitorOf(url: string): string {
  // The client says what is wrong with one.
  if (!URL.canParse(url)) return url;
  const parsed = new URL(url);
  parsed.pathname = Monitor.shape.service;
  return parsed.href;
}

/** What to tell the user of it. */
function explained(error: unknown): unknown {
  if (!(error instanceof HoldfastError) || error.code !== "unknown-service") return error;
  return new CommandError(
    'the service can\'t be watched: either its option "monitor" is not set, or that does not let you in with what you '
      + "have shown.",
    EXIT_REFUSED,
  );
}
