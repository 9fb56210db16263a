/**
 * How fast counts grow, from one look at them to the next.
 *
 * @module
 */

import type { Counts } from "./totals.ts";

/** Stands for the service as a whole among the sessions' transport ids. */
export const WHOLE = "";

/** How fast each of {@link Counts} grows, per second. */
export type Growth = Counts;

/** What one watcher has seen last. */
export class Rates {
  #seen: Map<string, Counts> = new Map();
  #seenAt: number | undefined;

  /**
   * Looks at counts.
   *
   * @param counts All, by whose they are.
   * @param now The time, in milliseconds.
   * @returns Tells how fast those of somebody have grown since the last look; `undefined` at the first one. Who was not
   * there then has begun with nothing.
   */
  look(counts: Map<string, Counts>, now: number): (id: string) => Growth | undefined {
    const before = this.#seen;
    const passed = this.#seenAt === undefined ? 0 : (now - this.#seenAt) / 1_000;
    this.#seen = counts;
    this.#seenAt = now;
    return (id) => {
      const latest = counts.get(id);
      if (passed <= 0 || latest === undefined) return undefined;
      const former = before.get(id);
      const growth = (name: keyof Counts) => (latest[name] - (former?.[name] ?? 0)) / passed;
      return {
        framesSent: growth("framesSent"),
        framesReceived: growth("framesReceived"),
        bytesSent: growth("bytesSent"),
        bytesReceived: growth("bytesReceived"),
      };
    };
  }
}
