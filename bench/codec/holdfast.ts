/**
 * Holdfast's own codecs: written into the buffer that goes out, read where they lie in a chunk.
 *
 * @module
 */

import { DEFAULT_LIMITS } from "../../runtime/limits.ts";
import { type Codec, createCodec, type RecordCodec } from "../../runtime/wire/native/codec.ts";
import { Output } from "../../runtime/wire/native/output.ts";
import { Reader } from "../../runtime/wire/native/reader.ts";
import type { Candidate, Task } from "./candidate.ts";
import { JOB, PING, SHAPE } from "./subject.ts";

/** What has been written is taken after so many bytes, as a connection does under load, and has arrived soon after. */
const TAKEN = 32 * 1024;

/** How many messages a chunk holds. */
const COPIES = 64;

/** Functions of their own for each task, as the peers have: else an engine would compile one for all. */
const encodeOf = new Function(
  "codec",
  "output",
  "value",
  `const { writer } = output;
  let sent = 0;
  return () => {
    writer.frame = writer.at;
    sent++;
    codec.encode(writer, value);
    if (writer.at - writer.start > ${TAKEN}) {
      output.take(sent);
      output.forget(sent);
    }
  };`,
);
const decodeOf = new Function(
  "codec",
  "reader",
  "chunk",
  "size",
  `return () => {
    const at = reader.at === chunk.length ? 0 : reader.at;
    reader.reset(chunk, at, at + size);
    return codec.decode(reader);
  };`,
);

function task(codec: RecordCodec, value: unknown): Task {
  const output = new Output(true);
  codec.encode(output.writer, value);
  const bytes = output.take(0)!;
  const chunk = new Uint8Array(bytes.length * COPIES);
  for (let i = 0; i < COPIES; i++) chunk.set(bytes, i * bytes.length);
  const reader = new Reader();
  const decode = decodeOf(codec, reader, chunk, bytes.length);
  return { encode: encodeOf(codec, output, value), decode, arrives: decode, bytes: bytes.length };
}

function candidate(name: string, codec: Codec): Candidate {
  return { name, ping: task(codec.message("Ping"), PING), record: task(codec.message("Job"), JOB) };
}

/** Makes the candidate: with the codec that is used wherever code may be generated, or the other. */
export function holdfast(generate: boolean): Candidate {
  return candidate(generate ? "holdfast" : "holdfast-interpreting", createCodec(SHAPE, DEFAULT_LIMITS, generate));
}
