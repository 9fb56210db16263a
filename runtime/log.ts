/**
 * What the runtime has to say to whoever runs it.
 *
 * @module
 */

import { inspect } from "node:util";
import { HoldfastError } from "./errors.ts";
import type { Principal } from "./principal.ts";

/**
 * What happened to a client, for an audit:
 *
 * | event | level | |
 * | --- | --- | --- |
 * | `admitted` | info | a session has begun |
 * | `resumed` | info | a session goes on over another line |
 * | `renewed` | info | a client has shown newer credentials |
 * | `ended` | info | a session has ended; `error` says why |
 * | `refused` | warning, or info where it can't help it, or error where the service failed | a client was not let in: see `error` |
 * | `denied` | warning | a client did what it may not; `action` says what: `receives Job`, `renew` |
 * | `expired` | info | a client's credentials have ended, and its session with them |
 * | `withdrawn` | warning | a client may not be connected any more, after what is known of it has changed |
 */
export type AuditEvent =
  | "admitted"
  | "resumed"
  | "renewed"
  | "ended"
  | "refused"
  | "denied"
  | "expired"
  | "withdrawn";

/** One thing that happened. There is never a token or a key in it. */
export interface LogRecord {
  /** How much it matters. */
  readonly level: "error" | "warning" | "info";
  /** What happened, for people. */
  readonly message: string;
  /** What happened, for programs, if it belongs into an audit. */
  readonly event?: AuditEvent;
  /** Which connection it is about, if one. */
  readonly transportId?: string;
  /** The client's name for itself, as `Connection.identity`. */
  readonly identity?: string;
  /** Where the client is: `127.0.0.1:40312`, `[::1]:40312`. */
  readonly remote?: string;
  /** Who the client is: what it has shown, without its token's claims. */
  readonly principal?: Omit<Principal, "claims">;
  /** What was denied: `receives Job`; `renew`, where newer credentials are not good. */
  readonly action?: string;
  /** The number by which a peer may ask about it. */
  readonly incident?: string;
  /** What was thrown, if something was. */
  readonly error?: unknown;
}

/** Takes what happened. Must not throw. */
export type Log = (record: LogRecord) => void;

/** Writes errors and warnings to the console; a stack only of what is a fault of this side's. */
export const consoleLog: Log = ({ level, message, transportId, remote, principal, incident, error }) => {
  if (level === "info") return;
  // Who a client is, is what it says itself: it shall not write lines of its own.
  const subject = principal?.subject ? `subject ${JSON.stringify(principal.subject)}` : undefined;
  const ids = [transportId && `connection ${transportId}`, incident && `incident ${incident}`];
  const about = [...ids, remote && `client at ${remote}`, subject].filter(Boolean);
  const line = `holdfast: ${message}${about.length > 0 ? ` (${about.join(", ")})` : ""}`;
  const write = level === "error" ? console.error : console.warn;
  // One text: of several, the first would be a pattern for the others.
  write(printable(error === undefined ? line : `${line} ${level === "error" ? inspect(error) : told(error)}`));
};

/** What code throws that is wrong: then it matters where. */
const MISTAKES: readonly (new() => Error)[] = [TypeError, ReferenceError, RangeError, SyntaxError];

/** Of errors that stand for several, so many are told: a name may have any number of addresses. */
const MOST_OF_SEVERAL = 8;

/** What is wrong, and what led to it: as much of that as may be of use. */
function told(error: unknown, causes = 3): string {
  if (!(error instanceof Error) || MISTAKES.some((mistake) => error instanceof mistake)) return inspect(error);
  const { cause, message, name } = error;
  const kind = error instanceof HoldfastError ? error.code : name;
  const own = message === "" ? kind : `${kind}: ${message}`;
  if (causes === 0) return own;
  // Runtimes give theirs no message: what is wrong is said by the errors within.
  const several: readonly unknown[] = error instanceof AggregateError ? error.errors.slice(0, MOST_OF_SEVERAL) : [];
  const led = cause === undefined ? several : [cause, ...several];
  return [own, ...led.map((one) => told(one, causes - 1))].join("\n");
}

/** What does something to a terminal, or to the order in which a text is shown. */
// deno-lint-ignore no-control-regex
const UNPRINTABLE = /[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/g;

/** What a peer has said may be in an error, too: only what is Holdfast's own begins a line. */
function printable(text: string): string {
  return text.replaceAll("\n", "\n  ").replaceAll(
    UNPRINTABLE,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
