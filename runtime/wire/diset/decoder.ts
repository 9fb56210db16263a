/**
 * Cuts the stream into frames: the payload's length in decimal digits, a colon, the payload. A keep-alive has `dka` before
 * its length.
 *
 * The length goes through Python's `int()` in the original: a sign, underscores and white space are taken here, too.
 * Where the original would wait for ever for a colon that can't be among the first ten bytes any more, this ends the
 * connection. A frame that arrived whole is read where it lies. One that is cut by the end of a chunk is put together in a
 * buffer that grows with what arrives, never with what was promised.
 *
 * @module
 */

import { HoldfastError } from "../../errors.ts";
import { parseInteger } from "./python_numbers.ts";

const NO_BYTES = new Uint8Array(0);

/** `dka`. */
const KEEP_ALIVE = [0x64, 0x6b, 0x61];

const COLON = 0x3a;

/** How many bytes a length has at the most: the colon behind it is looked for in the first ten. */
const LONGEST_LENGTH = 9;

/** What a length may have beside digits: white space, `+` and `_`. */
const BESIDE_DIGITS = /^[\t-\r +_]$/;

/** Hears of frames, in order. May throw, which {@link Decoder.push} passes on. */
export interface FrameReceiver {
  /**
   * @param keepAlive Whether it is a keep-alive.
   * @param payload Its payload, which is not empty: good until this returns.
   * @param size The size of the whole frame, in bytes.
   */
  frame(keepAlive: boolean, payload: Uint8Array, size: number): void;
}

/**
 * Says whether a stream is one of DISET's, from its first bytes.
 *
 * @param bytes The first bytes.
 * @returns Whether it is; `undefined` while more bytes have to tell. No frame of the native protocol begins so: the
 * second byte of its first frame, or the one behind a longer length, says that it is a HELLO.
 */
export function beginsAsDiset(bytes: Uint8Array): boolean | undefined {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[0] === KEEP_ALIVE[0] && i < KEEP_ALIVE.length) {
      if (bytes[i] !== KEEP_ALIVE[i]) return false;
    } else {
      const digits = bytes[0] === KEEP_ALIVE[0] ? i - KEEP_ALIVE.length : i;
      if (bytes[i] === COLON) return digits > 0;
      if (digits >= LONGEST_LENGTH || !isInLength(bytes[i]!)) return false;
    }
  }
  return undefined;
}

function isInLength(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39 || BESIDE_DIGITS.test(String.fromCharCode(byte));
}

/** Cuts one stream into frames. */
export class Decoder {
  /** Who hears of the frames; may be another from one frame to the next. */
  receiver: FrameReceiver;
  /** The longest payload that a frame may have, in bytes. */
  limit: number;
  /** Bytes that are not read yet: the beginning of one frame or, while held back, whatever arrived. */
  #kept = NO_BYTES;
  #keptLength = 0;
  #held = false;
  #stopped = false;
  /** Whether the length of the frame that was begun is known. */
  #measured = false;
  #keepAlive = false;
  #headerSize = 0;
  #frameSize = 0;

  /**
   * @param receiver Who hears of the frames.
   * @param limit The longest payload that a frame may have, in bytes.
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
      this.#receive(chunk, at);
      at = end;
    }
    if (at < chunk.length && !this.#stopped) this.#keep(chunk, at, chunk.length, chunk.length - at);
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
    this.#forget();
    if (kept.length > 0) this.push(kept);
  }

  /** Passes over all that follows, and all that arrived. */
  stop(): void {
    this.#stopped = true;
    this.#forget();
  }

  #forget(): void {
    this.#kept = NO_BYTES;
    this.#keptLength = 0;
    this.#measured = false;
  }

  /** Moves bytes of the frame that was begun behind those kept, and reads it when it is whole. */
  #complete(chunk: Uint8Array, at: number): number {
    if (!this.#measured && !this.#measure(this.#kept, 0, this.#keptLength)) {
      this.#keep(chunk, at, at + 1, KEEP_ALIVE.length + LONGEST_LENGTH + 1);
      // A length that can't be is refused now, not when the next byte comes.
      this.#measured = this.#measure(this.#kept, 0, this.#keptLength);
      return at + 1;
    }
    this.#measured = true;
    const missing = this.#frameSize - this.#keptLength;
    const end = Math.min(at + missing, chunk.length);
    this.#keep(chunk, at, end, missing);
    if (end < at + missing) return end;
    const frame = this.#kept;
    this.#forget();
    this.#receive(frame, 0);
    return end;
  }

  #receive(bytes: Uint8Array, at: number): void {
    const payload = bytes.subarray(at + this.#headerSize, at + this.#frameSize);
    this.receiver.frame(this.#keepAlive, payload, this.#frameSize);
  }

  /** Appends bytes to those kept. Room is made for `wanted` more, but for no more than as many again as there are. */
  #keep(chunk: Uint8Array, at: number, end: number, wanted: number): void {
    const length = this.#keptLength + end - at;
    if (length > this.#kept.length) {
      const room = Math.min(this.#keptLength + wanted, Math.max(2 * length, 1024));
      const kept = new Uint8Array(Math.max(length, room));
      kept.set(this.#kept.subarray(0, this.#keptLength));
      this.#kept = kept;
    }
    this.#kept.set(chunk.subarray(at, end), this.#keptLength);
    this.#keptLength = length;
  }

  /** Reads what stands before a payload at `at`; `false` if it is not all there. */
  #measure(bytes: Uint8Array, at: number, end: number): boolean {
    const keepAlive = bytes[at] === KEEP_ALIVE[0];
    for (let i = 0; keepAlive && i < KEEP_ALIVE.length; i++) {
      if (at + i >= end) return false;
      if (bytes[at + i] !== KEEP_ALIVE[i]) throw noFrame();
    }
    const first = keepAlive ? at + KEEP_ALIVE.length : at;
    let text = "";
    for (let i = first; i <= first + LONGEST_LENGTH; i++) {
      if (i >= end) return false;
      const byte = bytes[i]!;
      if (byte === COLON) {
        const length = parseInteger(text, LONGEST_LENGTH);
        // Nine digits are a number, and a safe one.
        if (typeof length !== "number" || length <= 0) break;
        if (length > this.limit) throw this.#tooLong();
        this.#keepAlive = keepAlive;
        this.#headerSize = i + 1 - at;
        this.#frameSize = this.#headerSize + length;
        return true;
      }
      if (!isInLength(byte)) break;
      text += String.fromCharCode(byte);
    }
    throw noFrame();
  }

  #tooLong(): HoldfastError {
    return new HoldfastError("limit", `A payload is longer than the ${this.limit} bytes that are allowed here.`);
  }
}

function noFrame(): HoldfastError {
  return new HoldfastError("protocol", "There is no frame: it begins with its length in digits and a colon.");
}
