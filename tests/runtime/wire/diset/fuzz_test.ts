/**
 * Every prefix of every recorded frame, changes in them, and random bytes: what comes out is a value that is written and
 * read again as itself, or an error of Holdfast's; nothing else is thrown, and nothing is waited for that can't come.
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../../../../idl/mod.ts";
import { HoldfastError } from "../../../../runtime/errors.ts";
import { DEFAULT_LIMITS } from "../../../../runtime/limits.ts";
import { Decoder } from "../../../../runtime/wire/diset/decoder.ts";
import { DisetEncoder } from "../../../../runtime/wire/diset/encoder.ts";
import { decodePayload, encodePayload, payloadLimits } from "../../../../runtime/wire/diset/encodings.ts";
import { DisetFrames, type DisetSink } from "../../../../runtime/wire/diset/frames.ts";
import { readConnectArguments, readProposal } from "../../../../runtime/wire/diset/handshake.ts";
import { MessageTable } from "../../../../runtime/wire/diset/table.ts";
import { seeded } from "../../../seed.ts";
import { recordedFrames } from "./captures.ts";
import { plain } from "./plain.ts";

const LIMITS = payloadLimits(DEFAULT_LIMITS);

/** The messages of the recorded service, and what it sends. */
const TABLE = new MessageTable(
  parse(`
    Ping < id: int|long > Pong < id: int|long > Any < value: any > AnyReply < value: any > Big < data: string >
    Typed < a: bool, b: float, c: list<int>, d: null, e: string, f: any > NoAttrs < > NoAttrsReply < >
    Multi < zeta: string, Alpha: string, b10: string, B2: string, _under: string, beta: string, Gamma: string >
    Fail < text: string > Notice < n: int, text: string >
    service Framework/Lab {
      auth all connect < name?: string, slots?: int >
      receives Ping, Pong, Any, AnyReply, Big, Typed, NoAttrs, NoAttrsReply, Multi, Fail, Notice
    }`),
  DEFAULT_LIMITS,
);

/** The recorded frames that differ by more than an id. */
const FRAMES: readonly Uint8Array[] = [
  ...new Map(
    recordedFrames().map(({ bytes }) =>
      [new TextDecoder("latin1").decode(bytes).replaceAll(/[0-9a-f]{32}/g, "id"), bytes] as const
    ),
  ).values(),
];

/** What a call gives; `undefined` if it throws an error of Holdfast's. */
function attempt<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    if (error instanceof HoldfastError) return undefined;
    throw error;
  }
}

/** What became of bytes. */
interface Seen {
  frames: number;
  errors: number;
}

/** Reads bytes as a service does: as frames of the handshake, and as those of a conversation. */
function feed(bytes: Uint8Array, seen: Seen): void {
  const sink: DisetSink = {
    onMessage(message, _size, fields) {
      const kept = fields.keep();
      assert.deepEqual(attempt(() => kept.read(message)), attempt(() => fields.read(message)));
    },
    onRequest() {},
    onUnknown() {},
    onProgress() {},
    onPong() {},
    onClose() {},
  };
  const encoder = new DisetEncoder({ table: TABLE, encoding: "json", limit: 10_000, name: "me" });
  const frames = new DisetFrames(TABLE, "receives", sink, encoder);
  const decoder = new Decoder({
    frame(keepAlive, payload, size) {
      seen.frames += 1;
      const value = attempt(() => decodePayload(payload, LIMITS));
      if (value !== undefined) {
        attempt(() => readProposal(value.value));
        attempt(() => TABLE.connect.decode(readConnectArguments(value.value).args));
        assertStable(payload);
      }
      frames.frame(keepAlive, payload, size);
    },
  }, 10_000);
  if (attempt(() => (decoder.push(bytes), true)) === undefined) seen.errors += 1;
  // A frame that is not whole is begun: nothing of another one is.
  assert.ok(decoder.kept <= bytes.length);
}

/** That a value that was read can be written and is read as itself then. */
function assertStable(payload: Uint8Array): void {
  const { value, encoding } = decodePayload(payload, LIMITS);
  const written = attempt(() => encodePayload(value, encoding));
  if (written === undefined) return;
  const again = decodePayload(written, LIMITS);
  // JSON's null alone, and what else begins like it.
  if (encoding === "json" && again.encoding === "dencode") return;
  assert.deepEqual(plain(again.value), plain(value));
}

