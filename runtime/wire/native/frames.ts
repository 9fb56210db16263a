/**
 * Reads the frames of a conversation. `encoder.ts` says what each holds.
 *
 * @module
 */

import type { Message } from "../../../idl/definition.ts";
import { type ErrorCode, HoldfastError, isErrorCode } from "../../errors.ts";
import type { Fault, Fields, FrameSink, Progress, TraceContext } from "../wire.ts";
import type { FrameReceiver } from "./decoder.ts";
import { MOST_RANGES } from "./encoder.ts";
import * as kinds from "./kinds.ts";
import { Reader } from "./reader.ts";
import type { MessageTable } from "./table.ts";
import { readTrace } from "./trace.ts";

/** The longest text of a fault, in bytes. */
const LONGEST_TEXT = 16 * 1024;

const NO_RANGES: readonly number[] = [];

/** Holds the place of a body where there is none. */
const NO_BODY = new Reader();

/** Hears of CREDENTIALS, which are no part of the conversation. */
export interface CredentialsSink {
  /** May throw a {@link HoldfastError}, which ends the connection. */
  shown(body: Reader): void;
}

const NO_CREDENTIALS: CredentialsSink = {
  shown() {
    throw unexpectedFrame(kinds.CREDENTIALS);
  },
};

/** Tells a {@link FrameSink} what the frames say. */
export class NativeFrames implements FrameReceiver, Fields {
  readonly #table: MessageTable;
  readonly #sink: FrameSink;
  readonly #credentials: CredentialsSink;
  #body = NO_BODY;
  trace: TraceContext | undefined;

  /**
   * @param table The messages.
   * @param sink Who hears of the frames.
   * @param credentials Hears of CREDENTIALS; without it, they may not come.
   */
  constructor(table: MessageTable, sink: FrameSink, credentials: CredentialsSink = NO_CREDENTIALS) {
    this.#table = table;
    this.#sink = sink;
    this.#credentials = credentials;
  }

  frame(kind: number, body: Reader, size: number): void {
    this.#body = body;
    switch (kind) {
      case kinds.MESSAGE: {
        const number = body.varint();
        const message = this.#table.number(number);
        return message === undefined ? this.#sink.onUnknown(number) : this.#sink.onMessage(message, size, this);
      }
      case kinds.REQUEST: {
        const request = body.varint();
        const number = body.varint();
        const message = this.#table.number(number);
        return message === undefined
          ? this.#sink.onUnknown(number)
          : this.#sink.onRequest(request, message, size, this);
      }
      case kinds.REPLY:
        return this.#sink.onReply(body.varint(), this);
      case kinds.TRACED_MESSAGE:
        return this.#traced(kinds.MESSAGE, body, size);
      case kinds.TRACED_REQUEST:
        return this.#traced(kinds.REQUEST, body, size);
      case kinds.FAILURE: {
        const request = body.varint();
        const fault = readFault(body);
        expectEnd(body);
        return this.#sink.onFailure(request, fault);
      }
      case kinds.CANCEL:
        return this.#sink.onCancel(lastNumber(body));
      case kinds.ACK:
        return this.#sink.onProgress(readProgress(body));
      case kinds.PING:
        return this.#sink.onPing(lastNumber(body));
      case kinds.PONG:
        return this.#sink.onPong(lastNumber(body));
      case kinds.GOAWAY:
        return this.#sink.onGoAway(lastNumber(body));
      case kinds.CREDENTIALS:
        return this.#credentials.shown(body);
      case kinds.CLOSE: {
        const fault = readFault(body);
        return this.#sink.onClose(fault, lastNumber(body));
      }
      default:
        if (kind < kinds.OPTIONAL) throw unexpectedFrame(kind);
    }
  }

  read(message: Message): Record<string, unknown> {
    return readFields(this.#table, message, this.#body);
  }

  #traced(kind: number, body: Reader, size: number): void {
    this.trace = readTrace(body);
    try {
      this.frame(kind, body, size);
    } finally {
      this.trace = undefined;
    }
  }

  keep(): Fields {
    const body = new Reader();
    const bytes = this.#body.raw(this.#body.end - this.#body.at);
    body.reset(bytes, 0, bytes.length);
    body.isOwn = true;
    return {
      trace: this.trace,
      read: (message) => readFields(this.#table, message, body),
      keep() {
        return this;
      },
    };
  }
}

/** The error for a frame that may not stand where it stands. */
export function unexpectedFrame(kind: number): HoldfastError {
  return new HoldfastError("protocol", `A frame of kind 0x${kind.toString(16).padStart(2, "0")} may not come here.`);
}

/** The error for a line that does not begin with HELLO. Most likely, one that speaks DISET was meant to be served. */
export function unexpectedFirst(kind: number): HoldfastError {
  // DISET begins with two digits at least, and the second one stands where the kind does.
  if (kind < 0x30 || kind > 0x39) return unexpectedFrame(kind);
  return new HoldfastError(
    "protocol",
    'The client does not begin as this protocol does. One that speaks DISET is served where the option "diset" is set.',
  );
}

/**
 * Checks that a body has been read to its end.
 *
 * @throws {HoldfastError} `protocol` if it has not.
 */
export function expectEnd(body: Reader): void {
  if (body.at !== body.end) throw new HoldfastError("protocol", "A frame goes on behind its end.");
}

/** Reads a fault; a code that is not known here is `internal`. */
export function readFault(body: Reader): Fault {
  const word = body.string(64);
  const code: ErrorCode = isErrorCode(word) ? word : "internal";
  return { code, text: body.string(LONGEST_TEXT) };
}

function readFields(table: MessageTable, message: Message, body: Reader): Record<string, unknown> {
  const value = table.codec(message).decode(body);
  if (body.at !== body.end) {
    throw new HoldfastError("invalid-message", `${message.name} goes on behind its last field.`);
  }
  return value;
}

/** Reads a body that is one number. */
export function lastNumber(body: Reader): number {
  const number = body.varint();
  expectEnd(body);
  return number;
}

function readProgress(body: Reader): Progress {
  const received = body.varint();
  const started = received - body.varint();
  const handled = received - body.varint();
  const requests = body.varint();
  if (started < 0 || handled < 0) throw new HoldfastError("protocol", "An ACK goes back before the first frame.");
  if (body.at === body.end) return { received, started, handled, requests, ranges: NO_RANGES };
  const ranges: number[] = [];
  for (let last = handled; body.at < body.end;) {
    const first = last + body.varint();
    const end = first + body.varint() - 1;
    // A range of no frames, or one that touches the last, has a shorter form.
    if (first < last + 2 || end < first || end > received || ranges.length >= 2 * MOST_RANGES) {
      throw new HoldfastError("protocol", "An ACK names ranges of frames that can't be.");
    }
    ranges.push(first, end);
    last = end;
  }
  return { received, started, requests, handled, ranges };
}
