/**
 * A client's session at the service: it begins when `onConnect` has let the client in, outlives broken lines, and ends
 * with `onDrop`.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import type { Access } from "./access.ts";
import { formatAddress } from "./address.ts";
import { unauthorized } from "./authorization.ts";
import { Carrier } from "./carrier.ts";
import type { Pump } from "./connection.ts";
import { ownerOf, withoutClaims } from "./credentials.ts";
import { Dispatcher, type Reporter, reporter } from "./dispatch.ts";
import { HoldfastError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { AuditEvent, LogRecord } from "./log.ts";
import { Connection, type DisetClaims } from "./server_connection.ts";
import type { ServerCore, Wire } from "./server_core.ts";
import { SessionCredentials } from "./session_credentials.ts";
import { hashToken, type SessionStore, type StoredSession } from "./session_store.ts";
import { StatusTeller } from "./status.ts";
import type { Stream } from "./transport/transport.ts";
import { TOKEN_SIZE, type Welcome } from "./wire/native/handshake.ts";
import type { FrameEncoder } from "./wire/wire.ts";

/** Whose session it is. */
export interface Newcomer {
  readonly access: Access;
  /** Its name for itself. */
  readonly identity: string;
  readonly remote: Stream["remote"];
  /** What it says of itself, if it speaks DISET. */
  readonly diset?: DisetClaims;
}

/** What its client speaks and takes. */
export interface Terms {
  /** Numbers of the messages that the client can't take. */
  readonly declined: readonly number[];
  readonly encoder: FrameEncoder;
  readonly peer: Pick<Limits, "window" | "requests">;
  /** Whether the session may go on after a break. */
  readonly resumable: boolean;
  readonly wire: Wire;
}

/** See the module's text. */
export class ServiceSession implements StoredSession {
  readonly connection: Connection;
  readonly carrier: Carrier;
  readonly owner: string;
  /** What its client speaks. */
  readonly wire: Wire;
  /** The hash of the token that the client goes on with. */
  readonly tokenHash: Uint8Array;
  /** What the client may do. */
  readonly access: Access;
  /** When it began: milliseconds since 1970. */
  readonly since: number = Date.now();
  /** How often it has gone on over another line. */
  resumptions = 0;
  /** What the client has shown. */
  readonly credentials: SessionCredentials;
  readonly #server: ServerCore;
  readonly #store: SessionStore<StoredSession>;
  readonly #token: Uint8Array;
  readonly #report: Reporter;
  readonly #teller: StatusTeller;
  #stopTimeout: () => void = () => {};
  #isConnected = false;

