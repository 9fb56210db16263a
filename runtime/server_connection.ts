/**
 * What a service's code holds of each client.
 *
 * @module
 */

import type { Message, ServiceTypes } from "../idl/definition.ts";
import type { Access } from "./access.ts";
import type { Rights } from "./authorization.ts";
import { checkSendOptions, signalOf } from "./call_options.ts";
import { HoldfastError } from "./errors.ts";
import { requireMessage, type Vocabulary } from "./names.ts";
import type { Principal } from "./principal.ts";
import type { Session } from "./session/session.ts";
import type { SendOptions } from "./session/types.ts";
import type { Status, StatusTeller } from "./status.ts";
import type { Stream } from "./transport/transport.ts";
import type { ReplyRead, RequestNames, SendNames, Written } from "./types.ts";

const NONE: ReadonlySet<number> = new Set();

/** What a client that speaks DISET says of itself on connecting. Nothing of it is proven. */
export interface DisetClaims {
  /** The setup that it means to be in. DIRAC's later releases know none, and say "None". */
  readonly setup: string;
  /** The virtual organisation, if it names one. */
  readonly vo?: string;
  /** The version of its software, if it names one. */
  readonly version?: string;
}

/** A client that is connected to a service. */
export class Connection<T extends ServiceTypes = ServiceTypes> {
  /** Names this connection as long as it lives, and no other, ever. */
  readonly transportId: string;
  /** Names the client; the same on its next connection. No two clients of one {@link Principal.subject} share it. */
  readonly identity: string;
  /** Where the client is. */
  readonly remote: Stream["remote"];
  /** What the client says of itself, if it speaks DISET; `undefined` if it speaks the native protocol. */
  readonly diset: DisetClaims | undefined;
  readonly #session: Session;
  readonly #messages: Vocabulary;
  readonly #declined: ReadonlySet<number>;
  readonly #access: Access;
  readonly #teller: StatusTeller;
  /** What it was found to be sent while it had these rights, by name. */
  #sendable: Map<string, Message> | undefined;
  #latest: Message | undefined;
  #rights: Rights | undefined;

  /** For the runtime alone. */
  constructor(
    ids: {
      readonly transportId: string;
      readonly identity: string;
      readonly remote: Stream["remote"];
      readonly diset: DisetClaims | undefined;
    },
    session: Session,
    messages: Vocabulary,
    declined: readonly number[],
    access: Access,
    teller: StatusTeller,
  ) {
    this.transportId = ids.transportId;
    this.identity = ids.identity;
    this.remote = ids.remote;
    this.diset = ids.diset;
    this.#session = session;
    this.#messages = messages;
    this.#declined = declined.length === 0 ? NONE : new Set(declined);
    this.#access = access;
    this.#teller = teller;
  }

  /** Who the client is, as far as it has shown that. It may show newer credentials meanwhile, of the same subject. */
  get principal(): Principal {
    return this.#access.principal;
  }

  /** Where it stands. */
  get status(): Status {
    return this.#teller.status;
  }

  /**
   * Adds a callback for every change of `status`.
   *
   * @param callback What to do.
   * @returns Takes the callback off again.
   */
  onStatus(callback: (status: Status) => void): () => void {
    return this.#teller.add(callback);
  }

  /** Why it has ended; `undefined` while it has not. */
  get reason(): HoldfastError | undefined {
    return this.#session.reason;
  }

  /** How many messages were not sent to it, but gave way to newer ones, since it read too slowly. */
  get dropped(): number {
    return this.#session.dropped;
  }

  /**
   * Whether the client may be sent a message, and can take it: one compiled from another definition may not.
   *
   * @param name The message's name.
   * @returns `false` where sending it would throw `unauthorized` or `incompatible`.
   */
  takes(name: SendNames<T["sends"]> | RequestNames<T["sends"]>): boolean {
    const message = this.#messages.name(name);
    return message?.sends !== undefined && !this.#declined.has(message.number) && this.#access.mayBeSent(name);
  }

  /**
   * Sends a message to this client.
   *
   * @param name The message's name.
   * @param message What it holds.
   * @param options Whether to wait until it has been handled; a signal.
   * @returns Settled when the message may go, and with `acknowledge` when the client has handled it. Wait for it, and a
   * slow client slows its sender down. A rejection that nobody looks at does no harm.
   * @throws {HoldfastError} At once, where it can't be sent: `unknown-message`, `wrong-direction`, `invalid-message`,
   * `unauthorized`, `incompatible`, `limit`, `invalid-argument` (an option). The promise rejects with `disconnected` or
   * `cancelled`.
   */
  send<N extends SendNames<T["sends"]>>(
    name: N,
    message: Written<T["sends"], N>,
    options?: SendOptions,
  ): Promise<void> {
    checkSendOptions(options);
    return this.#session.send(this.#message(name), message, options);
  }

  /**
   * Sends a request to this client.
   *
   * @param name The request's name.
   * @param message What it holds.
   * @param options A signal that calls it off.
   * @returns Its reply. Rejects with what the client's handler failed with, `disconnected`, or `cancelled`. A rejection
   * that nobody looks at does no harm.
   * @throws {HoldfastError} At once, as {@link Connection.send}.
   */
  request<N extends RequestNames<T["sends"]>>(
    name: N,
    message: Written<T["sends"], N>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<ReplyRead<T["sends"], N>> {
    return this.#session.request(this.#message(name), message, signalOf("request()", options));
  }

  /**
   * Ends the connection. What was sent before still arrives.
   *
   * @param reason What the client is told.
   */
  close(reason = "The service ended the connection."): void {
    this.#session.fail(new HoldfastError("closed", reason), 0);
  }

  #message(name: string): Message {
    const { rights } = this.#access;
    if (rights !== this.#rights) {
      this.#rights = rights;
      this.#sendable = this.#latest = undefined;
    }
    // Most send the same again and again: comparing its name costs less than to look it up.
    if (this.#latest?.name === name) return this.#latest;
    return this.#latest = this.#sendable?.get(name) ?? this.#look(name);
  }

  #look(name: string): Message {
    const message = requireMessage(this.#messages, name);
    if (message.sends !== undefined && !this.#access.mayBeSent(name)) {
      throw new HoldfastError("unauthorized", `No rule lets this client be sent ${name}.`);
    }
    if (this.#declined.has(message.number)) {
      throw new HoldfastError("incompatible", `This client's definition has no ${name} that fits the service's.`);
    }
    (this.#sendable ??= new Map()).set(name, message);
    return message;
  }
}
