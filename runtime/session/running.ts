/**
 * Which handlers run, and what that says of the frames that have been handled.
 *
 * @module
 */

/** The frames whose handlers have begun and are not done, by their numbers. */
export class Running {
  /** Ascending. There are no more than may run at once, so that a plain list will do. */
  readonly #frames: number[] = [];

  /** How many there are. */
  get size(): number {
    return this.#frames.length;
  }

  /** A handler begins. */
  add(frame: number): void {
    let at = this.#frames.length;
    // Handlers begin in order, but for requests that overtake.
    while (at > 0 && this.#frames[at - 1]! > frame) at--;
    if (at === this.#frames.length) this.#frames.push(frame);
    else this.#frames.splice(at, 0, frame);
  }

  /** A handler is done. */
  delete(frame: number): void {
    const last = this.#frames.length - 1;
    // The latest one is the likeliest: that of a handler that is done before its call returns.
    if (this.#frames[last] === frame) this.#frames.pop();
    else this.#frames.splice(this.#frames.lastIndexOf(frame), 1);
  }

  /**
   * The frames that have been handled, among those whose handlers have begun.
   *
   * @param started The last one whose handler, and that of each before it, has begun.
   * @returns All up to `low` have been handled, and so have the ranges above it: first and last, in turn, ascending.
   */
  handled(started: number): { readonly low: number; readonly ranges: readonly number[] } {
    const ranges: number[] = [];
    let last = this.#frames[0] ?? Infinity;
    if (last > started) return { low: started, ranges };
    const low = last - 1;
    for (let i = 1; last < started; i++) {
      const next = Math.min(this.#frames[i] ?? Infinity, started + 1);
      if (next > last + 1) ranges.push(last + 1, next - 1);
      last = next;
    }
    return { low, ranges };
  }
}
