/**
 * How a client comes in, whatever it speaks: who it is, whether it may, how long it may take, and what is told of one
 * that is refused.
 *
 * @module
 */

import { formatAddress } from "./address.ts";
import { type Rights, unauthorized } from "./authorization.ts";
import { type Credentials, type Identified, withoutClaims } from "./credentials.ts";
import type { Sleeper } from "./deadlines.ts";
import { type ErrorCode, HoldfastError } from "./errors.ts";
import type { LogRecord } from "./log.ts";
import type { Principal } from "./principal.ts";
import type { Link, ServerCore } from "./server_core.ts";
import type { ServiceSession } from "./service_session.ts";
import type { SessionStore } from "./session_store.ts";
import type { Stream } from "./transport/transport.ts";

/** Why a client is refused that belongs here, for all that is known. */
const BLAMELESS: ReadonlySet<ErrorCode> = new Set([
  "cancelled",
  "closed",
  "expired",
  "internal",
  "limit",
  "refused",
  "stopping",
  "timeout",
]);

/**
 * How many times as many failures as usual an address may have that has sessions: their clients may come back, whoever
 * else fails there. But who keeps a session for that is not to guess tokens without end.
 */
const PATIENCE = 10;

/** The way in of one line. */
export class ServiceEntrance implements Sleeper {
  wakeAt = 0;
  place = -1;
  readonly #server: ServerCore;
  readonly #store: SessionStore<ServiceSession>;
  readonly #stream: Stream;
  readonly #link: Link;
  /** How often what is known of clients had changed when this one was looked up. */
  #changes = 0;
  /** Whether the application is being asked: who this is, or whether it may come in. */
  #isAsking = false;
  #isOver = false;
  /** An OPEN that waits for the client to show that it is there, and the number that shows it. */
  #knock: { readonly number: number; readonly goOn: () => void } | undefined;

  /**
   * @param link The line: it is ended when it has taken too long.
   * @param since When it began, by the service's clock.
   */
  constructor(
    server: ServerCore,
    store: SessionStore<ServiceSession>,
    stream: Stream,
    link: Link,
    since: number,
  ) {
    this.#server = server;
    this.#store = store;
    this.#stream = stream;
    this.#link = link;
    server.links.add(link);
    server.shaking.add(link);
    const left = Math.max(0, since + server.limits.handshakeTimeout - server.clock.now());
    server.deadlines.set(this, left);
  }

  /** It has taken too long. */
  wake(): void {
    this.#link.end(new HoldfastError("timeout", "The handshake took too long."));
  }

  /**
   * Finds out who the client is.
   *
   * @returns At once, if it shows nothing.
   * @throws {HoldfastError} `limit` where too many have failed who came from there; and as `Authenticator.identify`.
   */
  identify(token: string | undefined, wanted: string | undefined): Identified | Promise<Identified> {
    const server = this.#server;
    const { certificates, remote } = this.#stream;
    this.#changes = server.changes;
    const shown: Credentials = {
      certificates,
      ...(token !== undefined && { token }),
      ...(wanted !== undefined && { wanted }),
    };
    if (certificates.length > 0 || token !== undefined) {
      server.attempts.check(remote.hostname, this.#store.isKnown(remote.hostname) ? PATIENCE : 1);
    }
    return server.authenticator.identify(shown);
  }

  /**
   * Waits for the application. Until it has answered, the handshake is under way, even if its client has gone: what is
   * asked of one that is slow to answer stays bounded.
   */
  async ask<T>(answer: Promise<T>): Promise<T> {
    this.#isAsking = true;
    try {
      return await answer;
    } finally {
      this.#isAsking = false;
      if (this.#isOver) this.#shaken();
    }
  }

  /** @throws {HoldfastError} `timeout` or `expired` where what was found out about the client holds no longer. */
  checkIsCurrent({ principal: { expires = Infinity } }: Identified): void {
    if (this.#server.changes !== this.#changes) {
      throw new HoldfastError("timeout", "What is known of this client may have changed meanwhile: try again.");
    }
    if (expires > Date.now()) return;
    throw new HoldfastError("expired", "The client's credentials have ended before it was let in.");
  }

  /** @throws {HoldfastError} `unauthorized` where no rule lets the client connect. */
  checkMayConnect({ connect }: Rights): void {
    if (!connect) throw unauthorized(new HoldfastError("unauthorized", "No rule lets it connect."));
  }

  /**
   * Has an OPEN wait until the client shows that it is there.
   *
   * @returns The number to ask it by: neither one of the pump's, nor that of a PONG that nobody asked for.
   */
  knock(goOn: () => void): number {
    const number = 2 ** 32 + crypto.getRandomValues(new Uint32Array(1))[0]!;
    this.#knock = { number, goOn };
    return number;
  }

  /** The client has answered a PING. */
  answered(number: number): void {
    const knock = this.#knock;
    if (knock?.number !== number) return;
    this.#knock = undefined;
    knock.goOn();
  }

  /** The client was let in: it has a session. Nobody needs this any more, if `ServerCore.lost` is told of the end. */
  passed(): void {
    this.#server.deadlines.delete(this);
    this.#server.shaking.delete(this.#link);
  }

  /** The client is refused. */
  refused(error: HoldfastError, principal: Principal | undefined): void {
    this.#isOver = true;
    this.#shaken();
    const { remote } = this.#stream;
    this.#server.attempts.failed(remote.hostname, error);
    this.#server.log({
      level: levelOf(error),
      message: "A client was refused.",
      event: "refused",
      remote: formatAddress(remote),
      ...(principal && { principal: withoutClaims(principal) }),
      error: error.cause ?? error,
    });
  }

  /** What was asked for is done, without a session: the line is about to end. */
  served(): void {
    this.#isOver = true;
    this.#shaken();
  }

  /** The line has ended. To be told what becomes of its session before that. */
  gone(): void {
    this.#isOver = true;
    this.#server.deadlines.delete(this);
    this.#shaken();
    this.#server.lost(this.#link);
  }

  /** The handshake is not under way any more. */
  #shaken(): void {
    if (!this.#isAsking) this.#server.shaking.delete(this.#link);
  }
}

/** How much it matters that a client is refused. What `onConnect` has thrown was told, and has no cause here. */
function levelOf(error: HoldfastError): LogRecord["level"] {
  if (error.code === "internal" && error.cause !== undefined) return "error";
  return BLAMELESS.has(error.code) ? "info" : "warning";
}
