/**
 * For random definitions: what a schema accepts and what the wire accepts are the same set, and of all bytes only those
 * are read that would have been written. And both codecs do the same: every value is written, and every bytes are read,
 * by both, which must end in the same bytes, the same value, or the same error.
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { Value } from "typebox/value";
import type { Shape, Type } from "../../../../idl/definition.ts";
import { defaultValue } from "../../../../idl/rules.ts";
import { HoldfastError } from "../../../../runtime/errors.ts";
import { DEFAULT_LIMITS } from "../../../../runtime/limits.ts";
import { schemaOf } from "../../../../runtime/schema.ts";
import { type Codec, createCodec, type RecordCodec } from "../../../../runtime/wire/native/codec.ts";
import { generatingCodec } from "../../../../runtime/wire/native/generated/codec.ts";
import { Reader } from "../../../../runtime/wire/native/reader.ts";
import { valueCodecs } from "../../../../runtime/wire/native/values.ts";
import { Writer } from "../../../../runtime/wire/native/writer.ts";
import { accepts, arbitraryShape, arbitraryValue, arbitraryWrongValue } from "../../../arbitraries.ts";

/** What a call came to: a value, or an error. */
interface Outcome<T> {
  readonly value?: T;
  readonly code?: string;
  readonly message?: string;
}

function outcomeOf<T>(call: () => T): Outcome<T> {
  try {
    return { value: call() };
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    return { code: error.code, message: error.message };
  }
}

/** That two calls come to the same, and what. */
function sameOutcome<T>(interpreting: () => T, generating: () => T): T {
  const expected = outcomeOf(interpreting);
  const actual = outcomeOf(generating);
  assert.deepEqual(actual, expected, "both codecs come to the same");
  if (expected.code !== undefined) throw new HoldfastError(expected.code as "limit", expected.message ?? "");
  return expected.value as T;
}

/** The generating codec. What it leaves to the interpreting one must be wrong: else it would be slow there. */
function generating(shape: Shape): Codec {
  const interpreting = createCodec(shape, DEFAULT_LIMITS, false);
  const onlyWrong = (codec: RecordCodec): RecordCodec => ({
    encode: (to, value) => codec.encode(to, value),
    decode(from) {
      codec.decode(from);
      assert.fail("generated code refuses what is right");
    },
  });
  return generatingCodec(shape, DEFAULT_LIMITS, valueCodecs(shape.types, DEFAULT_LIMITS), {
    connect: onlyWrong(interpreting.connect),
    message: (name) => onlyWrong(interpreting.message(name)),
  });
}

/** One of the codecs. */
class OneCodec {
  readonly #codec: RecordCodec;
  /** One for all that is written, as on a connection; small, so that it often takes another buffer. */
  readonly #writer = new Writer(16);

  constructor(codec: Codec, name: string) {
    this.#codec = name === "connect" ? codec.connect : codec.message(name);
  }

  write(value: unknown): Uint8Array {
    try {
      this.#codec.encode(this.#writer, value);
    } catch (error) {
      this.#writer.at = this.#writer.start;
      throw error;
    }
    return this.#writer.take()!;
  }

  /** Reads from the midst of other bytes, and says how many were read. */
  read(bytes: Uint8Array): { readonly value: unknown; readonly length: number } {
    const around = new Uint8Array(bytes.length + 20).fill(0x01);
    around.set(bytes, 10);
    const reader = new Reader();
    reader.reset(around, 10, 10 + bytes.length);
    const value = this.#codec.decode(reader);
    return { value, length: reader.at - 10 };
  }
}

/** A message of a service: its schema, and what writes and reads it. */
class Subject {
  readonly shape: Shape;
  readonly type: Type;
  readonly schema: TSchema;
  readonly #interpreting: OneCodec;
  readonly #generating: OneCodec;
  readonly #branches = new Map<Type, TSchema>();

  constructor(shape: Shape, name: string) {
    this.shape = shape;
    this.type = name === "connect" ? shape.connect : shape.types[name]!;
    this.schema = schemaOf(shape, name);
    this.#interpreting = new OneCodec(createCodec(shape, DEFAULT_LIMITS, false), name);
    this.#generating = new OneCodec(generating(shape), name);
  }

