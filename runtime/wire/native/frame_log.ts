/**
 * The last frames of a line, for the error of one that dies badly: kinds and sizes, never contents.
 *
 * Every line has one, busy or silent: nothing is allocated for a frame, and no more than 200 bytes for a line.
 *
 * @module
 */

import type { LastFrame } from "../../errors.ts";
import type { FrameLog } from "../wire.ts";
import { isCounted, kindName } from "./kinds.ts";

/** How many frames are remembered. */
const MOST = 10;

/**
 * A frame is one float, from the lowest bit: whether this side has sent it (1), its kind (8), its size (22), and when
 * (22, so that an age of more than 70 minutes shows as a smaller one). An array of floats takes 8 bytes for each; a typed
 * array would take more around them.
 */
const KIND = 2;
const SIZE_SHIFT = 9;
const SIZE = 2 ** SIZE_SHIFT;
const TIME = 2 ** 31;
const MOST_SIZE = 2 ** 22 - 1;
const MOST_TIME = 2 ** 22;

/** See the module's text. */
export class NativeFrameLog implements FrameLog {
  /** Floats from the beginning, so that the array is never made again. */
  readonly #frames: number[] = new Array<number>(MOST).fill(NaN);
  #at = 0;
  /** The time's part of what is written next. */
  #time = 0;
  /** The numbers of the counted frames that came and left last. */
  #received = 0;
  #sent = 0;

  begin(received: number, sent: number): void {
    this.#received = received;
    this.#sent = sent;
  }

  tick(now: number): void {
    this.#time = Math.floor(now) % MOST_TIME * TIME;
  }

  /** A frame has arrived. */
  received(kind: number, size: number): void {
    if (isCounted(kind)) this.#received++;
    this.#note(kind * KIND, size);
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
      this.#note(kind * KIND + 1, body + length - at);
      at = body + length;
    }
  }

  list(now: number): LastFrame[] {
    const found: LastFrame[] = [];
    // From the last on, since it is their numbers that are known.
    let received = this.#received;
    let sent = this.#sent;
    for (let i = 1; i <= MOST; i++) {
      const note = this.#frames[(this.#at + MOST - i) % MOST]!;
      if (Number.isNaN(note)) break;
      const isSent = note % KIND === 1;
      const kind = Math.floor(note % SIZE / KIND);
      found.push({
        direction: isSent ? "sent" : "received",
        kind: kindName(kind),
        ...(isCounted(kind) && { number: isSent ? sent-- : received-- }),
        size: Math.floor(note % TIME / SIZE),
        ago: (Math.floor(now) - Math.floor(note / TIME) + MOST_TIME) % MOST_TIME,
      });
    }
    return found.reverse();
  }

  #note(code: number, size: number): void {
    const at = this.#at;
    // All but the time are the bits of a small integer.
    this.#frames[at] = this.#time + (Math.min(size, MOST_SIZE) << SIZE_SHIFT | code);
    this.#at = at === MOST - 1 ? 0 : at + 1;
  }
}
