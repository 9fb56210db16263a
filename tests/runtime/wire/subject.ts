/**
 * A wire, as the cases that hold on every wire see it.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Definition, Field, Shape, Type } from "../../../idl/definition.ts";
import { DEFAULT_LIMITS, type ValueLimits } from "../../../runtime/limits.ts";
import type { FrameDecoder, FrameEncoder, FrameSink } from "../../../runtime/wire/wire.ts";

/** What turns values into bytes and back. */
export interface CodecSubject {
  readonly title: string;
  /** Makes that of a service. */
  create(shape: Shape, limits: ValueLimits): Conversions;
}

/** The values of one service. A message is named, and the connect arguments are `connect`. */
export interface Conversions {
  write(name: string, value: unknown): Uint8Array;
  read(name: string, bytes: Uint8Array): unknown;
}

/** What cuts a stream. */
export interface StreamSubject {
  /** Makes a frame. `content` is not empty. */
  frame(content: Uint8Array): Uint8Array;
  /** Makes a decoder for contents of `limit` bytes at the most. */
  decoder(limit: number, hear: Hear): FrameDecoder;
}

/** Hears of a frame: its content, and the size of all of it. */
export type Hear = (content: Uint8Array, size: number) => void;

/** The two sides of a conversation, of which one sends and the other hears. */
export interface Side {
  /** Writes the messages that the service sends. */
  readonly encoder: FrameEncoder;
  /** Reads them. */
  readonly decoder: FrameDecoder;
  /** Each message that was read, as the test has asked for. */
  readonly heard: unknown[];
}

/** A wire. */
export interface WireSubject extends StreamSubject {
  readonly title: string;
  readonly codecs: readonly CodecSubject[];
  /**
   * Makes two sides that have just begun.
   *
   * @param definition The service's messages.
   * @param limit The longest frame that may be sent, in bytes.
   * @param keep Whether what is heard is kept, and read when all has been heard.
   */
  conversation(definition: Definition, limit: number, keep: boolean): Side;
}

/**
 * Hears of messages, and of nothing else.
 *
 * @param heard Gets the name and the values of each; or, where they are to be kept, what reads both.
 * @param keep Whether they are.
 */
export function listener(heard: unknown[], keep: boolean): FrameSink {
  const nothing = (): void => {};
  return {
    onMessage(message, _size, fields) {
      const from = keep ? fields.keep() : fields;
      const both = () => [message.name, from.read(message)];
      heard.push(keep ? both : both());
    },
    onRequest: nothing,
    onUnknown: nothing,
    onReply: nothing,
    onFailure: nothing,
    onCancel: nothing,
    onProgress: nothing,
    onPing: nothing,
    onPong: nothing,
    onGoAway: nothing,
    onClose: nothing,
  };
}

/** The enum `Level`. */
const LEVELS: Type = { type: "enum", values: ["debug", "info", "warning"] };
/** The record `Node`. */
const NODE: Type = {
  type: "record",
  fields: [{ name: "next", type: { type: "ref", name: "Node" }, optional: true }],
};

/** A service with a message `Job` of these fields, which may refer to `Level`, `Node` and others that are given. */
export function shapeOf(fields: readonly Field[], types: Shape["types"] = {}): Shape {
  return {
    service: "Test/Codec",
    connect: { type: "record", fields: [{ name: "name", type: { type: "string" } }] },
    messages: [{ name: "Job", number: 0, receives: {} }],
    types: { Job: { type: "record", fields }, Level: LEVELS, Node: NODE, ...types },
  };
}

/** Writes and reads the message `Job`. */
export interface JobCodec {
  write(value: unknown): Uint8Array;
  read(bytes: Uint8Array): unknown;
}

/** What writes and reads a `Job` of these fields. */
export function jobCodec(
  subject: CodecSubject,
  fields: readonly Field[],
  limits: Partial<ValueLimits> = {},
): JobCodec {
  const conversions = subject.create(shapeOf(fields), { ...DEFAULT_LIMITS, ...limits });
  return {
    write: (value) => conversions.write("Job", value),
    read: (bytes) => conversions.read("Job", bytes),
  };
}

/** What a value comes back as. */
export function sent(codec: JobCodec, value: unknown): unknown {
  return codec.read(codec.write(value));
}

/** The text with which a value of one field, `value`, is refused. */
export function refusal(subject: CodecSubject, type: Type, value: unknown, code = "invalid-message"): string {
  let message = "";
  const codec = jobCodec(subject, [{ name: "value", type }]);
  assert.throws(() => codec.write({ value }), (error: Error & { code?: string }) => {
    assert.equal(error.name, "HoldfastError");
    assert.equal(error.code, code);
    message = error.message;
    return true;
  });
  return message;
}
