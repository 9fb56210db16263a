/**
 * Where outgoing bytes are gathered: frames and values are written straight into it, and it is taken when it is time
 * to send.
 *
 * Integers are LEB128 varints: seven bits a byte, the lowest first, the highest bit set on all bytes but the last, in
 * the shortest form. A signed one is zigzag first: 0, −1, 1, −2 … become 0, 1, 2, 3 …, so that the sign is the lowest
 * bit. A float is IEEE 754 in 8 bytes, the lowest byte first. A string is its length in bytes, as a varint, and UTF-8.
 *
 * @module
 */

import { SHORT_TEXT, utf8Length, writeUtf8 } from "./text.ts";

/** Where a {@link Writer} gets its buffers from, and where what they hold may leave. */
export interface Store {
  /**
   * Gives out a buffer.
   *
   * @param least How many bytes it has, at least.
   * @param size How many bytes are wished for: no fewer.
   */
  make(least: number, size: number): Uint8Array;
  /** Takes what lies before the frame that is being written, and will be followed by it in another buffer. */
  seal(whole: Uint8Array): void;
}

const NO_BYTES = new Uint8Array(0);

/** The size of the first buffer, unless told otherwise: a quiet connection holds no more. */
const FIRST_SIZE = 64;

/** Of a buffer that has grown to this size, what is whole is not copied into the next one, in bytes. */
const SEALED_SIZE = 32 * 1024;

/** The size up to which buffers grow by themselves while a connection is busy. */
const FULL_SIZE = 64 * 1024;

/** The most bytes that a varint of a safe integer takes, signed or not. */
const VARINT_SIZE = 8;

/** Strings beyond this many units are measured before they are written, rather than given room for the worst case. */
const LONG_STRING = 1024;

/** Gathers bytes. Nothing is allocated before the first one is written. */
export class Writer {
  /** The buffer. */
  bytes: Uint8Array = NO_BYTES;
  /** What lies before has been taken. */
  start = 0;
  /** Where the next byte goes. May be put back, by its distance to `start`, to give up what was written last. */
  at = 0;
  /** Where the frame begins that is being written: what lies before is whole. Not before `start`. */
  frame = 0;
  readonly #firstSize: number;
  readonly #store: Store | undefined;
  #nextSize: number;
  /** Of the buffer, once it is needed. */
  #view: DataView | undefined;

  /**
   * Makes an empty writer.
   *
   * @param size The size of the first buffer, in bytes.
   * @param store Where buffers come from; without it, they are new, and all that is written stands in one.
   */
  constructor(size: number = FIRST_SIZE, store?: Store) {
    this.#firstSize = size;
    this.#store = store;
    this.#nextSize = size;
  }

  /**
   * Makes room. `bytes`, `start` and `at` may be others afterwards; `at - start` stays.
   *
   * @param count How many more bytes are to come.
   */
  reserve(count: number): void {
    if (this.bytes.length - this.at < count) this.#grow(count);
  }

  /** What was taken from the old buffer may still be on its way out, so only another one will do. */
  #grow(count: number): void {
    const { bytes, frame } = this;
    if (this.#store !== undefined && frame > this.start && (bytes.length >= SEALED_SIZE || count >= SEALED_SIZE)) {
      this.#store.seal(bytes.subarray(this.start, frame));
      this.start = frame;
    }
    const pending = this.at - this.start;
    const least = 2 * pending + count;
    const size = Math.max(this.#nextSize, least);
    const larger = this.#store?.make(least, size) ?? new Uint8Array(size);
    this.#nextSize = Math.max(this.#nextSize, Math.min(2 * this.#nextSize, FULL_SIZE));
    if (pending > 0) larger.set(bytes.subarray(this.start, this.at));
    this.bytes = larger;
    this.#view = undefined;
    this.frame -= this.start;
    this.start = 0;
    this.at = pending;
  }

  /**
   * Appends a byte.
   *
   * @param value 0 to 255.
   */
  byte(value: number): void {
    if (this.at === this.bytes.length) this.#grow(1);
    this.bytes[this.at++] = value;
  }

  /**
   * Appends a whole number that is not negative.
   *
   * @param value A safe integer, not negative.
   */
  varint(value: number): void {
    if (value <= 0x7f) {
      this.byte(value);
      return;
    }
    this.reserve(VARINT_SIZE);
    const bytes = this.bytes;
    let at = this.at;
    if (value > 0xfffffff) {
      // Bitwise operators see 32 bits: four bytes of seven bits each first, and the rest (at most 25 bits) after.
      const low = value & 0xfffffff;
      bytes[at++] = low & 0x7f | 0x80;
      bytes[at++] = low >>> 7 & 0x7f | 0x80;
      bytes[at++] = low >>> 14 & 0x7f | 0x80;
      bytes[at++] = low >>> 21 | 0x80;
      value = (value - low) / 0x10000000;
    }
    this.#bits(value, at);
  }