  write(value: unknown): Uint8Array {
    return sameOutcome(() => this.#interpreting.write(value), () => this.#generating.write(value));
  }

  read(bytes: Uint8Array): { readonly value: unknown; readonly length: number } {
    return sameOutcome(() => this.#interpreting.read(bytes), () => this.#generating.read(bytes));
  }

  /** Whether a value belongs to the branch of a union. */
  fits(branch: Type, value: unknown): boolean {
    const shape = { ...this.shape, types: { ...this.shape.types, Branch: branch } };
    const schema = this.#branches.get(branch) ?? schemaOf(shape, "Branch");
    this.#branches.set(branch, schema);
    return Value.Check(schema, value);
  }
}

/** A random service's connect arguments or one of its messages. */
const subjects: fc.Arbitrary<Subject> = arbitraryShape().chain((shape) =>
  fc.constantFrom("connect", ...shape.messages.map(({ name }) => name)).map((name) => new Subject(shape, name))
);

/** The same, with some values. */
function withValues(arbitrary: typeof arbitraryValue): fc.Arbitrary<{ subject: Subject; values: unknown[] }> {
  return subjects.chain((subject) =>
    fc.array(arbitrary(subject.type, subject.shape.types), { minLength: 1, maxLength: 8 })
      .map((values) => ({ subject, values }))
  );
}

const rightValues = withValues(arbitraryValue);
const nearlyRightValues = withValues(arbitraryWrongValue);

/** As many random cases; a failing one is not made smaller for ever. */
function runs(numRuns: number): fc.Parameters<unknown> {
  return { numRuns, interruptAfterTimeLimit: 60_000 };
}

/** What is to arrive for a right value. */
function arrival(type: Type, value: unknown, subject: Subject): unknown {
  switch (type.type) {
    case "int":
      return (value as number) + 0;
    case "int|long":
      return BigInt(value as number) === BigInt(Number(value)) && Number.isSafeInteger(Number(value))
        ? Number(value) + 0
        : value;
    case "bytes":
      return Uint8Array.from(value as Uint8Array);
    case "timestamp":
      return new Date(value as Date);
    case "literal":
      return type.value;
    case "list":
      return Array.from(value as unknown[], (item) => arrival(type.items, item, subject));
    case "map":
      return bare(entriesOf(value as object).map(([key, item]) => [key, arrival(type.values, item, subject)]));
    case "any":
      return anyArrival(value);
    case "ref":
      return arrival(subject.shape.types[type.name]!, value, subject);
    case "union":
      return arrival(type.branches.find((branch) => subject.fits(branch, value))!, value, subject);
    case "record": {
      const record: Record<string, unknown> = {};
      for (const field of type.fields) {
        const given = (value as Record<string, unknown>)[field.name];
        if (given !== undefined) record[field.name] = arrival(field.type, given, subject);
        else if (field.default !== undefined) record[field.name] = defaultValue(field.default);
      }
      return record;
    }
    default:
      return value;
  }
}

function anyArrival(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, anyArrival);
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (value instanceof Date) return new Date(value);
  if (typeof value !== "object" || value === null) return value;
  return bare(entriesOf(value).map(([key, item]) => [key, anyArrival(item)]));
}

function entriesOf(object: object): [string, unknown][] {
  return Object.getOwnPropertyNames(object).map((name) => [name, (object as Record<string, unknown>)[name]]);
}

/** An object without prototype. */
function bare(entries: readonly (readonly [string, unknown])[]): object {
  const object = Object.create(null);
  for (const [key, value] of entries) object[key] = value;
  return object;
}

/** That a call throws as values that are no values do. */
function assertRefused(call: () => unknown, message: string): void {
  try {
    call();
  } catch (error) {
    assertIsRefusal(error);
    return;
  }
  assert.fail(message);
}

function assertIsRefusal(error: unknown): void {
  if (!(error instanceof HoldfastError)) throw error;
  assert.ok(error.code === "invalid-message" || error.code === "limit", error.code);
}

function assertArrives(subject: Subject, value: unknown): void {
  const bytes = subject.write(value);
  const { value: arrived, length } = subject.read(bytes);
  assert.equal(length, bytes.length);
  assert.deepEqual(arrived, arrival(subject.type, value, subject));
  assert.ok(Value.Check(subject.schema, arrived), "the schema accepts what arrives");
  assert.deepEqual(subject.write(arrived), bytes);
}

test("what is right is accepted by the schema, and arrives with its defaults filled in", () => {
  fc.assert(
    fc.property(rightValues, ({ subject, values }) => {
      for (const value of values) {
        assert.ok(Value.Check(subject.schema, value), "the schema accepts it");
        assertArrives(subject, value);
      }
    }),
    runs(300),
  );
});

test("what the schema accepts is written and read, and what it refuses is refused", () => {
  const outcomes = { accepted: 0, refused: 0 };
  fc.assert(
    fc.property(nearlyRightValues, ({ subject, values }) => {
      const compiled = Compile(subject.schema);
      for (const value of values) {
        const accepted = accepts(() => Value.Check(subject.schema, value));
        assert.equal(accepts(() => compiled.Check(value)), accepted, "compiled or not, the schema says the same");
        outcomes[accepted ? "accepted" : "refused"] += 1;
        if (accepted) assertArrives(subject, value);
        else assertRefused(() => subject.write(value), "the wire accepts what the schema refuses");
      }
    }),
    runs(500),
  );
  assert.ok(outcomes.accepted > 100 && outcomes.refused > 100, "both cases occur");
});

test("every encoding that is cut off is refused", () => {
  fc.assert(
    fc.property(rightValues, ({ subject, values }) => {
      for (const value of values) {
        const bytes = subject.write(value);
        for (let length = 0; length < bytes.length; length++) {
          assertRefused(() => subject.read(bytes.subarray(0, length)), `${length} of ${bytes.length} bytes are read`);
        }
      }
    }),
    runs(100),
  );
});

/** A change of some bytes. */
const mutation: fc.Arbitrary<(bytes: Uint8Array) => Uint8Array> = fc.record({
  at: fc.nat(),
  cut: fc.nat(2),
  put: fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 0x7f, 0x80, 0xff)), { maxLength: 3 }),
}).map(({ at, cut, put }) => (bytes) => {
  const place = bytes.length === 0 ? 0 : at % bytes.length;
  return Uint8Array.from([...bytes.subarray(0, place), ...put, ...bytes.subarray(place + cut)]);
});

