/**
 * Cuts the stream into frames: the payload's length in decimal digits, a colon, the payload. A keep-alive has `dka` before
 * its length.
 *
 * The length goes through Python's `int()` in the original: a sign, underscores and white space are taken here, too.
 * Where the original would wait for ever for a colon that can't be among the first ten bytes any more, this ends the
 * connection.
 *
 * @module
 */

import { HoldfastError } from "../../errors.ts";
import { Cutter } from "../cutter.ts";
import { DisetFrameLog } from "./frame_log.ts";
import { parseInteger } from "./python_numbers.ts";

/** `dka`. */
const KEEP_ALIVE = [0x64, 0x6b, 0x61];

const COLON = 0x3a;

/** How many bytes a length has at the most: the colon behind it is looked for in the first ten. */
const LONGEST_LENGTH = 9;

/** What a length may have beside digits: white space, `+` and `_`. */
const BESIDE_DIGITS = /^[\t-\r +_]$/;

/** Hears of frames, in order. May throw, which {@link Decoder.push} passes on. */
export interface FrameReceiver {
  /**
   * @param keepAlive Whether it is a keep-alive.
   * @param payload Its payload, which is not empty: good until this returns.
   * @param size The size of the whole frame, in bytes.
   */
  frame(keepAlive: boolean, payload: Uint8Array, size: number): void;
}

/**
 * Says whether a stream is one of DISET's, from its first bytes.
 *
 * @param bytes The first bytes.
 * @returns Whether it is; `undefined` while more bytes have to tell. No frame of the native protocol begins so: the
 * second byte of its first frame, or the one behind a longer length, says that it is a HELLO.
 */
export function beginsAsDiset(bytes: Uint8Array): boolean | undefined {
  for (let i = 0; i < bytes.length; i++) {
    if (bytes[0] === KEEP_ALIVE[0] && i < KEEP_ALIVE.length) {
      if (bytes[i] !== KEEP_ALIVE[i]) return false;
    } else {
      const digits = bytes[0] === KEEP_ALIVE[0] ? i - KEEP_ALIVE.length : i;
      if (bytes[i] === COLON) return digits > 0;
      if (digits >= LONGEST_LENGTH || !isInLength(bytes[i]!)) return false;
    }
  }
  return undefined;
}

function isInLength(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39 || BESIDE_DIGITS.test(String.fromCharCode(byte));
}

/** Cuts one stream into frames. */
export class Decoder extends Cutter {
  /** Who hears of the frames; may be another from one frame to the next. */
  receiver: FrameReceiver;
  readonly log: DisetFrameLog = new DisetFrameLog();
  #keepAlive = false;
  #headerSize = 0;

  /**
   * @param receiver Who hears of the frames.
   * @param limit The longest payload that a frame may have, in bytes.
   */
  constructor(receiver: FrameReceiver, limit: number) {
    super(limit, KEEP_ALIVE.length + LONGEST_LENGTH + 1);
    this.receiver = receiver;
  }

  protected override receive(bytes: Uint8Array, at: number, size: number): void {
    this.log.received(this.#keepAlive, size);
    this.receiver.frame(this.#keepAlive, bytes.subarray(at + this.#headerSize, at + size), size);
  }

  protected override measure(bytes: Uint8Array, at: number, end: number): number {
    const keepAlive = bytes[at] === KEEP_ALIVE[0];
    for (let i = 0; keepAlive && i < KEEP_ALIVE.length; i++) {
      if (at + i >= end) return 0;
      if (bytes[at + i] !== KEEP_ALIVE[i]) throw noFrame();
    }
    const first = keepAlive ? at + KEEP_ALIVE.length : at;
    let text = "";
    for (let i = first; i <= first + LONGEST_LENGTH; i++) {
      if (i >= end) return 0;
      const byte = bytes[i]!;
      if (byte === COLON) {
        const length = parseInteger(text, LONGEST_LENGTH);
        // Nine digits are a number, and a safe one.
        if (typeof length !== "number" || length <= 0) break;
        if (length > this.limit) throw this.#tooLong();
        this.#keepAlive = keepAlive;
        this.#headerSize = i + 1 - at;
        return this.#headerSize + length;
      }
      if (!isInLength(byte)) break;
      text += String.fromCharCode(byte);
    }
    throw noFrame();
  }

  #tooLong(): HoldfastError {
    return new HoldfastError("limit", `A payload is longer than the ${this.limit} bytes that are allowed here.`);
  }
}

function noFrame(): HoldfastError {
  return new HoldfastError("protocol", "There is no frame: it begins with its length in digits and a colon.");
}
