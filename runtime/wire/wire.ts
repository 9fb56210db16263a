/**
 * What a wire is: it turns bytes into frames and frames into bytes. It knows values, since it writes and reads them,
 * but neither sockets nor what a frame leads to.
 *
 * The frames of a conversation's body do not exist as objects: {@link FrameEncoder} has a method for each and
 * {@link FrameSink} hears of each by a method named after it, so that nothing is allocated for a message but the
 * message.
 *
 * @module
 */

import type { Message } from "../../idl/definition.ts";
import type { ErrorCode, LastFrame } from "../errors.ts";

/** Numbers of frames, by which one side says how far it has come with what the other sent. */
export interface Progress {
  /** This many counted frames have arrived. */
  readonly received: number;
  /** The handlers of this many have begun, in order. */
  readonly started: number;
  /** The handlers of the requests up to this one have begun: requests may overtake messages. */
  readonly requests: number;
  /** All up to this one have been handled. */
  readonly handled: number;
  /** Above `handled`, ranges that have been handled too: first and last, in turn, ascending. */
  readonly ranges: readonly number[];
}

/** How far a side has come in a session, as it tells on another line. */
export interface Gap {
  /** The number of the last counted frame that it has received. */
  readonly received: number;
  /** The number of the oldest frame that it can still send again. */
  readonly oldest: number;
}

/** Why a request got no reply, or a connection ends: what the peer may know of an error. */
export interface Fault {
  readonly code: ErrorCode;
  readonly text: string;
}

/** What a message was sent in the course of, as W3C Trace Context tells it (https://www.w3.org/TR/trace-context-2/). */
export interface TraceContext {
  /** The trace: 32 hexadecimal digits, not all of them 0. */
  readonly traceId: string;
  /** The span within it: 16 hexadecimal digits, not all of them 0. */
  readonly spanId: string;
  /** Its flags: 1 where it is sampled; 0 to 255. */
  readonly flags: number;
  /** What other systems keep with it, as a `tracestate` header has it; "" for nothing. */
  readonly state: string;
}

/** The fields of a frame that has arrived. Good only until the sink's method returns, unless kept. */
export interface Fields {
  /**
   * Reads them.
   *
   * @throws {HoldfastError} `invalid-message` when they are no such message.
   */
  read(message: Message): Record<string, unknown>;
  /** Copies them, so that they can be read later. */
  keep(): Fields;
  /** What they were sent in the course of, where their sender has said so. */
  readonly trace?: TraceContext | undefined;
}

/** Cuts what arrives over a line into frames, and gives them to whoever its owner has named. */
export interface FrameDecoder {
  /** The longest frame that may come, in bytes. */
  limit: number;
  /** How many bytes wait to be read. */
  readonly kept: number;
  /**
   * Takes bytes as they arrive.
   *
   * @throws {HoldfastError} `protocol` or `limit` where they are no frames, and whatever the receiver throws.
   */
  push(chunk: Uint8Array): void;
  /** Holds the frames back from now on. */
  hold(): void;
  /**
   * Goes on with what was held back.
   *
   * @throws {HoldfastError} As `push`.
   */
  release(): void;
  /** Passes over all that follows, and all that arrived. */
  stop(): void;
  /** What came and went last, where the wire remembers it. */
  readonly log?: FrameLog;
}

/** Remembers the last frames of a line. Times are in milliseconds. */
export interface FrameLog {
  /** A session is carried from here on, of which these were the last counted frames that came and left. */
  begin(received: number, sent: number): void;
  /** What time it is when the next frames come or leave. */
  tick(now: number): void;
  /** Whole frames leave. */
  sent(bytes: Uint8Array): void;
  /** The last frames, the oldest first. */
  list(now: number): LastFrame[];
}

/** The frames by which a line shows that it is alive. */
export interface KeepAlive {
  /** Asks for a sign of life. */
  ping(token: number): Uint8Array;
  /** Gives one; `undefined` where a wire has none that nobody asked for. */
  pong(token: number): Uint8Array | undefined;
}

/** Appends frames to an output. */
export interface FrameEncoder {
  /** Whether the peer wants to know what it is sent messages and requests in the course of. */
  readonly takesTraces?: boolean;
  /** What it is told of those that are written now; only where it `takesTraces`. */
  trace?: TraceContext | undefined;
  /** Bytes that wait to be taken. */
  readonly pending: number;
  /**
   * Takes bytes that wait, the first of them if they are many: there are more until it gives back none. They are not written
   * to any more.
   *
   * @param sent The number of the last counted frame that was written.
   */
  take(sent: number): Uint8Array | undefined;
  /**
   * Takes back the frame that was written last, if nothing was taken since.
   *
   * @param size Its size, in bytes.
   * @returns Its bytes, which the output no longer holds.
   */
  takeBack(size: number): Uint8Array;
  /** Appends frames that were taken back. They must not change any more. */
  append(frames: Uint8Array): void;
  /**
   * Appends a MESSAGE that was written before, for this peer or for another.
   *
   * @returns Its size, in bytes.
   * @throws {HoldfastError} `limit` where it is longer than this peer takes; nothing was appended then.
   */
  share(frame: Uint8Array): number;
  /** Holds no memory for what is to be written, if nothing is. */
  rest(): void;

  /** The number of the oldest counted frame that can still be sent again. */
  readonly oldest: number;
  /** How many bytes are held to be sent again, or for the first time. */
  readonly held: number;
  /** Forgets the frames up to a number: they have arrived. */
  forget(received: number): void;
  /**
   * Sees to it that what is taken next begins with all counted frames after `received`, and nothing else.
   *
   * @param received The number of the last frame that has arrived.
   * @param sent The number of the last one that was written.
   */
  replay(received: number, sent: number): void;

  /**
   * How far the peer has come for all that is known, on a wire by which it does not say so: called when what was taken
   * has left. `undefined` where the peer says it.
   */
  reached(): Progress | undefined;

  /**
   * @param acknowledge Whether somebody waits for the message to be handled; not every wire needs to be told.
   * @returns The size of the frame, in bytes; so does `request`.
   * @throws {HoldfastError} `invalid-message`; nothing was appended then. So do `request` and `reply`.
   */
  message(message: Message, value: unknown, acknowledge: boolean): number;
  request(request: number, message: Message, value: unknown): number;
  reply(request: number, message: Message, value: unknown): void;
  failure(request: number, fault: Fault): void;
  cancel(request: number): void;
  progress(progress: Progress): void;
  ping(token: number): void;
  pong(token: number): void;
  /** This side is about to stop: the peer is to leave within so many milliseconds. */
  goAway(spread: number): void;
  /** The last frame. `frame` is the number of the counted frame of the peer's that caused it, 0 where none did. */
  close(fault: Fault, frame: number): void;
}

/** Hears of frames, in the order of their arrival. May throw a {@link HoldfastError}, which ends the connection. */
export interface FrameSink {
  /** `size` is that of the whole frame, in bytes. */
  onMessage(message: Message, size: number, fields: Fields): void;
  onRequest(request: number, message: Message, size: number, fields: Fields): void;
  /** A message or a request that the definition does not have: its number, or its name. */
  onUnknown(message: number | string): void;
  onReply(request: number, fields: Fields): void;
  onFailure(request: number, fault: Fault): void;
  onCancel(request: number): void;
  onProgress(progress: Progress): void;
  onPing(token: number): void;
  onPong(token: number): void;
  onGoAway(spread: number): void;
  onClose(fault: Fault, frame: number): void;
}