  constructor(server: ServerCore, store: SessionStore<StoredSession>, newcomer: Newcomer, terms: Terms) {
    const { limits } = server;
    const { access, diset, identity, remote } = newcomer;
    this.#store = store;
    const transportId = crypto.randomUUID();
    this.#server = server;
    this.owner = ownerOf(access.principal);
    this.wire = terms.wire;
    this.access = access;
    this.#teller = new StatusTeller("connecting", server.log);
    this.#token = new Uint8Array(randomBytes(TOKEN_SIZE));
    this.tokenHash = hashToken(this.#token);
    this.#report = reporter(server.log, () => transportId);
    const dispatcher = new Dispatcher(
      (name) => {
        const handler = server.find(name);
        return handler && ((value, call) => handler(value, this.connection, call));
      },
      this.#report,
      (name) => this.access.rights.maySend(name) ? undefined : this.#unauthorized(name),
    );
    this.credentials = new SessionCredentials(server, access, {
      audit: (event, message, more) => this.#audit(event, message, more),
      end: (error) => this.end(error),
      failed: (error) => server.attempts.failed(remote.hostname, error),
      write: (frame) => this.carrier.write(frame),
    });
    this.carrier = new Carrier({
      role: "service",
      encoder: terms.encoder,
      // What the client may not know is as if it were not.
      message: (name) => access.view.table.name(name),
      limits,
      peer: terms.peer,
      dispatcher,
      disconnectSlow: server.disconnectSlow,
      resumable: terms.resumable,
      telemetry: server.telemetry?.session({
        side: "service",
        service: server.table.definition.shape.service,
        transportId,
      }),
      goingAway: () => {},
      ended: (reason) => this.#ended(reason),
    });
    const { session } = this.carrier;
    this.connection = new Connection(
      { transportId, identity, remote, diset },
      session,
      server.table,
      terms.declined,
      access,
      this.#teller,
    );
    store.add(this);
    server.totals.begun++;
    this.credentials.awaitExpiry();
  }

  get identity(): string {
    return this.connection.identity;
  }

  get address(): string {
    return this.connection.remote.hostname;
  }

  get held(): number {
    return this.carrier.session.held;
  }

  /** What the client is told when it is let in, or has come back. */
  get welcome(): Welcome {
    const { limits: { frame, window, requests } } = this.#server;
    const { transportId, identity } = this.connection;
    const { rights, view } = this.access;
    const forbidden = view.forbidden(rights);
    return {
      limits: { frame, window, requests },
      transportId,
      identity,
      token: this.#token,
      expiresIn: this.credentials.expiresIn,
      forbidden,
      traces: this.#server.telemetry?.traces === true,
    };
  }

  /**
   * Asks the application whether the client may come in.
   *
   * @returns Why not, or `undefined`.
   */
  async admit(args: Record<string, unknown>): Promise<HoldfastError | undefined> {
    try {
      await this.#server.onConnect?.(this.connection, args);
    } catch (error) {
      const { code, text } = this.#report(error, "onConnect");
      const refusal = new HoldfastError(code === "handler-failed" ? "refused" : code, text);
      this.carrier.session.disconnected(refusal);
      return refusal;
    }
    this.#isConnected = true;
    const { reason } = this.carrier.session;
    if (reason !== undefined) {
      await this.#drop(reason);
      return reason;
    }
    this.#server.connections.set(this.connection.transportId, this.connection);
    this.#audit("admitted", "A client was let in.");
    return undefined;
  }

  /** Goes over to a line: the first, or another after a break. */
  carry(pump: Pump, gap?: Welcome["resumed"]): void {
    this.#stopTimeout();
    this.carrier.carry(pump, gap);
    if (gap !== undefined) {
      this.resumptions++;
      this.#server.totals.resumptions++;
      this.#teller.tell({ state: "resumed" });
      this.#audit("resumed", "A client has come back.");
    }
    this.#teller.tell({ state: "open" });
  }

  /** A line has broken: the session waits for its client, if it may. */
  broken(pump: Pump, reason: HoldfastError): void {
    if (!this.carrier.release(pump)) return;
    const { session } = this.carrier;
    if (!this.carrier.resumable || this.#server.stopping) return session.disconnected(reason);
    const { clock, limits: { sessionTimeout } } = this.#server;
    this.#teller.tell({ state: "resuming", reason });
    this.#stopTimeout = clock.set(sessionTimeout, () => {
      const text = `The client did not come back within ${sessionTimeout} ms. ${reason.message}`;
      session.disconnected(new HoldfastError("disconnected", text, { cause: reason }));
    });
  }

  /** Ends the session, and tells the client why. */
  end(error: HoldfastError): void {
    this.carrier.end(error);
  }

  /**
   * Asks the client to leave, or lets it go, where there is no word for that, when all is done that was begun. Ends the
   * session at once if the client is not there.
   */
  leave(reason: HoldfastError, spread: number): void {
    if (!this.carrier.isCarried) return this.end(reason);
    this.#teller.tell({ state: "draining", reason });
    const { session } = this.carrier;
    if (this.wire.asksToLeave) return session.goAway(spread);
    this.#stopTimeout = this.#server.clock.set(Math.random() * spread, async () => {
      await session.idle();
      await session.drained();
      this.end(reason);
    });
  }

  #audit(event: AuditEvent | undefined, message: string, more: Partial<LogRecord> = {}): void {
    const { identity, remote, transportId } = this.connection;
    const principal = withoutClaims(this.access.principal);
    this.#server.log({
      level: "info",
      message,
      ...(event !== undefined && { event }),
      transportId,
      identity,
      remote: formatAddress(remote),
      principal,
      ...more,
    });
  }

  /** The client learns no more than that; the log says why. */
  #unauthorized(name: string): HoldfastError {
    const message = `No rule lets this client send ${name}.`;
    this.#audit("denied", message, { level: "warning", action: `receives ${name}` });
    return unauthorized();
  }

  /** The client was asked for a sign of life, or has given one. */
  stale(stale: boolean): void {
    this.#teller.tell({ state: stale ? "stale" : "open" });
  }

  #ended(reason: HoldfastError): void {
    this.#stopTimeout();
    this.credentials.stop();
    this.#server.totals.ended(this.carrier.session.measure());
    this.#teller.tell({ state: "closed", reason });
    this.#store.remove(this);
    if (!this.#isConnected) return;
    this.#audit("ended", "A client's session has ended.", { error: reason });
    void this.#drop(reason);
  }

  /** Runs `onDrop`: once, for each connection whose `onConnect` has returned. */
  async #drop(reason: HoldfastError): Promise<void> {
    const { connection } = this;
    await this.#server.track((async () => {
      try {
        await this.#server.onDrop?.(connection, reason, this.carrier.session.outcome);
      } catch (error) {
        this.#report(error, "onDrop");
      }
      this.#server.connections.delete(connection.transportId);
    })());
  }
}
