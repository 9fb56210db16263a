/**
 * What the lines and sessions of one service share.
 *
 * @module
 */

import type { Message } from "../idl/definition.ts";
import { FailedAttempts } from "./attempts.ts";
import type { Authorization } from "./authorization.ts";
import type { Clock } from "./clock.ts";
import type { Authenticator } from "./credentials.ts";
import { Deadlines } from "./deadlines.ts";
import type { Call } from "./dispatch.ts";
import type { HoldfastError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { Log } from "./log.ts";
import { Totals } from "./monitoring/totals.ts";
import { type Deferred, deferred } from "./promises.ts";
import type { Connection } from "./server_connection.ts";
import type { Outcome } from "./session/outgoing.ts";
import type { Telemetry } from "./telemetry/telemetry.ts";
import { Views } from "./views.ts";
import { encodeMessage } from "./wire/native/encoder.ts";
import type { MessageTable } from "./wire/native/table.ts";

/** Handles one kind of message for all clients. */
export type ServiceHandler = (value: Record<string, unknown>, connection: Connection, call?: Call) => unknown;

/** What a client may speak. */
export interface Wire {
  /** Whether it has a word by which a client is asked to leave. */
  readonly asksToLeave: boolean;
  /**
   * Encodes a message once for all who speak it, whatever part of the definition each holds.
   *
   * @throws {HoldfastError} `invalid-message` where it can't be sent to anybody.
   */
  encode(message: Message, value: unknown): Uint8Array;
}

/** One line, whatever its stage. */
export interface Link {
  /** Ends whatever stage it is in, and tells the client why. */
  end(error: HoldfastError): void;
  /** Ends it if it has not come to a session. */
  stop(error: HoldfastError): void;
}

/** What a core is made of. */
export interface ServerCoreOptions {
  readonly table: MessageTable;
  /** Who may do what. */
  readonly authorization: Authorization;
  /** Who a client is. */
  readonly authenticator: Authenticator;
  /** Attempts to be let in that have failed; none, unless others count them too. */
  readonly attempts?: FailedAttempts;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Log;
  /** Who watches, if somebody does. */
  readonly telemetry?: Telemetry | undefined;
  /** Whether sessions outlive their lines. */
  readonly resumable: boolean;
  /** Whether a client that reads too slowly is disconnected. */
  readonly disconnectSlow: boolean;
  /** Finds the handler of a message. */
  readonly find: (name: string) => ServiceHandler | undefined;
  readonly onConnect: ((connection: Connection, args: Record<string, unknown>) => unknown) | undefined;
  readonly onDrop: ((connection: Connection, reason: HoldfastError, outcome: Outcome) => unknown) | undefined;
}

/** See the module's text. */
export class ServerCore {
  readonly table: MessageTable;
  /** The native protocol. */
  readonly native: Wire;
  readonly limits: Limits;
  readonly clock: Clock;
  /** When to look at its lines. */
  readonly deadlines: Deadlines;
  readonly log: Log;
  readonly telemetry: Telemetry | undefined;
  readonly resumable: boolean;
  readonly disconnectSlow: boolean;
  readonly find: ServerCoreOptions["find"];
  readonly onConnect: ServerCoreOptions["onConnect"];
  readonly onDrop: ServerCoreOptions["onDrop"];
  /** Who may do what. */
  readonly authorization: Authorization;
  /** Who a client is. */
  readonly authenticator: Authenticator;
  /** What of the definition clients are told. */
  readonly views: Views;
  /** How often what is known of clients has changed. */
  changes = 0;
  /** The clients that are connected, by transport id. */
  readonly connections: Map<string, Connection> = new Map();
  /** Every line that has not ended. Those that carry a monitor's sessions are among the watched service's, too. */
  readonly links: Set<Link> = new Set();
  /** Those of them that have not come to a session. */
  readonly shaking: Set<Link> = new Set();
  /** Attempts to be let in that have failed. */
  readonly attempts: FailedAttempts;
  /** Since when it has been there: milliseconds since 1970. */
  readonly since: number = Date.now();
  /** What its sessions have sent and received. */
  readonly totals: Totals = new Totals();
  /** Whether no client that leaves can come back. */
  stopping = false;
  /** How many of the application's callbacks run: `onConnect`, `onDrop`. */
  #running = 0;
  #idle: Deferred<void> | undefined;

  constructor(options: ServerCoreOptions) {
    this.table = options.table;
    this.native = { asksToLeave: true, encode: (message, value) => encodeMessage(options.table, message, value) };
    this.limits = options.limits;
    this.clock = options.clock;
    this.deadlines = new Deadlines(options.clock);
    this.log = options.log;
    this.telemetry = options.telemetry;
    this.resumable = options.resumable;
    this.disconnectSlow = options.disconnectSlow;
    this.find = options.find;
    this.onConnect = options.onConnect;
    this.onDrop = options.onDrop;
    this.authorization = options.authorization;
    this.authenticator = options.authenticator;
    this.views = new Views(options.table);
    this.attempts = options.attempts ?? new FailedAttempts(options.limits.failures, options.clock);
  }

  /** Counts what runs, so that the end can wait for it. */
  async track(running: Promise<void>): Promise<void> {
    this.#running++;
    await running;
    this.#running--;
    this.checkIdle();
  }

  /** Resolved when there is no line, and none of the application's callbacks runs. */
  idle(): Promise<void> {
    this.#idle ??= deferred();
    this.checkIdle();
    return this.#idle.promise;
  }

  /** A line has ended. */
  lost(link: Link): void {
    this.links.delete(link);
    this.checkIdle();
  }

  /** To be called when a line has ended, or a callback. */
  checkIdle(): void {
    if (this.links.size === 0 && this.#running === 0) this.#idle?.resolve();
  }
}
