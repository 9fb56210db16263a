/**
 * Which handlers run, and what that says of the frames that have been handled.
 *
 * @module
 */

const NO_RANGES: readonly number[] = [];

/** The frames whose handlers have begun and are not done, by their numbers. */
export class Running {
  /** The first of them; 0 if there is none. As a rule, no other is there. */
  #first = 0;
  /** The others, ascending. There are no more than may run at once, so that a plain list will do. */
  #others: number[] | undefined;

  /** How many there are. */
  get size(): number {
    return this.#first === 0 ? 0 : 1 + (this.#others?.length ?? 0);
  }

  /** A handler begins. */
  add(frame: number): void {
    if (this.#first === 0) {
      this.#first = frame;
      return;
    }
    const others = this.#others ??= [];
    let at = others.length;
    // Handlers begin in order, but for requests that overtake.
    while (at > 0 && others[at - 1]! > frame) at--;
    if (at > 0 || frame > this.#first) {
      others.splice(at, 0, frame);
    } else {
      others.unshift(this.#first);
      this.#first = frame;
    }
  }

  /** A handler is done. */
  delete(frame: number): void {
    const others = this.#others;
    if (others === undefined) {
      this.#first = 0;
      return;
    }
    if (frame === this.#first) {
      this.#first = others.shift() ?? 0;
    } else {
      // The latest one is the likeliest: that of a handler that is done before its call returns.
      others.splice(others.lastIndexOf(frame), 1);
    }
    if (others.length === 0) this.#others = undefined;
  }

  /**
   * The frames that have been handled, among those whose handlers have begun.
   *
   * @param started The last one whose handler, and that of each before it, has begun.
   * @returns All up to `low` have been handled, and so have the ranges above it: first and last, in turn, ascending.
   */
  handled(started: number): { readonly low: number; readonly ranges: readonly number[] } {
    if (this.#first === 0 || this.#first > started) return { low: started, ranges: NO_RANGES };
    const ranges: number[] = [];
    let last = this.#first;
    const low = last - 1;
    for (let i = 0; last < started; i++) {
      const next = Math.min(this.#others?.[i] ?? Infinity, started + 1);
      if (next > last + 1) ranges.push(last + 1, next - 1);
      last = next;
    }
    return { low, ranges };
  }
}
