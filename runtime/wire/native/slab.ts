/**
 * Memory for the bytes that a message holds.
 *
 * @module
 */

import { IS_JSC } from "./engine.ts";

/** The most memory that is taken in advance. */
const SIZE = 8 * 1024;

/** Copies of this size share memory: V8 takes some 200 ns to allocate one outside its heap, as it does from 65 bytes on. */
const LEAST = 65;
const MOST = 1024;

const NO_MEMORY = new ArrayBuffer(0);

/**
 * Copies bytes out of one chunk. Only these copies share memory, so that no connection ever sees another's, and so little
 * that a small value keeps no large one alive.
 */
export class Slab {
  // Of the chunk, which may be a `Buffer`. To ask one for its memory is a call into the runtime: once, not for each copy.
  readonly #source: ArrayBufferLike;
  readonly #offset: number;
  readonly #length: number;
  /** The chunk as a plain `Uint8Array`, whose `slice` is the fastest copy that JavaScriptCore has. */
  readonly #plain: Uint8Array | undefined;
  #memory = NO_MEMORY;
  #at = 0;

  /**
   * Takes no memory yet.
   *
   * @param chunk Where the bytes stand.
   */
  constructor(chunk: Uint8Array) {
    this.#source = chunk.buffer;
    this.#offset = chunk.byteOffset;
    this.#length = chunk.length;
    this.#plain = IS_JSC ? new Uint8Array(this.#source, this.#offset, this.#length) : undefined;
  }

  /**
   * Copies bytes.
   *
   * @param at The first one.
   * @param count How many.
   * @returns The copy.
   */
  copy(at: number, count: number): Uint8Array {
    if (this.#plain !== undefined) return this.#plain.slice(at, at + count);
    const source = new Uint8Array(this.#source, this.#offset + at, count);
    if (count < LEAST || count > MOST) return new Uint8Array(source);
    if (this.#memory.byteLength - this.#at < count) {
      // No more than could be used by what is left of the chunk.
      this.#memory = new ArrayBuffer(Math.min(SIZE, this.#length - at));
      this.#at = 0;
    }
    const copy = new Uint8Array(this.#memory, this.#at, count);
    copy.set(source);
    this.#at += count;
    return copy;
  }
}
