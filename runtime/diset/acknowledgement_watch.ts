/**
 * Watches that what asks to be acknowledged is. A side that is not answered in time ends the connection, as the
 * original does.
 *
 * @module
 */

import type { Clock } from "../clock.ts";
import { Queue } from "../queue.ts";

/** How long the other side may take, in milliseconds: as long as the original waits. */
const PATIENCE = 30_000;

/** See the module's text. */
export class AcknowledgementWatch {
  readonly #clock: Clock;
  readonly #oldest: () => number;
  readonly #overdue: () => void;
  /** When each was sent; some that were acknowledged since are among them. */
  readonly #sent = new Queue<{ readonly frame: number; readonly at: number }>();
  #stopTimer: (() => void) | undefined;

  /**
   * @param oldest The number of the oldest message that still waits for its acknowledgement; `Infinity` if none does.
   * @param overdue Called when one has waited for too long.
   */
  constructor(clock: Clock, oldest: () => number, overdue: () => void) {
    this.#clock = clock;
    this.#oldest = oldest;
    this.#overdue = overdue;
  }

  /** A message leaves that asks to be acknowledged. Numbers ascend. */
  sent(frame: number): void {
    this.#forget();
    this.#sent.push({ frame, at: this.#clock.now() });
    this.#wait();
  }

  /** Nobody waits any more. */
  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
    this.#sent.drain();
  }

  /** Leaves out what stands before the oldest that waits, which is the first then. */
  #forget(): void {
    const oldest = this.#oldest();
    for (let first = this.#sent.peek(); first !== undefined && first.frame < oldest; first = this.#sent.peek()) {
      this.#sent.shift();
    }
  }

  #wait(): void {
    const first = this.#sent.peek();
    if (this.#stopTimer !== undefined || first === undefined) return;
    this.#stopTimer = this.#clock.set(first.at + PATIENCE - this.#clock.now(), () => {
      this.#stopTimer = undefined;
      this.#forget();
      if (this.#sent.peek() === first) this.#overdue();
      else this.#wait();
    });
  }
}
