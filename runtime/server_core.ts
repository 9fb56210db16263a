/**
 * What the connections of one service share.
 *
 * @module
 */

import { createHash, timingSafeEqual } from "node:crypto";
import type { Clock } from "./clock.ts";
import type { Call } from "./dispatch.ts";
import { HoldfastError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { Log } from "./log.ts";
import type { Connection } from "./server_connection.ts";
import type { MessageTable } from "./wire/native/table.ts";

/** Handles one kind of message for all clients. */
export type ServiceHandler = (value: Record<string, unknown>, connection: Connection, call?: Call) => unknown;

/** One stream, whatever its stage. */
export interface Link {
  /** The hash of the token with which the same client may replace this connection; none until it is connected. */
  readonly tokenHash: Uint8Array | undefined;
  /** Resolved when all that belongs to it is over: the stream has ended and `onDrop` has run. */
  readonly over: Promise<void>;
  /** Ends whatever stage it is in, and tells the client why. */
  end(error: HoldfastError): void;
}

/** What a core is made of. */
export interface ServerCoreOptions {
  readonly table: MessageTable;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Log;
  /** Finds the handler of a message. */
  readonly find: (name: string) => ServiceHandler | undefined;
  readonly onConnect: ((connection: Connection, args: Record<string, unknown>) => unknown) | undefined;
  readonly onDrop: ((connection: Connection, reason: HoldfastError) => unknown) | undefined;
}

/** See the module's text. */
export class ServerCore {
  readonly table: MessageTable;
  readonly limits: Limits;
  readonly clock: Clock;
  readonly log: Log;
  readonly find: ServerCoreOptions["find"];
  readonly onConnect: ServerCoreOptions["onConnect"];
  readonly onDrop: ServerCoreOptions["onDrop"];
  /** The clients that are connected, by transport id. */
  readonly connections: Map<string, Connection> = new Map();
  /** Every stream that is not over, whatever its stage. */
  readonly links: Set<Link> = new Set();
  readonly #identities = new Map<string, Link>();

  constructor(options: ServerCoreOptions) {
    this.table = options.table;
    this.limits = options.limits;
    this.clock = options.clock;
    this.log = options.log;
    this.find = options.find;
    this.onConnect = options.onConnect;
    this.onDrop = options.onDrop;
  }

  /**
   * Gives an identity to a connection. One that somebody has is given to nobody else, except to who shows the token of
   * the connection that has it: the same client, come back before its end was noticed. That connection ends then.
   *
   * @throws {HoldfastError} `identity-in-use`
   */
  claim(identity: string, token: Uint8Array | undefined, link: Link): void {
    const holder = this.#identities.get(identity);
    if (holder !== undefined) {
      const hash = holder.tokenHash;
      if (hash === undefined || token === undefined || !timingSafeEqual(hash, hashToken(token))) {
        throw new HoldfastError("identity-in-use", "Another connection has this identity: choose another one.");
      }
      holder.end(new HoldfastError("closed", "The same client has connected again."));
    }
    this.#identities.set(identity, link);
  }

  /** Takes an identity back from the connection that has it. */
  releaseIdentity(identity: string | undefined, link: Link): void {
    if (identity !== undefined && this.#identities.get(identity) === link) this.#identities.delete(identity);
  }
}

/** Tokens are kept as hashes only. */
export function hashToken(token: Uint8Array): Uint8Array {
  return createHash("sha256").update(token).digest();
}
