/**
 * Keeps a client connected: connects when asked, and again when a line has broken or a connection has ended.
 *
 * ```
 * idle ──open──▶ connecting ──let in──▶ open ◀──▶ stale
 *  ▲                │ failed             ├──line broken──▶ resuming ──let in──▶ resumed, or reset ──▶ open
 *  ├────────────────┘                    ├──ended──▶ reconnecting ──let in──▶ open
 *  │                                     └──GOAWAY──▶ draining ──all is done──▶ reconnecting
 *  └───gave up──── resuming, reconnecting
 *
 * any ──close──▶ closed
 * ```
 *
 * @module
 */

import type { Address } from "./address.ts";
import { type Backoff, backoffDelay } from "./backoff.ts";
import type { Attempt, OpenLine } from "./client_attempt.ts";
import type { ClientSession, LinkOptions } from "./client_session.ts";
import { sleep } from "./clock.ts";
import { cancelled, type ErrorCode, HoldfastError } from "./errors.ts";
import { type Deferred, deferred, quiet } from "./promises.ts";
import type { Outcome } from "./session/outgoing.ts";
import { type Status, StatusTeller } from "./status.ts";
import type { Translation } from "./translation.ts";
import { NONCE_SIZE } from "./wire/native/handshake.ts";

/** A connection that held for so long, in milliseconds, was a good one: the next delays start over. */
const HELD = 10_000;

/**
 * What ends a connection, or an attempt, for good: to try again would not help, or was not meant. What the docs list
 * as "the client reconnects: no".
 */
const FINAL: ReadonlySet<ErrorCode> = new Set([
  "certificate",
  "closed",
  "incompatible",
  "invalid-argument",
  "invalid-message",
  "refused",
  "unauthorized",
  "unknown-service",
]);

/** What a {@link Reconnector} is made with. */
export interface ReconnectorOptions {
  readonly addresses: readonly Address[];
  /** The identity to ask for; "" for one that the service chooses. */
  readonly identity: string;
  /** The service's definition, as far as it is known. */
  readonly translation: Translation | undefined;
  /** Without it, nothing is tried again. */
  readonly backoff: Backoff | undefined;
  /** A number from 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly link: LinkOptions;
  /** Makes a line, and is let in. */
  readonly openLink: (attempt: Attempt) => Promise<OpenLine>;
  /** A connection has ended, not by {@link Reconnector.close}. */
  readonly disconnected: (reason: HoldfastError, outcome: Outcome) => void;
  /** A connection is open. */
  readonly opened: () => void;
  /** It is not connected and does not try to be. */
  readonly gaveUp: (reason: HoldfastError) => void;
}

/** See the module's text. */
export class Reconnector {
  readonly #options: ReconnectorOptions;
  /** What messages go to: a session that a line carries, or that waits for one. */
  session: ClientSession | undefined;
  readonly teller: StatusTeller;
  identity: string;
  translation: Translation | undefined;
  /** When the last line has ended. */
  over: Promise<void> = Promise.resolve();
  /** What the next session is asked for by, from the first attempt to have it until there is one. */
  #nonce: Uint8Array | undefined;
  #opening: Promise<ClientSession> | undefined;
  #openedAt = 0;
  /** Attempts that failed since a line last held. */
  #failures = 0;
  #address = 0;
  /** The session whose service is about to stop, which will be left. */
  #draining: ClientSession | undefined;
  /** The session that is being left since its service stops. */
  #leaving: ClientSession | undefined;
  /** Resolved when somebody waits for the connection that comes after it. */
  #wanted: Deferred<void> | undefined;
  readonly #closing = new AbortController();

  constructor(options: ReconnectorOptions) {
    this.#options = options;
    this.identity = options.identity;
    this.translation = options.translation;
    this.teller = new StatusTeller("idle", options.link.log);
  }