test("every prefix of every recorded frame is waited with, or refused", () => {
  assert.ok(FRAMES.length > 200);
  const seen: Seen = { frames: 0, errors: 0 };
  for (const bytes of FRAMES) {
    for (let length = 0; length < bytes.length; length++) {
      const decoder = new Decoder({ frame: () => assert.fail("a frame that is not whole") }, 10_000);
      if (attempt(() => (decoder.push(bytes.slice(0, length)), true)) === undefined) seen.errors += 1;
      else assert.equal(decoder.kept, length);
    }
  }
  assert.ok(seen.errors > 0, "those that are no frames are refused");
});

test("every prefix of every recorded payload is a value, or refused", () => {
  const seen = { values: 0, refused: 0 };
  for (const bytes of FRAMES) {
    const begin = bytes.indexOf(0x3a) + 1;
    for (let end = begin; end < bytes.length; end++) {
      const payload = bytes.slice(begin, end);
      if (attempt(() => decodePayload(payload, LIMITS)) === undefined) seen.refused += 1;
      else {
        seen.values += 1;
        assertStable(payload);
      }
    }
  }
  assert.ok(seen.refused > 10_000 && seen.values < seen.refused / 100, JSON.stringify(seen));
});

/** Pieces of the formats, to be put in anywhere. */
const PIECES = [
  "e",
  "l",
  "t",
  "d",
  "i1e",
  "s0:",
  "n",
  "z",
  "za",
  "I",
  "f",
  "f1e+",
  "b",
  "-",
  ":",
  "9",
  "99999",
  "[",
  "]",
  "{",
  "}",
  ",",
  '"',
  "\\",
  "\\u",
  "NaN",
  "Infinity",
  '{"__dCls": "dt"}',
  '"__proto__"',
  "\xff",
  "\0",
  "\xed\xa0\x80",
];

/** A change of some bytes. */
const change: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc.record({
  at: fc.nat(),
  cut: fc.nat(4),
  put: fc.oneof(
    fc.uint8Array({ maxLength: 3 }),
    fc.constantFrom(...PIECES).map((piece) => Uint8Array.from(piece, (unit) => unit.charCodeAt(0))),
  ),
}).map(({ at, cut, put }) => (bytes) => {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  return Uint8Array.of(...bytes.subarray(0, place), ...put, ...bytes.subarray(place + cut));
});

/** A frame of a payload. */
function frameOf(payload: Uint8Array): Uint8Array {
  const length = new TextEncoder().encode(`${payload.length}:`);
  return Uint8Array.of(...length, ...payload);
}

test("recorded frames in which something was changed are read, or refused", () => {
  const small = FRAMES.filter(({ length }) => length < 600);
  const seen: Seen = { frames: 0, errors: 0 };
  const changes = fc.array(change, { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(fc.constantFrom(...small), fc.array(changes, { minLength: 5, maxLength: 10 }), (bytes, several) => {
      for (const changes of several) {
        feed(changes.reduce((bytes, change) => change(bytes), bytes), seen);
        // The same within the payload, with the length that it has then.
        const payload = changes.reduce((bytes, change) => change(bytes), bytes.subarray(bytes.indexOf(0x3a) + 1));
        feed(frameOf(payload), seen);
      }
    }),
    seeded("diset frames, changed", 2_000),
  );
  assert.ok(seen.frames > 1_000 && seen.errors > 1_000, JSON.stringify(seen));
});

test("random pieces of the two formats are read, or refused", () => {
  const bytes = fc.array(fc.constantFrom(...PIECES), { maxLength: 30 }).map((pieces) =>
    Uint8Array.from(pieces.join(""), (unit) => unit.charCodeAt(0))
  );
  const seen: Seen = { frames: 0, errors: 0 };
  fc.assert(
    fc.property(bytes, (bytes) => {
      feed(bytes, seen);
      feed(frameOf(bytes), seen);
    }),
    seeded("diset frames, random", 2_000),
  );
  assert.ok(seen.errors > 1_000, JSON.stringify(seen));
});
