/**
 * What was recorded of the original (`testdata/`): frames with what they are, and values with their bytes.
 *
 * One JSON object a line. `base64` is a whole frame, its length included; frames of more than 4 KiB have a hash and
 * their two ends instead. `note` says what it is, as a reader of another make understood it.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { encodeFrame } from "../../../../runtime/wire/diset/encoder.ts";
import type { Encoding } from "../../../../runtime/wire/diset/encodings.ts";
import { messageResult } from "../../../../runtime/wire/diset/frames.ts";
import { readJson } from "../../../../runtime/wire/diset/json_reader.ts";
import type { Dict, PyValue } from "../../../../runtime/wire/diset/python.ts";
import { success } from "../../../../runtime/wire/diset/results.ts";

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

/** One thing that went over a connection: a frame, or the end. */
export interface Spoken {
  /** Which connection of its scenario. */
  readonly connection: number;
  readonly by: "client" | "service";
  /** Which read it was complete with: what has the same number arrived together. */
  readonly chunk: number;
  /** The whole frame; `undefined` where that side closed. */
  readonly bytes: Uint8Array | undefined;
}

/** What was said in a scenario. */
export interface Conversation {
  readonly file: string;
  readonly scenario: string;
  /** How each side wrote. */
  readonly encodings: { readonly client: Encoding; readonly service: Encoding };
  /** In the order in which it was said. */
  readonly spoken: readonly Spoken[];
  /** What the client's program was told, in order. */
  readonly observed: readonly Observed[];
}

/** Something that the recorded client's program was told. */
export interface Observed {
  /** As `connect`, or `sendMessage Ping`: what it had asked for. */
  readonly call?: string;
  /** What came of that. */
  readonly OK?: boolean;
  readonly Message?: string | null;
  /** What it was told by itself: `message`, `disconnect`. */
  readonly callback?: string;
}

/** All that was recorded of conversations between two sides. */
export function conversations(): Conversation[] {
  const all = new Map<string, Conversation & { readonly spoken: Spoken[]; readonly observed: Observed[] }>();
  for (const file of FILES) {
    for (const [i, text] of lines(file).entries()) {
      const line = JSON.parse(text);
      const { base64, chunk, conn, dir, encoding, observed, scenario, sha256 } = line;
      if (encoding === undefined) continue;
      const key = `${file} ${scenario} ${encoding}`;
      if (!all.has(key)) all.set(key, { file, scenario, encodings: encodingsOf(encoding), spoken: [], observed: [] });
      all.get(key)!.observed.push(...observed ?? []);
      if (conn === undefined) continue;
      const large = () => sha256 && rebuilt(largeOf({ ...line, place: `${file}:${i + 1}` }));
      const bytes: Uint8Array | undefined = base64 === undefined ? large() : bytesOf(base64);
      all.get(key)!.spoken.push({ connection: conn, by: dir === "c2s" ? "client" : "service", chunk, bytes });
    }
  }
  return [...all.values()].filter(({ spoken }) => spoken.length > 0);
}

/** As `json`, or `json client, dencode service`. */
function encodingsOf(text: string): Conversation["encodings"] {
  const [client, service = client] = text.replaceAll(/ client| service/g, "").split(", ") as Encoding[];
  return { client: client!, service: service! };
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
  return frameLines().filter(({ sha256 }) => sha256 !== undefined).map(largeOf);
}

function largeOf(line: Record<string, string>): Large {
  return {
    place: line["place"]!,
    scenario: line["scenario"]!,
    note: line["note"]!,
    from: line["from"]!,
    length: Number(line["length"]),
    sha256: line["sha256"]!,
    head: bytesOf(line["head_base64"]!),
    tail: bytesOf(line["tail_base64"]!),
    encoding: line["encoding"] === "dencode" ? "dencode" : "json",
  };
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

/** The text of the largest message recorded. */
const LARGE_TEXT = Array.from({ length: 1024 }, (_, i) => String.fromCharCode(32 + 7 * i % 95)).join("").repeat(3072);

/** Makes a frame of which only the hash was recorded, from what is known of it. */
export function rebuilt({ scenario, note, length, encoding, place }: Large): Uint8Array {
  if (scenario === "payload-3mib") {
    const name = /'(.*)'/.exec(note)![1]!;
    return encodeFrame(messageResult({ name, values: [LARGE_TEXT], acknowledge: false, id: undefined }), encoding);
  }
  assert.ok(scenario.startsWith("raw-proposal-sizes"), place);
  const version = (size: number) =>
    success([["Framework/Lab", "Lab", "labvo"], ["Connection", "new"], "", "v".repeat(size)]);
  const rest = encodeFrame(version(length), encoding).length - length;
  return encodeFrame(version(length - rest), encoding);
}
