/**
 * Who waits for a frame to be handled.
 *
 * @module
 */

import type { HoldfastError } from "../errors.ts";
import type { Progress } from "../wire/wire.ts";
import type { Verdict } from "./verdict.ts";

/** One who waits. */
export interface Acknowledgement {
  readonly resolve: () => void;
  readonly reject: (error: HoldfastError) => void;
}

/** See the module's text. */
export class Acknowledgements {
  /** In the order of the frames. */
  readonly #waiting = new Map<number, Acknowledgement>();

  /** How many wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Asks to be told when a frame has been handled: the one that was sent last. */
  add(frame: number, acknowledgement: Acknowledgement): void {
    this.#waiting.set(frame, acknowledgement);
  }

  /** Tells those whose frames have been handled. */
  settle({ handled, ranges }: Progress): void {
    const highest = ranges.at(-1) ?? handled;
    let range = 0;
    for (const [frame, { resolve }] of this.#waiting) {
      if (frame > highest) return;
      while (range < ranges.length && ranges[range + 1]! < frame) range += 2;
      if (frame > handled && frame < ranges[range]!) continue;
      this.#waiting.delete(frame);
      resolve();
    }
  }

  /** The session has ended: tells all who wait what that means for theirs. */
  end(verdict: Verdict): void {
    for (const [frame, { reject }] of this.#waiting) reject(verdict(frame));
  }
}
