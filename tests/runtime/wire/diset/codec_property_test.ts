/**
 * For random definitions: what the native wire accepts and what this one accepts are the same set, refused with the same
 * words; what arrives is the same, as far as the encoding can say it; and it is written again as it came.
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Value } from "typebox/value";
import type { Shape, Type } from "../../../../idl/definition.ts";
import { misfits } from "../../../../idl/diset.ts";
import { HoldfastError } from "../../../../runtime/errors.ts";
import { DEFAULT_LIMITS } from "../../../../runtime/limits.ts";
import { schemaOf } from "../../../../runtime/schema.ts";
import { createCodec as createDisetCodec } from "../../../../runtime/wire/diset/codec.ts";
import {
  decodePayload,
  encodePayload,
  type Encoding,
  payloadLimits,
} from "../../../../runtime/wire/diset/encodings.ts";
import type { Dict, PyValue } from "../../../../runtime/wire/diset/python.ts";
import { createCodec as createNativeCodec } from "../../../../runtime/wire/native/codec.ts";
import { Reader } from "../../../../runtime/wire/native/reader.ts";
import { Writer } from "../../../../runtime/wire/native/writer.ts";
import { arbitraryShape, arbitraryValue, arbitraryWrongValue } from "../../../arbitraries.ts";
import { seeded } from "../../../seed.ts";

const ENCODINGS: readonly Encoding[] = ["json", "dencode"];
const LIMITS = payloadLimits(DEFAULT_LIMITS);

/** A record as both wires know it. */
class Subject {
  readonly shape: Shape;
  readonly name: string;
  readonly type: Type;
  readonly encode: (value: unknown) => PyValue;
  readonly decode: (from: PyValue) => Record<string, unknown>;
  readonly #native: ReturnType<typeof createNativeCodec>["connect"];

  constructor(shape: Shape, name: string) {
    const [codec, native] = [createDisetCodec(shape, DEFAULT_LIMITS), createNativeCodec(shape, DEFAULT_LIMITS)];
    this.shape = shape;
    this.name = name;
    this.type = name === "connect" ? shape.connect : shape.types[name]!;
    this.#native = name === "connect" ? native.connect : native.message(name);
    if (name === "connect") {
      this.encode = (value) => codec.connect.encode(value);
      this.decode = (from) => codec.connect.decode(from as Dict);
    } else {
      this.encode = (value) => codec.message(name).encode(value);
      this.decode = (from) => codec.message(name).decode(from as readonly PyValue[]);
    }
  }

  write(value: unknown, encoding: Encoding): Uint8Array {
    return encodePayload(this.encode(value), encoding);
  }

  read(payload: Uint8Array): Record<string, unknown> {
    return this.decode(decodePayload(payload, LIMITS).value);
  }

  /** What arrives on the native wire. */
  natively(value: unknown): Record<string, unknown> {
    const writer = new Writer();
    this.#native.encode(writer, value);
    const reader = new Reader();
    reader.reset(writer.bytes, writer.start, writer.at);
    return this.#native.decode(reader);
  }
}

/**
 * A random service's connect arguments or one of its messages. `undefined` where not all of it can be said here: these are
 * for `fc.pre`, since a filter would be given the same shape for ever.
 */
const subjects: fc.Arbitrary<Subject | undefined> = arbitraryShape().chain((shape) =>
  fc.constantFrom("connect", ...shape.messages.map(({ name }) => name))
    .map((name) => misfits(shape).length === 0 ? new Subject(shape, name) : undefined)
);

/** The same, with some values. */
interface Sample {
  readonly subject: Subject;
  readonly values: readonly unknown[];
}

function withValues(arbitrary: typeof arbitraryValue): fc.Arbitrary<Sample | undefined> {
  return subjects.chain((subject) =>
    subject === undefined
      ? fc.constant(undefined)
      : fc.array(arbitrary(subject.type, subject.shape.types), { minLength: 1, maxLength: 8 })
        .map((values) => ({ subject, values }))
  );
}