  get #status(): Status {
    return this.teller.status;
  }

  /**
   * Connects, if it is not connected.
   *
   * @param signal Calls off the waiting.
   */
  async open(signal?: AbortSignal): Promise<ClientSession> {
    if (this.#status.state === "closed") {
      throw new HoldfastError("closed", "This client has been closed: make a new one.", { cause: this.#status.reason });
    }
    if (signal?.aborted === true) throw cancelled(signal);
    if (this.#opening === undefined && this.session !== undefined) return this.session;
    if (this.#opening === undefined) {
      this.teller.tell({ state: "connecting" });
      this.#wait(this.#tryAll());
    }
    const opening = this.#opening!;
    this.#wanted?.resolve();
    if (signal === undefined) return await opening;
    const opened = deferred<ClientSession>();
    opening.then(opened.resolve, opened.reject);
    const abort = () => opened.reject(cancelled(signal));
    signal.addEventListener("abort", abort);
    try {
      return await opened.promise;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Ends the connection, or all attempts to have one, for good. */
  close(reason: HoldfastError): void {
    if (this.#status.state === "closed") return;
    const sessions = [this.session, this.#leaving];
    this.session = undefined;
    this.#leaving = undefined;
    this.teller.tell({ state: "closed", reason });
    this.#closing.abort(reason);
    for (const session of sessions) session?.carrier.end(reason);
  }

  /** Keeps `#opening` for as long as there is something to wait for. */
  #wait(attempt: Promise<ClientSession>): void {
    const opening = attempt.catch((error) => {
      if (this.#status.state === "closed") throw this.#status.reason;
      const reason = HoldfastError.from(error);
      this.#giveUp(reason);
      throw reason;
    }).finally(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
    this.#opening = quiet(opening);
  }

  /** One attempt at each address, from the one that served last. */
  async #tryAll(): Promise<ClientSession> {
    const { addresses } = this.#options;
    for (let tried = 1;; tried++) {
      try {
        return await this.#try(addresses[this.#address]!);
      } catch (error) {
        this.#address = (this.#address + 1) % addresses.length;
        if (tried >= addresses.length || this.#closing.signal.aborted) throw error;
      }
    }
  }

  async #try(address: Address): Promise<ClientSession> {
    const former = this.session;
    const { session, over } = await this.#options.openLink({
      address,
      translation: this.translation,
      identity: this.identity,
      nonce: this.#nonce ??= crypto.getRandomValues(new Uint8Array(NONCE_SIZE)),
      former,
      signal: this.#closing.signal,
      resumes: this.#options.backoff !== undefined && this.#options.link.resumable,
      events: {
        goingAway: (session, spread) => this.#leave(session, spread),
        ended: (session, reason) => this.#ended(session, reason),
      },
      stale: (stale) => this.teller.tell({ state: stale ? "stale" : "open" }),
      broken: (session, reason) => this.#broken(session, reason),
    });
    this.over = over;
    // It may have ended while this function waited for its turn: an attempt that failed.
    if (session.carrier.session.reason !== undefined) throw session.carrier.session.reason;
    this.session = session;
    this.#nonce = undefined;
    ({ identity: this.identity, translation: this.translation } = session);
    this.#openedAt = this.#options.link.clock.now();
    this.#options.opened();
    if (former === session) this.teller.tell({ state: "resumed" });
    else if (former !== undefined) this.#reset(former);
    this.teller.tell({ state: "open" });
    return session;
  }

  /** The service has begun a new session: what became of the former one is told now. */
  #reset(former: ClientSession): void {
    const reason = new HoldfastError("disconnected", "The service could not go on with the session that was there.");
    this.teller.tell({ state: "reset", reason });
    former.carrier.session.disconnected(reason);
  }

  /** A line has broken: its session waits for another, where that may be. */
  #broken(session: ClientSession, reason: HoldfastError): void {
    const { backoff } = this.#options;
    // A service that is about to stop takes nobody back.
    const isLost = session !== this.session || session === this.#draining || !session.carrier.resumable;
    if (isLost || backoff === undefined) return session.carrier.session.disconnected(reason);
    this.#checkHeld();
    this.teller.tell({ state: "resuming", reason });
    this.#wait(this.#retry("resuming", backoff));
  }

  #ended(session: ClientSession, reason: HoldfastError): void {
    if (this.#status.state === "closed") return;
    const { outcome } = session.carrier.session;
    const wasCurrent = session === this.session;
    if (session === this.#leaving) this.#leaving = undefined;
    if (wasCurrent) {
      this.session = undefined;
      this.#checkHeld();
      if (this.#options.backoff === undefined || FINAL.has(reason.code)) {
        this.#giveUp(reason);
      } else if (this.#opening === undefined) {
        this.teller.tell({ state: "reconnecting", reason });
        this.#wait(this.#retry("reconnecting", this.#options.backoff));
      }
    }
    this.#options.disconnected(reason, outcome);
  }

  /** The service is about to stop: leaves it when what was begun is done, and goes elsewhere. */
  #leave(session: ClientSession, spread: number): void {
    if (session !== this.session) return;
    this.#draining = session;
    const reason = new HoldfastError("stopping", "The service is stopping.", { remote: true });
    this.teller.tell({ state: "draining", reason });
    const left = sleep(this.#options.link.clock, this.#options.random() * spread, this.#closing.signal).then(() =>
      this.#end(session, reason)
    );
    // Called off by close, which ends the session itself.
    left.catch(() => {});
  }

  #end(session: ClientSession, reason: HoldfastError): void {
    if (session !== this.session) return;
    const { backoff } = this.#options;
    const { session: ending } = session.carrier;
    this.session = undefined;
    this.#leaving = session;
    // What is sent from now on waits for the next connection. A handler that runs may be among those who wait for it:
    // then there is no waiting for that handler.
    this.#wanted = deferred();
    const idle = () => Promise.race([ending.idle(), this.#wanted!.promise]);
    const left = ending.drained().then(idle).then(() => {
      this.#wanted?.resolve();
      this.#wanted = undefined;
      ending.fail(reason, 0);
      if (backoff === undefined) throw reason;
      this.teller.tell({ state: "reconnecting", reason });
      return this.#retry("reconnecting", backoff);
    });
    this.#wait(left);
  }

  async #retry(state: "resuming" | "reconnecting", backoff: Backoff): Promise<ClientSession> {
    for (;;) {
      this.#failures++;
      const delay = backoffDelay(this.#failures, backoff, this.#options.random());
      await sleep(this.#options.link.clock, delay, this.#closing.signal);
      try {
        return await this.#tryAll();
      } catch (error) {
        const reason = HoldfastError.from(error);
        if (FINAL.has(reason.code) || this.#closing.signal.aborted) throw reason;
        this.teller.tell({ state, reason });
      }
    }
  }

  /** Neither connected nor trying to be: what a session may still hold is lost. */
  #giveUp(reason: HoldfastError): void {
    const { session } = this;
    this.session = undefined;
    this.teller.tell({ state: "idle", reason });
    session?.carrier.session.disconnected(reason);
    this.#options.gaveUp(reason);
  }

  /** A line that held for long was a good one. */
  #checkHeld(): void {
    if (this.#options.link.clock.now() - this.#openedAt >= HELD) this.#failures = 0;
  }
}
