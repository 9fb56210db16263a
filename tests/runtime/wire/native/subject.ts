/**
 * A message of a few fields, written and read, for the tests of the codec.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Field, Shape, Type } from "../../../../idl/definition.ts";
import { DEFAULT_LIMITS, type ValueLimits } from "../../../../runtime/limits.ts";
import { type Codec, createCodec } from "../../../../runtime/wire/native/codec.ts";
import { Reader } from "../../../../runtime/wire/native/reader.ts";
import { Writer } from "../../../../runtime/wire/native/writer.ts";

/** The enum `Level`. */
const LEVELS: Type = { type: "enum", values: ["debug", "info", "warning"] };
/** The record `Node`. */
const NODE: Type = {
  type: "record",
  fields: [{ name: "next", type: { type: "ref", name: "Node" }, optional: true }],
};

/** The codecs of a service with a message `Job` of these fields, which may refer to `Level` and `Node`. */
export function codecOf(fields: readonly Field[], limits: Partial<ValueLimits> = {}): Codec {
  const shape: Shape = {
    service: "Test/Codec",
    connect: { type: "record", fields: [{ name: "name", type: { type: "string" } }] },
    messages: [{ name: "Job", number: 0, receives: {} }],
    types: { Job: { type: "record", fields }, Level: LEVELS, Node: NODE },
  };
  return createCodec(shape, { ...DEFAULT_LIMITS, ...limits });
}

/** A `Job` as bytes. */
export function write(codec: Codec, value: unknown): Uint8Array {
  const writer = new Writer();
  codec.message("Job").encode(writer, value);
  return writer.take()!;
}

/** A `Job` of bytes, all of them. */
export function read(codec: Codec, bytes: Uint8Array): unknown {
  const reader = new Reader();
  reader.reset(bytes, 0, bytes.length);
  const value = codec.message("Job").decode(reader);
  assert.equal(reader.at, reader.end);
  return value;
}

/** The text with which a value of one field, `value`, is refused. */
export function refusal(type: Type, value: unknown, code = "invalid-message"): string {
  let message = "";
  assert.throws(() => write(codecOf([{ name: "value", type }]), { value }), (error: Error & { code?: string }) => {
    assert.equal(error.name, "HoldfastError");
    assert.equal(error.code, code);
    message = error.message;
    return true;
  });
  return message;
}
