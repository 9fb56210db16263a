/**
 * A clock that goes on when it is told to.
 *
 * @module
 */

import { type Clock, systemClock } from "../runtime/clock.ts";
import type { Scope } from "./harness.ts";

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

/** What is to come within less, in milliseconds, is a step of the runtime's own, and nothing that a test tells of. */
const SOON = 40;

/** Makes one on which what is to come soon comes by itself. */
export function patientClock(): ManualClock {
  const manual = manualClock();
  return { ...manual, set: (delay, callback) => (delay < SOON ? systemClock : manual).set(delay, callback) };
}

/** Lets the calendar, by which credentials end, go on with a clock alone, however long the test takes. */
export function followedByCalendar<C extends Clock>(scope: Scope, clock: C): C {
  const { now } = Date;
  const start = now() - clock.now();
  scope.cleanup(() => Date.now = now);
  Date.now = () => start + clock.now();
  return clock;
}
