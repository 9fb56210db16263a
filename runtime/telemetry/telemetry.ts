/**
 * What the runtime tells whoever watches it, so that it need not know by what it is watched: `openTelemetry` makes one for
 * OpenTelemetry.
 *
 * @module
 */

import type { ErrorCode } from "../errors.ts";
import type { TraceContext } from "../wire/wire.ts";

/** Watches services and clients. None of its methods may throw. */
export interface Telemetry {
  /** Whether it follows traces: then peers are asked to tell what they send messages in the course of. */
  readonly traces: boolean;
  /**
   * A line has been made: a connection of TCP, and of TLS where that is used.
   *
   * @param side Which side this is.
   */
  line(side: Side): LineTelemetry;
  /**
   * A session has begun.
   *
   * @param session Which.
   */
  session(session: WatchedSession): SessionTelemetry;
}

/** The two sides of a line. */
export type Side = "service" | "client";

/** A session that is watched. */
export interface WatchedSession {
  /** Which side this is. */
  readonly side: Side;
  /** The service's name. */
  readonly service: string;
  /** Names the session, as `Connection.transportId`. */
  readonly transportId: string;
  /** Where the service is, for a client. */
  readonly server?: { readonly hostname: string; readonly port: number };
}

/** Watches one line. */
export interface LineTelemetry {
  /** Bytes have come. */
  received(bytes: number): void;
  /** Bytes have been given to the system. */
  sent(bytes: number): void;
  /** It is gone; called once. */
  ended(): void;
}

/** Watches one session. */
export interface SessionTelemetry {
  /**
   * A message is sent.
   *
   * @param name The message's name.
   * @returns What it is sent in the course of, if anything is known of that.
   */
  sends(name: string): TraceContext | undefined;
  /**
   * A request is sent.
   *
   * @param name Its name.
   * @returns What ends with its answer.
   */
  requests(name: string): Operation;
  /**
   * A message or a request of the peer's has its turn.
   *
   * @param name Its name.
   * @param isRequest Whether it is a request.
   * @param trace What the peer has sent it in the course of, if it has said so.
   * @returns What ends when it has been handled.
   */
  handles(name: string, isRequest: boolean, trace: TraceContext | undefined): Operation;
  /**
   * A message or a request waits until the peer's window has room, or fewer requests are open.
   *
   * @returns To be called when it waits no more.
   */
  waits(): () => void;
  /** It goes on over another line. */
  resumed(): void;
  /**
   * It has ended; called once.
   *
   * @param reason Why.
   */
  ended(reason: ErrorCode): void;
}

/** Something that takes a while. */
export interface Operation {
  /** What its peer is told of it, if it belongs to a trace. */
  readonly trace: TraceContext | undefined;
  /**
   * Runs what belongs to it.
   *
   * @param body What to run.
   * @returns What that gives back.
   */
  run<T>(body: () => T): T;
  /**
   * It is over. Only the first call counts.
   *
   * @param error Why it has failed, if it has.
   */
  end(error?: ErrorCode): void;
}
