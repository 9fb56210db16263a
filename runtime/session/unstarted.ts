/**
 * Frames that the peer has not started, by number: they fill its window.
 *
 * @module
 */

import { Queue } from "../queue.ts";

/** See the module's text. */
export class Unstarted {
  /** Number and size, in turn. */
  readonly #frames = new Queue<number>();
  /** How many bytes they have. */
  bytes = 0;

  /** A frame has been sent. */
  push(number: number, size: number): void {
    this.#frames.push(number);
    this.#frames.push(size);
    this.bytes += size;
  }

  /** All up to a number have been started. */
  started(number: number): void {
    while ((this.#frames.peek() ?? Infinity) <= number) {
      this.#frames.shift();
      this.bytes -= this.#frames.shift()!;
    }
  }
}
