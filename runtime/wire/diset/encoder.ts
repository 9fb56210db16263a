/**
 * Writes the frames of a conversation: what each holds is said in `frames.ts`. Each leaves by itself, since the original
 * reads one frame of a TLS record and lets the others wait.
 *
 * What DISET has no word for is left unsaid: how far this side has come, that it is about to stop, why it goes.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Message } from "../../../idl/definition.ts";
import { HoldfastError } from "../../errors.ts";
import { Queue } from "../../queue.ts";
import type { Fault, FrameEncoder, Progress } from "../wire.ts";
import { Awaited } from "./awaited.ts";
import { encodePayload, type Encoding } from "./encodings.ts";
import { acknowledgementResult, type Answers, keepAliveResult, messageResult } from "./frames.ts";
import type { PyValue } from "./python.ts";
import { failure, unauthorizedResult } from "./results.ts";
import type { MessageTable } from "./table.ts";

/** The first byte of a keep-alive, of which no other frame's is one. */
const KEEP_ALIVE = 0x64;

/** Ends the length of a payload. */
const COLON = 0x3a;

/**
 * Writes a frame.
 *
 * @param value What it holds.
 * @param encoding How that is written.
 * @param keepAlive Whether it is a keep-alive.
 * @returns The whole frame.
 * @throws {HoldfastError} `invalid-message` for what that encoding has no place for.
 */
export function encodeFrame(value: PyValue, encoding: Encoding, keepAlive = false): Uint8Array {
  return framed(encodePayload(value, encoding), keepAlive);
}

function framed(payload: Uint8Array, keepAlive: boolean): Uint8Array {
  return Buffer.concat([Buffer.from(`${keepAlive ? "dka" : ""}${payload.length}:`, "latin1"), payload]);
}

/** What an encoder is made with. */
export interface DisetEncoderOptions {
  /** The messages. */
  readonly table: MessageTable;
  /** How payloads are written. */
  readonly encoding: Encoding;
  /** The longest payload that may be sent, in bytes. */
  readonly limit: number;
  /** What the ids of messages and keep-alives begin with. */
  readonly name: string;
  /** Hears of each frame that is taken to be sent. */
  readonly taken?: (frame: TakenFrame) => void;
}

/** A frame that leaves. */
export interface TakenFrame {
  readonly keepAlive: boolean;
  /** Its number, if it asks to be acknowledged; else 0. */
  readonly awaited: number;
}

/** A frame that waits to be taken. */
interface Waiting {
  readonly bytes: Uint8Array;
  /** Whether the session numbers it. */
  readonly counted: boolean;
  /** What its acknowledgement will name; `undefined` if none is asked for. */
  readonly id: string | undefined;
}

/** See the module's text. */
export class DisetEncoder implements FrameEncoder, Answers {
  /** Nothing is kept to be sent again: this protocol has no sessions that go on. */
  readonly oldest: number = Infinity;
  readonly #options: DisetEncoderOptions;
  readonly #waiting = new Queue<Waiting>();
  /** The frame that was written last, as long as it can be taken back. */
  #last: Waiting | undefined;
  #pending = 0;
  /** How many of those that wait are counted. */
  #counted = 0;
  /** The number of the counted frame that was taken last. */
  #left = 0;
  #ids = 0;
  /** The ids of frames that were taken back. */
  readonly #idsTakenBack = new WeakMap<Uint8Array, string>();
  /** The messages that were taken and wait for their acknowledgements. */
  readonly #unacknowledged = new Awaited();

  constructor(options: DisetEncoderOptions) {
    this.#options = options;
  }

  get pending(): number {
    return this.#pending;
  }

  get held(): number {
    return this.#pending;
  }

  /** The number of the oldest message that was taken and waits for its acknowledgement; `Infinity` if none does. */
  get oldestAwaited(): number {
    return this.#unacknowledged.oldest;
  }

  /** The next frame: one at a time. */
  take(sent: number): Uint8Array | undefined {
    this.#settle();
    const frame = this.#waiting.shift();
    if (frame === undefined) return undefined;
    this.#pending -= frame.bytes.length;
    if (frame.counted) {
      this.#counted -= 1;
      this.#left = sent - this.#counted;
      if (frame.id !== undefined) this.#unacknowledged.add(frame.id, this.#left);
    }
    const awaited = frame.id === undefined ? 0 : this.#left;
    this.#options.taken?.({ keepAlive: frame.bytes[0] === KEEP_ALIVE, awaited });
    return frame.bytes;
  }

