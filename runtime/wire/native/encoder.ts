/**
 * Writes the frames of a conversation. What each holds is said beside the method that writes it.
 *
 * @module
 */

import type { Message } from "../../../idl/definition.ts";
import { HoldfastError } from "../../errors.ts";
import type { Fault, FrameEncoder, Progress, TraceContext } from "../wire.ts";
import { beginFrame, endFrame, lengthSize, MOST_LENGTH_SIZE } from "./framing.ts";
import * as kinds from "./kinds.ts";
import { Output } from "./output.ts";
import type { MessageTable } from "./table.ts";
import { writeTrace } from "./trace.ts";
import { Writer } from "./writer.ts";

/** The most ranges that an ACK may have: as many as handlers may run, with room to spare. */
export const MOST_RANGES = 10_000;

/** The longest text of a fault that is sent, in UTF-16 units; longer ones are cut. */
const LONGEST_TEXT = 4096;

/** More than stands beside the text in the frame of a fault, in bytes. */
const AROUND_TEXT = 64;

/** More than an ACK without ranges, and more than one range takes, in bytes. */
const ACK_SIZE = 48;
const RANGE_SIZE = 16;

/** Writes frames into one buffer. */
export class NativeEncoder implements FrameEncoder {
  readonly takesTraces: boolean;
  trace: TraceContext | undefined;
  readonly #output: Output;
  readonly #writer: Writer;
  readonly #table: MessageTable;
  readonly #limit: number;
  /** How many bytes the length of each message's last frame took, by the message's number; 1 where nothing is said. */
  #lengthSizes: number[] | undefined;

  /**
   * @param table The messages.
   * @param limit The largest length of a frame that the peer takes, in bytes.
   * @param keep Whether to keep what was sent, so that it can be sent again.
   * @param takesTraces Whether the peer takes trace contexts.
   */
  constructor(table: MessageTable, limit: number, keep: boolean, takesTraces = false) {
    this.takesTraces = takesTraces;
    this.#table = table;
    this.#limit = limit;
    this.#output = new Output(keep);
    this.#writer = this.#output.writer;
  }

  get pending(): number {
    return this.#output.pending;
  }

  get oldest(): number {
    return this.#output.oldest;
  }

  get held(): number {
    return this.#output.held;
  }

  take(sent: number): Uint8Array | undefined {
    return this.#output.take(sent);
  }

  takeBack(size: number): Uint8Array {
    return this.#output.takeBack(size);
  }

  append(frames: Uint8Array): void {
    this.#output.append(frames);
  }

  forget(received: number): void {
    this.#output.forget(received);
  }

  replay(received: number, sent: number): void {
    this.#output.replay(received, sent);
  }

  rest(): void {
    this.#output.rest();
    this.#lengthSizes = undefined;
  }

  share(frame: Uint8Array): number {
    this.#checkLength(frame.length - lengthSize(frame.length));
    this.append(frame);
    return frame.length;
  }

  /** The peer says it, by ACKs. */
  reached(): undefined {}

  /** MESSAGE: the message's number; its fields. TRACED_MESSAGE: a trace context; the rest as that. */
  message(message: Message, value: unknown, _acknowledge = false): number {
    const { trace } = this;
    const kind = trace === undefined ? kinds.MESSAGE : kinds.TRACED_MESSAGE;
    return this.#fields(message, value, this.#begin(kind, message.number, message, trace));
  }

  /** REQUEST: the request's number; the message's number; its fields. TRACED_REQUEST: as TRACED_MESSAGE. */
  request(request: number, message: Message, value: unknown): number {
    const { trace } = this;
    const room = this.#begin(trace === undefined ? kinds.REQUEST : kinds.TRACED_REQUEST, request, message, trace);
    this.#writer.varint(message.number);
    return this.#fields(message, value, room);
  }

  /** REPLY: the request's number; the fields of the message that answers it. */
  reply(request: number, message: Message, value: unknown): void {
    this.#fields(message, value, this.#begin(kinds.REPLY, request, message, undefined));
  }

