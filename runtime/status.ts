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
 * | `resuming` | the line has broken: the connection goes on when there is another one |
 * | `resumed` | it has gone on: nothing was lost, nothing is handled twice; `open` follows at once |
 * | `reset` | it could not go on: a new connection, with a new transport id, takes its place; `open` follows at once |
 * | `draining` | the service is about to stop: what was begun is brought to its end |
 * | `reconnecting` | the connection has ended; trying again |
 * | `closed` | closed by this side, for good |
 */
export interface Status {
  /** Which of them. */
  readonly state:
    | "idle"
    | "connecting"
    | "open"
    | "stale"
    | "resuming"
    | "resumed"
    | "reset"
    | "draining"
    | "reconnecting"
    | "closed";
  /** What led to it, where something did. */
  readonly reason?: HoldfastError;
}
