/**
 * A service that listens.
 *
 * @module
 */

import type { ServiceTypes } from "../idl/definition.ts";
import { checkOverflow } from "./call_options.ts";
import { type ClientTrust, createClientVerifier } from "./certificates/client_verifier.ts";
import { HoldfastError } from "./errors.ts";
import type { Snapshot } from "./monitoring/monitor.msg.ts";
import { type Service, type SnapshotOptions, takeSnapshot } from "./monitoring/snapshot.ts";
import { checkNames, requireMessage } from "./names.ts";
import { quiet } from "./promises.ts";
import type { Connection } from "./server_connection.ts";
import type { Wire } from "./server_core.ts";
import type { CloseOptions } from "./server_options.ts";
import type { SendOptions } from "./session/types.ts";
import { judgeAgain } from "./session_credentials.ts";
import type { Listener, ServerCertificate } from "./transport/transport.ts";
import type { SendNames, Written } from "./types.ts";

/** A service that listens. */
export interface Server<T extends ServiceTypes = ServiceTypes> extends AsyncDisposable {
  /** The address it listens on. */
  readonly hostname: string;
  /** The port it listens on. */
  readonly port: number;
  /** Where clients connect to: `tls://HOSTNAME:PORT/System/Component`. */
  readonly url: string;
  /**
   * Where DIRAC's clients connect to: `dips://HOSTNAME:PORT/System/Component`, and `dip://…` without TLS if it
   * listens for them. Empty if it does not speak DISET.
   */
  readonly disetUrls: readonly string[];
  /** The clients that are connected, by transport id. */
  readonly connections: ReadonlyMap<string, Connection<T>>;

  /**
   * Sends a message to one client.
   *
   * @param transportId Which.
   * @param name The message's name.
   * @param message What it holds.
   * @param options Whether to wait until it has been handled; a signal.
   * @returns As `Connection.send`; rejects with `disconnected` where no such client is connected.
   * @throws {HoldfastError} At once, as `Connection.send`.
   */
  send<N extends SendNames<T["sends"]>>(
    transportId: string,
    name: N,
    message: Written<T["sends"], N>,
    options?: SendOptions,
  ): Promise<void>;

  /**
   * Sends a message to every client that takes it.
   *
   * @param name The message's name.
   * @param message What it holds.
   * @param options What becomes of it where a client reads too slowly: "drop-oldest", unless said otherwise.
   * @returns To how many it was sent. It does not wait for slow ones.
   * @throws {HoldfastError} Where it can't be sent to anybody, as `Connection.send`.
   */
  broadcast<N extends SendNames<T["sends"]>>(
    name: N,
    message: Written<T["sends"], N>,
    options?: Pick<SendOptions, "overflow">,
  ): number;

  /**
   * Tells how the service and its clients are doing: what `holdfast top` shows, without the rates. All of it is taken
   * from what is kept anyway, in a time that grows with the number of sessions.
   *
   * @param options Which sessions it lists, and in which order.
   * @returns Plain data, of this moment. Nothing in it is secret, but it names clients and where they are.
   *
   * @example
   * ```ts
   * import { parse, serve } from "holdfast";
   * import { readFileSync } from "node:fs";
   *
   * await using server = await serve(parse("Ping < id: int > service Lab/Ping { auth all receives Ping }"), {
   *   cert: readFileSync("cert.pem", "utf8"),
   *   key: readFileSync("key.pem", "utf8"),
   *   messages: { Ping: () => {} },
   * });
   * const { clients, connections, slow } = server.snapshot({ limit: 10 });
   * console.log(`${slow} of ${connections} clients are slow`);
   * for (const { identity, waitingBytes } of clients) console.log(identity, waitingBytes);
   * ```
   */
  snapshot(options?: SnapshotOptions): Snapshot;

