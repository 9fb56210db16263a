/**
 * UTF-8, written into and read from the middle of a buffer.
 *
 * Short text is done in a plain loop, since calling the runtime's own encoder or decoder costs more than that. For the
 * rest, `Buffer` has two methods that need no view of the bytes to be made first. They are as old as Node and there on
 * Deno and Bun, but no document promises them: the standard encoder and decoder stand in where they are missing.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** Up to this many UTF-16 code units, a loop writes at least as fast. */
const SHORT_WRITE = 32;

/** Up to this many bytes, a loop reads at least as fast. */
const SHORT_READ = 8;

const encoder = new TextEncoder();
/** A byte order mark is a character like any other here: without `ignoreBOM` it would vanish. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const { utf8Write, utf8Slice } = Buffer.prototype as {
  utf8Write?: (this: Uint8Array, text: string, at: number, room: number) => number;
  utf8Slice?: (this: Uint8Array, at: number, end: number) => string;
};

const write = typeof utf8Write === "function"
  ? (text: string, to: Uint8Array, at: number): number => utf8Write.call(to, text, at, to.length - at)
  : (text: string, to: Uint8Array, at: number): number => encoder.encodeInto(text, to.subarray(at)).written;

/** Puts U+FFFD for what is no UTF-8, or throws. */
const read = typeof utf8Slice === "function"
  ? (bytes: Uint8Array, at: number, end: number): string => utf8Slice.call(bytes, at, end)
  : (bytes: Uint8Array, at: number, end: number): string => decoder.decode(bytes.subarray(at, end));

/**
 * Writes text as UTF-8.
 *
 * @param text Well-formed, or U+FFFD is written for what is not.
 * @param to Has room from `at` on: three bytes for each of the text's UTF-16 code units, or {@link utf8Length}.
 * @param at Where the first byte goes.
 * @returns How many bytes were written.
 */
export function writeUtf8(text: string, to: Uint8Array, at: number): number {
  const length = text.length;
  if (length > SHORT_WRITE) return write(text, to, at);
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) return write(text, to, at);
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
 * @returns The text; `undefined` if the bytes are no UTF-8.
 */
export function readUtf8(bytes: Uint8Array, at: number, end: number): string | undefined {
  if (end - at > SHORT_READ) return readLong(bytes, at, end);
  let text = "";
  for (let i = at; i < end; i++) {
    const byte = bytes[i]!;
    if (byte > 0x7f) return readLong(bytes, at, end);
    text += String.fromCharCode(byte);
  }
  return text;
}

function readLong(bytes: Uint8Array, at: number, end: number): string | undefined {
  try {
    const text = read(bytes, at, end);
    // Where it has a U+FFFD, only the strict decoder knows whether that was sent.
    return text.includes("\ufffd") ? decoder.decode(bytes.subarray(at, end)) : text;
  } catch {
    return undefined;
  }
}
