import { Buffer } from "node:buffer";
import type { Shape } from "../../../../idl/definition.ts";
import { DEFAULT_LIMITS, type ValueLimits } from "../../../../runtime/limits.ts";
import { createCodec } from "../../../../runtime/wire/diset/codec.ts";
import { Decoder } from "../../../../runtime/wire/diset/decoder.ts";
import { DisetEncoder } from "../../../../runtime/wire/diset/encoder.ts";
import {
  decodePayload,
  encodePayload,
  type Encoding,
  payloadLimits,
} from "../../../../runtime/wire/diset/encodings.ts";
import { DisetFrames } from "../../../../runtime/wire/diset/frames.ts";
import type { Dict, PyValue } from "../../../../runtime/wire/diset/python.ts";
import { MessageTable } from "../../../../runtime/wire/diset/table.ts";
import { wireCases } from "../cases.ts";
import { type Conversions, listener } from "../subject.ts";

function conversions(shape: Shape, limits: ValueLimits, encoding: Encoding): Conversions {
  const codec = createCodec(shape, limits);
  return {
    write(name, value) {
      const values = name === "connect" ? codec.connect.encode(value) : codec.message(name).encode(value);
      return encodePayload(values, encoding);
    },
    read(name, bytes) {
      const { value } = decodePayload(bytes, payloadLimits(limits));
      return name === "connect"
        ? codec.connect.decode(value as Dict)
        : codec.message(name).decode(value as readonly PyValue[]);
    },
  };
}

for (const encoding of ["json", "dencode"] as const) {
  wireCases({
    title: `the original's wire, ${encoding}`,
    codecs: [{ title: "its codec", create: (shape, limits) => conversions(shape, limits, encoding) }],
    frame: (content) => Buffer.concat([Buffer.from(`${content.length}:`), content]),
    decoder(limit, hear) {
      return new Decoder({ frame: (_keepAlive, payload, size) => hear(payload.slice(), size) }, limit);
    },
    conversation(definition, limit, keep) {
      const table = new MessageTable(definition, DEFAULT_LIMITS);
      const side = (name: string) => new DisetEncoder({ table, encoding, limit, name });
      const heard: unknown[] = [];
      const frames = new DisetFrames(table, "sends", listener(heard, keep), side("client"));
      return { encoder: side("service"), decoder: new Decoder(frames, DEFAULT_LIMITS.frame), heard };
    },
  });
}
