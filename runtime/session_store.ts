/**
 * The sessions of a service, by whose they are and their identity.
 *
 * @module
 */

import { originOf } from "./attempts.ts";
import type { Clock } from "./clock.ts";
import { HoldfastError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import { SessionTokens } from "./session_tokens.ts";
import type { Open } from "./wire/native/handshake.ts";

/** What is to be known of a session that is kept. */
export interface StoredSession {
  /** Names it among all that ever were: what its client goes on with is made from it. */
  readonly transportId: string;
  /** Numbers it among all that ever were. */
  readonly number: number;
  /** Whose it is: the same for all of one client's, "" for those of clients that have shown nothing. */
  readonly owner: string;
  /** The name of the client, among its owner's. */
  readonly identity: string;
  /** Where its client was when it began. */
  readonly address: string;
  /** How many bytes it holds. */
  readonly held: number;
}

/** By what a client has shown that a session is its own; `undefined` where it has not. */
export type Proof = "token" | "nonce" | undefined;

/** How old a count of the bytes held may be, in milliseconds: to count them takes a time that grows with the sessions. */
const COUNT_AGE = 100;

/** Keeps sessions in this process. */
export class SessionStore<S extends StoredSession> {
  /** What their clients go on with. */
  readonly tokens: SessionTokens = new SessionTokens();
  readonly #byName = new Map<string, S>();
  readonly #countByOrigin = new Map<string, number>();
  readonly #countByOwner = new Map<string, number>();
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
    return this.#byName.size;
  }

  /** All of them. */
  all(): S[] {
    return [...this.#byName.values()];
  }

  /** Whether there is one from where that address stands for. */
  isKnown(address: string): boolean {
    return this.#countByOrigin.has(originOf(address));
  }

  /** The session that has an identity among its owner's, if there is one. */
  get(owner: string, identity: string): S | undefined {
    return this.#byName.get(nameOf({ owner, identity }));
  }

  /**
   * Finds the session that has an identity. Each owner has names of its own, and learns nothing of those of others.
   *
   * @param owner Whose it must be.
   * @param identity Its name.
   * @param shown What its client shows: the token, to go on with it, or the nonce that it was asked for by, to learn that
   * it has begun.
   * @returns The session, and which was shown. Who can't show either may end it, and no more.
   * @throws {HoldfastError} `identity-in-use` where neither was shown, and it belongs to somebody who has not shown who
   * that is: that may be anybody.
   */
  find(
    owner: string,
    identity: string,
    shown: Pick<Open, "former" | "nonce">,
  ): { session: S; proof: Proof } | undefined {
    const session = this.get(owner, identity);
    if (session === undefined) return undefined;
    const proof = this.#proofOf(session, shown);
    if (proof !== undefined || owner !== "") return { session, proof };
    throw new HoldfastError("identity-in-use", "Another client has this identity now: choose another one, or wait.");
  }

  /**
   * Keeps a session, under an identity that no other of its owner's has.
   *
   * @throws {HoldfastError} `limit` where there are too many, or they hold too much.
   */
  add(session: S): void {
    if (this.size >= this.#limits.sessions || this.#heldBytes() >= this.#limits.held) {
      throw new HoldfastError("limit", "The service has as many sessions as it takes: try again later.");
    }
    const origin = originOf(session.address);
    const { owner } = session;
    if ((this.#countByOrigin.get(origin) ?? 0) >= this.#limits.sessionsPerAddress) {
      throw new HoldfastError("limit", "The service has as many sessions from this address as it takes.");
    }
    if (owner !== "" && (this.#countByOwner.get(owner) ?? 0) >= this.#limits.sessionsPerSubject) {
      throw new HoldfastError("limit", "The service has as many sessions of this client's as it takes.");
    }
    count(this.#countByOrigin, origin, 1);
    count(this.#countByOwner, owner, 1);
    this.#byName.set(nameOf(session), session);
  }

  /** Keeps a session no longer. */
  remove(session: S): void {
    const name = nameOf(session);
    if (this.#byName.get(name) !== session) return;
    this.#byName.delete(name);
    count(this.#countByOrigin, originOf(session.address), -1);
    count(this.#countByOwner, session.owner, -1);
  }

  #proofOf({ number, transportId }: S, { former, nonce }: Pick<Open, "former" | "nonce">): Proof {
    if (former !== undefined && this.tokens.isOf(transportId, former.token)) return "token";
    // Who knows the nonce has it made: that is not found by comparing, and so it may take as long as it takes.
    const isAsked = nonce !== undefined && this.tokens.transportId(number, nonce) === transportId;
    return isAsked ? "nonce" : undefined;
  }

  #heldBytes(): number {
    const now = this.#clock.now();
    if (now - this.#countedAt >= COUNT_AGE) {
      this.#countedAt = now;
      this.#held = 0;
      for (const { held } of this.#byName.values()) this.#held += held;
    }
    return this.#held;
  }
}

/** Names a session among all: no owner has a line break in it. */
function nameOf({ owner, identity }: Pick<StoredSession, "owner" | "identity">): string {
  return `${owner}\n${identity}`;
}

function count(counts: Map<string, number>, key: string, change: 1 | -1): void {
  const number = (counts.get(key) ?? 0) + change;
  if (number === 0) counts.delete(key);
  else counts.set(key, number);
}
