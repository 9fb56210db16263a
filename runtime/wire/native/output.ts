/**
 * What a session has written and not given to a stream, or not known to have arrived.
 *
 * @module
 */

import { Buffers, LARGE_SIZE } from "./buffers.ts";
import { ReplayLog } from "./replay.ts";
import { type Store, Writer } from "./writer.ts";

/**
 * Frames of this size and more are not copied where they were encoded before, in bytes: they leave in a write of their
 * own, which costs about as much as copying as many.
 */
const SHARED_SIZE = 16 * 1024;

/**
 * After a first turn, whose buffer is given up, the next buffer has this size and is kept until it is full, in bytes: to
 * make one in each turn, and a part of it, takes longer than all else that a turn of one frame does.
 */
const SMALL_BUFFER = 1024;

/** The size of the next buffer where much is sent, in bytes. */
const LARGE_BUFFER = 64 * 1024;

/** Of a buffer that is not small, a turn must use this part, or it is not kept for the next. */
const USED_PART = 1 / 32;

/** See the module's text. */
export class Output implements Store {
  /** Where frames are written. */
  readonly writer: Writer = new Writer(undefined, this);
  /** Made for the first large one. */
  #buffers: Buffers | undefined;
  /** What may have to be sent again; nothing is kept where that is not wanted. */
  readonly #log: ReplayLog | undefined;
  #again: Uint8Array | undefined;
  /** What leaves before that which the writer holds: frames that were not copied into it, and those between them. */
  #parts: Uint8Array[] | undefined;
  #partsSize = 0;

  /** @param keep Whether to keep what was sent, so that it can be sent again. */
  constructor(keep: boolean) {
    this.#log = keep ? new ReplayLog() : undefined;
  }

  /** As in `FrameEncoder`, like the rest. */
  get pending(): number {
    return this.#partsSize + this.writer.at - this.writer.start;
  }

  get oldest(): number {
    return this.#log?.oldest ?? Infinity;
  }

  get held(): number {
    // Asked for each message that arrives: few steps, and plain fields, make a tenth of what that takes.
    const { at, start } = this.writer;
    const log = this.#log;
    return this.#partsSize + at - start + (log === undefined ? 0 : log.size);
  }

  take(sent: number): Uint8Array | undefined {
    if (this.#again !== undefined) {
      const again = this.#again;
      this.#again = undefined;
      return again;
    }
    if (this.#parts !== undefined) return this.#takePart();
    const bytes = this.writer.take();
    if (bytes === undefined) return undefined;
    this.#giveUpBuffer(bytes.length);
    this.#log?.append(bytes, sent, this.#isFree(bytes));
    return bytes;
  }

  forget(received: number): void {
    for (const bytes of this.#log?.trim(received) ?? []) this.#buffers?.reuse(bytes);
  }

  replay(received: number, sent: number): void {
    while (this.#parts !== undefined) this.#takePart();
    const pending = this.writer.take();
    if (pending !== undefined) this.#log?.append(pending, sent);
    const again = this.#log?.after(received);
    this.#again = again === undefined || again.length === 0 ? undefined : again;
  }

  rest(): void {
    this.writer.release();
    this.#buffers = undefined;
  }

  make(least: number, size: number): Uint8Array {
    if (size < LARGE_SIZE) return new Uint8Array(size);
    return (this.#buffers ??= new Buffers()).make(least, size);
  }

  seal(whole: Uint8Array): void {
    this.#addPart(whole);
  }

  takeBack(size: number): Uint8Array {
    const writer = this.writer;
    const at = writer.at - size;
    if (at < writer.start) return this.#takeBackPart();
    if (size < SHARED_SIZE) {
      const frames = writer.bytes.slice(at, writer.at);
      writer.at = at;
      return frames;
    }
    const frames = writer.bytes.subarray(at, writer.at);
    // Where they share a buffer with others, nobody knows when all of it has arrived.
    if (at > 0) this.#buffers?.giveUp(frames);
    writer.at = at;
    const before = writer.take();
    if (before !== undefined) this.#addPart(before);
    writer.release();
    return frames;
  }

  append(frames: Uint8Array): void {
    if (frames.length < SHARED_SIZE) return this.writer.raw(frames);
    const before = this.writer.take();
    if (before !== undefined) this.#addPart(before);
    this.#addPart(frames);
  }

  #addPart(part: Uint8Array): void {
    (this.#parts ??= []).push(part);
    this.#partsSize += part.length;
  }

  #takePart(): Uint8Array {
    const part = this.#parts!.shift()!;
    if (this.#parts!.length === 0) this.#parts = undefined;
    this.#partsSize -= part.length;
    this.#log?.appendCounted(part, this.#isFree(part));
    return part;
  }

  #takeBackPart(): Uint8Array {
    const part = this.#parts!.pop()!;
    if (this.#parts!.length === 0) this.#parts = undefined;
    this.#partsSize -= part.length;
    return part;
  }

  /** Whether the buffer of these bytes can be used again once they, and those before, have arrived. */
  #isFree(bytes: Uint8Array): boolean {
    if (this.#buffers?.owns(bytes) !== true) return false;
    const { buffer } = bytes;
    return buffer !== this.writer.bytes.buffer
      && (this.#parts === undefined || this.#parts.every((part) => part.buffer !== buffer));
  }

  /**
   * Gives up a first buffer, since one turn may be all there is; a large one of which a turn has used little; and any of
   * which a turn has left little.
   */
  #giveUpBuffer(used: number): void {
    const { at, bytes } = this.writer;
    if (bytes.length < SMALL_BUFFER) this.writer.release(SMALL_BUFFER);
    else if (bytes.length > SMALL_BUFFER && used < bytes.length * USED_PART) this.writer.release();
    // The next turn is likely to be as long as this one.
    else if (used > bytes.length - at) this.writer.release(Math.min(LARGE_BUFFER, Math.max(SMALL_BUFFER, 4 * used)));
  }
}
