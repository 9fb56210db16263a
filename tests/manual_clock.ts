/**
 * A clock that goes on when it is told to.
 *
 * @module
 */

import type { Clock } from "../runtime/clock.ts";

/** See the module's text. */
export interface ManualClock extends Clock {
  /** What is to be called, and when. */
  readonly timers: ReadonlyMap<() => void, number>;
  /** Lets time pass, in milliseconds, and calls back. */
  advance(by: number): void;
}

/** Makes a clock that stands at 0. */
export function manualClock(): ManualClock {
  let now = 0;
  const timers = new Map<() => void, number>();
  return {
    timers,
    now: () => now,
    set(delay, callback) {
      const own = () => callback();
      timers.set(own, now + delay);
      return () => void timers.delete(own);
    },
    advance(by) {
      now += by;
      for (const [callback, at] of [...timers]) {
        if (at > now || !timers.delete(callback)) continue;
        callback();
      }
    },
  };
}
