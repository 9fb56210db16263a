/**
 * Cuts the stream into frames: a length (a varint, of what follows), a kind (one byte), a body.
 *
 * @module
 */

import { HoldfastError } from "../../errors.ts";
import { Cutter } from "../cutter.ts";
import { MOST_NOTES } from "../frame_ring.ts";
import { NativeFrameLog } from "./frame_log.ts";
import { isCounted } from "./kinds.ts";
import { Reader } from "./reader.ts";

const NO_BYTES = new Uint8Array(0);

/** A length of more bytes than this is refused before its value is known. */
const LONGEST_LENGTH = 5;

/** Hears of frames, in order. May throw, which {@link Decoder.push} passes on. */
export interface FrameReceiver {
  /**
   * @param kind The frame's kind.
   * @param body Its body, from `at` to `end`: good until this returns.
   * @param size The size of the whole frame, in bytes.
   */
  frame(kind: number, body: Reader, size: number): void;
}

/** Cuts one stream into frames. */
export class Decoder extends Cutter {
  /** Who hears of the frames; may be another from one frame to the next. */
  receiver: FrameReceiver;
  readonly #log = new NativeFrameLog();
  /** At the frame that was read last. */
  readonly #reader = new Reader();
  /**
   * From here to the end of that frame, there is all that the log can still be asked for of what it has not heard of. At 0
   * when a chunk begins, as a frame is that was put together.
   */
  #first = 0;
  /** Takes its place when ten more have been read. */
  #next = 0;
  /** How many are counted of those of which it has not heard. */
  #counted = 0;
  #headerSize = 0;

  /**
   * @param receiver Who hears of the frames.
   * @param limit The largest length that a frame may have, in bytes.
   */
  constructor(receiver: FrameReceiver, limit: number) {
    super(limit, LONGEST_LENGTH + 1);
    this.receiver = receiver;
  }

  /** What came and went last: it hears of the frames of a chunk together, when all are read or when it is asked for. */
  get log(): NativeFrameLog {
    this.#catchUp();
    return this.#log;
  }

  override push(chunk: Uint8Array): void {
    super.push(chunk);
    // Silence may follow, and is not to hold the chunk.
    this.#begin(NO_BYTES, 0);
  }

  /** The same loop: of its own, an engine compiles it for this wire alone, whatever else the process speaks. */
  protected override readAll(chunk: Uint8Array, at: number): number {
    this.#begin(chunk, at);
    for (let read = 0; this.isReading; read++) {
      const size = this.measure(chunk, at, chunk.length);
      if (size === 0 || size > chunk.length - at) break;
      if (read === MOST_NOTES) {
        this.#first = this.#next;
        this.#next = at;
        read = 0;
      }
      this.receive(chunk, at, size, false);
      at += size;
    }
    return at;
  }

  protected override receive(bytes: Uint8Array, at: number, size: number, isOwn: boolean): void {
    const reader = this.#reader;
    const kindAt = at + this.#headerSize;
    reader.reset(bytes, kindAt + 1, at + size);
    reader.isOwn = isOwn;
    const kind = bytes[kindAt]!;
    if (isCounted(kind)) this.#counted++;
    this.receiver.frame(kind, reader, size);
  }

  /** Goes over to other bytes. */
  #begin(bytes: Uint8Array, at: number): void {
    this.#catchUp();
    this.#reader.reset(bytes, at, at);
    this.#first = this.#next = at;
  }

  /** Has the log hear of what was read: of a thousand frames that come together, only the last can ever be told. */
  #catchUp(): void {
    const { bytes, end } = this.#reader;
    if (this.#first === end) return;
    this.#log.received(bytes, this.#first, end, this.#counted);
    this.#first = this.#next = end;
    this.#counted = 0;
  }

  protected override measure(bytes: Uint8Array, at: number, end: number): number {
    let length = 0;
    for (let i = 0, unit = 1; i < LONGEST_LENGTH; i++, unit *= 0x80) {
      if (at + i >= end) return 0;
      const byte = bytes[at + i]!;
      length += (byte & 0x7f) * unit;
      if (byte >= 0x80) continue;
      if (byte === 0) throw new HoldfastError("protocol", "A frame has no kind, or its length takes too many bytes.");
      if (length > this.limit) break;
      this.#headerSize = i + 1;
      return i + 1 + length;
    }
    throw new HoldfastError("limit", `A frame is longer than the ${this.limit} bytes that are allowed here.`);
  }
}
