/**
 * A service and its clients at one moment, from the numbers that are kept anyway: nobody pays for it until it is asked
 * for.
 *
 * @module
 */

import { formatAddress } from "../address.ts";
import type { ServerCore } from "../server_core.ts";
import type { ServiceSession } from "../service_session.ts";
import type { Measures } from "../session/measures.ts";
import type { SessionStore } from "../session_store.ts";
import type { SessionSnapshot, Snapshot, SnapshotOrder, TrafficSnapshot } from "./monitor.msg.ts";
import { type Growth, type Rates, WHOLE } from "./rates.ts";
import type { Counts } from "./totals.ts";

/** A definition that is served, and the sessions of its clients. */
export interface Service {
  readonly core: ServerCore;
  readonly sessions: SessionStore<ServiceSession>;
}

/** Which sessions a snapshot lists. */
export interface SnapshotOptions {
  /** How many at the most; all, unless told otherwise. */
  readonly limit?: number;
  /** Which of them come first: "waiting", unless told otherwise. "rate" is for those who watch, and means nothing here. */
  readonly order?: SnapshotOrder;
}

/** A session, and what was found of it. */
interface Found {
  readonly session: ServiceSession;
  readonly measures: Measures;
  readonly growth: Growth | undefined;
}

/**
 * Takes a snapshot.
 *
 * @param service What of.
 * @param options Which sessions it lists.
 * @param rates What was seen last, where rates are wanted.
 * @returns The snapshot, and the sessions that it lists.
 */
export function takeSnapshot(
  { core, sessions }: Service,
  { limit = Infinity, order = "waiting" }: SnapshotOptions,
  rates?: Rates,
): { readonly snapshot: Snapshot; readonly listed: readonly ServiceSession[] } {
  const now = core.clock.now();
  const all = sessions.all().map((session) => ({ session, measures: session.carrier.session.measure() }));
  const total = core.totals.with(all.map(({ measures }) => measures));
  const growthOf = rates?.look(
    new Map<string, Counts>([
      [WHOLE, total],
      ...all.map(({ session, measures }) => [session.connection.transportId, measures] as const),
    ]),
    now,
  );
  const found: Found[] = all.map((one) => ({ ...one, growth: growthOf?.(one.session.connection.transportId) }));
  const listed = firstOf(found, (one) => ORDERS[order](one, now), limit);
  const snapshot: Snapshot = {
    at: new Date(),
    service: core.table.definition.shape.service,
    since: new Date(core.since),
    lines: core.links.size,
    handshakes: core.shaking.size,
    connections: core.connections.size,
    sessions: all.length,
    resuming: all.filter(({ session }) => session.connection.status.state === "resuming").length,
    slow: all.filter(({ measures }) => measures.waitingBytes > 0).length,
    held: all.reduce((sum, { measures }) => sum + measures.held, 0),
    begun: core.totals.begun,
    resumptions: core.totals.resumptions,
    ...trafficOf(total, growthOf?.(WHOLE)),
    clients: listed.map((one) => describeSession(one, now)),
  };
  return { snapshot, listed: listed.map(({ session }) => session) };
}

/** By what sessions are ordered: the largest come first. */
const ORDERS: Readonly<Record<SnapshotOrder, (found: Found, now: number) => number>> = {
  waiting: ({ measures }) => measures.waitingBytes,
  unacknowledged: ({ measures }) => measures.unacknowledged,
  rate: ({ growth }) => growth === undefined ? 0 : growth.bytesSent + growth.bytesReceived,
  traffic: ({ measures }) => measures.bytesSent + measures.bytesReceived,
  requests: ({ measures }) => measures.requestsSent + measures.requestsReceived,
  roundTrip: ({ measures }) => measures.roundTrip ?? -1,
  silence: ({ measures }, now) => now - measures.heardAt,
  age: ({ session }) => -session.since,
};

/** Those with the largest keys; of equal ones, the oldest. */
function firstOf(found: readonly Found[], key: (one: Found) => number, limit: number): Found[] {
  const keyed = found.map((one) => ({ one, key: key(one) }));
  return keyed.sort((a, b) => b.key - a.key).slice(0, limit).map(({ one }) => one);
}

function describeSession({ growth, measures, session }: Found, now: number): SessionSnapshot {
  const { access: { principal }, connection, resumptions, since } = session;
  const { group, name, subject } = principal;
  const { heardAt, roundTrip } = measures;
  return {
    transportId: connection.transportId,
    identity: connection.identity,
    subject,
    ...(name !== undefined && { name }),
    ...(group !== undefined && { group }),
    address: formatAddress(connection.remote),
    protocol: connection.diset === undefined ? "holdfast" : "diset",
    state: connection.status.state,
    since: new Date(since),
    resumptions,
    silence: now - heardAt,
    ...(roundTrip !== undefined && { roundTrip }),
    ...trafficOf(measures, growth),
    window: measures.window,
    windowUsed: measures.windowUsed,
    unacknowledged: measures.unacknowledged,
    unhandled: measures.unhandled,
    waiting: measures.waiting,
    waitingBytes: measures.waitingBytes,
    dropped: measures.dropped,
    held: measures.held,
    handlers: measures.running,
    parked: measures.parked,
    parkedBytes: measures.parkedBytes,
    requestsSent: measures.requestsSent,
    requestsReceived: measures.requestsReceived,
  };
}

function trafficOf(counts: Counts, growth: Growth | undefined): Record<"sent" | "received", TrafficSnapshot> {
  const traffic = (frames: "framesSent" | "framesReceived", bytes: "bytesSent" | "bytesReceived") => ({
    messages: counts[frames],
    bytes: counts[bytes],
    ...(growth !== undefined && { messageRate: growth[frames], byteRate: growth[bytes] }),
  });
  return { sent: traffic("framesSent", "bytesSent"), received: traffic("framesReceived", "bytesReceived") };
}
