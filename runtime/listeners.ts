/**
 * Callbacks that hear of events.
 *
 * @module
 */

import type { Log } from "./log.ts";

/** Callbacks for one kind of event. One that throws is logged, and stops nothing. */
export class Listeners<E> {
  /** Made for the first. */
  #callbacks: Set<(event: E) => void> | undefined;
  readonly #log: Log;

  /** @param log Takes what callbacks throw. */
  constructor(log: Log) {
    this.#log = log;
  }

  /**
   * Adds a callback.
   *
   * @returns Takes it off again.
   */
  add(callback: (event: E) => void): () => void {
    // The same function may be added twice: each time is taken off by itself.
    const own = (event: E) => callback(event);
    (this.#callbacks ??= new Set()).add(own);
    return () => void this.#callbacks?.delete(own);
  }

  /** Calls them all. */
  tell(event: E): void {
    for (const callback of [...this.#callbacks ?? []]) {
      try {
        callback(event);
      } catch (error) {
        this.#log({ level: "error", message: "A callback failed.", error });
      }
    }
  }
}
