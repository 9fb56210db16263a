/**
 * Frames that say much in few bytes: what is made of them takes time and memory in proportion.
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { HoldfastError } from "../../runtime/errors.ts";
import { DEFAULT_LIMITS } from "../../runtime/limits.ts";
import type { RecordCodec } from "../../runtime/wire/native/codec.ts";
import { Reader } from "../../runtime/wire/native/reader.ts";
import { Writer } from "../../runtime/wire/native/writer.ts";
import { CODEC_KINDS, codecOf } from "../runtime/wire/native/subject.ts";
import { seeded } from "../seed.ts";

const CODECS = CODEC_KINDS.map((kind) => ({
  name: kind.title,
  codec: codecOf(kind, [{ name: "value", type: { type: "any" } }]).message("Job"),
}));

/** How long one frame may take, in milliseconds, on a machine that does much else besides. */
const PATIENCE = 4_000;

/** How much may be made of one frame, in bytes: a few hundred for each of the items that a frame may have. */
const MEMORY = 300 * DEFAULT_LIMITS.items;

/** What is made of bytes, or the code of the error. It is given back so that it is still there when memory is measured. */
function read(codec: RecordCodec, bytes: Uint8Array): unknown {
  const reader = new Reader();
  reader.reset(bytes, 0, bytes.length);
  try {
    return codec.decode(reader);
  } catch (error) {
    assert.ok(error instanceof HoldfastError, String(error));
    return error.code;
  }
}

function encoded(codec: RecordCodec, value: unknown): Uint8Array {
  const writer = new Writer();
  codec.encode(writer, { value });
  return writer.take()!;
}

/** As many items as may be, of what is small on the wire and larger in memory. */
const AMPLIFIED: { readonly [what: string]: unknown } = {
  "empty lists": () => [],
  "empty maps": () => ({}),
  "maps of one entry": () => ({ a: null }),
  "dates": () => new Date(0),
  "empty bytes": () => new Uint8Array(0),
  "large integers": () => 2n ** 64n,
  "texts": () => "ab",
  "fractions": () => 0.5,
};

for (const { name, codec } of CODECS) {
  for (const [what, make] of Object.entries(AMPLIFIED)) {
    test(`${name}: any: a frame of nothing but ${what} is read in bounded time and memory`, () => {
      const nested = what === "maps of one entry";
      const count = Math.floor(DEFAULT_LIMITS.items / (nested ? 2 : 1)) - 1;
      const bytes = encoded(codec, Array.from({ length: count }, make as () => unknown));
      const before = process.memoryUsage().heapUsed;
      const start = performance.now();
      const value = read(codec, bytes);
      const took = performance.now() - start;
      const grown = process.memoryUsage().heapUsed - before;
      assert.equal((value as { value: unknown[] }).value.length, count);
      assert.ok(took < PATIENCE, `${took} ms`);
      assert.ok(grown < MEMORY, `${grown} bytes`);
    });
  }

  test(`${name}: any: whatever is made of the largest frames, random or repeated, takes bounded time`, () => {
    const size = 64 * 1024;
    const repeated = fc.uint8Array({ minLength: 1, maxLength: 6 }).map((piece) => {
      const bytes = new Uint8Array(size);
      for (let at = 0; at < size; at++) bytes[at] = piece[at % piece.length]!;
      return bytes;
    });
    fc.assert(
      fc.property(fc.oneof(repeated, fc.uint8Array({ maxLength: 200 })), (bytes) => {
        const start = performance.now();
        read(codec, bytes);
        assert.ok(performance.now() - start < PATIENCE, `${performance.now() - start} ms`);
      }),
      seeded("frames of any, random and repeated", 3_000),
    );
  });
}
