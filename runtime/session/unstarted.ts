/**
 * Frames that the peer has not started, by number: they fill its window.
 *
 * @module
 */

/** Frames with numbers one behind the other, and of the same size: as a rule, messages of one kind. */
interface Run {
  first: number;
  last: number;
  readonly size: number;
  /** What was sent behind them. */
  next: Run | undefined;
}

/** See the module's text. */
export class Unstarted {
  #oldest: Run | undefined;
  /** The last of the runs, which may still grow. */
  #latest: Run | undefined;
  /** How many bytes they have. */
  bytes = 0;

  /** A frame has been sent. */
  push(number: number, size: number): void {
    const latest = this.#latest;
    this.bytes += size;
    if (latest !== undefined && latest.last === number - 1 && latest.size === size) {
      latest.last = number;
      return;
    }
    const run: Run = { first: number, last: number, size, next: undefined };
    if (latest === undefined) this.#oldest = run;
    else latest.next = run;
    this.#latest = run;
  }

  /** All up to a number have been started. */
  started(number: number): void {
    for (let run = this.#oldest; run !== undefined && run.first <= number; run = this.#oldest) {
      const last = Math.min(run.last, number);
      this.bytes -= run.size * (last + 1 - run.first);
      run.first = last + 1;
      if (last < run.last) return;
      this.#oldest = run.next;
      // One that has grown old in memory would keep all that follow until it is collected.
      run.next = undefined;
      if (run === this.#latest) this.#latest = undefined;
    }
  }
}
