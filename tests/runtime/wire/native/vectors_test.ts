/**
 * The documented bytes of every type, and bytes that must be refused: `vectors.json`, which others may test against too.
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { Shape, Type } from "../../../../idl/definition.ts";
import { DEFAULT_LIMITS } from "../../../../runtime/limits.ts";
import { Reader } from "../../../../runtime/wire/native/reader.ts";
import { valueCodecs } from "../../../../runtime/wire/native/values.ts";
import { readFailure } from "../../../../runtime/wire/native/values/failure.ts";
import { Writer } from "../../../../runtime/wire/native/writer.ts";

interface Vectors {
  readonly types: Shape["types"];
  readonly accepted: readonly {
    readonly title: string;
    readonly type: Type;
    readonly value: unknown;
    readonly arrives?: unknown;
    readonly hex: string;
  }[];
  readonly refused: readonly {
    readonly title: string;
    readonly type: Type;
    readonly hex: string;
    readonly reason: string;
  }[];
}

const vectors: Vectors = JSON.parse(readFileSync(new URL("./vectors.json", import.meta.url), "utf8"));
const codecs = valueCodecs(vectors.types, DEFAULT_LIMITS);

/** Makes a value of its form in JSON; maps and records come out without prototype. */
function revive(json: unknown): unknown {
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return json.map(revive);
  const [[key, value] = [], ...others] = Object.entries(json);
  if (others.length === 0) {
    if (key === "$long") return BigInt(value);
    if (key === "$float") return Number(value);
    if (key === "$bytes") return fromHex(value);
    if (key === "$timestamp") return new Date(value);
  }
  const object = Object.create(null);
  for (const [key, value] of Object.entries(json)) object[key] = revive(value);
  return object;
}

function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

/** Takes the prototypes of records away, so that they equal what `revive` makes. */
function withoutPrototypes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (typeof value !== "object" || value === null || value instanceof Uint8Array || value instanceof Date) return value;
  const object = Object.create(null);
  for (const [key, inner] of Object.entries(value)) object[key] = withoutPrototypes(inner);
  return object;
}

function read(type: Type, bytes: Uint8Array): unknown {
  const reader = new Reader();
  // In the midst of others, so that reading beyond either end would show.
  const around = new Uint8Array(bytes.length + 20).fill(0x01);
  around.set(bytes, 10);
  reader.reset(around, 10, 10 + bytes.length);
  const codec = codecs.of(type);
  codecs.budgets.decode.start();
  try {
    const value = codec.decode(reader);
    assert.equal(reader.at, reader.end);
    return value;
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    throw readFailure(error).toError("value");
  } finally {
    codecs.budgets.decode.end();
  }
}

describe("documented values are written and read, and refused when cut off", () => {
  for (const { title, type, hex, ...vector } of vectors.accepted) {
    test(title, () => {
      const writer = new Writer();
      codecs.budgets.encode.start();
      codecs.of(type).encode(writer, revive(vector.value));
      codecs.budgets.encode.end();
      assert.equal(Buffer.from(writer.take()!).toString("hex"), hex);

      const bytes = fromHex(hex);
      const arrives = "arrives" in vector ? vector.arrives : vector.value;
      assert.deepEqual(withoutPrototypes(read(type, bytes)), revive(arrives));

      for (let length = 0; length < bytes.length; length++) {
        assert.throws(() => read(type, bytes.slice(0, length)), { name: "HoldfastError", code: "invalid-message" });
      }
    });
  }
});

describe("other bytes are refused", () => {
  for (const { title, type, hex, reason } of vectors.refused) {
    test(title, () => {
      assert.throws(() => read(type, fromHex(hex)), (error: Error & { code: string }) => {
        assert.equal(error.message, reason.startsWith("value") ? reason : `value: ${reason}`);
        return true;
      });
    });
  }
});