/** That bytes are refused, or are the only ones for what they say. */
function assertOnlyForm(subject: Subject, bytes: Uint8Array): "read" | "refused" {
  let read: { readonly value: unknown; readonly length: number };
  try {
    read = subject.read(bytes);
  } catch (error) {
    assertIsRefusal(error);
    return "refused";
  }
  assert.deepEqual(subject.write(read.value), bytes.slice(0, read.length));
  assert.ok(Value.Check(subject.schema, read.value), "the schema accepts what arrives");
  return "read";
}

test("bytes in which something was changed are refused, or are the only ones for what they say", () => {
  const outcomes = { read: 0, refused: 0 };
  const changes = fc.array(fc.array(mutation, { minLength: 1, maxLength: 3 }), { minLength: 10, maxLength: 20 });
  fc.assert(
    fc.property(rightValues, changes, ({ subject, values }, changes) => {
      for (const value of values) {
        const bytes = subject.write(value);
        for (const change of changes) {
          outcomes[assertOnlyForm(subject, change.reduce((bytes, mutate) => mutate(bytes), bytes))] += 1;
        }
      }
    }),
    runs(100),
  );
  assert.ok(outcomes.read > 100 && outcomes.refused > 100, "both cases occur");
});

test("random bytes are refused, or are the only ones for what they say", () => {
  const random = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(subjects, random, (subject, random) => {
      for (const bytes of random) assertOnlyForm(subject, bytes);
    }),
    runs(200),
  );
});
