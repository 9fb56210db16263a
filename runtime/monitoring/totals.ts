/**
 * What a service's sessions have sent and received, those that have ended among them.
 *
 * @module
 */

import type { Measures } from "../session/measures.ts";

/** What is added up. */
export type Counts = Pick<Measures, "framesSent" | "framesReceived" | "bytesSent" | "bytesReceived">;

/** Sums that only grow. */
export class Totals {
  /** Sessions that have begun. */
  begun = 0;
  /** How often one has gone on over another line. */
  resumptions = 0;
  /** Of the sessions that have ended. */
  readonly #ended: { -readonly [N in keyof Counts]: number } = zero();

  /** A session has ended. */
  ended(counts: Counts): void {
    add(this.#ended, counts);
  }

  /**
   * Sums up.
   *
   * @param current Those of the sessions that have not ended.
   */
  with(current: Iterable<Counts>): Counts {
    const sum = { ...this.#ended };
    for (const counts of current) add(sum, counts);
    return sum;
  }
}

function zero(): { -readonly [N in keyof Counts]: number } {
  return { framesSent: 0, framesReceived: 0, bytesSent: 0, bytesReceived: 0 };
}

function add(sum: { -readonly [N in keyof Counts]: number }, counts: Counts): void {
  sum.framesSent += counts.framesSent;
  sum.framesReceived += counts.framesReceived;
  sum.bytesSent += counts.bytesSent;
  sum.bytesReceived += counts.bytesReceived;
}
