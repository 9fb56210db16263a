import fc from "fast-check";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { Reader } from "../../../../runtime/wire/native/reader.ts";
import { Writer } from "../../../../runtime/wire/native/writer.ts";

/** A reader of these bytes, which stand between others. */
function readerOf(bytes: Uint8Array): Reader {
  const around = new Uint8Array(bytes.length + 40).fill(0x01);
  around.set(bytes, 10);
  const reader = new Reader();
  reader.reset(around, 10, 10 + bytes.length);
  return reader;
}

function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

const ascii = fc.integer({ min: 0, max: 0x7f }).map((unit) => String.fromCharCode(unit));

/** What each word of a writer is read by. */
const words: { readonly [name: string]: fc.Arbitrary<[(to: Writer) => void, (from: Reader) => unknown, unknown]> } = {
  byte: fc.nat(255).map((value) => [(to) => to.byte(value), (from) => from.byte(), value]),
  varint: fc.maxSafeNat().map((value) => [(to) => to.varint(value), (from) => from.varint(), value]),
  signedVarint: fc.maxSafeInteger().map((value) => [
    (to) => to.signedVarint(value),
    (from) => from.signedVarint(),
    value,
  ]),
  integer: fc.bigInt(-(2n ** 200n), 2n ** 200n).map((value) => [
    (to) => to.bigSignedVarint(value),
    (from) => BigInt(from.integer(100)),
    value,
  ]),
  float: fc.double().map((value) => [(to) => to.float(value), (from) => from.float(), value]),
  key: fc.string({ unit: "binary", maxLength: 40 }).map((value) => [
    (to) => to.string(value),
    (from) => from.key(),
    value,
  ]),
  string: fc.string({ unit: "binary", maxLength: 100 }).map((value) => [
    (to) => to.string(value),
    (from) => from.string(),
    value,
  ]),
  texts: fc.array(fc.string({ unit: fc.oneof(ascii, ascii, fc.constantFrom("é", "\u{1f600}")), maxLength: 150 })).map(
    (values) => [
      (to) => values.forEach((value) => to.string(value)),
      (from) => {
        from.expectTexts();
        return values.map(() => from.string());
      },
      values,
    ],
  ),
  raw: fc.uint8Array().map((value) => [(to) => to.raw(value), (from) => from.raw(value.length), value]),
};

describe("Reader reads what Writer writes, and refuses every prefix of it", () => {
  for (const [name, word] of Object.entries(words)) {
    test(name, () => {
      fc.assert(fc.property(word, ([write, read, value]) => {
        const writer = new Writer();
        write(writer);
        const bytes = writer.take() ?? new Uint8Array(0);
        const reader = readerOf(bytes);
        assert.deepEqual(read(reader), value);
        assert.equal(reader.at, reader.end);
        for (let length = 0; length < bytes.length; length++) {
          assert.throws(() => read(readerOf(bytes.slice(0, length))), { name: "HoldfastError", code: "protocol" });
        }
      }));
    });
  }
});

describe("Reader.varint refuses", () => {
  const cases = {
    "one byte too many": "8000",
    "bytes of zeros at the end": "81808000",
    "a zero behind 28 bits": "8080808000",
    "2^53": "8080808080808010",
    "nine bytes": "ffffffffffffffff01",
    "bytes without end": "ff".repeat(100),
  };
  for (const [title, hex] of Object.entries(cases)) {
    test(title, () => {
      assert.throws(() => readerOf(fromHex(hex)).varint(), { name: "HoldfastError", code: "protocol" });
    });
  }
});

test("Reader.varint reads the greatest safe integer", () => {
  assert.equal(readerOf(fromHex("ffffffffffffff0f")).varint(), Number.MAX_SAFE_INTEGER);
});

test("Reader.integer refuses more bytes than it may take, without putting them together", () => {
  const bytes = new Uint8Array(1_000_000).fill(0xff);
  bytes[bytes.length - 1] = 1;
  assert.throws(() => readerOf(bytes).integer(100), { name: "HoldfastError", code: "limit" });
});

test("Reader.string refuses what is longer than it may be", () => {
  const writer = new Writer();
  writer.string("four");
  const bytes = writer.take()!;
  assert.equal(readerOf(bytes).string(4), "four");
  assert.throws(() => readerOf(bytes).string(3), { name: "HoldfastError", code: "limit" });
});

test("Reader.string refuses what is not UTF-8, short and long", () => {
  const bad = ["ff", "c3", "c080", "eda080", "edb080", "f4908080", "f8808080", "e282"];
  for (const hex of bad) {
    for (const before of ["", "61".repeat(50)]) {
      const text = fromHex(before + hex);
      const bytes = new Uint8Array([text.length, ...text]);
      assert.throws(() => readerOf(bytes).string(), { name: "HoldfastError", code: "protocol" });
    }
  }
});

test("Reader.string refuses what is not UTF-8 among several texts", () => {
  const reader = readerOf(fromHex("0161016202c328"));
  reader.expectTexts();
  assert.deepEqual([reader.string(), reader.string()], ["a", "b"]);
  assert.throws(() => reader.string(), { name: "HoldfastError", code: "protocol" });
});