  /**
   * Shows another certificate from now on, to every client that connects. Those that are connected stay, with the
   * certificate that they have seen, and no attempt to connect is lost. Needs the option `renewable`.
   *
   * Or heeds other lists of what the authorities of `clientCertificates` have taken back: whoever connects from now on,
   * or comes back to go on, is judged by these, and so is whoever is connected, one after the other: a client that would
   * not be let in any more is disconnected (`unauthorized`), and the log says why (`withdrawn`).
   *
   * @param renewed The certificate, its chain behind it, and its private key; or the lists, all of them: PEM.
   * @throws {HoldfastError} `invalid-argument` when they can't be used, the service is not `renewable`, or it asks for
   * no certificates of clients; nothing has changed then.
   */
  renew(renewed: ServerCertificate | Required<Pick<ClientTrust, "crl">>): void;

  /**
   * Stops without losing anything: takes no new clients, sends nothing new, and asks those that are connected to leave
   * when what was begun is done. They come back elsewhere or later. Safe to call again.
   *
   * @param options Over how long they are to spread their leaving; how long to wait for the last.
   * @returns When all connections have ended and every `onDrop` has run.
   */
  close(options?: CloseOptions): Promise<void>;
}

/** One that shows no certificate. */
type PlainListener = Omit<Listener, "renew">;

/** A listener, and the name or address that it was asked to listen on. */
interface Listening<L extends PlainListener = Listener> {
  readonly listener: L;
  readonly hostname: string;
}

/** Where a service listens. */
export interface Listeners {
  readonly tls: Listening;
  /** Whether DISET is spoken there, too. */
  readonly diset: boolean;
  /** For DISET without TLS. */
  readonly plain?: Listening<PlainListener>;
}

/** A {@link Server}, as `serve` makes it. */
export class RunningServer<T extends ServiceTypes> implements Server<T> {
  readonly #core: Service["core"];
  readonly #sessions: Service["sessions"];
  /** What is offered beside the service, to whoever may watch it. */
  readonly #monitor: Service | undefined;
  readonly #listeners: Listeners;
  readonly #stopWatching: (() => void) | undefined;
  readonly #trust: ClientTrust | undefined;
  #closing: Promise<void> | undefined;

  constructor(
    { core, sessions }: Service,
    monitor: Service | undefined,
    listeners: Listeners,
    stopWatching: (() => void) | undefined,
    trust: ClientTrust | undefined,
  ) {
    this.#core = core;
    this.#sessions = sessions;
    this.#listeners = listeners;
    this.#monitor = monitor;
    this.#stopWatching = stopWatching;
    this.#trust = trust;
  }

  get hostname(): string {
    return this.#listeners.tls.listener.hostname;
  }

  get port(): number {
    return this.#listeners.tls.listener.port;
  }

  get url(): string {
    return this.#url("tls", this.#listeners.tls);
  }

