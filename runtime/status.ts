/**
 * How a connection is doing.
 *
 * @module
 */

import type { HoldfastError } from "./errors.ts";
import { Listeners } from "./listeners.ts";
import type { Log } from "./log.ts";

/**
 * Where a connection stands. A service sees of each client's `connecting`, `open`, `stale`, `resuming`, `resumed`,
 * `draining` and `closed`.
 *
 * | state | meaning |
 * | --- | --- |
 * | `idle` | not connected, and not trying to be: sending connects |
 * | `connecting` | trying, for the first time or because somebody sends |
 * | `open` | connected |
 * | `stale` | connected, but the other side was silent for so long that it was asked for a sign of life |
 * | `resuming` | the line has broken: the connection goes on when there is another one |
 * | `resumed` | it has gone on: nothing was lost, nothing is handled twice; `open` follows at once |
 * | `reset` | it could not go on: a new connection, with a new transport id, takes its place; `open` follows at once |
 * | `draining` | the service is about to stop: what was begun is brought to its end |
 * | `reconnecting` | the connection has ended; trying again |
 * | `closed` | ended, for good |
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

/** Nothing else is to be said of most connections, most of the time. */
export const OPEN: Status = Object.freeze({ state: "open" });

/** A status, and who hears of its changes. Once closed, it stays closed. */
export class StatusTeller extends Listeners<Status> {
  #status: Status;

  /**
   * @param first The status to begin with.
   * @param log Takes what callbacks throw.
   */
  constructor(first: Status["state"], log: Log) {
    super(log);
    this.#status = { state: first };
  }

  /** The status now. */
  get status(): Status {
    return this.#status;
  }

  /** Changes it. */
  override tell(status: Status): void {
    if (this.#status.state === "closed") return;
    this.#status = status;
    super.tell(status);
  }
}
