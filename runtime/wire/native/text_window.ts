/**
 * Several texts of a message, read by one call of the runtime.
 *
 * @module
 */

import { readUnits } from "./text.ts";

/**
 * How many bytes are read at once, at most. A text that is cut out of them keeps all of them alive, so that this is
 * what a short one may hold beyond its own.
 */
const SIZE = 256;

/** A stretch of bytes, each as one UTF-16 code unit. What is ASCII is cut out of it. */
export class TextWindow {
  #units = "";
  #from = 0;
  #until = 0;

  /** Forgets what it holds: other bytes will be read. */
  close(): void {
    this.#units = "";
    this.#until = 0;
  }

  /**
   * Cuts a text out, after reading what follows it as well if need be.
   *
   * @param bytes Where it stands: the same since the window was closed.
   * @param at The first byte: ASCII, like the others.
   * @param stop Behind the last one, at most 127 further.
   * @param end Behind the last byte that may be read.
   * @returns The text.
   */
  cut(bytes: Uint8Array, at: number, stop: number, end: number): string {
    if (stop > this.#until || at < this.#from) {
      this.#from = at;
      this.#until = Math.min(at + SIZE, end);
      this.#units = readUnits(bytes, at, this.#until);
    }
    return this.#units.substring(at - this.#from, stop - this.#from);
  }
}
