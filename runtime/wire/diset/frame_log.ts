/**
 * The last frames of a line that speaks DISET, which tells but keep-alives from others.
 *
 * @module
 */

import type { LastFrame } from "../../errors.ts";
import { FrameRing } from "../frame_ring.ts";
import type { FrameLog } from "../wire.ts";

/** The first letter of a keep-alive, before its length. */
const KEEP_ALIVE = 0x64;

/** Its frames have no numbers. */
export class DisetFrameLog extends FrameRing implements FrameLog {
  begin(): void {}

  /** A frame has arrived. */
  received(keepAlive: boolean, size: number): void {
    this.note(0, keepAlive ? 1 : 0, size);
  }

  /** Frames leave one by one. */
  sent(frame: Uint8Array): void {
    this.note(1, frame[0] === KEEP_ALIVE ? 1 : 0, frame.length);
  }

  list(now: number): LastFrame[] {
    return this.notes(now).map(({ ago, isSent, kind, size }): LastFrame => ({
      direction: isSent ? "sent" : "received",
      kind: kind === 1 ? "KEEP-ALIVE" : "FRAME",
      size,
      ago,
    })).reverse();
  }
}
