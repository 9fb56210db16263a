/**
 * A client's session: it begins when the service has let the client in, and may outlive broken lines.
 *
 * @module
 */

import type { Definition, Message } from "../idl/definition.ts";
import { checkSendOptions } from "./call_options.ts";
import { Carrier } from "./carrier.ts";
import type { ClientCredentials, Renewal } from "./client_credentials.ts";
import type { Clock } from "./clock.ts";
import { type AnyHandler, Dispatcher, reportError } from "./dispatch.ts";
import { HoldfastError } from "./errors.ts";
import type { KnownDefinitions } from "./known_definitions.ts";
import type { Limits } from "./limits.ts";
import type { Log } from "./log.ts";
import { quiet } from "./promises.ts";
import type { SendOptions } from "./session/types.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";
import type { Translation } from "./translation.ts";
import type { Network } from "./transport/transport.ts";
import { lastNumber } from "./wire/native/frames.ts";
import type { Former, Welcome } from "./wire/native/handshake.ts";
import type { Reader } from "./wire/native/reader.ts";
import type { FrameEncoder } from "./wire/wire.ts";

/** What does not change from one line of a client's to the next. */
export interface LinkOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly log: Log;
  readonly telemetry?: Telemetry | undefined;
  readonly ca: string | undefined;
  readonly crl: string | undefined;
  readonly credentials: ClientCredentials;
  /** What services have told before; not for a client that has a definition of its own. */
  readonly known: KnownDefinitions | undefined;
  /** The connect arguments. */
  readonly args: unknown;
  /** Whether a session may go on after a break. */
  readonly resumable: boolean;
  /** Finds the handler of a message that the service sends. */
  readonly find: (name: string, translation: Translation) => AnyHandler | undefined;
  /**
   * Compares a definition with the client's own.
   *
   * @throws {HoldfastError} `incompatible` where no connection is wanted then.
   */
  readonly translate: (definition: Definition) => Translation;
}

/** Hears what becomes of a session. None of these may throw. */
export interface ClientSessionEvents {
  /** The service is about to stop, and wants to be left within so many milliseconds. */
  readonly goingAway: (session: ClientSession, spread: number) => void;
  /** The session has ended; called once. */
  readonly ended: (session: ClientSession, reason: HoldfastError) => void;
}

/** What the service has let its client in with, and what it speaks and takes. */
export interface ClientTerms {
  readonly encoder: FrameEncoder;
  readonly identity: string;
  readonly peer: Pick<Limits, "window" | "requests">;
  /** Where the service is. */
  readonly server: { readonly hostname: string; readonly port: number };
  /** Whether the session may go on after a break. */
  readonly resumable: boolean;
  /** What it goes on with; empty where it does not. */
  readonly token: Uint8Array;
  readonly transportId: string;
}

const NONE: ReadonlySet<number> = new Set();

/** See the module's text. */
export class ClientSession {
  readonly carrier: Carrier;
  readonly translation: Translation;
  readonly transportId: string;
  readonly identity: string;
  readonly #token: Uint8Array;
  #forbidden: ReadonlySet<number>;
  /** What it was found to send over this line, by name. */
  readonly #sendable = new Map<string, Message>();
  #latest: Message | undefined;
  /** Of the line that carries it. */
  #renewal: Renewal | undefined;

  constructor(options: LinkOptions, translation: Translation, terms: ClientTerms, events: ClientSessionEvents) {
    this.translation = translation;
    this.transportId = terms.transportId;
    this.identity = terms.identity;
    this.#token = terms.token;
    this.#forbidden = NONE;
    this.carrier = new Carrier({
      role: "client",
      encoder: terms.encoder,
      messages: translation.table,
      limits: options.limits,
      peer: terms.peer,
      dispatcher: new Dispatcher({
        find: (name) => options.find(name, translation),
        report: (error, what) => reportError(options.log, terms.transportId, error, what),
        // The service keeps to what it may send.
        rights: undefined,
        refusal: () => undefined,
      }),
      disconnectSlow: false,
      resumable: terms.resumable,
      telemetry: options.telemetry?.session({
        side: "client",
        service: translation.definition.shape.service,
        transportId: terms.transportId,
        server: terms.server,
      }),
    }, {
      goingAway: (spread) => events.goingAway(this, spread),
      ended: (reason) => events.ended(this, reason),
    });
  }

  /**
   * Finds a message that this client wants to send.
   *
   * @throws {HoldfastError} As {@link Translation.find}; `unauthorized`, where the service would end the session for it.
   */
  find(name: string): Message {
    // Most send the same again and again: comparing its name costs less than to look it up.
    if (this.#latest?.name === name) return this.#latest;
    return this.#latest = this.#sendable.get(name) ?? this.#look(name);
  }

  /** The service has let this client in over a line: the first, or another after a break. */
  welcome({ expiresIn, forbidden }: Welcome, renewal: Renewal | undefined): void {
    this.#forbidden = forbidden.length === 0 ? NONE : new Set(forbidden);
    this.#sendable.clear();
    this.#latest = undefined;
    this.#renewal = renewal;
    renewal?.expire(expiresIn);
  }

  /** The service has told how long the credentials hold. */
  credentials(body: Reader): void {
    // It is read where nothing comes of it, too: what is no frame is to be refused.
    const expiresIn = lastNumber(body);
    this.#renewal?.expire(expiresIn);
  }

  /** Sends a message; as `Client.send`. */
  send(name: string, message: unknown, options: SendOptions | undefined): Promise<void> {
    checkSendOptions(options);
    const found = this.find(name);
    return this.carrier.session.send(found, this.translation.outgoing(found, message), options);
  }

  /** Sends a request; as `Client.request`. */
  request(name: string, message: unknown, signal: AbortSignal | undefined): Promise<Record<string, unknown>> {
    const { translation } = this;
    const found = this.find(name);
    const reply = this.carrier.session.request(found, translation.outgoing(found, message), signal);
    return translation.isExact ? reply : quiet(reply.then((value) => translation.replied(found, value)));
  }

  /** What the next line says of it. */
  get former(): Former {
    return { token: this.#token, ...this.carrier.session.gap };
  }
  #look(name: string): Message {
    const message = this.translation.find(name, "receives");
    if (this.#forbidden.has(message.number)) {
      throw new HoldfastError("unauthorized", `The service does not let this client send ${name}.`);
    }
    this.#sendable.set(name, message);
    return message;
  }
}
