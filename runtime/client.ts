/**
 * Connecting to a service.
 *
 * @module
 */

import type { Definition, Message, ServiceTypes, UnknownService } from "../idl/definition.ts";
import type { Misfit } from "../idl/resolve.ts";
import { parseAddress } from "./address.ts";
import { checkBackoff, DEFAULT_BACKOFF } from "./backoff.ts";
import { signalOf } from "./call_options.ts";
import { checkOptions } from "./client_arguments.ts";
import { ClientCredentials } from "./client_credentials.ts";
import { openLink } from "./client_link.ts";
import type { ClientOptions } from "./client_options.ts";
import { type Clock, systemClock } from "./clock.ts";
import { disetClient } from "./diset/client.ts";
import { openDisetLink } from "./diset/client_link.ts";
import { type AnyHandler, type Call, isPending } from "./dispatch.ts";
import { cancelled, HoldfastError } from "./errors.ts";
import { knownDefinitions } from "./known_definitions.ts";
import { completeLimits } from "./limits.ts";
import { Listeners } from "./listeners.ts";
import { consoleLog } from "./log.ts";
import { deferred, quiet } from "./promises.ts";
import { Reconnector } from "./reconnector.ts";
import type { Outcome } from "./session/outgoing.ts";
import type { SendOptions } from "./session/types.ts";
import type { Status } from "./status.ts";
import { type Callback, Subscriptions } from "./subscriptions.ts";
import { watchedNetwork } from "./telemetry/watched_network.ts";
import { incompatible, Translation } from "./translation.ts";
import { plainNetwork } from "./transport/plain.ts";
import { nativeNetwork } from "./transport/runtime.ts";
import type { Answer, Names, Read, ReplyRead, RequestNames, SendNames, Written } from "./types.ts";

/** What a client does with a message that the service sends. What a request's callback returns is the reply. */
export type ClientCallback<T extends ServiceTypes, N extends Names<T["sends"]>> = (
  message: Read<T["sends"], N>,
  client: Client<T>,
  call: Call,
) => Answer<T["sends"], N>;

/** A message with its name, as an iteration over all messages gives it. */
export type AnyMessage<T extends ServiceTypes> = {
  [N in Names<T["sends"]>]: { readonly name: N; readonly message: Read<T["sends"], N> };
}[Names<T["sends"]>];

/** How to connect. */
export interface ConnectOptions<T extends ServiceTypes> extends ClientOptions {
  /** The service's connect arguments. */
  readonly args?: T["connect"]["write"];
  /** Callbacks, as `on` adds them. */
  readonly messages?: { readonly [N in Names<T["sends"]>]?: ClientCallback<T, N> };
}

/** How long `close` waits for the service to have handled what was sent, in milliseconds. */
const DRAIN = 5_000;

/**
 * A client of one service: one connection, kept open, made again when it has ended.
 *
 * @example
 * ```ts
 * import { Client } from "holdfast";
 *
 * await using client = new Client("tls://localhost:1/Framework/PingPong");
 * client.on("Pong", (pong) => console.log(pong.id));
 * // The first thing that is sent connects.
 * await client.send("Ping", { id: 1 }).catch((error) => console.log(error.code));
 * ```
 */
export class Client<T extends ServiceTypes = UnknownService> implements AsyncDisposable {
  readonly #own: Definition | undefined;
  readonly #subscriptions = new Subscriptions();
  readonly #disconnectListeners: Listeners<{ readonly reason: HoldfastError; readonly outcome: Outcome }>;
  readonly #reconnector: Reconnector;
  readonly #clock: Clock;

