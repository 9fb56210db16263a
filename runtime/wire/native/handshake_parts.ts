/**
 * What the frames of the handshake are made of.
 *
 * @module
 */

import { HoldfastError } from "../../errors.ts";
import { LEAST_FRAME, type Limits } from "../../limits.ts";
import type { Gap } from "../wire.ts";
import { beginFrame, endFrame } from "./framing.ts";
import type { Reader } from "./reader.ts";
import { Writer } from "./writer.ts";

type PeerLimits = Pick<Limits, "frame" | "window" | "requests">;

/** The bytes of a frame of a kind, and of what is written into it. */
export function encodeFrame(kind: number, write: (writer: Writer) => void): Uint8Array {
  const writer = new Writer(256);
  beginFrame(writer, kind);
  write(writer);
  endFrame(writer);
  return writer.bytes.subarray(0, writer.at);
}

/** Limits: frame, window, requests. */
export function writeLimits(writer: Writer, limits: PeerLimits): void {
  writer.varint(limits.frame);
  writer.varint(limits.window);
  writer.varint(limits.requests);
}

/** Reads limits. */
export function readLimits(body: Reader): PeerLimits {
  const limits = { frame: body.varint(), window: body.varint(), requests: body.varint() };
  if (limits.frame >= LEAST_FRAME && limits.window > 0 && limits.requests > 0) return limits;
  throw new HoldfastError(
    "protocol",
    `A side takes frames of ${LEAST_FRAME} bytes, a window of one byte and one request at the least.`,
  );
}

/** A byte 0, or a byte 1 and these bytes. */
export function writeOptional(writer: Writer, bytes: Uint8Array | undefined): void {
  writer.byte(bytes === undefined ? 0 : 1);
  if (bytes !== undefined) writer.raw(bytes);
}

/** Reads as many bytes, if there are any. */
export function readOptional(body: Reader, size: number): Uint8Array | undefined {
  return readFlag(body) ? body.raw(size) : undefined;
}

/** Reads a byte 0 or 1. */
function readFlag(body: Reader): boolean {
  return readBits(body, 1) === 1;
}

/** A byte of two bits: the second is whether its side takes trace contexts. */
export function writeFlags(writer: Writer, first: boolean, traces: boolean): void {
  writer.byte((first ? 1 : 0) + (traces ? 2 : 0));
}

/** Reads such a byte. */
export function readFlags(body: Reader): { readonly first: boolean; readonly traces: boolean } {
  const bits = readBits(body, 3);
  return { first: (bits & 1) !== 0, traces: (bits & 2) !== 0 };
}

function readBits(body: Reader, most: number): number {
  const bits = body.byte();
  if (bits > most) throw new HoldfastError("protocol", `A byte that may be 0 to ${most} is ${bits}.`);
  return bits;
}

/** Both ends of a gap: received, oldest. */
export function writeGap(writer: Writer, gap: Gap): void {
  writer.varint(gap.received);
  writer.varint(gap.oldest);
}

/** Reads both ends of a gap. */
export function readGap(body: Reader): Gap {
  return { received: body.varint(), oldest: body.varint() };
}

/** A count, and each of the numbers as the gap to the last. */
export function writeAscending(writer: Writer, numbers: readonly number[]): void {
  writer.varint(numbers.length);
  let last = 0;
  for (const number of numbers) {
    writer.varint(number - last);
    last = number;
  }
}

/** Reads such numbers. */
export function readAscending(body: Reader, most: number): number[] {
  let last = 0;
  return readNumbers(body, most, "messages").map((gap) => last += gap);
}

/** A count and as many numbers; each takes a byte at least, so a count beyond the bytes left is refused. */
export function readNumbers(body: Reader, most: number, what: string): number[] {
  const count = body.varint();
  if (count > Math.min(most, body.end - body.at)) throw new HoldfastError("protocol", `Too many ${what}: ${count}.`);
  const numbers: number[] = [];
  for (let i = 0; i < count; i++) numbers.push(body.varint());
  return numbers;
}
