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

/** In less time, counts grow by chance: then the last rates still stand. In milliseconds. */
const LEAST_TIME = 50;

/** Tells how fast somebody's counts grow; `undefined` where that is not known. */
type GrowthOf = (id: string) => Growth | undefined;

/** What one watcher has seen last. */
export class Rates {
  #seen: ReadonlyMap<string, Counts> = new Map();
  #seenAt = -Infinity;
  #latest: GrowthOf = () => undefined;

  /**
   * Looks at counts.
   *
   * @param counts All, by whose they are.
   * @param now The time, in milliseconds.
   * @returns Tells how fast those of somebody have grown since the last look; nothing at the first one. Who was not there
   * then has begun with nothing.
   */
  look(counts: ReadonlyMap<string, Counts>, now: number): GrowthOf {
    const passed = now - this.#seenAt;
    if (passed < LEAST_TIME) return this.#latest;
    const before = this.#seen;
    this.#seen = counts;
    this.#seenAt = now;
    if (passed < Infinity) this.#latest = (id) => growthOf(before.get(id), counts.get(id), passed / 1_000);
    return this.#latest;
  }
}

function growthOf(before: Counts | undefined, now: Counts | undefined, seconds: number): Growth | undefined {
  if (now === undefined) return undefined;
  const growth = (name: keyof Counts) => (now[name] - (before?.[name] ?? 0)) / seconds;
  return {
    framesSent: growth("framesSent"),
    framesReceived: growth("framesReceived"),
    bytesSent: growth("bytesSent"),
    bytesReceived: growth("bytesReceived"),
  };
}
