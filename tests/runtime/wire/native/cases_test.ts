import { Buffer } from "node:buffer";
import type { Shape } from "../../../../idl/definition.ts";
import { DEFAULT_LIMITS, type ValueLimits } from "../../../../runtime/limits.ts";
import { createCodec } from "../../../../runtime/wire/native/codec.ts";
import { Decoder } from "../../../../runtime/wire/native/decoder.ts";
import { NativeEncoder } from "../../../../runtime/wire/native/encoder.ts";
import { NativeFrames } from "../../../../runtime/wire/native/frames.ts";
import { Reader } from "../../../../runtime/wire/native/reader.ts";
import { MessageTable } from "../../../../runtime/wire/native/table.ts";
import { Writer } from "../../../../runtime/wire/native/writer.ts";
import { wireCases } from "../cases.ts";
import { type Conversions, listener } from "../subject.ts";
import { CODEC_KINDS } from "./subject.ts";

function conversions(shape: Shape, limits: ValueLimits, generate: boolean): Conversions {
  const codec = createCodec(shape, limits, generate);
  const named = (name: string) => name === "connect" ? codec.connect : codec.message(name);
  return {
    write(name, value) {
      const writer = new Writer();
      named(name).encode(writer, value);
      return writer.take()!;
    },
    read(name, bytes) {
      const reader = new Reader();
      reader.reset(bytes, 0, bytes.length);
      return named(name).decode(reader);
    },
  };
}

wireCases({
  title: "the native wire",
  codecs: CODEC_KINDS.map(({ title, generate }) => ({
    title,
    create: (shape, limits) => conversions(shape, limits, generate),
  })),
  frame(content) {
    const head: number[] = [];
    let { length } = content;
    for (; length >= 0x80; length >>= 7) head.push(length & 0x7f | 0x80);
    return Buffer.concat([Uint8Array.of(...head, length), content]);
  },
  decoder(limit, hear) {
    return new Decoder({
      // The kind is the first byte of the content.
      frame: (_kind, body, size) => hear(body.bytes.slice(body.at - 1, body.end), size),
    }, limit);
  },
  conversation(definition, limit, keep) {
    const table = new MessageTable(definition, DEFAULT_LIMITS);
    const heard: unknown[] = [];
    const decoder = new Decoder(new NativeFrames(table, listener(heard, keep)), DEFAULT_LIMITS.frame);
    return { encoder: new NativeEncoder(table, limit, false), decoder, heard };
  },
});
