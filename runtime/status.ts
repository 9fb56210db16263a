/**
 * How a client's connection is doing.
 *
 * @module
 */

import type { HoldfastError } from "./errors.ts";

/**
 * Where a client stands.
 *
 * | state | meaning |
 * | --- | --- |
 * | `idle` | not connected, and not trying to be: sending connects |
 * | `connecting` | trying, for the first time or because somebody sends |
 * | `open` | connected |
 * | `stale` | connected, but the service was silent for so long that it was asked for a sign of life |
 * | `reconnecting` | the connection has ended; trying again |
 * | `closed` | closed by this side, for good |
 */
export interface Status {
  /** Which of them. */
  readonly state: "idle" | "connecting" | "open" | "stale" | "reconnecting" | "closed";
  /** What led to it, where something did. */
  readonly reason?: HoldfastError;
}