  /** Writes 32 bits at most, for which there is room. */
  #bits(rest: number, at: number): void {
    const bytes = this.bytes;
    while ((rest & ~0x7f) !== 0) {
      bytes[at++] = rest & 0x7f | 0x80;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.at = at;
  }

  /**
   * Appends a whole number.
   *
   * @param value A safe integer.
   */
  signedVarint(value: number): void {
    if (value === (value | 0)) {
      this.reserve(VARINT_SIZE);
      this.#bits(value << 1 ^ value >> 31, this.at);
      return;
    }
    // Twice the value may be no safe integer: the sign and six bits go into the first byte, the rest is a varint.
    const sign = value < 0 ? 1 : 0;
    const magnitude = value < 0 ? -1 - value : value;
    const low = magnitude & 0x3f;
    this.byte(low << 1 | sign | 0x80);
    this.varint((magnitude - low) / 0x40);
  }

  /**
   * Appends a whole number of any size.
   *
   * @param value Any size.
   */
  bigSignedVarint(value: bigint): void {
    if (value >= -0x1fffffffffffffn && value <= 0x1fffffffffffffn) {
      this.signedVarint(Number(value));
      return;
    }
    // By way of hexadecimal digits, since that takes a time linear in the number of digits, and shifting does not.
    const digits = (value < 0n ? (-value << 1n) - 1n : value << 1n).toString(16);
    this.reserve(Math.ceil(digits.length * 4 / 7));
    const bytes = this.bytes;
    let at = this.at;
    let bits = 0;
    let count = 0;
    for (let end = digits.length; end > 0; end -= 4) {
      bits |= parseInt(digits.slice(Math.max(0, end - 4), end), 16) << count;
      count += Math.min(4, end) * 4;
      for (; count >= 7; count -= 7) {
        bytes[at++] = bits & 0x7f | 0x80;
        bits >>>= 7;
      }
    }
    while (bits > 0) {
      bytes[at++] = bits & 0x7f | 0x80;
      bits >>>= 7;
    }
    bytes[at - 1]! &= 0x7f;
    this.at = at;
  }

  /**
   * Appends a float.
   *
   * @param value Any; every NaN is written as the same one.
   */
  float(value: number): void {
    this.reserve(8);
    const { bytes } = this;
    const view = this.#view ??= new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    view.setFloat64(this.at, value === value ? value : NaN, true);
    this.at += 8;
  }

  /**
   * Appends text, its length before it.
   *
   * @param text Well-formed: half a surrogate pair would be written as U+FFFD. Where it matters, the caller checks.
   * @returns How many bytes of UTF-8 it took; as many as the text's `length` exactly if it is ASCII.
   */
  string(text: string): number {
    return this.shortAscii(text) ? text.length : this.#longString(text);
  }

  /**
   * Appends text, its length before it, if it is short and ASCII.
   *
   * @param text Any.
   * @returns Whether it has been appended: else, nothing has.
   */
  shortAscii(text: string): boolean {
    const length = text.length;
    if (length > SHORT_TEXT) return false;
    this.reserve(1 + length);
    const bytes = this.bytes;
    const at = this.at + 1;
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return false;
      bytes[at + i] = unit;
    }
    bytes[at - 1] = length;
    this.at = at + length;
    return true;
  }

  #longString(text: string): number {
    const length = text.length;
    if (length <= LONG_STRING) {
      this.reserve(2 + 3 * length);
      // Written where it belongs if it is ASCII, as most text is; moved up if its length takes a byte more than that.
      const at = this.at + (length > 0x7f ? 2 : 1);
      const count = writeUtf8(text, this.bytes, at);
      if (count > 0x7f && length <= 0x7f) this.bytes.copyWithin(at + 1, at, at + count);
      this.varint(count);
      this.at += count;
      return count;
    }
    const count = utf8Length(text);
    this.varint(count);
    this.reserve(count);
    this.at += writeUtf8(text, this.bytes, this.at);
    return count;
  }

  /**
   * Appends bytes.
   *
   * @param bytes Copied as they are, no length before them.
   */
  raw(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  /**
   * Takes what has been written: it is never written again.
   *
   * @returns The bytes since the last time; `undefined` if there are none.
   */
  take(): Uint8Array | undefined {
    if (this.start === this.at) return undefined;
    const taken = this.bytes.subarray(this.start, this.at);
    this.start = this.frame = this.at;
    return taken;
  }

  /**
   * Lets go of the buffer when all has been taken, so that a silent connection holds none.
   *
   * @param size The size of the next one, in bytes.
   */
  release(size: number = this.#firstSize): void {
    if (this.start !== this.at) return;
    this.bytes = NO_BYTES;
    this.#view = undefined;
    this.start = 0;
    this.frame = 0;
    this.at = 0;
    this.#nextSize = size;
  }
}
