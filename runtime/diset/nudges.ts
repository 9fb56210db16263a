/**
 * Frees frames that the original's reader has left lying: of two that reach it together it takes the first, and the
 * second when more arrives (`captures` of plain TCP: 1 of 200 pairs a millisecond apart). After frames that followed one
 * another closely a keep-alive asks for an answer, and again, later and later, until one comes: then nothing lies there.
 *
 * @module
 */

import type { Clock } from "../clock.ts";

/** Frames less than so far apart may be read together by one that is busy, in milliseconds. */
const CLOSE = 1_000;

/** After so long one is asked for an answer first, in milliseconds; then after twice as long, each time. */
const FIRST_DELAY = 100;

/** How long it is waited at the most, in milliseconds. */
const LONGEST_DELAY = 60_000;

/** See the module's text. */
export class Nudges {
  readonly #clock: Clock;
  readonly #ask: () => void;
  #leftAt = -Infinity;
  #stopTimer: (() => void) | undefined;

  /** @param ask Sends a keep-alive that asks for an answer. */
  constructor(clock: Clock, ask: () => void) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** A frame leaves that is no keep-alive. */
  left(): void {
    const now = this.#clock.now();
    if (now - this.#leftAt < CLOSE && this.#stopTimer === undefined) this.#wait(FIRST_DELAY);
    this.#leftAt = now;
  }

  /** A keep-alive has come. */
  answered(): void {
    this.stop();
  }

  /** The line has ended. */
  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  #wait(delay: number): void {
    this.#stopTimer = this.#clock.set(delay, () => {
      this.#wait(Math.min(2 * delay, LONGEST_DELAY));
      this.#ask();
    });
  }
}
