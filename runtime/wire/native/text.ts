/**
 * UTF-8, written into and read from the middle of a buffer.
 *
 * Short text is read in a plain loop, and ASCII written in one by who has it, since calling the runtime's own encoder or
 * decoder costs more than that. For the rest, `Buffer` has methods that need no view of the bytes to be made first. They
 * are as old as Node and there on Deno and Bun, but no document promises them: the standard encoder and decoder stand in
 * where they are missing.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { IS_JSC } from "./engine.ts";

/** Up to this many UTF-16 code units, at most 127, a loop that writes ASCII is at least as fast. */
export const SHORT_TEXT: number = IS_JSC ? 24 : "Deno" in globalThis ? 64 : 32;

/** Up to this many bytes, ASCII is read faster here. */
const SHORT_READ = IS_JSC ? 4 : 16;

/** Up to this many bytes, it pays to look whether they are ASCII before they are read. */
export const ASCII_LENGTH = 127;

/** Up to this many bytes, the keys of maps are looked for among those that came before. */
const SHORT_KEY = 16;

const encoder = new TextEncoder();
/** A byte order mark is a character like any other here: without `ignoreBOM` it would vanish. */
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const unitDecoder = new TextDecoder("latin1");

const { utf8Write, utf8Slice, latin1Slice } = Buffer.prototype as {
  utf8Write?: (this: Uint8Array, text: string, at: number, room: number) => number;
  utf8Slice?: (this: Uint8Array, at: number, end: number) => string;
  latin1Slice?: (this: Uint8Array, at: number, end: number) => string;
};

const write = typeof utf8Write === "function"
  ? (text: string, to: Uint8Array, at: number): number => utf8Write.call(to, text, at, to.length - at)
  : (text: string, to: Uint8Array, at: number): number => encoder.encodeInto(text, to.subarray(at)).written;

/** Puts U+FFFD for what is no UTF-8, or throws. */
const read = typeof utf8Slice === "function"
  ? (bytes: Uint8Array, at: number, end: number): string => utf8Slice.call(bytes, at, end)
  : (bytes: Uint8Array, at: number, end: number): string => decoder.decode(bytes.subarray(at, end));

/**
 * Reads bytes as UTF-16 code units, one for each.
 *
 * @param bytes Where they stand.
 * @param at The first one.
 * @param end Behind the last one.
 * @returns As many units. Where a byte is not ASCII, its unit means nothing.
 */
export const readUnits: (bytes: Uint8Array, at: number, end: number) => string = typeof latin1Slice === "function"
  ? (bytes, at, end) => latin1Slice.call(bytes, at, end)
  : (bytes, at, end) => unitDecoder.decode(bytes.subarray(at, end));

/**
 * Writes text as UTF-8.
 *
 * @param text Well-formed, or U+FFFD is written for what is not.
 * @param to Has room from `at` on: three bytes for each of the text's UTF-16 code units, or {@link utf8Length}.
 * @param at Where the first byte goes.
 * @returns How many bytes were written.
 */
export function writeUtf8(text: string, to: Uint8Array, at: number): number {
  return write(text, to, at);
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
 * Tells whether bytes are ASCII; four at a time.
 *
 * @param view Where they stand.
 * @param at The first byte.
 * @param end Behind the last one.
 * @returns Whether all of them are.
 */
export function isAscii(view: DataView, at: number, end: number): boolean {
  let all = 0;
  if (end - at < 4) {
    for (; at < end; at++) all |= view.getUint8(at);
  } else {
    // The last four may overlap those before them.
    all = view.getInt32(end - 4);
    for (; at < end - 4; at += 4) all |= view.getInt32(at);
  }
  return (all & 0x80808080) === 0;
}

/**
 * Reads ASCII.
 *
 * @param bytes Where it stands.
 * @param at The first byte: ASCII, like the others.
 * @param end Behind the last one.
 * @returns The text.
 */
export function readAscii(bytes: Uint8Array, at: number, end: number): string {
  return end - at <= SHORT_READ ? readShort(bytes, at, end - at) : readUnits(bytes, at, end);
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
  try {
    const text = read(bytes, at, end);
    // Where it has a U+FFFD, only the strict decoder knows whether that was sent.
    return text.includes("\ufffd") ? decoder.decode(bytes.subarray(at, end)) : text;
  } catch {
    return undefined;
  }
}

const { fromCharCode } = String;

/** Reads ASCII of at most {@link SHORT_READ} bytes. */
const readShort: (bytes: Uint8Array, at: number, length: number) => string = IS_JSC ? readByOne : readAtOnce();

function readByOne(bytes: Uint8Array, at: number, length: number): string {
  let text = "";
  for (let i = 0; i < length; i++) text += fromCharCode(bytes[at + i]!);
  return text;
}

/**
 * On V8, a call for each unit and putting the text together takes three times as long as one call with all units: which
 * takes a case for each length. It is generated; where that is not allowed, units are read one by one there, too.
 */
function readAtOnce(): typeof readByOne {
  const cases = Array.from({ length: SHORT_READ }, (_, last) => {
    const units = Array.from({ length: last + 1 }, (_, i) => `bytes[at + ${i}]`);
    return `case ${units.length}: return fromCharCode(${units.join(", ")});\n`;
  });
  const source = `return (bytes, at, length) => {\nswitch (length) {\n${cases.join("")}default: return "";\n}\n};`;
  try {
    return new Function("fromCharCode", source)(fromCharCode);
  } catch {
    return readByOne;
  }
}

/** How many keys are kept. */
const KEYS = 256;

/** Keys that came before, each at the place that its bytes lead to; and its bytes, as four words, and how many. */
const keys: string[] = new Array(KEYS).fill("");
const keyWords = new Int32Array(4 * KEYS);
const keyLengths = new Uint8Array(KEYS);

/** For each length, which bits of the four words count. */
const KEY_MASKS = Int32Array.from({ length: 4 * (SHORT_KEY + 1) }, (_, i) => {
  const bytes = (i >> 2) - 4 * (i & 3);
  return bytes <= 0 ? 0 : bytes >= 4 ? -1 : (1 << 8 * bytes) - 1;
});

/**
 * Reads UTF-8 that is likely to have come before: the same string is given again.
 *
 * @param bytes Where it stands.
 * @param view The same bytes.
 * @param at The first byte.
 * @param end Behind the last one.
 * @returns The text; `undefined` if the bytes are no UTF-8.
 */
export function readKey(bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  const length = end - at;
  if (length > SHORT_KEY || at + SHORT_KEY > bytes.length) return readUtf8(bytes, at, end);
  const a = view.getInt32(at, true) & KEY_MASKS[4 * length]!;
  const b = view.getInt32(at + 4, true) & KEY_MASKS[4 * length + 1]!;
  const c = view.getInt32(at + 8, true) & KEY_MASKS[4 * length + 2]!;
  const d = view.getInt32(at + 12, true) & KEY_MASKS[4 * length + 3]!;
  const place = Math.imul(a ^ Math.imul(b, 31) ^ Math.imul(c, 37) ^ Math.imul(d, 41), 0x9e3779b1) >>> 24;
  const word = 4 * place;
  if (
    keyLengths[place] === length && keyWords[word] === a && keyWords[word + 1] === b && keyWords[word + 2] === c
    && keyWords[word + 3] === d
  ) return keys[place];
  const text = readUtf8(bytes, at, end);
  if (text === undefined) return undefined;
  keyLengths[place] = length;
  keyWords.set([a, b, c, d], word);
  return keys[place] = text;
}