test("Reader.string reads several texts again from where it is put back to", () => {
  const bytes = new Uint8Array(1 + 100 + 1 + 100 + 1 + 100);
  const reader = new Reader();
  for (const [first, second, third] of ["abc", "def"]) {
    for (const [i, unit] of [first, second, third].entries()) {
      bytes.fill(unit!.charCodeAt(0), i * 101, (i + 1) * 101);
      bytes[i * 101] = 100;
    }
    reader.reset(bytes, 0, bytes.length);
    reader.expectTexts();
    const read = () => Array.from({ length: 3 }, () => reader.string().replace(/(.)\1{99}/, "$1"));
    assert.deepEqual(read(), [first, second, third]);
    reader.at = 0;
    assert.deepEqual(read(), [first, second, third]);
  }
});

test("Reader.string reads several texts anew where other bytes stand in the same place", () => {
  const bytes = new Uint8Array(4);
  const reader = new Reader();
  for (const text of ["a", "b"]) {
    bytes.set([1, text.charCodeAt(0), 1, text.charCodeAt(0)]);
    reader.reset(bytes, 0, bytes.length);
    reader.expectTexts();
    assert.deepEqual([reader.string(), reader.string()], [text, text]);
  }
});

test("Reader.string finds a byte that is no UTF-8 at any place", () => {
  for (let length = 1; length < 20; length++) {
    for (let place = 0; place < length; place++) {
      const text = new Uint8Array(length).fill(0x61);
      text[place] = 0xff;
      const bytes = new Uint8Array([length, ...text]);
      assert.throws(() => readerOf(bytes).string(), { name: "HoldfastError", code: "protocol" });
    }
  }
});

test("Reader.string keeps a byte order mark and U+FFFD, short and long", () => {
  for (const text of ["\ufeff", "\ufeff\ufffd", `\ufeff\ufffd${"a".repeat(50)}`, `${"é".repeat(50)}\ufffd\ufeff`]) {
    const writer = new Writer();
    writer.string(text);
    assert.equal(readerOf(writer.take()!).string(), text);
  }
});

test("Reader.raw gives a plain copy, also of a Buffer", () => {
  const chunk = Buffer.from([1, 2, 3, 4]);
  const reader = new Reader();
  reader.reset(chunk, 1, 3);
  const copy = reader.raw(2);
  chunk.fill(0);
  assert.equal(copy.constructor, Uint8Array);
  assert.equal(copy.buffer.byteLength, 2);
  assert.deepEqual([...copy], [2, 3]);
});

test("Reader.skip and Reader.raw refuse counts beyond the end, however great", () => {
  for (const count of [5, 2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
    assert.throws(() => readerOf(new Uint8Array(4)).skip(count), { code: "protocol" });
    assert.throws(() => readerOf(new Uint8Array(4)).raw(count), { code: "protocol" });
    assert.throws(() => readerOf(new Uint8Array(4)).text(count), { code: "protocol" });
  }
});

test("Reader.key reads what Reader.string does, whatever keys came before", () => {
  const texts = fc.array(
    fc.oneof(
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.string({ unit: fc.constantFrom("a", "b", "é", "\0", "\x7f"), maxLength: 4 }),
    ),
    { minLength: 1, maxLength: 100 },
  );
  fc.assert(fc.property(texts, (texts) => {
    const writer = new Writer();
    for (const text of [...texts, ...texts]) writer.string(text);
    const reader = readerOf(writer.take()!);
    for (const text of [...texts, ...texts]) assert.equal(reader.key(), text);
    assert.equal(reader.at, reader.end);
  }));
});

test("Reader.key tells keys apart that differ in one place, and keeps more of them than it has room for", () => {
  const alike = Array.from({ length: 16 }, (_, place) => "a".repeat(place) + "b" + "a".repeat(15 - place));
  for (const end of ["x", "\0"]) alike.push(...alike.slice(0, 16).map((_, length) => end.repeat(length)));
  for (let i = 0; i < 1_000; i++) alike.push(`key-${i}`, `${i}`, `a-long-key-${i}`, `a-longer${1_000 + i}-key`);
  const writer = new Writer();
  for (const text of alike) writer.string(text);
  const bytes = writer.take()!;
  for (const reader of [readerOf(bytes), readerOf(bytes)]) {
    for (const text of alike) assert.equal(reader.key(), text);
  }
});

test("Reader.key reads the last bytes of a chunk", () => {
  const reader = new Reader();
  reader.reset(fromHex("0161026162"), 0, 5);
  assert.deepEqual([reader.key(), reader.key()], ["a", "ab"]);
});

test("Reader.key refuses what is no UTF-8, also after a key that is like it", () => {
  for (const [before, bytes] of [["a", "01e9"], ["é", "02c3"], ["aé", "0361e9a9"], ["abc", "036162ff"]] as const) {
    const writer = new Writer();
    for (let i = 0; i < 3; i++) writer.string(before);
    const reader = readerOf(writer.take()!);
    for (let i = 0; i < 3; i++) assert.equal(reader.key(), before);
    assert.throws(() => readerOf(fromHex(bytes)).key(), { name: "HoldfastError", code: "protocol" });
  }
});
