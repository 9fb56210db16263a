/**
 * Where incoming bytes are read from: at an offset, in place. How numbers and strings stand there, `writer.ts` says.
 *
 * Of all the ways to write a value only the one that {@link Writer} chooses is read; every other is refused, and so is
 * whatever goes beyond the end. Nothing is allocated for a length before it is known that the bytes are there.
 *
 * @module
 */

import { HoldfastError } from "../../errors.ts";
import { Slab } from "./slab.ts";
import { ASCII_LENGTH, isAscii, readAscii, readKey, readUtf8 } from "./text.ts";
import { TextWindow } from "./text_window.ts";
import { readZigzag } from "./zigzag.ts";

const NO_BYTES = new Uint8Array(0);

/** The only NaN that may be sent. */
const NAN = 0x7ff8000000000000n;

/** Reads bytes. One reader is used again and again: it costs no object per message. */
export class Reader {
  /** Where the bytes stand. */
  bytes: Uint8Array = NO_BYTES;
  /** The next byte. */
  at = 0;
  /** Behind the last byte that may be read. */
  end = 0;
  /** Whether the bytes are this reader's, to be given away. */
  isOwn = false;
  // Of the bytes, once they are needed.
  #view: DataView | undefined;
  #slab: Slab | undefined;
  /** Made when several texts are to come. */
  #window: TextWindow | undefined;
  #expectsTexts = false;

  /**
   * Starts over on other bytes, which must not change until they have been read.
   *
   * @param bytes Where they stand.
   * @param at The first one.
   * @param end Behind the last one.
   */
  reset(bytes: Uint8Array, at: number, end: number): void {
    if (this.bytes !== bytes) {
      this.bytes = bytes;
      this.#view = undefined;
      this.#slab = undefined;
    }
    this.at = at;
    this.end = end;
    if (this.#expectsTexts) {
      this.#expectsTexts = false;
      this.#window!.close();
    }
  }

  /** Says that several texts are to come before the end, so that it pays to read them together. */
  expectTexts(): void {
    this.#window ??= new TextWindow();
    this.#expectsTexts = true;
  }

