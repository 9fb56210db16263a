/**
 * Time, as the runtime sees it. A test gives it another.
 *
 * @module
 */

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

/** The clock of the runtime. */
export const systemClock: Clock = {
  now: () => performance.now(),
  set(delay, callback) {
    const timer = setTimeout(callback, delay);
    return () => clearTimeout(timer);
  },
};