/** What a call gives, or the text of what it throws. */
function outcome<T>(call: () => T): T | string {
  try {
    return call();
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    assert.ok(error.code === "invalid-message" || error.code === "limit", error.code);
    return `${error.code}: ${error.message}`;
  }
}

/** What this wire refuses and the native one does not. */
const OWN_REFUSALS = /the years that can be sent|with the key __dCls/;

/** A value without what an encoding does not say. */
function blurred(value: unknown, encoding: Encoding): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof Date) return encoding === "json" ? Math.floor(value.getTime() / 1000) : value.getTime();
  if (value instanceof Uint8Array) {
    const text = encoding === "json" ? "" : new TextDecoder("utf-8", { ignoreBOM: true }).decode(value);
    return encoding === "dencode" && !text.includes("\ufffd") ? text : [...value];
  }
  if (Array.isArray(value)) return value.map((item) => blurred(item, encoding));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, blurred(item, encoding)] as const);
  return new Map(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** That a right value arrives, and is written again as it was. */
function assertArrives(subject: Subject, value: unknown): void {
  for (const encoding of ENCODINGS) {
    const payload = subject.write(value, encoding);
    const arrived = subject.read(payload);
    assert.deepEqual(blurred(arrived, encoding), blurred(subject.natively(value), encoding));
    assert.ok(Value.Check(schemaOf(subject.shape, subject.name), arrived), "the schema accepts what arrives");
    assert.deepEqual(subject.write(arrived, encoding), payload);
  }
}

test("what is right arrives in both encodings, as on the native wire", () => {
  let arrived = 0;
  fc.assert(
    fc.property(withValues(arbitraryValue), (sample) => {
      fc.pre(sample !== undefined);
      const { subject, values } = sample;
      for (const value of values) {
        const refusal = outcome(() => subject.encode(value));
        if (typeof refusal === "string") assert.match(refusal, OWN_REFUSALS);
        else {
          assertArrives(subject, value);
          arrived += 1;
        }
      }
    }),
    { ...seeded("diset codec, right values", 300), interruptAfterTimeLimit: 60_000 },
  );
  assert.ok(arrived > 500, "most can be said");
});

test("what the native wire refuses is refused, in the same words", () => {
  const counts = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(withValues(arbitraryWrongValue), (sample) => {
      fc.pre(sample !== undefined);
      const { subject, values } = sample;
      for (const value of values) {
        const here = outcome(() => subject.encode(value));
        if (typeof here === "string" && OWN_REFUSALS.test(here)) continue;
        const native = outcome(() => subject.natively(value));
        if (typeof native === "string") assert.equal(here, native);
        else {
          assert.ok(typeof here !== "string", String(here));
          assertArrives(subject, value);
        }
        counts[typeof native === "string" ? "refused" : "accepted"] += 1;
      }
    }),
    { ...seeded("diset codec, nearly right values", 500), interruptAfterTimeLimit: 60_000 },
  );
  assert.ok(counts.accepted > 100 && counts.refused > 100, "both cases occur");
});

test("what another message's values are read as is a value of the type, or refused", () => {
  const counts = { read: 0, refused: 0 };
  fc.assert(
    fc.property(fc.array(withValues(arbitraryValue), { minLength: 2, maxLength: 6 }), (samples) => {
      const several = samples.filter((sample) => sample !== undefined);
      const schemas = several.map(({ subject }) => schemaOf(subject.shape, subject.name));
      for (const { subject: writer, values } of several) {
        for (const value of values) {
          const written = outcome(() => writer.encode(value));
          if (typeof written === "string") continue;
          for (const [i, { subject }] of several.entries()) {
            if ((subject.name === "connect") !== (writer.name === "connect")) continue;
            const read: unknown = outcome(() => subject.decode(written));
            counts[typeof read === "string" ? "refused" : "read"] += 1;
            assert.ok(typeof read === "string" || Value.Check(schemas[i]!, read), "the schema accepts what arrives");
          }
        }
      }
    }),
    { ...seeded("diset codec, others' values", 200), interruptAfterTimeLimit: 60_000 },
  );
  assert.ok(counts.read > 100 && counts.refused > 100, "both cases occur");
});
