/**
 * Keeps a client connected: connects when asked, and again when the connection has ended.
 *
 * ```
 * idle ──open──▶ connecting ──let in──▶ open ◀──▶ stale
 *  ▲                 │ failed            │ ended
 *  ├─────────────────┘                   ▼
 *  └───────────gave up─────────── reconnecting ──let in──▶ open
 *
 * any ──close──▶ closed
 * ```
 *
 * @module
 */

import type { Address } from "./address.ts";
import { type Backoff, backoffDelay } from "./backoff.ts";
import { type LinkOptions, type OpenLink, openLink } from "./client_link.ts";
import { cancelled, type ErrorCode, HoldfastError } from "./errors.ts";
import { deferred, quiet } from "./promises.ts";
import type { Status } from "./status.ts";
import type { Translation } from "./translation.ts";

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
  /** The status has changed. */
  readonly status: (status: Status) => void;
  /** A connection has ended, not by {@link Reconnector.close}. */
  readonly disconnected: (reason: HoldfastError) => void;
  /** A connection is open. */
  readonly opened: () => void;
  /** It is not connected and does not try to be. */
  readonly gaveUp: (reason: HoldfastError) => void;
}

/** See the module's text. */
export class Reconnector {
  readonly #options: ReconnectorOptions;
  /** The connection, while there is one. */
  link: OpenLink | undefined;
  status: Status = { state: "idle" };
  identity: string;
  translation: Translation | undefined;
  /** When the last connection has ended entirely. */
  over: Promise<void> = Promise.resolve();
  #token: Uint8Array | undefined;
  #opening: Promise<OpenLink> | undefined;
  #openedAt = 0;
  /** Attempts that failed since a connection last held. */
  #failures = 0;
  #address = 0;
  readonly #closing = new AbortController();

  constructor(options: ReconnectorOptions) {
    this.#options = options;
    this.identity = options.identity;
    this.translation = options.translation;
  }

  /**
   * Connects, if it is not connected.
   *
   * @param signal Calls off the waiting.
   */
  async open(signal?: AbortSignal): Promise<OpenLink> {
    if (this.status.state === "closed") {
      throw new HoldfastError("closed", "This client has been closed: make a new one.", { cause: this.status.reason });
    }
    if (signal?.aborted === true) throw cancelled(signal);
    if (this.link !== undefined) return this.link;
    this.#opening ??= this.#begin();
    if (signal === undefined) return await this.#opening;
    const opened = deferred<OpenLink>();
    this.#opening.then(opened.resolve, opened.reject);
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
    if (this.status.state === "closed") return;
    this.#closing.abort(reason);
    const link = this.link;
    this.link = undefined;
    this.#tell({ state: "closed", reason });
    link?.session.fail(reason, 0);
  }

  #begin(): Promise<OpenLink> {
    this.#tell({ state: "connecting" });
    return this.#opens(this.#tryAll());
  }

  /** Keeps `#opening` for as long as there is something to wait for. */
  #opens(attempt: Promise<OpenLink>): Promise<OpenLink> {
    const opening = attempt.catch((error) => {
      if (this.status.state === "closed") throw this.status.reason;
      const reason = HoldfastError.from(error);
      this.#tell({ state: "idle", reason });
      this.#options.gaveUp(reason);
      throw reason;
    }).finally(() => this.#opening = undefined);
    return quiet(opening);
  }

  /** One attempt at each address, from the one that served last. */
  async #tryAll(): Promise<OpenLink> {
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

  async #try(address: Address): Promise<OpenLink> {
    let isOpen = false;
    const link = await openLink(this.#options.link, {
      address,
      translation: this.translation,
      identity: this.identity,
      token: this.#token,
      signal: this.#closing.signal,
      stale: (stale) => this.#tell({ state: stale ? "stale" : "open" }),
      ended: (reason) => {
        if (isOpen) this.#ended(reason);
      },
    });
    // It may have ended while this function waited for its turn: an attempt that failed.
    if (link.session.reason !== undefined) throw link.session.reason;
    isOpen = true;
    this.link = link;
    this.translation = link.translation;
    this.identity = link.welcome.identity;
    this.#token = link.welcome.token;
    this.over = link.over;
    this.#openedAt = this.#options.link.clock.now();
    this.#options.opened();
    this.#tell({ state: "open" });
    return link;
  }

  #ended(reason: HoldfastError): void {
    if (this.status.state === "closed") return;
    this.link = undefined;
    if (this.#options.link.clock.now() - this.#openedAt >= HELD) this.#failures = 0;
    if (this.#options.backoff === undefined || FINAL.has(reason.code)) {
      this.#tell({ state: "idle", reason });
      this.#options.disconnected(reason);
      this.#options.gaveUp(reason);
      return;
    }
    this.#tell({ state: "reconnecting", reason });
    this.#opening = this.#opens(this.#retry(this.#options.backoff));
    this.#options.disconnected(reason);
  }

  async #retry(backoff: Backoff): Promise<OpenLink> {
    for (;;) {
      this.#failures++;
      await this.#sleep(backoffDelay(this.#failures, backoff, this.#options.random()));
      try {
        return await this.#tryAll();
      } catch (error) {
        const reason = HoldfastError.from(error);
        if (FINAL.has(reason.code) || this.#closing.signal.aborted) throw reason;
        this.#tell({ state: "reconnecting", reason });
      }
    }
  }

  async #sleep(delay: number): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) throw cancelled(signal);
    const { promise, resolve, reject } = deferred<void>();
    const stop = this.#options.link.clock.set(delay, resolve);
    const abort = () => reject(cancelled(signal));
    signal.addEventListener("abort", abort);
    try {
      await promise;
    } finally {
      stop();
      signal.removeEventListener("abort", abort);
    }
  }

  #tell(status: Status): void {
    if (this.status.state === "closed") return;
    this.status = status;
    this.#options.status(status);
  }
}