  /**
   * Makes a client, which connects when `connect` is called or something is sent.
   *
   * @param url `tls://HOST:PORT/System/Component`, or with `dips` for a service of DIRAC's; several are tried in turn.
   * @param definition What this client was compiled from; without it, the service tells its own, but for one of DIRAC's.
   * @param options Whom to trust, what to tell the service, what to do with messages.
   * @throws {HoldfastError} `invalid-argument` where the URL or an option can't be used.
   */
  constructor(url: string | readonly string[], definition?: Definition<T>, options: ConnectOptions<T> = {}) {
    checkOptions(options);
    const { clock = systemClock, log = consoleLog, reconnect = DEFAULT_BACKOFF, misfits = "skip", signal } = options;
    this.#own = definition as Definition | undefined;
    this.#clock = clock;
    this.#disconnectListeners = new Listeners(log);
    const limits = completeLimits(options.limits);
    if (reconnect !== false) checkBackoff(reconnect);
    const translate = (theirs: Definition) => {
      const translation = new Translation(this.#own, theirs, limits);
      const problems = translation.misfits.flatMap((misfit) => misfit.problems);
      if (misfits === "refuse" && problems.length > 0) throw incompatible("Messages do not fit", problems);
      return translation;
    };
    const addresses = (typeof url === "string" ? [url] : url).map((one) => parseAddress(one, ["tls", "dips", "dip"]));
    const link = {
      network: watchedNetwork(options.network ?? nativeNetwork(), options.telemetry),
      clock,
      limits,
      log,
      telemetry: options.telemetry,
      ca: options.ca,
      crl: options.crl,
      credentials: new ClientCredentials(options.certificate, options.token, options.group),
      known: this.#own === undefined ? knownDefinitions(options.network) : undefined,
      args: options.args ?? {},
      resumable: options.resume ?? true,
      find: (name: string, translation: Translation) => this.#handler(name, translation),
      translate,
    };
    const plain = watchedNetwork(plainNetwork(), options.telemetry);
    const diset = disetClient(addresses, this.#own, options, limits, plain);
    this.#reconnector = new Reconnector({
      addresses,
      // Chosen by the service, a client that does not hear of it could not ask again for the session that it has there.
      identity: options.identity ?? (diset === undefined ? crypto.randomUUID() : ""),
      translation: this.#own && translate(this.#own),
      backoff: reconnect === false ? undefined : reconnect,
      random: options.random ?? Math.random,
      link,
      openLink: (attempt) => diset === undefined ? openLink(link, attempt) : openDisetLink(link, diset, attempt),
      disconnected: (reason, outcome) => this.#disconnectListeners.tell({ reason, outcome }),
      // Whoever iterates learns that nothing will come.
      gaveUp: (reason) => this.#subscriptions.end(reason),
      opened: () => this.#subscriptions.reopen(),
    });
    for (const [name, callback] of Object.entries(options.messages ?? {})) {
      if (callback !== undefined) this.on(name as Names<T["sends"]>, callback as ClientCallback<T, Names<T["sends"]>>);
    }
    const abort = () => this.#reconnector.close(cancelled(signal!));
    if (signal?.aborted === true) abort();
    signal?.addEventListener("abort", abort, { once: true });
  }

  /** Where the client stands. */
  get status(): Status {
    return this.#reconnector.teller.status;
  }

  /** Names this connection, as the service sees it too; `undefined` while there is none. */
  get transportId(): string | undefined {
    return this.#reconnector.session?.transportId;
  }

  /** Names this client, on every connection: by the option, or at random; to a service of DIRAC's, "" before the first. */
  get identity(): string {
    return this.#reconnector.identity;
  }

  /** The service's definition, as far as it is known: what it told, else what this client was compiled from. */
  get definition(): Definition | undefined {
    return this.#reconnector.translation?.definition;
  }

  /** Messages of which this side's definition and the service's do not fit, each with the reasons. */
  get misfits(): readonly Misfit[] {
    return this.#reconnector.translation?.misfits ?? [];
  }

  /**
   * Connects, if it is not connected.
   *
   * @param options A signal that calls off the waiting.
   * @returns When the service has let this client in.
   * @throws {HoldfastError} `unreachable`, `certificate`, `refused`, `unauthorized`, `unknown-service`,
   * `incompatible`, `no-credentials`, `identity-in-use`, `invalid-message` (the connect arguments), `protocol`, `timeout`, `disconnected`,
   * `cancelled`, `closed`, `invalid-argument`.
   */
  async connect(options?: { readonly signal?: AbortSignal }): Promise<void> {
    await this.#reconnector.open(signalOf("connect()", options));
  }

