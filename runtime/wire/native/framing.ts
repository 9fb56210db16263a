/**
 * Puts frames into a writer: the length in front, which is known when the rest has been written.
 *
 * @module
 */

import type { Writer } from "./writer.ts";

/** The most bytes that a frame's length takes. */
export const MOST_LENGTH_SIZE = 5;

/** How many bytes a length takes. */
export function lengthSize(length: number): number {
  return length < 0x80 ? 1 : length < 0x4000 ? 2 : length < 0x200000 ? 3 : length < 0x10000000 ? 4 : MOST_LENGTH_SIZE;
}

/** Begins a frame. The length gets one byte for the time being: most frames are short. */
export function beginFrame(writer: Writer, kind: number): void {
  writer.frame = writer.at;
  writer.byte(0);
  writer.byte(kind);
}

/**
 * Ends a frame: puts its length in front of it.
 *
 * @param writer What the frame is the last thing in.
 * @param room How many bytes were left for the length.
 * @returns The length.
 */
export function endFrame(writer: Writer, room = 1): number {
  const length = writer.at - writer.frame - room;
  const size = lengthSize(length);
  if (size !== room) {
    if (size > room) writer.reserve(size - room);
    const from = writer.frame + room;
    writer.bytes.copyWithin(from + size - room, from, writer.at);
    writer.at += size - room;
  }
  const { bytes } = writer;
  let at = writer.frame;
  for (let rest = length;; rest >>>= 7) {
    if (rest < 0x80) {
      bytes[at] = rest;
      return length;
    }
    bytes[at++] = rest & 0x7f | 0x80;
  }
}