  takeBack(_size: number): Uint8Array {
    const { bytes, id } = this.#last!;
    this.#last = undefined;
    this.#pending -= bytes.length;
    if (id !== undefined) this.#idsTakenBack.set(bytes, id);
    return bytes;
  }

  append(frame: Uint8Array): void {
    this.#push(frame, true, this.#idsTakenBack.get(frame));
  }

  share(frame: Uint8Array): number {
    this.#checkLength(frame.length - frame.indexOf(COLON) - 1);
    return this.#push(frame, true);
  }

  /** Nothing is held but what waits. */
  rest(): void {}

  forget(_received: number): void {}

  replay(_received: number, _sent: number): void {}

  /** @param acknowledge Whether to ask for an acknowledgement. */
  message(message: Message, value: unknown, acknowledge = false): number {
    const id = acknowledge ? `${this.#options.name}:${this.#ids}` : undefined;
    const size = this.#message(message, value, id);
    if (acknowledge) this.#ids += 1;
    return size;
  }

  request(_request: number, message: Message, _value: unknown): never {
    throw new HoldfastError(
      "incompatible",
      `${message.name} is a request: DIRAC's protocol has none. Use send(), and on() for ${
        message.receives?.reply ?? ""
      }.`,
    );
  }

  /** An answer is a message like any other. */
  reply(_request: number, message: Message, value: unknown): void {
    this.#message(message, value, undefined);
  }

  /** An error ends the connection: the peer closes it. */
  failure(_request: number, fault: Fault): void {
    this.#push(this.#error(fault), true);
  }

  cancel(_request: number): void {}

  progress(_progress: Progress): void {}

  ping(token: number): void {
    this.#keepAlive(true, `${this.#options.name}${token}`);
  }

  pong(token: number): void {
    this.#keepAlive(false, `${this.#options.name}${token}`);
  }

  goAway(_spread: number): void {}

  /** An error, unless nothing went wrong: there is no word for that. */
  close(fault: Fault, _frame: number): void {
    if (fault.code !== "closed" && fault.code !== "stopping") this.#push(this.#error(fault), false);
  }

  acknowledge(id: PyValue): void {
    this.#push(encodeFrame(acknowledgementResult(id), this.#options.encoding), false);
  }

  /** Whoever asks without reading the answers gets no more of them. */
  answer(id: PyValue): void {
    if (this.#pending <= this.#options.limit) this.#keepAlive(false, id);
  }

  acknowledged(id: PyValue): number {
    return this.#unacknowledged.delete(id);
  }

  /** What has left is as good as handled, as the original's senders see it, unless it waits for its acknowledgement. */
  reached(): Progress {
    const left = this.#left;
    const handled = Math.min(left, this.#unacknowledged.oldest - 1);
    return { received: left, started: left, requests: 0, handled, ranges: this.#unacknowledged.rangesTo(left) };
  }

  #message(message: Message, value: unknown, id: string | undefined): number {
    const { table, encoding } = this.#options;
    const values = table.codec(message).encode(value);
    const result = messageResult({ name: message.name, values, acknowledge: id !== undefined, id });
    const payload = encodePayload(result, encoding);
    this.#checkLength(payload.length);
    return this.#push(framed(payload, false), true, id);
  }

  #checkLength(length: number): void {
    const { limit } = this.#options;
    if (length <= limit) return;
    throw new HoldfastError(
      "limit",
      `This message takes ${length} bytes, and ${limit} may be sent: send it in parts, or raise the limit "frame".`,
    );
  }

  #error(fault: Fault): Uint8Array {
    const result = fault.code === "unauthorized" ? unauthorizedResult() : failure(fault.text);
    return encodeFrame(result, this.#options.encoding);
  }

  #keepAlive(ping: boolean, id: PyValue): void {
    this.#push(encodeFrame(keepAliveResult({ ping, id }), this.#options.encoding, true), false);
  }

  /** Returns the frame's size. */
  #push(bytes: Uint8Array, counted: boolean, id?: string): number {
    this.#settle();
    this.#last = { bytes, counted, id };
    this.#pending += bytes.length;
    return bytes.length;
  }

  /** The frame that was written last can't be taken back any more. */
  #settle(): void {
    if (this.#last === undefined) return;
    this.#waiting.push(this.#last);
    if (this.#last.counted) this.#counted += 1;
    this.#last = undefined;
  }
}
