/**
 * Every recorded frame: what it is, and that it is written again as it was.
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { HoldfastError } from "../../../../runtime/errors.ts";
import { Decoder } from "../../../../runtime/wire/diset/decoder.ts";
import { encodeFrame } from "../../../../runtime/wire/diset/encoder.ts";
import { decodePayload, type Encoding } from "../../../../runtime/wire/diset/encodings.ts";
import { readFrame, readKeepAlive } from "../../../../runtime/wire/diset/frames.ts";
import { proposalResult, readConnectArguments, readProposal } from "../../../../runtime/wire/diset/handshake.ts";
import { Dict, isTrue, type PyValue } from "../../../../runtime/wire/diset/python.ts";
import { readResult } from "../../../../runtime/wire/diset/results.ts";
import { largeFrames, rebuilt, type Recorded, recordedFrames, WIDE } from "./captures.ts";

/** A frame that was cut out of the stream. */
interface Cut {
  readonly keepAlive: boolean;
  readonly payload: Uint8Array;
}

/** Cuts a frame out that arrives byte by byte; a large one in larger pieces. */
function cut(bytes: Uint8Array): Cut | undefined {
  let found: Cut | undefined;
  const decoder = new Decoder({
    frame(keepAlive, payload, size) {
      assert.equal(size, bytes.length);
      found = { keepAlive, payload: payload.slice() };
    },
  }, 999_999_999);
  const step = bytes.length > 100_000 ? 4_093 : 1;
  for (let at = 0; at < bytes.length; at += step) decoder.push(bytes.slice(at, at + step));
  return found;
}

/** What a frame is, in the words of the notes. */
function noteOf({ keepAlive, payload }: Cut): string {
  const { value } = decodePayload(payload, WIDE);
  if (keepAlive) return isRefused(() => readKeepAlive(value)) ? "keep-alive" : `keep-alive ${pingOrPong(value)}`;
  if (!(value instanceof Dict)) return "no result structure";
  const result = readResult(value);
  if (!result.ok) return `error result: ${quoted(result.message)}`;
  if (result.value === null) return "bare success (Value is None)";
  if (!isRefused(() => readProposal(value))) {
    const { service, type, action } = readProposal(value);
    return `proposal ${type}/${action} to ${quoted(service)}`;
  }
  if (!isRefused(() => readConnectArguments(value))) return "connection arguments [client id, keyword dict]";
  if (isRefused(() => readFrame(result.value))) return "success result";
  const frame = readFrame(result.value);
  if (frame.kind === "acknowledgement") {
    return `message response to ${shown(frame.id)}, OK=${frame.result.ok ? "True" : "False"}`;
  }
  return `message request ${quoted(frame.name)}, ${frame.id === undefined ? "no id" : `id ${shown(frame.id)}`}`;
}

function pingOrPong(value: PyValue): string {
  return readKeepAlive(value).ping ? "ping" : "pong";
}

function isRefused(call: () => unknown): boolean {
  try {
    call();
    return false;
  } catch (error) {
    assert.ok(error instanceof HoldfastError, String(error));
    return true;
  }
}

function quoted(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

function shown(value: PyValue): string {
  return typeof value === "string" ? quoted(value) : String(value);
}

/** Notes of a reader that looked less closely, by what is found here. */
const LOOSER: Readonly<Record<string, readonly string[]>> = {
  "keep-alive": ["keep-alive (malformed)", "keep-alive ping"],
  "success result": [
    "connection arguments [client id, keyword dict]", // whose id is a number
    "message request None, no id",
    "message request 'Ping', no id", // whose values are no list
    "message response to 'nobody:9', OK=?",
  ],
};

/** What was written by hand, not as the original writes: other spacing, order, or something behind the value. */
const BY_HAND = ["raw-json-spacing-and-key-order", "raw-trailing-bytes-in-payload", "raw-length-spellings"];

/** JSON's null, which begins as the tagged None does and is taken for that: it would be written so. */
const NULL_ALONE = "fake-proposal-reply-asks-delegation";

/** The length, spelled otherwise than as digits. */
const ODD_LENGTH = /^[\n +]|^[0-9]+[_ ]|^0/;

const frames: readonly Recorded[] = recordedFrames();

test("Decoder and decodePayload: every recorded frame is what its note says", () => {
  for (const { place, note, bytes } of frames) {
    const text = new TextDecoder().decode(bytes.subarray(0, 12));
    if (note.startsWith("not a frame") && !ODD_LENGTH.test(text) || text.startsWith("0")) {
      const accepted = /^0+(?:79|62):/.test(text) && text.indexOf(":") <= 9;
      assert.equal(isRefused(() => cut(bytes)), !accepted, place);
      continue;
    }
    const frame = cut(bytes);
    assert.ok(frame !== undefined, place);
    if (note.startsWith("not decodable here")) assert.ok(isRefused(() => noteOf(frame)), place);
    else if (note.startsWith("not a frame")) assert.equal(noteOf(frame), "message request 'Ping', no id", place);
    else {
      const found = noteOf(frame);
      const cleared = note.replace(/; call-stack text overwritten.*$/s, "");
      // Long texts are cut in the notes.
      const fits = found === cleared || LOOSER[found]?.includes(cleared)
        || found.startsWith(cleared) && cleared.length > 70;
      assert.ok(fits, `${place}: ${found}, recorded as ${note}`);
    }
  }
  assert.ok(frames.length > 1_500, "all were looked at");
});

test("encodeFrame: every recorded frame that can be read is written again as it was, but for those made by hand", () => {
  const otherwise = new Set<string>();
  let same = 0;
  for (const { place, scenario, note, bytes, from } of frames) {
    if (note.startsWith("not ")) continue;
    const { keepAlive, payload } = cut(bytes)!;
    const { value, encoding } = decodePayload(payload, WIDE);
    if (Buffer.compare(encodeFrame(value, encoding, keepAlive), bytes) === 0) same += 1;
    else {
      assert.ok(from === "scripted bytes" || scenario === NULL_ALONE, place);
      otherwise.add(scenario);
    }
  }
  assert.deepEqual(otherwise, new Set([...BY_HAND, NULL_ALONE]));
  assert.ok(same > 1_500, "nearly all are");
});

test("proposalResult: every recorded proposal is written again as it was", () => {
  let compared = 0;
  for (const { place, note, bytes } of frames) {
    if (!note.startsWith("proposal")) continue;
    const { payload } = cut(bytes)!;
    const { value, encoding } = decodePayload(payload, WIDE);
    assert.deepEqual(encodeFrame(proposalResult(readProposal(value)), encoding), Buffer.from(bytes), place);
    compared += 1;
  }
  assert.ok(compared > 300, "all were looked at");
});

test("encodeFrame: frames too large to be recorded whole have the recorded hash, and are read again", () => {
  for (const large of largeFrames()) {
    const bytes = rebuilt(large);
    assert.equal(bytes.length, large.length, large.place);
    assert.equal(createHash("sha256").update(bytes).digest("hex"), large.sha256, large.place);
    assert.deepEqual(bytes.subarray(0, large.head.length), Buffer.from(large.head), large.place);
    const { payload } = cut(bytes)!;
    const { value, encoding } = decodePayload(payload, WIDE);
    assert.equal(encoding satisfies Encoding, large.encoding);
    assert.ok(value instanceof Dict && isTrue(value.get("OK")!));
  }
  assert.ok(largeFrames().length >= 4, "there are some");
});
