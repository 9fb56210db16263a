/**
 * What was sent and is not known to have arrived, so that it can be sent again.
 *
 * It keeps the very buffers that went to the stream: nothing is copied or allocated for a frame, and what is not needed
 * again (an ACK, a PING) is left out only when there is something to replay.
 *
 * @module
 */

import { isCounted } from "./kinds.ts";

/** Bytes that were sent in one go: whole frames. */
interface Segment {
  readonly bytes: Uint8Array;
  /** The numbers of its counted frames: above `base`, up to `last`. */
  readonly base: number;
  readonly last: number;
  /** Whether nobody has any other bytes of their buffer to send, once these have arrived. */
  readonly isLastOfBuffer: boolean;
  /** What was sent next. */
  next: Segment | undefined;
}

const NONE: readonly Uint8Array[] = [];

/** Keeps what was sent, and gives it out again. */
export class ReplayLog {
  /** How many bytes it keeps. */
  size = 0;
  #oldest: Segment | undefined;
  #latest: Segment | undefined;
  #last = 0;
  #dropped = 0;
  /** Bytes whose last frame has arrived, and whose buffer could be used for others if all of them had. */
  #arriving: Uint8Array | undefined;

  /** The number of the oldest frame that can be replayed. */
  get oldest(): number {
    return this.#dropped + 1;
  }

  /**
   * Keeps what is sent now.
   *
   * @param bytes Whole frames, which must not change any more.
   * @param last The number of the last counted frame in it, or before it.
   * @param isLastOfBuffer Whether their buffer is needed for nothing else once these bytes, and those before, have left.
   */
  append(bytes: Uint8Array, last: number, isLastOfBuffer = false): void {
    if (last === this.#last) return;
    const segment: Segment = { bytes, base: this.#last, last, isLastOfBuffer, next: undefined };
    if (this.#latest === undefined) this.#oldest = segment;
    else this.#latest.next = segment;
    this.#latest = segment;
    this.#last = last;
    this.size += bytes.length;
  }

  /**
   * Keeps what is sent now, ahead of other frames that were written with it.
   *
   * @param bytes As for {@link ReplayLog.append}, like the rest.
   */
  appendCounted(bytes: Uint8Array, isLastOfBuffer: boolean): void {
    let last = this.#last;
    forEachFrame(bytes, (kind) => {
      if (isCounted(kind)) last++;
    });
    this.append(bytes, last, isLastOfBuffer);
  }

  /**
   * Forgets what has arrived.
   *
   * @param received The number of the last frame that has.
   * @returns Bytes whose buffers can be used for others now: all of them have arrived.
   */
  trim(received: number): readonly Uint8Array[] {
    let done = NONE;
    // What follows the last frame of its bytes may still be on its way, unless a later frame has arrived.
    if (this.#arriving !== undefined && this.#dropped < received) {
      done = [this.#arriving];
      this.#arriving = undefined;
    }
    for (let first = this.#oldest; first !== undefined && first.last <= received; first = this.#oldest) {
      this.#oldest = first.next;
      if (first.next === undefined) this.#latest = undefined;
      // One that has grown old in memory would keep all that follow until it is collected.
      first.next = undefined;
      this.#dropped = first.last;
      this.size -= first.bytes.length;
      if (!first.isLastOfBuffer) continue;
      if (first.last < received) done = [...done, first.bytes];
      else this.#arriving = first.bytes;
    }
    return done;
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
    for (let segment = this.#oldest; segment !== undefined; segment = segment.next) {
      const { bytes, base, last } = segment;
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
