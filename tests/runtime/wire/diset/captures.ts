/**
 * What was recorded of the original (`testdata/`): frames with what they are, and values with their bytes.
 *
 * One JSON object a line. `base64` is a whole frame, its length included; frames of more than 4 KiB have a hash and
 * their two ends instead. `note` says what it is, as a reader of another make understood it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Encoding } from "../../../../runtime/wire/diset/encodings.ts";
import { readJson } from "../../../../runtime/wire/diset/json_reader.ts";
import type { Dict, PyValue } from "../../../../runtime/wire/diset/python.ts";

/** Bounds that nothing recorded goes beyond. */
export const WIDE = { depth: 1_000, digits: 4_300, items: 1_000_000 };

const FILES = [
  "real_json",
  "real_dencode",
  "real_mixed",
  "scripted_client_json",
  "scripted_client_dencode",
  "scripted_server_json",
] as const;

/** A frame as it was recorded. */
export interface Recorded {
  /** File and line. */
  readonly place: string;
  readonly scenario: string;
  readonly note: string;
  /** `real client`, `real service` or `scripted bytes`. */
  readonly from: string;
  readonly bytes: Uint8Array;
}

/** A frame of which only the hash and the ends were recorded. */
export interface Large extends Omit<Recorded, "bytes"> {
  readonly length: number;
  readonly sha256: string;
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  readonly encoding: Encoding;
}

function lines(name: string): string[] {
  return readFileSync(join(import.meta.dirname!, "testdata", `${name}.jsonl`), "utf8").trimEnd().split("\n");
}

/** All lines that stand for a frame. */
function frameLines(): Record<string, string>[] {
  return FILES.flatMap((name) =>
    lines(name).map((line, i) => ({ ...JSON.parse(line), place: `${name}:${i + 1}` })).filter(({ length }) => length)
  );
}

/** Every frame that was recorded whole. */
export function recordedFrames(): Recorded[] {
  return frameLines().filter(({ base64 }) => base64 !== undefined).map((line) => ({
    place: line["place"]!,
    scenario: line["scenario"]!,
    note: line["note"]!,
    from: line["from"]!,
    bytes: bytesOf(line["base64"]!),
  }));
}

/** Every frame that was too large for that. */
export function largeFrames(): Large[] {
  return frameLines().filter(({ sha256 }) => sha256 !== undefined).map((line) => ({
    place: line["place"]!,
    scenario: line["scenario"]!,
    note: line["note"]!,
    from: line["from"]!,
    length: Number(line["length"]),
    sha256: line["sha256"]!,
    head: bytesOf(line["head_base64"]!),
    tail: bytesOf(line["tail_base64"]!),
    encoding: line["encoding"] === "dencode" ? "dencode" : "json",
  }));
}

function bytesOf(base64: string): Uint8Array {
  return new Uint8Array(Buffer.from(base64, "base64"));
}

/**
 * The lines about the original's encoders and decoders; their numbers keep what a `JSON.parse` would lose. A `@` stands
 * before the marks in the recorded values, since these lines are no payloads.
 */
export function directLines(): Dict[] {
  return lines("direct_codec").map((line) => {
    const unmarked = line.replaceAll(/(?<!\\)"__dCls"/g, '"@__dCls"');
    return readJson(new TextEncoder().encode(unmarked), WIDE) as Dict;
  });
}

/** The text of a line's field. */
export function textOf(line: Dict, field: string): string | undefined {
  const value: PyValue | undefined = line.get(field);
  return typeof value === "string" ? value : undefined;
}
