/**
 * The last frames of a line that speaks the native protocol.
 *
 * @module
 */

import type { LastFrame } from "../../errors.ts";
import { FrameRing, MOST_NOTES } from "../frame_ring.ts";
import type { FrameLog } from "../wire.ts";
import { isCounted, kindName } from "./kinds.ts";

/** Knows the numbers of frames, too: those that came and left last are counted. */
export class NativeFrameLog extends FrameRing implements FrameLog {
  #received = 0;
  #sent = 0;

  begin(received: number, sent: number): void {
    this.#received = received;
    this.#sent = sent;
  }

  /** Frames have arrived, from `at` to `end` the last of them; `counted` of them all are counted. */
  received(bytes: Uint8Array, at: number, end: number, counted: number): void {
    this.#received += counted;
    this.#noteAll(0, bytes, at, end);
  }

  sent(bytes: Uint8Array): void {
    // Where as many begin as are noted, and so many after: of a thousand that leave together, no more can ever be told.
    let first = 0;
    let next = 0;
    for (let at = 0, passed = 0; at < bytes.length; passed++) {
      if (passed === MOST_NOTES) {
        first = next;
        next = at;
        passed = 0;
      }
      if (isCounted(kindOf(bytes, at))) this.#sent++;
      at = endOf(bytes, at);
    }
    this.#noteAll(1, bytes, first, bytes.length);
  }

  list(now: number): LastFrame[] {
    let received = this.#received;
    let sent = this.#sent;
    return this.notes(now).map(({ ago, isSent, kind, size }): LastFrame => ({
      direction: isSent ? "sent" : "received",
      kind: kindName(kind),
      ...(isCounted(kind) && { number: isSent ? sent-- : received-- }),
      size,
      ago,
    })).reverse();
  }

  #noteAll(sent: 0 | 1, bytes: Uint8Array, at: number, end: number): void {
    while (at < end) {
      const next = endOf(bytes, at);
      this.note(sent, kindOf(bytes, at), next - at);
      at = next;
    }
  }
}

/** The kind of the frame that begins there: it stands behind the length. */
function kindOf(bytes: Uint8Array, at: number): number {
  while (bytes[at]! >= 0x80) at++;
  return bytes[at + 1]!;
}

/** Where the frame ends that begins there. */
function endOf(bytes: Uint8Array, at: number): number {
  let byte = bytes[at++]!;
  // Most are short.
  if (byte < 0x80) return at + byte;
  let length = 0;
  for (let unit = 1;; unit *= 0x80) {
    length += (byte & 0x7f) * unit;
    if (byte < 0x80) return at + length;
    byte = bytes[at++]!;
  }
}