  get disetUrls(): readonly string[] {
    const { diset, plain, tls } = this.#listeners;
    return [
      ...(diset ? [this.#url("dips", tls)] : []),
      ...(plain === undefined ? [] : [this.#url("dip", plain)]),
    ];
  }

  get connections(): ReadonlyMap<string, Connection<T>> {
    return this.#core.connections as ReadonlyMap<string, unknown> as ReadonlyMap<string, Connection<T>>;
  }

  send<N extends SendNames<T["sends"]>>(
    transportId: string,
    name: N,
    message: Written<T["sends"], N>,
    options?: SendOptions,
  ): Promise<void> {
    const connection = this.connections.get(transportId);
    if (connection !== undefined) return connection.send(name, message, options);
    return quiet(Promise.reject(new HoldfastError("disconnected", `No client ${transportId} is connected.`)));
  }

  broadcast<N extends SendNames<T["sends"]>>(
    name: N,
    message: Written<T["sends"], N>,
    options: Pick<SendOptions, "overflow"> = {},
  ): number {
    checkNames("broadcast()", options, ["overflow"]);
    checkOverflow(options.overflow);
    const sending = { overflow: options.overflow ?? "drop-oldest" } as const;
    const { connections, table } = this.#core;
    const found = requireMessage(table, name);
    if (found.sends === undefined || found.sends.reply !== undefined) {
      throw new HoldfastError("wrong-direction", `${name} is not for a service to send to all.`);
    }
    // Once for all, whatever part of the definition each holds; what can't be sent to anybody is said, even if nobody
    // is there.
    const frames = new Map<Wire, Uint8Array>([[this.#core.native, this.#core.native.encode(found, message)]]);
    let count = 0;
    for (const { carrier, connection, wire } of this.#sessions.all()) {
      if (!connections.has(connection.transportId) || !connection.takes(name)) continue;
      try {
        let frame = frames.get(wire);
        if (frame === undefined) frames.set(wire, frame = wire.encode(found, message));
        void carrier.session.send(found, message, sending, frame);
        count++;
      } catch (error) {
        // Too long for this client alone: the others are not to suffer for that.
        const { transportId } = connection;
        this.#core.log({ level: "warning", message: `A client could not be sent ${name}.`, transportId, error });
      }
    }
    return count;
  }

  snapshot(options: SnapshotOptions = {}): Snapshot {
    checkNames("snapshot()", options, ["limit", "order"]);
    return takeSnapshot({ core: this.#core, sessions: this.#sessions }, options).snapshot;
  }

  renew(renewed: ServerCertificate | Required<Pick<ClientTrust, "crl">>): void {
    if (!("crl" in renewed)) return this.#listeners.tls.listener.renew(renewed);
    checkNames("renew(), of lists,", renewed, ["crl"]);
    // Without any, certificates that were taken back would be believed again.
    if (typeof renewed.crl !== "string") {
      throw new HoldfastError("invalid-argument", 'renew() needs the lists: "crl" must be the text of a PEM file.');
    }
    if (this.#trust === undefined) {
      throw new HoldfastError(
        "invalid-argument",
        'Lists are of use to a service with the option "clientCertificates".',
      );
    }
    this.#core.authenticator.believe(createClientVerifier({ ...this.#trust, crl: renewed.crl }));
    // Whoever is being looked at was looked at by the lists of before.
    for (const service of [{ core: this.#core, sessions: this.#sessions }, this.#monitor]) {
      if (service === undefined) continue;
      service.core.changes++;
      void service.core.track(judgeAgain(service.core, service.sessions.all()));
    }
  }

  close(options: CloseOptions = {}): Promise<void> {
    checkNames("close()", options, ["spread", "timeout"]);
    return this.#closing ??= this.#close(options);
  }

  async #close({ spread = 0, timeout = 10_000 }: CloseOptions): Promise<void> {
    const monitor = this.#monitor;
    this.#core.stopping = true;
    if (monitor !== undefined) monitor.core.stopping = true;
    const sessions = () => [...this.#sessions.all(), ...monitor?.sessions.all() ?? []];
    this.#stopWatching?.();
    const { plain, tls } = this.#listeners;
    const stopped = Promise.all([tls.listener.close(), plain?.listener.close()]);
    const reason = new HoldfastError("stopping", "The service is stopping.");
    const end = () => {
      for (const session of sessions()) session.end(reason);
      for (const link of [...this.#core.links]) link.end(reason);
    };
    for (const session of sessions()) session.leave(reason, spread);
    for (const link of [...this.#core.links]) link.stop(reason);
    const stopTimer = this.#core.clock.set(spread + timeout, end);
    await this.#core.idle();
    await monitor?.core.idle();
    stopTimer();
    await stopped;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #url(protocol: string, { hostname, listener }: Listening<PlainListener>): string {
    return `${protocol}://${formatUrlHost(hostname)}:${listener.port}/${this.#core.table.definition.shape.service}`;
  }
}

/** An address that stands for all of a machine's is none to connect to. */
function formatUrlHost(hostname: string): string {
  const host = hostname === "0.0.0.0" || hostname === "::" ? "localhost" : hostname;
  return host.includes(":") ? `[${host}]` : host;
}
