/**
 * UTF-8 as the original reads and writes it, which is not strict: what is no UTF-8 becomes lone surrogates.
 *
 * - `pass` (JSON): half a surrogate pair may stand in three bytes, like a character.
 * - `escape` (the tagged format): each byte that is no part of UTF-8 becomes one of U+DC80..U+DCFF.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** What becomes of bytes that are no UTF-8. */
export type Leniency = "pass" | "escape";

/** A byte order mark is a character like any other here: without `ignoreBOM` it would vanish. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Up to this many bytes, a loop reads at least as fast. */
const SHORT = 8;

/**
 * Reads UTF-8.
 *
 * @param bytes Where it stands.
 * @param at The first byte.
 * @param end Behind the last one.
 * @param leniency What becomes of the rest.
 * @returns The text; `undefined` if there are bytes that stand for nothing.
 */
export function readText(bytes: Uint8Array, at: number, end: number, leniency: Leniency): string | undefined {
  if (end - at <= SHORT) {
    let text = "";
    for (let i = at; i < end; i++) {
      if (bytes[i]! > 0x7f) return readLong(bytes, at, end, leniency);
      text += String.fromCharCode(bytes[i]!);
    }
    return text;
  }
  return readLong(bytes, at, end, leniency);
}

function readLong(bytes: Uint8Array, at: number, end: number, leniency: Leniency): string | undefined {
  try {
    return decoder.decode(bytes.subarray(at, end));
  } catch {
    return readLenient(bytes, at, end, leniency);
  }
}

/** The strict stretches go through the decoder, so that only what lies between them costs a step for each byte. */
function readLenient(bytes: Uint8Array, at: number, end: number, leniency: Leniency): string | undefined {
  let text = "";
  let strict = at;
  for (let i = at; i < end;) {
    const length = sequenceLength(bytes, i, end);
    if (length > 0) {
      i += length;
      continue;
    }
    text += decoder.decode(bytes.subarray(strict, i));
    if (leniency === "escape") text += String.fromCharCode(0xdc00 + bytes[i++]!);
    else if (isSurrogate(bytes, i, end)) {
      text += String.fromCharCode(0xd000 | (bytes[i + 1]! & 0x3f) << 6 | bytes[i + 2]! & 0x3f);
      i += 3;
    } else return undefined;
    strict = i;
  }
  return text + decoder.decode(bytes.subarray(strict, end));
}

/** How many bytes the character at `i` has; 0 if there is none. */
function sequenceLength(bytes: Uint8Array, i: number, end: number): number {
  const first = bytes[i]!;
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || i + length > end) return 0;
  const second = bytes[i + 1]!;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let j = i + 2; j < i + length; j++) if ((bytes[j]! & 0xc0) !== 0x80) return 0;
  return length;
}

function isSurrogate(bytes: Uint8Array, i: number, end: number): boolean {
  return i + 3 <= end && bytes[i] === 0xed && bytes[i + 1]! >= 0xa0 && bytes[i + 1]! <= 0xbf
    && (bytes[i + 2]! & 0xc0) === 0x80;
}

/** Half a surrogate pair; the flag `u` takes whole ones together. */
const LONE = /[\ud800-\udfff]/u;

/**
 * Writes text as UTF-8; surrogates by which a reader escaped bytes become those bytes again.
 *
 * @param text The text.
 * @returns Its bytes; `undefined` if there is half a surrogate pair in it that stands for no byte.
 */
export function escapedBytes(text: string): Uint8Array | undefined {
  if (text.isWellFormed()) return Buffer.from(text);
  const parts: Uint8Array[] = [];
  for (const part of text.split(/([\ud800-\udfff])/u)) {
    if (!LONE.test(part)) parts.push(Buffer.from(part));
    else if (part < "\udc80" || part > "\udcff") return undefined;
    else parts.push(Uint8Array.of(part.charCodeAt(0) - 0xdc00));
  }
  return Buffer.concat(parts);
}

/**
 * Reads the bytes of a JSON text, which tell by their zeros or by a byte order mark how they are to be read.
 *
 * @param bytes The bytes.
 * @returns The text; `undefined` if they are none.
 */
export function readJsonText(bytes: Uint8Array): string | undefined {
  const [a = -1, b = -1, c = -1, d = -1] = bytes;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 ? readUnits(bytes, 4, 4, true) : readUnits(bytes, 2, 2, true);
  if (a === 0xfe && b === 0xff) return readUnits(bytes, 2, 2, false);
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return readUnits(bytes, 4, 4, false);
  if (a === 0xef && b === 0xbb && c === 0xbf) return readText(bytes, 3, bytes.length, "pass");
  if (bytes.length >= 4) {
    if (a === 0) return readUnits(bytes, 0, b === 0 ? 4 : 2, false);
    if (b === 0) return readUnits(bytes, 0, c === 0 && d === 0 ? 4 : 2, true);
  } else if (bytes.length === 2 && (a === 0 || b === 0)) return readUnits(bytes, 0, 2, b === 0);
  return readText(bytes, 0, bytes.length, "pass");
}

/** Reads UTF-16 or UTF-32, lone surrogates included. */
function readUnits(bytes: Uint8Array, at: number, size: 2 | 4, littleEndian: boolean): string | undefined {
  if ((bytes.length - at) % size !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = "";
  for (let i = at; i < bytes.length; i += size) {
    const unit = size === 2 ? view.getUint16(i, littleEndian) : view.getUint32(i, littleEndian);
    if (unit > 0x10ffff) return undefined;
    text += String.fromCodePoint(unit);
  }
  return text;
}
