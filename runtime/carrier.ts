/**
 * A session and the line that carries it: one now, another after a break.
 *
 * @module
 */

import type { Message } from "../idl/definition.ts";
import type { Pump } from "./connection.ts";
import type { Handling } from "./dispatch.ts";
import type { HoldfastError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { Vocabulary } from "./names.ts";
import { Session } from "./session/session.ts";
import type { ServedRequest, SessionEvents } from "./session/types.ts";
import type { SessionTelemetry } from "./telemetry/telemetry.ts";
import { watchedHandling, WatchedSession } from "./telemetry/watched_session.ts";
import type { Fields, FrameEncoder, Gap } from "./wire/wire.ts";

/** Whose session it is. */
export interface CarrierEvents {
  /** The peer is about to stop, and wants to be left within so many milliseconds. */
  goingAway(spread: number): void;
  /** The session has ended; called once. */
  ended(reason: HoldfastError): void;
}

/** What a {@link Carrier} is made with. */
export interface CarrierOptions {
  readonly role: "service" | "client";
  /** Writes frames, for as long as the session goes on. */
  readonly encoder: FrameEncoder;
  /** The messages of the definition. */
  readonly messages: Vocabulary;
  readonly limits: Limits;
  /** What the peer takes. */
  readonly peer: Pick<Limits, "window" | "requests">;
  readonly dispatcher: Handling;
  /** Whether a peer that reads too slowly ends the session. */
  readonly disconnectSlow: boolean;
  /** Whether the session may go on after a break. */
  readonly resumable: boolean;
  /** Who watches the session, if somebody does. */
  readonly telemetry?: SessionTelemetry | undefined;
}

/** See the module's text. */
export class Carrier implements SessionEvents {
  readonly session: Session;
  readonly #events: CarrierEvents;
  readonly #handling: Handling;
  readonly #isResumable: boolean;
  readonly #telemetry: SessionTelemetry | undefined;
  #pump: Pump | undefined;

  constructor(options: CarrierOptions, events: CarrierEvents) {
    const { disconnectSlow, dispatcher, encoder, limits, messages, peer, resumable, role, telemetry } = options;
    const made = { role, encoder, limits, disconnectSlow, peer, messages, events: this };
    this.#events = events;
    this.#isResumable = resumable;
    this.#telemetry = telemetry;
    if (telemetry === undefined) {
      this.session = new Session(made);
      this.#handling = dispatcher;
    } else {
      this.session = new WatchedSession({ ...made, waits: () => telemetry.waits() }, telemetry);
      this.#handling = watchedHandling(dispatcher, telemetry);
    }
  }

  message(message: Message, fields: Fields, frame: number): void {
    this.#handling.message(this.session, message, fields, frame);
  }

  request(message: Message, fields: Fields, served: ServedRequest): void {
    this.#handling.request(this.session, message, fields, served);
  }

  output(): void {
    this.#pump?.schedule();
  }

  goingAway(spread: number): void {
    this.#events.goingAway(spread);
  }

  ended(reason: HoldfastError): void {
    this.#pump?.explain(reason);
    this.#pump?.end();
    this.#telemetry?.ended(reason.code);
    this.#events.ended(reason);
  }

  /** Whether a line carries the session now. */
  get isCarried(): boolean {
    return this.#pump !== undefined;
  }

  /** Whether that is the line that carries the session now. */
  isCarriedBy(pump: Pump): boolean {
    return this.#pump === pump;
  }

  /** Whether the session can go on after its line has broken. */
  get resumable(): boolean {
    return this.#isResumable && this.session.reason === undefined;
  }

  /**
   * Goes over to a line, for the first time or after a break. A line that carried it until now is cut: whatever is
   * still on it has no claim to be heard.
   *
   * @param pump The line; whoever made it has its frames go to the session.
   * @param gap What the peer said of itself, if the session was carried before.
   */
  carry(pump: Pump, gap?: Gap): void {
    this.#pump = pump;
    if (gap !== undefined) {
      this.session.resume(gap);
      this.#telemetry?.resumed();
    }
    pump.carry(this.session, gap?.received);
  }

  /** Writes a frame that is no part of the session, if a line goes there. */
  write(frame: Uint8Array): void {
    this.#pump?.write(frame);
  }

  /** Asks how long the way to the peer and back takes now, if a line goes there. */
  time(): void {
    this.#pump?.time();
  }

  /** Ends the session, and tells the peer why, if a line goes there. */
  end(error: HoldfastError): void {
    if (this.isCarried) this.session.fail(error, 0);
    else this.session.disconnected(error);
  }

  /** Cuts the line that carries the session, if there is one. */
  cut(): void {
    const pump = this.#pump;
    this.#pump = undefined;
    pump?.destroy();
  }

  /**
   * A line has broken.
   *
   * @returns Whether it was the one that carried the session.
   */
  release(pump: Pump): boolean {
    if (this.#pump !== pump) return false;
    this.#pump = undefined;
    return true;
  }
}
