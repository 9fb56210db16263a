/**
 * A message of a few fields, written and read, for the tests of the codecs.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Field } from "../../../../idl/definition.ts";
import { DEFAULT_LIMITS, type ValueLimits } from "../../../../runtime/limits.ts";
import { type Codec, createCodec } from "../../../../runtime/wire/native/codec.ts";
import { Reader } from "../../../../runtime/wire/native/reader.ts";
import { Writer } from "../../../../runtime/wire/native/writer.ts";
import { shapeOf } from "../subject.ts";

/** One of the codecs: the same tests run on both. */
export interface CodecKind {
  readonly title: string;
  /** What {@link createCodec} is told. */
  readonly generate: boolean;
}

/** Both codecs. */
export const CODEC_KINDS: readonly CodecKind[] = [
  { title: "the interpreting codec", generate: false },
  { title: "the generating codec", generate: true },
];

/** The codecs of a service with a message `Job` of these fields. */
export function codecOf(kind: CodecKind, fields: readonly Field[], limits: Partial<ValueLimits> = {}): Codec {
  return createCodec(shapeOf(fields), { ...DEFAULT_LIMITS, ...limits }, kind.generate);
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
