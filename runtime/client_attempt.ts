/**
 * What a client's line begins with, and what comes of it.
 *
 * @module
 */

import type { Address } from "./address.ts";
import type { ClientSession, ClientSessionEvents } from "./client_session.ts";
import type { HoldfastError } from "./errors.ts";
import type { Translation } from "./translation.ts";

/** What one line begins with, and who hears of it. */
export interface Attempt {
  readonly address: Address;
  /** The service's definition, as far as it is known. */
  readonly translation: Translation | undefined;
  /** The identity to ask for; "" for one that the service chooses. */
  readonly identity: string;
  /** What a new session is asked for by, if one is: the same in all attempts, until there is one. */
  readonly nonce?: Uint8Array;
  /** The session to go on with. */
  readonly former: ClientSession | undefined;
  readonly signal: AbortSignal;
  /** Who hears of the session, if a new one begins. */
  readonly events: ClientSessionEvents;
  /** Whether the session would go on over another line, if this one broke. */
  readonly resumes: boolean;
  /** The peer was asked for a sign of life, or has given one. */
  readonly stale: (stale: boolean) => void;
  /** The line of the session has broken. */
  readonly broken: (session: ClientSession, reason: HoldfastError) => void;
}

/** A line that carries a session. */
export interface OpenLine {
  /** The attempt's former session, or a new one. */
  readonly session: ClientSession;
  /** Resolved when the line has ended. */
  readonly over: Promise<void>;
}