  /** FAILURE: the request's number; code; text. */
  failure(request: number, fault: Fault): void {
    beginFrame(this.#writer, kinds.FAILURE);
    this.#writer.varint(request);
    writeFault(this.#writer, fault, this.#limit);
    this.#end();
  }

  /** CANCEL: the request's number. */
  cancel(request: number): void {
    beginFrame(this.#writer, kinds.CANCEL);
    this.#writer.varint(request);
    this.#end();
  }

  /**
   * ACK: received; how many fewer are started; how many fewer are handled; the last request started; ranges above
   * handled, each as gap and length.
   */
  progress(progress: Progress): void {
    beginFrame(this.#writer, kinds.ACK);
    const writer = this.#writer;
    writer.varint(progress.received);
    writer.varint(progress.received - progress.started);
    writer.varint(progress.received - progress.handled);
    writer.varint(progress.requests);
    let last = progress.handled;
    // What there is no room for is told when those before it have been handled.
    const most = 2 * Math.min(MOST_RANGES, Math.floor((this.#limit - ACK_SIZE) / RANGE_SIZE));
    for (let i = 0; i < progress.ranges.length && i < most; i += 2) {
      const first = progress.ranges[i]!;
      writer.varint(first - last);
      last = progress.ranges[i + 1]!;
      writer.varint(last - first + 1);
    }
    this.#end();
  }

  /** PING: a number to echo. */
  ping(token: number): void {
    this.#number(kinds.PING, token);
  }

  /** PONG: the number of the PING. */
  pong(token: number): void {
    this.#number(kinds.PONG, token);
  }

  /** GOAWAY: within how many milliseconds to leave. */
  goAway(spread: number): void {
    this.#number(kinds.GOAWAY, spread);
  }

  /** CLOSE: code; text; the number of the counted frame that caused it, or 0. */
  close(fault: Fault, frame: number): void {
    beginFrame(this.#writer, kinds.CLOSE);
    writeFault(this.#writer, fault, this.#limit);
    this.#writer.varint(frame);
    this.#end();
  }

  #number(kind: number, number: number): void {
    beginFrame(this.#writer, kind);
    this.#writer.varint(number);
    this.#end();
  }

  /**
   * Begins a frame of fields, as far as its first number; returns the room for its length: what the message's last one
   * took, as large ones stay so.
   */
  #begin(kind: number, number: number, message: Message, trace: TraceContext | undefined): number {
    const writer = this.#writer;
    const room = this.#lengthSizes?.[message.number] ?? 1;
    writer.frame = writer.at;
    writer.reserve(MOST_LENGTH_SIZE + 2);
    const { at, bytes } = writer;
    bytes[at + room] = kind;
    writer.at = at + room + 1;
    if (trace !== undefined) writeTrace(writer, trace);
    else if (number < 0x80) {
      bytes[writer.at++] = number;
      return room;
    }
    writer.varint(number);
    return room;
  }

  /** Ends the frame that was begun; returns its size. */
  #fields(message: Message, value: unknown, room: number): number {
    const writer = this.#writer;
    try {
      this.#table.codec(message).encode(writer, value);
      const length = writer.at - writer.frame - 1;
      if (room > 1 || length > 0x7f || length > this.#limit) return this.#endFields(message, room);
      // As most are: to do here what is needed for these takes a tenth less of what sending a message does.
      writer.bytes[writer.frame] = length;
      return 1 + length;
    } catch (error) {
      writer.at = writer.frame;
      throw error;
    }
  }

  #endFields(message: Message, room: number): number {
    const writer = this.#writer;
    const length = endFrame(writer, room);
    this.#checkLength(length);
    const size = writer.at - writer.frame;
    if (size !== room + length) (this.#lengthSizes ??= [])[message.number] = size - length;
    return size;
  }

  #end(): void {
    this.#checkLength(endFrame(this.#writer));
  }

  #checkLength(length: number): void {
    if (length <= this.#limit) return;
    throw new HoldfastError(
      "limit",
      `This message takes ${length} bytes, and the peer takes ${this.#limit} at most: send it in parts, or raise the peer's limit "frame".`,
    );
  }
}

/**
 * The bytes of a MESSAGE, for any number of peers.
 *
 * @throws {HoldfastError} `invalid-message`, or what else the message's codec throws.
 */
export function encodeMessage(table: MessageTable, message: Message, value: unknown): Uint8Array {
  const writer = new Writer();
  beginFrame(writer, kinds.MESSAGE);
  writer.varint(message.number);
  table.codec(message).encode(writer, value);
  endFrame(writer);
  return writer.take()!;
}

/** A fault: code; text, cut to what a frame of `limit` bytes has room for. */
export function writeFault(writer: Writer, fault: Fault, limit: number): void {
  const longest = Math.min(LONGEST_TEXT, Math.floor((limit - AROUND_TEXT) / 3));
  writer.string(fault.code);
  // A pair of surrogates that is cut in two ends in U+FFFD, as the writer writes the rest of it.
  writer.string(fault.text.slice(0, longest));
}
