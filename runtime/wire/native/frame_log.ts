/**
 * The last frames of a line that speaks the native protocol.
 *
 * @module
 */

import type { LastFrame } from "../../errors.ts";
import { FrameRing } from "../frame_ring.ts";
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

  /** A frame has arrived. */
  received(kind: number, size: number): void {
    if (isCounted(kind)) this.#received++;
    this.note(0, kind, size);
  }

  sent(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      let length = 0;
      let body = at;
      for (let unit = 1;; unit *= 0x80) {
        const byte = bytes[body++]!;
        length += (byte & 0x7f) * unit;
        if (byte < 0x80) break;
      }
      const kind = bytes[body]!;
      if (isCounted(kind)) this.#sent++;
      this.note(1, kind, body + length - at);
      at = body + length;
    }
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
}