  #viewOfBytes(): DataView {
    return this.#view = new DataView(this.bytes.buffer, this.bytes.byteOffset, this.bytes.length);
  }

  /**
   * Reads a byte.
   *
   * @returns 0 to 255.
   * @throws {HoldfastError} `protocol` at the end.
   */
  byte(): number {
    if (this.at >= this.end) throw truncated();
    return this.bytes[this.at++]!;
  }

  /**
   * Reads a whole number that is not negative.
   *
   * @returns A safe integer, not negative.
   * @throws {HoldfastError} `protocol` where it is cut off, longer than need be, or beyond 2^53-1.
   */
  varint(): number {
    const at = this.at;
    if (at < this.end) {
      const first = this.bytes[at]!;
      if (first < 0x80) {
        this.at = at + 1;
        return first;
      }
    }
    return this.#longVarint();
  }

  #longVarint(): number {
    let low = this.byte() & 0x7f;
    for (let shift = 7; shift < 28; shift += 7) {
      const byte = this.byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0) throw overlong();
        return low;
      }
    }
    // Bitwise operators see 32 bits: what is above the first 28 is gathered apart, at most 25 bits.
    let high = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      high |= (byte & 0x7f) << shift;
      if (byte < 0x80) {
        if (byte === 0) throw overlong();
        if (high > 0x1ffffff) break;
        return high * 0x10000000 + low;
      }
    }
    throw beyond();
  }

  /**
   * Reads a whole number.
   *
   * @returns A safe integer.
   * @throws {HoldfastError} `protocol` where it is cut off, longer than need be, or beyond ±(2^53-1).
   */
  signedVarint(): number {
    const first = this.at < this.end ? this.bytes[this.at]! : 0x80;
    if (first > 0x7f) return this.#longSignedVarint();
    this.at += 1;
    return first >>> 1 ^ -(first & 1);
  }

  #longSignedVarint(): number {
    const { bytes, end } = this;
    let at = this.at;
    let low = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      if (at >= end) throw truncated();
      const byte = bytes[at++]!;
      low |= (byte & 0x7f) << shift;
      if (byte > 0x7f) continue;
      if (byte === 0 && shift > 0) throw overlong();
      this.at = at;
      return low >>> 1 ^ -(low & 1);
    }
    // Bitwise operators see 32 bits: what is above the first 28 is gathered apart, at most 26 bits.
    let high = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      if (at >= end) throw truncated();
      const byte = bytes[at++]!;
      high |= (byte & 0x7f) << shift;
      if (byte > 0x7f) continue;
      if (byte === 0) throw overlong();
      const magnitude = high * 0x8000000 + (low >>> 1);
      if (magnitude > ((low & 1) === 0 ? 0x1fffffffffffff : 0x1ffffffffffffe)) break;
      this.at = at;
      return (low & 1) === 0 ? magnitude : -1 - magnitude;
    }
    throw beyond();
  }

  /**
   * Reads a whole number of any size.
   *
   * @param maxBytes How many bytes it may take.
   * @returns An integer: a `number` if it is a safe one, else a `bigint`.
   * @throws {HoldfastError} `limit` where it is longer than allowed; `protocol` where it is cut off or longer than need
   * be.
   */
  integer(maxBytes: number): number | bigint {
    const at = this.at;
    const limit = Math.min(this.end, at + maxBytes);
    let last = at;
    while (last < limit && this.bytes[last]! > 0x7f) last += 1;
    if (last === limit) {
      throw last === this.end
        ? truncated()
        : new HoldfastError("limit", `A number takes more than ${maxBytes} bytes.`);
    }
    if (last - at < 7) return this.signedVarint();
    if (this.bytes[last] === 0) throw overlong();
    this.at = last + 1;
    const value = readZigzag(this.bytes, at, last);
    return value >= -0x1fffffffffffffn && value <= 0x1fffffffffffffn ? Number(value) : value;
  }

  /**
   * Reads a float.
   *
   * @returns Any float.
   * @throws {HoldfastError} `protocol` where it is cut off, or a NaN other than the one that is written.
   */
  float(): number {
    if (this.end - this.at < 8) throw truncated();
    const view = this.#view ?? this.#viewOfBytes();
    const value = view.getFloat64(this.at, true);
    if (value !== value && view.getBigUint64(this.at, true) !== NAN) {
      throw new HoldfastError("protocol", "A NaN has other bits than those of the one NaN that may be sent.");
    }
    this.at += 8;
    return value;
  }

  /**
   * Reads text, its length before it.
   *
   * @param maxBytes How many bytes of UTF-8 it may take.
   * @returns Well-formed text, the length of which stands before it.
   * @throws {HoldfastError} `limit` where it is longer than allowed; `protocol` where it is cut off or no UTF-8.
   */
  string(maxBytes: number = Infinity): string {
    const length = this.varint();
    if (length > maxBytes) {
      throw new HoldfastError("limit", `A string of ${length} bytes stands where at most ${maxBytes} may.`);
    }
    return this.text(length);
  }

  /**
   * Reads the key of a map, which is likely to have come before: as text, its length before it.
   *
   * @returns Well-formed text.
   * @throws {HoldfastError} `protocol` where it is cut off or no UTF-8.
   */
  key(): string {
    const length = this.varint();
    if (length > this.end - this.at) throw truncated();
    const text = readKey(this.bytes, this.#view ?? this.#viewOfBytes(), this.at, this.at + length);
    if (text === undefined) throw notUtf8();
    this.at += length;
    return text;
  }

  /**
   * Reads text of a length that is known.
   *
   * @param count How many bytes of UTF-8 it takes.
   * @returns Well-formed text.
   * @throws {HoldfastError} `protocol` where it is cut off or no UTF-8.
   */
  text(count: number): string {
    const { bytes, at, end } = this;
    const stop = at + count;
    if (stop > end) throw truncated();
    if (count <= ASCII_LENGTH && isAscii(this.#view ?? this.#viewOfBytes(), at, stop)) {
      this.at = stop;
      return this.#expectsTexts ? this.#window!.cut(bytes, at, stop, end) : readAscii(bytes, at, stop);
    }
    const text = readUtf8(bytes, at, stop);
    if (text === undefined) throw notUtf8();
    this.at = stop;
    return text;
  }

  /**
   * Goes past bytes that are read, or looked at, in another way.
   *
   * @param count How many.
   * @throws {HoldfastError} `protocol` where there are fewer.
   */
  skip(count: number): void {
    if (count > this.end - this.at) throw truncated();
    this.at += count;
  }

  /**
   * Reads bytes.
   *
   * @param count How many bytes.
   * @returns A copy of them; or they themselves, if they are this reader's to give away.
   * @throws {HoldfastError} `protocol` where there are fewer.
   */
  raw(count: number): Uint8Array {
    if (count > this.end - this.at) throw truncated();
    // Of a buffer that is given away, not more than as much again is held by what was read from it.
    const bytes = this.isOwn && 2 * count >= this.bytes.length
      ? this.bytes.subarray(this.at, this.at + count)
      : (this.#slab ??= new Slab(this.bytes)).copy(this.at, count);
    this.at += count;
    return bytes;
  }
}

function truncated(): HoldfastError {
  return new HoldfastError("protocol", "The bytes end in the middle of a value.");
}

function beyond(): HoldfastError {
  return new HoldfastError("protocol", "A number goes beyond 2^53-1.");
}

function notUtf8(): HoldfastError {
  return new HoldfastError("protocol", "A string is not UTF-8.");
}

function overlong(): HoldfastError {
  return new HoldfastError("protocol", "A number takes more bytes than it needs.");
}
