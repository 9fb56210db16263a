/**
 * Cuts the stream into frames: a length (a varint, of what follows), a kind (one byte), a body.
 *
 * A frame that arrived whole is read where it lies. One that is cut by the end of a chunk is put together in a buffer
 * that grows with what arrives, never with what was promised.
 *
 * @module
 */

import { HoldfastError } from "../../errors.ts";
import { Reader } from "./reader.ts";

const NO_BYTES = new Uint8Array(0);

/** A length of more bytes than this is refused before its value is known. */
const LONGEST_LENGTH = 5;

/** Room is made for so many times what has arrived, and no more: the rest may never come. */
const GROWTH = 2;

/** Hears of frames, in order. May throw, which {@link Decoder.push} passes on. */
export interface FrameReceiver {
  /**
   * @param kind The frame's kind.
   * @param body Its body, from `at` to `end`: good until this returns.
   * @param size The size of the whole frame, in bytes.
   */
  frame(kind: number, body: Reader, size: number): void;
}

/** Cuts one stream into frames. */
export class Decoder {
  /** Who hears of the frames; may be another from one frame to the next. */
  receiver: FrameReceiver;
  /** The largest length that a frame may have, in bytes. */
  limit: number;
  readonly #reader = new Reader();
  /** Bytes that are not read yet: the beginning of one frame or, while held back, whatever arrived. */
  #kept = NO_BYTES;
  #keptLength = 0;
  #held = false;
  #stopped = false;
  #headerSize = 0;
  #frameSize = 0;

  /**
   * @param receiver Who hears of the frames.
   * @param limit The largest length that a frame may have, in bytes.
   */
  constructor(receiver: FrameReceiver, limit: number) {
    this.receiver = receiver;
    this.limit = limit;
  }

  /** How many bytes wait to be read. */
  get kept(): number {
    return this.#keptLength;
  }

  /**
   * Takes bytes as they arrive.
   *
   * @param chunk The bytes; not needed any more afterwards.
   * @throws {HoldfastError} `protocol` or `limit` where they are no frames, and whatever the receiver throws.
   */
  push(chunk: Uint8Array): void {
    if (this.#stopped) return;
    if (this.#held) {
      this.#keep(chunk, 0, chunk.length, Infinity);
      return;
    }
    let at = 0;
    while (this.#keptLength > 0 && at < chunk.length) at = this.#complete(chunk, at);
    while (!this.#held && !this.#stopped && this.#measure(chunk, at, chunk.length)) {
      const end = at + this.#frameSize;
      if (end > chunk.length) break;
      this.#receive(chunk, at, end);
      at = end;
    }
    if (at < chunk.length && !this.#stopped) this.#keep(chunk, at, chunk.length, chunk.length - at);
    // Silence may follow, and is not to hold the chunk.
    this.#reader.reset(NO_BYTES, 0, 0);
  }

  /** Holds the frames back from now on, also those of the chunk that is being read. */
  hold(): void {
    this.#held = true;
  }

  /**
   * Goes on with what was held back.
   *
   * @throws {HoldfastError} As {@link Decoder.push}.
   */
  release(): void {
    this.#held = false;
    const kept = this.#kept.subarray(0, this.#keptLength);
    this.#kept = NO_BYTES;
    this.#keptLength = 0;
    if (kept.length > 0) this.push(kept);
  }

  /** Passes over all that follows, and all that arrived. */
  stop(): void {
    this.#stopped = true;
    this.#kept = NO_BYTES;
    this.#keptLength = 0;
  }

  /** Moves bytes of the frame that was begun behind those kept, and reads it when it is whole. */
  #complete(chunk: Uint8Array, at: number): number {
    if (!this.#measure(this.#kept, 0, this.#keptLength)) {
      this.#keep(chunk, at, at + 1, LONGEST_LENGTH + 1);
      // A length that can't be is refused now, not when the next byte comes.
      this.#measure(this.#kept, 0, this.#keptLength);
      return at + 1;
    }
    const missing = this.#frameSize - this.#keptLength;
    const count = Math.min(missing, chunk.length - at);
    this.#keep(chunk, at, at + count, missing);
    if (count < missing) return at + count;
    const frame = this.#kept;
    this.#kept = NO_BYTES;
    this.#keptLength = 0;
    // Nobody else has that buffer: large parts of it can be given out.
    this.#reader.isOwn = true;
    this.#receive(frame, 0, this.#frameSize);
    this.#reader.isOwn = false;
    return at + count;
  }

  #receive(bytes: Uint8Array, at: number, end: number): void {
    const reader = this.#reader;
    reader.reset(bytes, at + this.#headerSize + 1, end);
    this.receiver.frame(bytes[at + this.#headerSize]!, reader, end - at);
  }

  /** Appends bytes to those kept. Room is made for `wanted` more, but for no more than twice what has arrived. */
  #keep(chunk: Uint8Array, at: number, end: number, wanted: number): void {
    const length = this.#keptLength + end - at;
    if (length > this.#kept.length) {
      const room = Math.min(this.#keptLength + wanted, Math.max(GROWTH * length, 1024));
      const kept = new Uint8Array(Math.max(length, room));
      kept.set(this.#kept.subarray(0, this.#keptLength));
      this.#kept = kept;
    }
    this.#kept.set(chunk.subarray(at, end), this.#keptLength);
    this.#keptLength = length;
  }

  /** Reads the length that stands at `at` into `#headerSize` and `#frameSize`; `false` if it is not all there. */
  #measure(bytes: Uint8Array, at: number, end: number): boolean {
    let length = 0;
    for (let i = 0, unit = 1; i < LONGEST_LENGTH; i++, unit *= 0x80) {
      if (at + i >= end) return false;
      const byte = bytes[at + i]!;
      length += (byte & 0x7f) * unit;
      if (byte >= 0x80) continue;
      if (byte === 0) throw new HoldfastError("protocol", "A frame has no kind, or its length takes too many bytes.");
      if (length > this.limit) break;
      this.#headerSize = i + 1;
      this.#frameSize = i + 1 + length;
      return true;
    }
    throw new HoldfastError("limit", `A frame is longer than the ${this.limit} bytes that are allowed here.`);
  }
}
