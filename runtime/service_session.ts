/**
 * A client's session at the service: it begins when `onConnect` has let the client in, outlives broken lines, and ends
 * with `onDrop`.
 *
 * @module
 */

import { randomBytes } from "node:crypto";
import { unauthorized } from "./authorization.ts";
import { Carrier } from "./carrier.ts";
import type { Pump } from "./connection.ts";
import { Dispatcher, type Reporter, reporter } from "./dispatch.ts";
import { HoldfastError } from "./errors.ts";
import { Connection } from "./server_connection.ts";
import type { ServerCore } from "./server_core.ts";
import { hashToken, type SessionStore, type StoredSession } from "./session_store.ts";
import { StatusTeller } from "./status.ts";
import type { Stream } from "./transport/transport.ts";
import { type Open, TOKEN_SIZE, type Welcome } from "./wire/native/handshake.ts";

/** See the module's text. */
export class ServiceSession implements StoredSession {
  readonly connection: Connection;
  readonly carrier: Carrier;
  /** The hash of the token that the client goes on with. */
  readonly tokenHash: Uint8Array;
  readonly #server: ServerCore;
  readonly #store: SessionStore<StoredSession>;
  readonly #token: Uint8Array;
  readonly #report: Reporter;
  readonly #teller: StatusTeller;
  #stopExpiry: () => void = () => {};
  #isConnected = false;

  constructor(
    server: ServerCore,
    store: SessionStore<StoredSession>,
    remote: Stream["remote"],
    identity: string,
    open: Open,
  ) {
    const { limits, table } = server;
    this.#store = store;
    const transportId = crypto.randomUUID();
    this.#server = server;
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
      (name) => server.authorization.maySend(name) ? undefined : this.#unauthorized(name),
    );
    this.carrier = new Carrier({
      role: "service",
      table,
      limits,
      peer: open.limits,
      dispatcher,
      disconnectSlow: server.disconnectSlow,
      resumable: server.resumable && open.resumable,
      goingAway: () => {},
      ended: (reason) => this.#ended(reason),
    });
    const { session } = this.carrier;
    this.connection = new Connection(
      { transportId, identity, remote },
      session,
      table,
      open.declined,
      server.authorization,
      this.#teller,
    );
    store.add(identity, this);
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
    return { limits: { frame, window, requests }, transportId, identity, token: this.#token };
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
    if (reason === undefined) this.#server.connections.set(this.connection.transportId, this.connection);
    else await this.#drop(reason);
    return reason;
  }

  /** Goes over to a line: the first, or another after a break. */
  carry(pump: Pump, gap?: Welcome["resumed"]): void {
    this.#stopExpiry();
    this.carrier.carry(pump, gap);
    if (gap !== undefined) this.#teller.tell({ state: "resumed" });
    this.#teller.tell({ state: "open" });
  }

  /** A line has broken: the session waits for its client, if it may. */
  broken(pump: Pump, reason: HoldfastError): void {
    if (!this.carrier.release(pump)) return;
    const { session } = this.carrier;
    if (!this.carrier.resumable || this.#server.stopping) return session.disconnected(reason);
    const { clock, limits: { sessionTimeout } } = this.#server;
    this.#teller.tell({ state: "resuming", reason });
    this.#stopExpiry = clock.set(sessionTimeout, () => {
      const text = `The client did not come back within ${sessionTimeout} ms. ${reason.message}`;
      session.disconnected(new HoldfastError("disconnected", text, { cause: reason }));
    });
  }

  /** Ends the session, and tells the client why. */
  end(error: HoldfastError): void {
    this.carrier.end(error);
  }

  /** Asks the client to leave; ends the session at once if the client is not there to be asked. */
  leave(reason: HoldfastError, spread: number): void {
    if (!this.carrier.isCarried) return this.end(reason);
    this.#teller.tell({ state: "draining", reason });
    this.carrier.session.goAway(spread);
  }

  /** The client learns no more than that; the log says why. */
  #unauthorized(name: string): HoldfastError {
    const { transportId } = this.connection;
    this.#server.log({ level: "warning", message: `No rule lets this client send ${name}.`, transportId });
    return unauthorized();
  }

  /** The client was asked for a sign of life, or has given one. */
  stale(stale: boolean): void {
    this.#teller.tell({ state: stale ? "stale" : "open" });
  }

  #ended(reason: HoldfastError): void {
    this.#stopExpiry();
    this.#teller.tell({ state: "closed", reason });
    this.#store.remove(this.connection.identity, this);
    if (this.#isConnected) void this.#drop(reason);
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
