import fc from "fast-check";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { Reader } from "../../../../runtime/wire/native/reader.ts";
import { Writer } from "../../../../runtime/wire/native/writer.ts";

const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("hex");

/** The zigzag varint of a number, as its definition says and nothing else. */
function zigzagVarint(value: bigint): string {
  let rest = value < 0n ? -2n * value - 1n : 2n * value;
  const bytes: number[] = [];
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return hex(new Uint8Array([...bytes, Number(rest)]));
}

test("Writer allocates nothing before the first byte", () => {
  const writer = new Writer();
  assert.equal(writer.bytes.length, 0);
  assert.equal(writer.take(), undefined);
  assert.equal(writer.bytes.length, 0);
});

test("Writer.varint writes the shortest form of every safe integer", () => {
  fc.assert(fc.property(fc.bigInt(0n, 2n ** 53n - 1n), (value) => {
    const writer = new Writer();
    writer.varint(Number(value));
    // A zigzag varint of half of an even number is the varint of that number.
    const expected = value % 2n === 0n ? zigzagVarint(value / 2n) : zigzagVarint(-(value + 1n) / 2n);
    assert.equal(hex(writer.take()), expected);
  }));
});

test("Writer.signedVarint writes every safe integer as zigzag", () => {
  fc.assert(fc.property(fc.maxSafeInteger(), (value) => {
    const writer = new Writer();
    writer.signedVarint(value);
    assert.equal(hex(writer.take()), zigzagVarint(BigInt(value)));
  }));
});

test("Writer.bigSignedVarint writes numbers of any size as zigzag", () => {
  const sizes = fc.integer({ min: 0, max: 600 });
  fc.assert(fc.property(sizes, fc.integer({ min: -3, max: 3 }), fc.boolean(), (bits, more, negative) => {
    const value = (2n ** BigInt(bits) + BigInt(more)) * (negative ? -1n : 1n);
    const writer = new Writer();
    writer.bigSignedVarint(value);
    assert.equal(hex(writer.take()), zigzagVarint(value));
  }));
});

test("Writer.bigSignedVarint takes no time to speak of for a number of 100,000 digits", () => {
  const value = 10n ** 100_000n;
  const start = performance.now();
  new Writer().bigSignedVarint(value);
  assert.ok(performance.now() - start < 500);
});

test("Writer.string writes what TextEncoder does, for every length of the length", () => {
  const encoder = new TextEncoder();
  for (const character of ["a", "é", "€", "😀"]) {
    for (const length of [0, 1, 8, 9, 16, 21, 22, 31, 32, 33, 42, 43, 63, 64, 127, 128, 1023, 1024, 1025, 17_000]) {
      const text = character.repeat(length);
      const writer = new Writer(1);
      const count = writer.string(text);
      const bytes = encoder.encode(text);
      assert.equal(count, bytes.length);
      const reader = new Reader();
      const written = writer.take()!;
      reader.reset(written, 0, written.length);
      assert.equal(reader.varint(), bytes.length);
      assert.equal(hex(written.subarray(reader.at)), hex(bytes));
    }
  }
});

test("Writer.take gives what was written since, and it never changes afterwards", () => {
  const writer = new Writer(4);
  const taken: { readonly bytes: Uint8Array; readonly copy: string }[] = [];
  for (let i = 0; i < 1000; i++) {
    writer.varint(i);
    if (i % 3 === 0) {
      const bytes = writer.take()!;
      taken.push({ bytes, copy: hex(bytes) });
    }
    if (i % 50 === 0) writer.release();
  }
  for (const { bytes, copy } of taken) assert.equal(hex(bytes), copy);
  const all = new Writer();
  for (let i = 0; i < 1000; i++) all.varint(i);
  assert.equal(taken.map(({ copy }) => copy).join(""), hex(all.take()));
});

test("Writer.reserve keeps what is pending when it takes another buffer", () => {
  const writer = new Writer(4);
  writer.byte(1);
  writer.take();
  writer.byte(2);
  const pending = writer.at - writer.start;
  writer.reserve(100_000);
  assert.equal(writer.at - writer.start, pending);
  assert.equal(hex(writer.take()), "02");
});

test("Writer.at may be put back by its distance to start", () => {
  const writer = new Writer(2);
  writer.byte(1);
  const mark = writer.at - writer.start;
  writer.string("given up".repeat(100));
  writer.at = writer.start + mark;
  writer.byte(2);
  assert.equal(hex(writer.take()), "0102");
});

test("Writer.release lets go of an empty buffer, and of no other", () => {
  const writer = new Writer();
  writer.byte(1);
  writer.release();
  assert.equal(hex(writer.take()), "01");
  writer.release();
  assert.equal(writer.bytes.length, 0);
  writer.byte(2);
  assert.equal(hex(writer.take()), "02");
});

test("Writer.raw writes bytes as they are", () => {
  const writer = new Writer(1);
  writer.raw(new Uint8Array([1, 2, 3]));
  writer.raw(new Uint8Array(0));
  assert.equal(hex(writer.take()), "010203");
});
