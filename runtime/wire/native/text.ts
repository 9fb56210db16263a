/**
 * UTF-8, written into and read from the middle of a buffer.
 *
 * Short strings are done in a plain loop: a call of the runtime's own encoder or decoder costs more than they do.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** Up to this many units, a loop writes faster than the runtime does. */
const SHORT_WRITE = 32;

/** Up to this many bytes, a loop reads faster than the runtime does. */
const SHORT_READ = 8;

const encoder = new TextEncoder();
/** A byte order mark is a character like any other here: without `ignoreBOM` it would vanish. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Writes text as UTF-8.
 *
 * @param text Well-formed, or U+FFFD is written for what is not.
 * @param to Has room for three bytes for each UTF-16 unit from `at` on, or for {@link utf8Length}.
 * @param at Where the first byte goes.
 * @returns How many bytes were written.
 */
export function writeUtf8(text: string, to: Uint8Array, at: number): number {
  const length = text.length;
  if (length > SHORT_WRITE) return encoder.encodeInto(text, to.subarray(at)).written;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return encoder.encodeInto(text, to.subarray(at)).written;
    to[at + i] = unit;
  }
  return length;
}

/**
 * Measures text.
 *
 * @param text Well-formed, or U+FFFD is counted for what is not.
 * @returns How many bytes of UTF-8 it takes.
 */
export function utf8Length(text: string): number {
  return Buffer.byteLength(text);
}

/**
 * Reads UTF-8.
 *
 * @param bytes Where it stands.
 * @param at The first byte.
 * @param end Behind the last one.
 * @returns The text.
 * @throws {TypeError} where the bytes are no UTF-8.
 */
export function readUtf8(bytes: Uint8Array, at: number, end: number): string {
  if (end - at <= SHORT_READ) {
    let text = "";
    for (let i = at; i < end; i++) {
      const byte = bytes[i]!;
      if (byte > 0x7f) return decoder.decode(bytes.subarray(at, end));
      text += String.fromCharCode(byte);
    }
    return text;
  }
  return decoder.decode(bytes.subarray(at, end));
}
