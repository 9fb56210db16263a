/**
 * What stands before the number of a traced MESSAGE or REQUEST: its trace context. The trace's id, 16 bytes; the span's,
 * 8 bytes; flags, a byte; state: string.
 *
 * @module
 */

import { HoldfastError } from "../../errors.ts";
import type { TraceContext } from "../wire.ts";
import type { Reader } from "./reader.ts";
import type { Writer } from "./writer.ts";

const TRACE_SIZE = 16;
const SPAN_SIZE = 8;

/** The longest state, in bytes: as much as W3C asks everybody to take. */
export const LONGEST_STATE = 512;

/** Appends a trace context. A state that is too long is left out, which W3C allows. */
export function writeTrace(to: Writer, { traceId, spanId, flags, state }: TraceContext): void {
  writeHex(to, traceId, TRACE_SIZE);
  writeHex(to, spanId, SPAN_SIZE);
  to.byte(flags & 0xff);
  // Three bytes of UTF-8 for a unit at the most; a state that keeps to its grammar is ASCII.
  to.string(state.length <= LONGEST_STATE && isAscii(state) ? state : "");
}

/** Reads one. */
export function readTrace(from: Reader): TraceContext {
  const traceId = readHex(from, TRACE_SIZE);
  const spanId = readHex(from, SPAN_SIZE);
  const flags = from.byte();
  const state = from.string(LONGEST_STATE);
  if (/^0*$/.test(traceId) || /^0*$/.test(spanId)) {
    throw new HoldfastError("protocol", "A trace context has an id of zeros, which is none.");
  }
  if (!isAscii(state)) throw new HoldfastError("protocol", "A trace context's state is no printable ASCII.");
  return { traceId, spanId, flags, state };
}

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text);
}

function writeHex(to: Writer, digits: string, size: number): void {
  for (let i = 0; i < 2 * size; i += 2) to.byte(parseInt(digits.slice(i, i + 2), 16));
}

function readHex(from: Reader, size: number): string {
  let digits = "";
  for (let i = 0; i < size; i++) digits += from.byte().toString(16).padStart(2, "0");
  return digits;
}
