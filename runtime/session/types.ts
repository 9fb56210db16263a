/**
 * What a session is made with, what it tells, and how to send over it.
 *
 * @module
 */

import type { Message } from "../../idl/definition.ts";
import type { HoldfastError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import type { Vocabulary } from "../names.ts";
import type { Fields, FrameEncoder } from "../wire/wire.ts";
import type { Overflow } from "./waiting.ts";

/** What a session is made with. */
export interface SessionOptions {
  readonly role: "service" | "client";
  /** Where frames go. */
  readonly encoder: FrameEncoder;
  /** The bounds of this side. */
  readonly limits: Pick<Limits, "backlog" | "handlers" | "requests" | "window">;
  /** Whether a peer ends the session that leaves more than the backlog waiting. */
  readonly disconnectSlow: boolean;
  /** The bounds that the peer told. */
  readonly peer: Pick<Limits, "window" | "requests">;
  /** The messages of the definition. */
  readonly messages: Pick<Vocabulary, "name">;
  readonly events: SessionEvents;
  /** Told when what is sent has to wait; what it returns is called when that waits no more. */
  readonly waits?: (() => () => void) | undefined;
}

/** What both sides have agreed on: one object for all parts of a session, since an idle one consists of little else. */
export interface SessionTerms extends Omit<SessionOptions, "peer"> {
  /** How many bytes the peer takes before it has started them. */
  readonly window: number;
  /** How many requests of one side may be open. */
  readonly requests: number;
}

/** Hears what happens to a session. None of these may throw. */
export interface SessionEvents {
  /** A message has its turn: read its fields now. Call `Session.handled` when it is done, or `Session.fail`. */
  message(message: Message, fields: Fields, frame: number): void;
  /** A request has its turn: read its fields now. Answer it by `Session.reply` or `Session.refuse`, once. */
  request(message: Message, fields: Fields, served: ServedRequest): void;
  /** There is output to take; told once, until some has been. */
  output(): void;
  /** The peer is about to stop, and wants to be left within so many milliseconds. */
  goingAway(spread: number): void;
  /** The session has ended; called once, and nothing is called afterwards. */
  ended(reason: HoldfastError): void;
}

/** A request of the peer's that is being handled. */
export interface ServedRequest {
  readonly request: number;
  readonly frame: number;
  /** What answers it. */
  readonly reply: Message;
  /** Aborted when the peer calls the request off, or the session ends. */
  readonly signal: AbortSignal;
}

/** How to send. */
export interface SendOptions {
  /** Wait until the peer has handled the message, rather than until it may go. */
  readonly acknowledge?: boolean;
  /** Calls off what has not gone yet; of what has, only the waiting for it. */
  readonly signal?: AbortSignal;
  /**
   * What becomes of a message that can't go at once, since the peer reads too slowly: it waits; or, where what waits is
   * more than the limit `backlog`, the oldest that said "drop-oldest" are dropped; or it takes the place of the one of
   * the same name that waits under the same key. What was dropped rejects with `dropped`. Not with `acknowledge`.
   */
  readonly overflow?: Overflow;
}
