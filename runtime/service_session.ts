/**
 * A client's session at the service: it begins when `onConnect` has let the client in, outlives broken lines, and ends
 * with `onDrop`.
 *
 * @module
 */

import type { Access } from "./access.ts";
import { formatAddress } from "./address.ts";
import { type Rights, unauthorized } from "./authorization.ts";
import { Carrier, type CarrierEvents } from "./carrier.ts";
import type { Pump } from "./connection.ts";
import { ownerOf, withoutClaims } from "./credentials.ts";
import { type AnyHandler, Dispatcher, type Handlers, reportError } from "./dispatch.ts";
import { HoldfastError } from "./errors.ts";
import type { AuditEvent, LogRecord } from "./log.ts";
import { Connection } from "./server_connection.ts";
import type { ServerCore, Wire } from "./server_core.ts";
import type { Newcomer, Terms } from "./service_terms.ts";
import { SessionCredentials, type SessionCredentialsEvents } from "./session_credentials.ts";
import type { SessionStore, StoredSession } from "./session_store.ts";
import { OPEN, StatusTeller } from "./status.ts";
import type { CredentialsSink } from "./wire/native/frames.ts";
import type { Welcome } from "./wire/native/handshake.ts";
import type { Reader } from "./wire/native/reader.ts";
import type { Fault } from "./wire/wire.ts";

/**
 * See the module's text. What it is made of calls it back by its own methods: closures for that would be a good part of
 * what an idle session costs.
 */
export class ServiceSession
  implements StoredSession, CarrierEvents, CredentialsSink, Handlers, SessionCredentialsEvents
{
  readonly connection: Connection;
  readonly carrier: Carrier;
  readonly owner: string;
  readonly number: number;
  /** What its client speaks. */
  readonly wire: Wire;
  /** What the client may do. */
  readonly access: Access;
  /** When it began: milliseconds since 1970. */
  readonly since: number = Date.now();
  /** How often it has gone on over another line. */
  resumptions = 0;
  /** Made when they are to end, or to be renewed: an anonymous client's are neither. */
  #credentials: SessionCredentials | undefined;
  readonly #server: ServerCore;
  readonly #store: SessionStore<StoredSession>;
  readonly #teller: StatusTeller;
  #stopTimeout: (() => void) | undefined;
  #isConnected = false;

  constructor(server: ServerCore, store: SessionStore<StoredSession>, newcomer: Newcomer, terms: Terms) {
    const { limits } = server;
    const { access, diset, identity, nonce, remote } = newcomer;
    this.#store = store;
    this.number = store.tokens.number();
    const transportId = nonce === undefined ? crypto.randomUUID() : store.tokens.transportId(this.number, nonce);
    this.#server = server;
    this.owner = ownerOf(access.principal);
    this.wire = terms.wire;
    this.access = access;
    this.#teller = new StatusTeller("connecting", server.log);
    this.carrier = new Carrier({
      role: "service",
      encoder: terms.encoder,
      // What the client may not know is as if it were not.
      messages: access.view.table,
      limits,
      peer: terms.peer,
      dispatcher: new Dispatcher(this),
      disconnectSlow: server.disconnectSlow,
      resumable: terms.resumable,
      telemetry: server.telemetry?.session({
        side: "service",
        service: server.table.definition.shape.service,
        transportId,
      }),
    }, this);
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
    if (access.expiresIn > 0) this.credentials.awaitExpiry();
  }

  /** What the client has shown. */
  get credentials(): SessionCredentials {
    return this.#credentials ??= new SessionCredentials(this.#server, this.access, this);
  }

  get transportId(): string {
    return this.connection.transportId;
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
      token: this.#store.tokens.of(transportId),
      expiresIn: this.access.expiresIn,
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
      const { code, text } = this.report(error, "onConnect");
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
    this.audit("admitted", "A client was let in.");
    return undefined;
  }

  /** Goes over to a line: the first, or another after a break. */
  carry(pump: Pump, gap?: Welcome["resumed"]): void {
    this.#stopTimeout?.();
    this.carrier.carry(pump, gap);
    if (gap !== undefined) {
      this.resumptions++;
      this.#server.totals.resumptions++;
      this.#teller.tell({ state: "resumed" });
      this.audit("resumed", "A client has come back.");
    }
    this.#teller.tell(OPEN);
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

  /** Ends the session, since the client may not be connected any more. */
  withdraw(error: HoldfastError): void {
    this.audit("withdrawn", "A client may not be connected any more.", { level: "warning", error });
    this.end(error);
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

  shown(body: Reader): void {
    this.credentials.shown(body);
  }

  write(frame: Uint8Array): void {
    this.carrier.write(frame);
  }

  failed(error: HoldfastError): void {
    this.#server.attempts.failed(this.address, error);
  }

  get rights(): Rights {
    return this.access.rights;
  }

  find(name: string): AnyHandler | undefined {
    const handler = this.#server.find(name);
    return handler && ((value, call) => handler(value, this.connection, call));
  }

  report(error: unknown, what: string): Fault {
    return reportError(this.#server.log, this.transportId, error, what);
  }

  /** The client learns no more than that; the log says why. */
  refusal(name: string): HoldfastError | undefined {
    if (this.access.rights.maySend(name)) return undefined;
    const message = `No rule lets this client send ${name}.`;
    this.audit("denied", message, { level: "warning", action: `receives ${name}` });
    return unauthorized();
  }

  audit(event: AuditEvent | undefined, message: string, more: Partial<LogRecord> = {}): void {
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

  /** The client was asked for a sign of life, or has given one. */
  stale(stale: boolean): void {
    this.#teller.tell(stale ? { state: "stale" } : OPEN);
  }

  /** Only services say that. */
  goingAway(): void {}

  ended(reason: HoldfastError): void {
    this.#stopTimeout?.();
    this.#credentials?.stop();
    this.#server.totals.ended(this.carrier.session.measure());
    this.#teller.tell({ state: "closed", reason });
    this.#store.remove(this);
    if (!this.#isConnected) return;
    this.audit("ended", "A client's session has ended.", { error: reason });
    void this.#drop(reason);
  }

  /** Runs `onDrop`: once, for each connection whose `onConnect` has returned. */
  async #drop(reason: HoldfastError): Promise<void> {
    const { connection } = this;
    await this.#server.track((async () => {
      try {
        await this.#server.onDrop?.(connection, reason, this.carrier.session.outcome);
      } catch (error) {
        this.report(error, "onDrop");
      }
      this.#server.connections.delete(connection.transportId);
    })());
  }
}
