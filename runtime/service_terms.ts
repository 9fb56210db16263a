/**
 * What a session of a service begins with.
 *
 * @module
 */

import type { Access } from "./access.ts";
import type { Limits } from "./limits.ts";
import type { DisetClaims } from "./server_connection.ts";
import type { Wire } from "./server_core.ts";
import type { Stream } from "./transport/transport.ts";
import type { FrameEncoder } from "./wire/wire.ts";

/** Whose session it is. */
export interface Newcomer {
  readonly access: Access;
  /** Its name for itself. */
  readonly identity: string;
  /** What it asks for its session by, if it does. */
  readonly nonce?: Uint8Array | undefined;
  readonly remote: Stream["remote"];
  /** What it says of itself, if it speaks DISET. */
  readonly diset?: DisetClaims;
}

/** What its client speaks and takes. */
export interface Terms {
  /** Numbers of the messages that the client can't take. */
  readonly declined: readonly number[];
  readonly encoder: FrameEncoder;
  readonly peer: Pick<Limits, "window" | "requests">;
  /** Whether the session may go on after a break. */
  readonly resumable: boolean;
  readonly wire: Wire;
}