  /**
   * Sends a message; connects first where there is no connection.
   *
   * @param name The message's name.
   * @param message What it holds.
   * @param options Whether to wait until it has been handled; a signal.
   * @returns Settled when the message may go, and with `acknowledge` when the service has handled it. Wait for it, and a
   * slow service slows its sender down. A rejection that nobody looks at does no harm.
   * @throws {HoldfastError} At once while connected, where it can't be sent: `unknown-message`, `wrong-direction`,
   * `invalid-message`, `unauthorized`, `incompatible`, `limit`, `invalid-argument` (an option); the promise rejects with
   * those where it has to connect first. It rejects with `disconnected`, `cancelled`, with why the service ended the
   * connection because of this message, or as `connect`.
   */
  send<N extends SendNames<T["receives"]>>(
    name: N,
    message: Written<T["receives"], N>,
    options?: SendOptions,
  ): Promise<void> {
    const { session } = this.#reconnector;
    if (session !== undefined) return session.send(name, message, options);
    return quiet(this.#reconnector.open(options?.signal).then((session) => session.send(name, message, options)));
  }

  /**
   * Sends a request; connects first where there is no connection.
   *
   * @param name The request's name.
   * @param message What it holds.
   * @param options A signal that calls it off, also at the service.
   * @returns Its reply.
   * @throws {HoldfastError} As {@link Client.send}; the promise also rejects with what the service's handler failed
   * with: `handler-failed`, `internal`, `no-handler`.
   */
  request<N extends RequestNames<T["receives"]>>(
    name: N,
    message: Written<T["receives"], N>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<ReplyRead<T["receives"], N>> {
    const signal = signalOf("request()", options);
    const { session } = this.#reconnector;
    if (session !== undefined) return session.request(name, message, signal);
    return quiet(this.#reconnector.open(signal).then((session) => session.request(name, message, signal)));
  }

  /**
   * Adds a callback for a message that the service sends; a request takes one only, which gives the reply. The message
   * counts as handled when the callback has returned and what it returned has settled. A callback that throws ends the
   * connection, or, for a request, answers it with the error.
   *
   * @param name The message's name.
   * @param callback What to do with it.
   * @returns Takes the callback off again.
   * @throws {HoldfastError} `unknown-message`, `wrong-direction`, `incompatible` where the definition is known;
   * `invalid-argument` where a request has its callback already.
   */
  on<N extends Names<T["sends"]>>(name: N, callback: ClientCallback<T, N>): () => void {
    const message = this.#sent(name);
    if (message?.sends?.reply !== undefined && this.#subscriptions.has(name)) {
      throw new HoldfastError(
        "invalid-argument",
        `${name} is a request, and has the callback that answers it already.`,
      );
    }
    const untyped = callback as (message: unknown, client: unknown, call: Call | undefined) => unknown;
    return this.#subscriptions.add(name, (_name, message, call) => untyped(message, this, call));
  }

  /**
   * Adds a callback for all messages that the service sends, requests aside. It runs before those for one message.
   *
   * @param callback What to do with a message.
   * @returns Takes the callback off again.
   */
  onMessage(callback: (received: AnyMessage<T>, client: Client<T>) => void | Promise<void>): () => void {
    const whole: Callback = (name, message) => callback({ name, message } as AnyMessage<T>, this);
    return this.#subscriptions.add(undefined, whole);
  }

  /**
   * Adds a callback for the end of a connection, by the service or by an error; not for `close`.
   *
   * @param callback What to do; `reason` says why.
   * @returns Takes the callback off again.
   */
  onDisconnect(callback: (reason: HoldfastError, outcome: Outcome) => void): () => void {
    return this.#disconnectListeners.add(({ reason, outcome }) => callback(reason, outcome));
  }

  /**
   * Adds a callback for every change of `status`.
   *
   * @param callback What to do.
   * @returns Takes the callback off again.
   */
  onStatus(callback: (status: Status) => void): () => void {
    return this.#reconnector.teller.add(callback);
  }

  /**
   * Iterates over messages that arrive from now on, also over those of later connections. A message counts as handled
   * when the loop comes back for the next one, so a loop that takes long slows the service down.
   *
   * @param name Which messages.
   * @param options A signal that ends the iteration by a `cancelled` error.
   * @returns Ends when the client is closed; throws why it can't connect any more.
   * @throws {HoldfastError} `unknown-message`, `wrong-direction` where the definition is known.
   */
  messages<N extends SendNames<T["sends"]>>(
    name: N,
    options?: { readonly signal?: AbortSignal },
  ): AsyncIterableIterator<Read<T["sends"], N>> {
    this.#sent(name);
    return this.#subscriptions.iterate(name, signalOf("messages()", options), ({ message }) => message);
  }

  /** Iterates over all messages that arrive from now on, each with its name; as {@link Client.messages}. */
  [Symbol.asyncIterator](): AsyncIterableIterator<AnyMessage<T>> {
    return this.#subscriptions.iterate(
      undefined,
      undefined,
      ({ name, message }) => ({ name, message }) as AnyMessage<T>,
    );
  }

  /**
   * Closes the connection for good, when the service has handled what was sent, but at the latest after 5 s. What waits
   * to be sent then is rejected. Safe to call again.
   *
   * @param reason What the service is told.
   * @returns When the connection has ended.
   */
  async close(reason = "The client has closed the connection."): Promise<void> {
    const { session } = this.#reconnector;
    if (session !== undefined) {
      const drained = deferred<void>();
      const stopTimer = this.#clock.set(DRAIN, drained.resolve);
      void session.carrier.session.drained().then(drained.resolve);
      await drained.promise;
      stopTimer();
    }
    this.#reconnector.close(new HoldfastError("closed", reason));
    this.#subscriptions.end(undefined);
    await this.#reconnector.over;
  }

  /** As {@link Client.close}. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #handler(name: string, translation: Translation): AnyHandler {
    const message = translation.table.name(name)!;
    const deliver = this.#subscriptions.deliverer(name);
    return (value, call) => {
      const received = translation.incoming(message, value);
      if (call === undefined) return deliver(received);
      const answer = this.#subscriptions.answer(name, received, call);
      return isPending(answer)
        ? answer.then((value) => translation.answer(message, value))
        : translation.answer(message, answer);
    };
  }

  /** The message of that name that the service sends, if its definition is known. */
  #sent(name: string): Message | undefined {
    return this.#reconnector.translation?.find(name, "sends");
  }
}
