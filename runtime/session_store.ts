/**
 * The sessions of a service, by identity.
 *
 * @module
 */

import { createHash, timingSafeEqual } from "node:crypto";
import { originOf } from "./attempts.ts";
import type { Clock } from "./clock.ts";
import { HoldfastError } from "./errors.ts";
import type { Limits } from "./limits.ts";

/** What is to be known of a session that is kept. */
export interface StoredSession {
  /** The hash of the token that its client goes on with. */
  readonly tokenHash: Uint8Array;
  /** Where its client was when it began. */
  readonly address: string;
  /** How many bytes it holds. */
  readonly held: number;
}

/** How old a count of the bytes held may be, in milliseconds: to count them takes a time that grows with the sessions. */
const COUNT_AGE = 100;

/** Keeps sessions in this process. */
export class SessionStore<S extends StoredSession> {
  readonly #byIdentity = new Map<string, S>();
  readonly #countByOrigin = new Map<string, number>();
  readonly #limits: Limits;
  readonly #clock: Clock;
  #held = 0;
  #countedAt = -Infinity;

  /**
   * @param limits How many there may be, and how much they may hold.
   * @param clock The time.
   */
  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits;
    this.#clock = clock;
  }

  /** How many there are. */
  get size(): number {
    return this.#byIdentity.size;
  }

  /** All of them. */
  all(): S[] {
    return [...this.#byIdentity.values()];
  }

  /**
   * Finds the session that has an identity, for a client that shows its token. To anybody else, the identity is in use.
   *
   * @throws {HoldfastError} `identity-in-use`
   */
  find(identity: string, token: Uint8Array | undefined): S | undefined {
    const session = this.#byIdentity.get(identity);
    if (session === undefined) return undefined;
    if (token !== undefined && timingSafeEqual(session.tokenHash, hashToken(token))) return session;
    throw new HoldfastError("identity-in-use", "Another client has this identity now: choose another one, or wait.");
  }

  /**
   * Keeps a session, under an identity that no other has.
   *
   * @throws {HoldfastError} `limit` where there are too many, or they hold too much.
   */
  add(identity: string, session: S): void {
    if (this.size >= this.#limits.sessions || this.#heldBytes() >= this.#limits.held) {
      throw new HoldfastError("limit", "The service has as many sessions as it takes: try again later.");
    }
    const origin = originOf(session.address);
    const count = this.#countByOrigin.get(origin) ?? 0;
    if (count >= this.#limits.sessionsPerAddress) {
      throw new HoldfastError("limit", "The service has as many sessions from this address as it takes.");
    }
    this.#countByOrigin.set(origin, count + 1);
    this.#byIdentity.set(identity, session);
  }

  /** Keeps a session no longer. */
  remove(identity: string, session: S): void {
    if (this.#byIdentity.get(identity) !== session) return;
    this.#byIdentity.delete(identity);
    const origin = originOf(session.address);
    const count = this.#countByOrigin.get(origin)!;
    if (count === 1) this.#countByOrigin.delete(origin);
    else this.#countByOrigin.set(origin, count - 1);
  }

  #heldBytes(): number {
    const now = this.#clock.now();
    if (now - this.#countedAt >= COUNT_AGE) {
      this.#countedAt = now;
      this.#held = 0;
      for (const { held } of this.#byIdentity.values()) this.#held += held;
    }
    return this.#held;
  }
}

/** Tokens are kept as hashes only. */
export function hashToken(token: Uint8Array): Uint8Array {
  return createHash("sha256").update(token).digest();
}
