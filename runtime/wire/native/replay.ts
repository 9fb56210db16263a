/**
 * What was sent and is not known to have arrived, so that it can be sent again.
 *
 * It keeps the very buffers that went to the stream: nothing is copied or allocated for a frame, and what is not needed
 * again (an ACK, a PING) is left out only when there is something to replay.
 *
 * @module
 */

import { Queue } from "../../queue.ts";
import { isCounted } from "./kinds.ts";

/** Bytes that were sent in one go: whole frames. */
interface Segment {
  readonly bytes: Uint8Array;
  /** The numbers of its counted frames: above `base`, up to `last`. */
  readonly base: number;
  readonly last: number;
}

/** Keeps what was sent, and gives it out again. */
export class ReplayLog {
  readonly #segments = new Queue<Segment>();
  #last = 0;
  #dropped = 0;
  #size = 0;

  /** How many bytes it keeps. */
  get size(): number {
    return this.#size;
  }

  /** The number of the oldest frame that can be replayed. */
  get oldest(): number {
    return this.#dropped + 1;
  }

  /**
   * Keeps what is sent now.
   *
   * @param bytes Whole frames, which must not change any more.
   * @param last The number of the last counted frame in it, or before it.
   */
  append(bytes: Uint8Array, last: number): void {
    if (last === this.#last) return;
    this.#segments.push({ bytes, base: this.#last, last });
    this.#last = last;
    this.#size += bytes.length;
  }

  /**
   * Keeps what is sent now, ahead of other frames that were written with it.
   *
   * @param bytes As for {@link ReplayLog.append}.
   */
  appendCounted(bytes: Uint8Array): void {
    let last = this.#last;
    forEachFrame(bytes, (kind) => {
      if (isCounted(kind)) last++;
    });
    this.append(bytes, last);
  }

  /**
   * Forgets what has arrived.
   *
   * @param received The number of the last frame that has.
   */
  trim(received: number): void {
    for (let first = this.#segments.peek(); first !== undefined; first = this.#segments.peek()) {
      if (first.last > received) return;
      this.#segments.shift();
      this.#dropped = first.last;
      this.#size -= first.bytes.length;
    }
  }

  /**
   * What has to be sent again.
   *
   * @param received The number of the last frame that has arrived.
   * @returns The counted frames that were sent after it, in order.
   */
  after(received: number): Uint8Array {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (const { bytes, base, last } of this.#segments) {
      if (last <= received) continue;
      let frame = base;
      forEachFrame(bytes, (kind, at, end) => {
        if (!isCounted(kind) || ++frame <= received) return;
        parts.push(bytes.subarray(at, end));
        size += end - at;
      });
    }
    const frames = new Uint8Array(size);
    let at = 0;
    for (const part of parts) {
      frames.set(part, at);
      at += part.length;
    }
    return frames;
  }
}

/** Walks over whole frames that this side has written itself. */
function forEachFrame(bytes: Uint8Array, visit: (kind: number, at: number, end: number) => void): void {
  for (let at = 0; at < bytes.length;) {
    let length = 0;
    let body = at;
    for (let shift = 1;; shift *= 0x80) {
      const byte = bytes[body++]!;
      length += (byte & 0x7f) * shift;
      if (byte < 0x80) break;
    }
    visit(bytes[body]!, at, body + length);
    at = body + length;
  }
}
