/**
 * Cuts a stream into frames, whichever way it arrives in chunks.
 *
 * A frame that arrived whole is read where it lies. One that is cut by the end of a chunk is put together in a buffer
 * that grows with what arrives, never with what was promised.
 *
 * @module
 */

import type { FrameDecoder } from "./wire.ts";

const NO_BYTES = new Uint8Array(0);

/** Room is made for so many times what has arrived, and no more: the rest may never come. */
const GROWTH = 2;

/** Room is made for so many bytes, however few have arrived. */
const LEAST_ROOM = 1024;

/** What is the same for the frames of any wire: each says itself where its frames end. */
export abstract class Cutter implements FrameDecoder {
  /** How long a frame, or what it carries, may be: in bytes. */
  limit: number;
  /** Bytes that are not read yet: the beginning of one frame or, while held back, whatever arrived. */
  #kept = NO_BYTES;
  #keptLength = 0;
  /** The size of the frame that those begin; 0 while it is not known. */
  #size = 0;
  /** The size of the largest that came in parts: the peer has sent as much, and may have as much room at once again. */
  #largest = LEAST_ROOM;
  /** Whether frames are read now: neither held back nor passed over. */
  protected isReading = true;
  #stopped = false;
  readonly #longestHeader: number;

  /**
   * @param limit What a frame has to keep within, in bytes.
   * @param longestHeader How many bytes may stand before the content of one.
   */
  constructor(limit: number, longestHeader: number) {
    this.limit = limit;
    this.#longestHeader = longestHeader;
  }

  /**
   * Finds how long a frame is.
   *
   * @param bytes Where it is.
   * @param at Where it begins.
   * @param end Where the bytes end that have arrived.
   * @returns Its size with all that stands before its content, in bytes; 0 if more of them have to tell.
   * @throws {HoldfastError} `protocol` or `limit` where there is no frame, or too long a one.
   */
  protected abstract measure(bytes: Uint8Array, at: number, end: number): number;

  /**
   * Reads the frame that was measured. May throw, which {@link Cutter.push} passes on.
   *
   * @param bytes Where it is; good until this returns.
   * @param at Where it begins.
   * @param size What `measure` returned.
   * @param isOwn Whether nobody else has the bytes, now or later, so that parts of them can be given out.
   */
  protected abstract receive(bytes: Uint8Array, at: number, size: number, isOwn: boolean): void;

  /** How many bytes wait to be read. */
  get kept(): number {
    return this.#keptLength;
  }

  /**
   * Takes bytes as they arrive.
   *
   * @param chunk The bytes; not needed any more afterwards.
   * @throws {HoldfastError} `protocol` or `limit` where they are no frames, and whatever reading them throws.
   */
  push(chunk: Uint8Array): void {
    if (this.#stopped) return;
    if (!this.isReading) {
      this.#keep(chunk, 0, chunk.length, Infinity);
      return;
    }
    let at = 0;
    while (this.#keptLength > 0 && at < chunk.length) at = this.#complete(chunk, at);
    at = this.readAll(chunk, at);
    if (at === chunk.length || this.#stopped) return;
    if (this.isReading) this.#size = this.measure(chunk, at, chunk.length);
    this.#keep(chunk, at, chunk.length, Math.max(this.#size, chunk.length - at));
  }

  /**
   * Reads the frames of a chunk that are whole.
   *
   * @param chunk The bytes.
   * @param at Where the first one begins.
   * @returns Where the rest begins.
   */
  protected readAll(chunk: Uint8Array, at: number): number {
    while (this.isReading) {
      const size = this.measure(chunk, at, chunk.length);
      if (size === 0 || size > chunk.length - at) break;
      this.receive(chunk, at, size, false);
      at += size;
    }
    return at;
  }

  /** Holds the frames back from now on, also those of the chunk that is being read. */
  hold(): void {
    this.isReading = false;
  }

  /**
   * Goes on with what was held back.
   *
   * @throws {HoldfastError} As {@link Cutter.push}.
   */
  release(): void {
    this.isReading = !this.#stopped;
    const kept = this.#kept.subarray(0, this.#keptLength);
    this.#forget();
    if (kept.length > 0) this.push(kept);
  }

  /** Passes over all that follows, and all that arrived. */
  stop(): void {
    this.#stopped = true;
    this.isReading = false;
    this.#forget();
  }

  #forget(): void {
    this.#kept = NO_BYTES;
    this.#keptLength = 0;
    this.#size = 0;
  }

  /** Moves bytes of the frame that was begun behind those kept, and reads it when it is whole. */
  #complete(chunk: Uint8Array, at: number): number {
    if (this.#size === 0) this.#size = this.measure(this.#kept, 0, this.#keptLength);
    if (this.#size === 0) {
      this.#keep(chunk, at, at + 1, this.#longestHeader);
      // A length that can't be is refused now, not when the next byte comes.
      this.#size = this.measure(this.#kept, 0, this.#keptLength);
      return at + 1;
    }
    const size = this.#size;
    const missing = size - this.#keptLength;
    const end = Math.min(at + missing, chunk.length);
    this.#keep(chunk, at, end, missing);
    if (end < at + missing) return end;
    const frame = this.#kept;
    if (size > this.#largest) this.#largest = size;
    this.#forget();
    this.receive(frame, 0, size, true);
    return end;
  }

  /**
   * Appends bytes to those kept. Room is made for `wanted` more, but for no more than twice what has arrived of it, or once
   * what has arrived of another frame.
   */
  #keep(chunk: Uint8Array, at: number, end: number, wanted: number): void {
    const length = this.#keptLength + end - at;
    if (length > this.#kept.length) {
      const room = Math.min(this.#keptLength + wanted, Math.max(GROWTH * length, this.#largest));
      const kept = new Uint8Array(Math.max(length, room));
      kept.set(this.#kept.subarray(0, this.#keptLength));
      this.#kept = kept;
    }
    this.#kept.set(chunk.subarray(at, end), this.#keptLength);
    this.#keptLength = length;
  }
}
