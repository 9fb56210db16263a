/**
 * Frames that the peer has not started, by number: they fill its window.
 *
 * @module
 */

import { Queue } from "../queue.ts";

/** Frames with numbers one behind the other, and of the same size: as a rule, messages of one kind. */
interface Run {
  first: number;
  last: number;
  readonly size: number;
}

/** See the module's text. */
export class Unstarted {
  readonly #runs = new Queue<Run>();
  /** The last of them, which may still grow. */
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
    this.#latest = { first: number, last: number, size };
    this.#runs.push(this.#latest);
  }

  /** All up to a number have been started. */
  started(number: number): void {
    for (let run = this.#runs.peek(); run !== undefined && run.first <= number; run = this.#runs.peek()) {
      const last = Math.min(run.last, number);
      this.bytes -= run.size * (last + 1 - run.first);
      run.first = last + 1;
      if (last < run.last) return;
      this.#runs.shift();
      if (run === this.#latest) this.#latest = undefined;
    }
  }
}
