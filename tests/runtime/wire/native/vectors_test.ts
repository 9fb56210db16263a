/**
 * The documented bytes of every type, and bytes that must be refused: `vectors.json`, which others may test against too.
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import type { Shape, Type } from "../../../../idl/definition.ts";
import { DEFAULT_LIMITS } from "../../../../runtime/limits.ts";
import { createCodec, type RecordCodec } from "../../../../runtime/wire/native/codec.ts";
import { Reader } from "../../../../runtime/wire/native/reader.ts";
import { Writer } from "../../../../runtime/wire/native/writer.ts";
import { CODEC_KINDS } from "./subject.ts";

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

/** The codec of a message whose only field is of a type. It takes the bytes of its field, and no more. */
function codecOf(type: Type, generate: boolean): RecordCodec {
  const fields = [{ name: "value", type: isBool(type) ? OR_NULL : type }];
  const shape: Shape = {
    service: "Test/Vectors",
    connect: { type: "record", fields: [] },
    messages: [],
    types: { ...vectors.types, Message: { type: "record", fields } },
  };
  return createCodec(shape, DEFAULT_LIMITS, generate).message("Message");
}

/** As a field, a `bool` would be a bit: it is a branch of a union instead, which has its place before it. */
function isBool(type: Type): boolean {
  return type.type === "bool";
}

const OR_NULL: Type = { type: "union", branches: [{ type: "literal", value: null }, { type: "bool" }] };
const PLACE = "01";

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

for (const { title, generate } of CODEC_KINDS) {
  describe(title, () => {
    const read = (type: Type, hex: string): unknown => {
      const reader = new Reader();
      // In the midst of others, so that reading beyond either end would show.
      const bytes = fromHex(isBool(type) ? PLACE + hex : hex);
      const around = new Uint8Array(bytes.length + 20).fill(0x01);
      around.set(bytes, 10);
      reader.reset(around, 10, 10 + bytes.length);
      const { value } = codecOf(type, generate).decode(reader);
      assert.equal(reader.at, reader.end);
      return value;
    };

    describe("documented values are written and read, and refused when cut off", () => {
      for (const { title, type, hex, ...vector } of vectors.accepted) {
        test(title, () => {
          const writer = new Writer();
          const value = revive(vector.value);
          codecOf(type, generate).encode(writer, { value });
          assert.equal(Buffer.from(writer.take() ?? []).toString("hex"), isBool(type) ? PLACE + hex : hex);

          const arrives = "arrives" in vector ? vector.arrives : vector.value;
          assert.deepEqual(withoutPrototypes(read(type, hex)), revive(arrives));

          for (let length = 0; length < hex.length; length += 2) {
            assert.throws(() => read(type, hex.slice(0, length)), { name: "HoldfastError", code: "invalid-message" });
          }
        });
      }
    });

    describe("other bytes are refused", () => {
      for (const { title, type, hex, reason } of vectors.refused) {
        test(title, () => {
          assert.throws(() => read(type, hex), (error: Error & { code: string }) => {
            assert.equal(error.message, reason.startsWith("value") ? `Message.${reason}` : `Message.value: ${reason}`);
            return true;
          });
        });
      }
    });
  });
}
