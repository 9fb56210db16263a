/**
 * A client's session: it begins when the service has let the client in, and may outlive broken lines.
 *
 * @module
 */

import type { Definition } from "../idl/definition.ts";
import { Carrier } from "./carrier.ts";
import type { Clock } from "./clock.ts";
import { Dispatcher, type FindHandler, reporter } from "./dispatch.ts";
import type { HoldfastError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { Log } from "./log.ts";
import type { Translation } from "./translation.ts";
import type { Network } from "./transport/transport.ts";
import type { Former, Welcome } from "./wire/native/handshake.ts";

/** What does not change from one line of a client's to the next. */
export interface LinkOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly log: Log;
  readonly ca: string | undefined;
  /** The connect arguments. */
  readonly args: unknown;
  /** Whether a session may go on after a break. */
  readonly resumable: boolean;
  /** Finds the handler of a message that the service sends. */
  readonly find: (name: string, translation: Translation) => ReturnType<FindHandler>;
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

/** See the module's text. */
export class ClientSession {
  readonly carrier: Carrier;
  readonly translation: Translation;
  readonly transportId: string;
  readonly identity: string;
  readonly #token: Uint8Array;

  constructor(options: LinkOptions, translation: Translation, welcome: Welcome, events: ClientSessionEvents) {
    this.translation = translation;
    this.transportId = welcome.transportId;
    this.identity = welcome.identity;
    this.#token = welcome.token;
    this.carrier = new Carrier({
      role: "client",
      table: translation.table,
      limits: options.limits,
      peer: welcome.limits,
      dispatcher: new Dispatcher(
        (name) => options.find(name, translation),
        reporter(options.log, () => welcome.transportId),
      ),
      disconnectSlow: false,
      resumable: options.resumable,
      goingAway: (spread) => events.goingAway(this, spread),
      ended: (reason) => events.ended(this, reason),
    });
  }

  /** What the next line says of it. */
  get former(): Former {
    return { token: this.#token, ...this.carrier.session.gap };
  }
}
