/**
 * Time, as the runtime sees it. A test gives it another.
 *
 * @module
 */

import { clearImmediate, setImmediate } from "node:timers";
import { cancelled } from "./errors.ts";
import { deferred } from "./promises.ts";

/** Tells the time and calls back later. */
export interface Clock {
  /** Milliseconds since some moment in the past; never goes back. */
  now(): number;

  /**
   * Calls back once.
   *
   * @param delay In how many milliseconds.
   * @param callback What to call.
   * @returns Calls it off; does nothing when it has been called.
   */
  set(delay: number, callback: () => void): () => void;
}

/** A longer delay, of 25 days and more, would be taken for none at all. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** The clock of the runtime. */
export const systemClock: Clock = {
  now: () => performance.now(),
  set(delay, callback) {
    if (delay <= 0) {
      // A timer of 0 takes a millisecond.
      const immediate = setImmediate(callback);
      return () => clearImmediate(immediate);
    }
    let timer: ReturnType<typeof setTimeout> | undefined = setTimeout(callback, Math.min(delay, LONGEST_DELAY));
    return () => {
      clearTimeout(timer);
      // Who can call it off may live for long: the callback, and what it holds, need not.
      timer = undefined;
    };
  },
};

/**
 * Waits.
 *
 * @param clock The time.
 * @param delay How long, in milliseconds.
 * @param signal Calls it off: then it rejects with `cancelled`.
 */
export async function sleep(clock: Clock, delay: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) throw cancelled(signal);
  const { promise, resolve, reject } = deferred<void>();
  const stop = clock.set(delay, resolve);
  const abort = () => reject(cancelled(signal));
  signal.addEventListener("abort", abort);
  try {
    await promise;
  } finally {
    stop();
    signal.removeEventListener("abort", abort);
  }
}
