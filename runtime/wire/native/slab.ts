/**
 * Memory for the bytes that a message holds.
 *
 * @module
 */

import { IS_JSC } from "./engine.ts";

/** The most memory that is taken in advance. */
const SIZE = 8 * 1024;

/**
 * Copies of this size share memory: V8 takes some 200 ns to allocate one outside its heap, as it does from 65 bytes on.
 * JavaScriptCore does not.
 */
const LEAST = IS_JSC ? Infinity : 65;
const MOST = 1024;

const NO_MEMORY = new ArrayBuffer(0);

/**
 * Copies bytes out of chunks. Only copies out of the same chunk share memory, so that no connection ever sees another's,
 * and so little that a small value keeps no large one alive.
 */
export class Slab {
  #chunk: Uint8Array | undefined;
  #memory = NO_MEMORY;
  #at = 0;

  /**
   * Copies bytes.
   *
   * @param chunk Where they stand; copies out of other chunks share nothing with this one.
   * @param at The first one.
   * @param count How many.
   * @returns The copy.
   */
  copy(chunk: Uint8Array, at: number, count: number): Uint8Array {
    const source = new Uint8Array(chunk.buffer, chunk.byteOffset + at, count);
    if (count < LEAST || count > MOST) return new Uint8Array(source);
    if (this.#chunk !== chunk || this.#memory.byteLength - this.#at < count) {
      this.#chunk = chunk;
      // No more than could be used by what is left of the chunk.
      this.#memory = new ArrayBuffer(Math.min(SIZE, chunk.length - at));
      this.#at = 0;
    }
    const copy = new Uint8Array(this.#memory, this.#at, count);
    copy.set(source);
    this.#at += count;
    return copy;
  }
}
