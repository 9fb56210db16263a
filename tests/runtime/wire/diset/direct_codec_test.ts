/**
 * The original's own encoders and decoders, called directly, against those here: which bytes a value has, and which value
 * bytes have. What differs on purpose is listed.
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { HoldfastError } from "../../../../runtime/errors.ts";
import { decodePayload, encodePayload, type Encoding } from "../../../../runtime/wire/diset/encodings.ts";
import { DateTime, Day, Dict, Float, type PyValue, Time, Tuple } from "../../../../runtime/wire/diset/python.ts";
import { directLines, textOf, WIDE } from "./captures.ts";
import { plain } from "./plain.ts";

const LEAP_DAY = new Day(2024, 2, 29);
const bytes = (...values: number[]) => Uint8Array.from(values);
const dict = (...entries: [PyValue, PyValue][]) => {
  const made = new Dict();
  for (const [key, value] of entries) made.set(key, value);
  return made;
};

/** Values that the recording gives as Python's text. */
const PYTHON: Readonly<Record<string, PyValue>> = {
  "'\\ud83d\\ude00'": "\ud83d\ude00",
  "()": new Tuple([]),
  "(1, (2,), [3])": new Tuple([1, new Tuple([2]), [3]]),
  "(1,)": new Tuple([1]),
  "-inf": new Float(-Infinity),
  "inf": new Float(Infinity),
  "nan": new Float(NaN),
  "b''": bytes(),
  "b'\\x00\\xff'": bytes(0, 255),
  "b'\\x00\\xffa'": bytes(0, 255, 0x61),
  "b'\\x00\\xffabc'": bytes(0, 255, 0x61, 0x62, 0x63),
  "datetime.date(2024, 2, 29)": LEAP_DAY,
  "datetime.datetime(1, 1, 1, 0, 0)": new DateTime(new Day(1, 1, 1), new Time(0, 0, 0, 0)),
  "datetime.datetime(999, 12, 31, 0, 0)": new DateTime(new Day(999, 12, 31), new Time(0, 0, 0, 0)),
  "datetime.datetime(2024, 2, 29, 1, 2, 3)": new DateTime(LEAP_DAY, new Time(1, 2, 3, 0)),
  "datetime.datetime(2024, 2, 29, 1, 2, 3, 4)": new DateTime(LEAP_DAY, new Time(1, 2, 3, 4)),
  "datetime.datetime(2024, 2, 29, 1, 2, 3, 456789)": new DateTime(LEAP_DAY, new Time(1, 2, 3, 456_789)),
  "datetime.datetime(2024, 2, 9, 1, 2, 3)": new DateTime(new Day(2024, 2, 9), new Time(1, 2, 3, 0)),
  "datetime.time(1, 2, 3, 4)": new Time(1, 2, 3, 4),
  "{(): 1}": dict([new Tuple([]), 1]),
  "{(1, 2): 3}": dict([new Tuple([1, 2]), 3]),
  "{1.5: 'a', 1e+16: 'b'}": dict([new Float(1.5), "a"], [new Float(1e16), "b"]),
  "{1: 'a', -2: 'b'}": dict([1, "a"], [-2, "b"]),
  "{1: 'a'}": dict([1, "a"]),
  "{1: 'int', '1': 'str'}": dict([1, "int"], ["1", "str"]),
  "{True: 1, False: 2, None: 3}": dict([true, 1], [false, 2], [null, 3]),
  "{b'x': 1}": dict([bytes(0x78), 1]),
};

/** Kinds of values that only Python has: there is nothing here to be sent. */
const PYTHON_ONLY = new Set([
  "1j",
  "a class",
  "bytearray(b'ab')",
  "datetime.datetime(2024, 2, 29, 1, 2, 3, tzinfo=datetime.timezone.utc)",
  "datetime.timedelta(seconds=1)",
  "frozenset({1})",
  "{1}",
]);

/** What the original writes in JSON, and can't read as what it was: refused here before it is written. */
const NOT_WRITTEN = new Set([
  "json datetime year 1",
  "json datetime year 999",
  "json user dict with __dCls b64",
  "json user dict with unknown __dCls",
]);

/** Where the original reads something else, by the text that is read. */
const READ_OTHERWISE: Readonly<Record<string, PyValue | "refused">> = {
  // It multiplies the mantissa by a power of ten; here the digits are read as they are.
  "f1.2345e-07e": new Float(1.2345e-7),
  "f5e-324e": new Float(5e-324),
  // It goes back in the payload, and then for ever round, if the string lies in a list.
  "s-1:abc": "refused",
};

/** The value that a line names; `undefined` for what there is none of here. */
function named(value: PyValue | undefined): PyValue | undefined {
  if (!(value instanceof Dict)) return value;
  const text = value.get("python");
  if (value.size !== 1 || typeof text !== "string") {
    return dict(...[...value].map(([key, item]): [PyValue, PyValue] => [key === "@__dCls" ? "__dCls" : key, item]));
  }
  if (PYTHON_ONLY.has(text)) return undefined;
  assert.ok(text in PYTHON, text);
  return PYTHON[text]!;
}

function assertRefused(call: () => unknown, code: string): void {
  assert.throws(call, (error) => error instanceof HoldfastError && error.code === code);
}

test("encodePayload writes the bytes that the original writes, and refuses what it refuses", () => {
  let compared = 0;
  for (const line of directLines().filter((line) => textOf(line, "scenario") === "encode")) {
    const value = named(line.get("value"));
    const encoding = textOf(line, "encoding") as Encoding;
    const what = `${encoding} ${textOf(line, "what")}`;
    const hex = textOf(line, "hex");
    if (value === undefined) continue;
    // Two lone surrogates in a row are a pair in JavaScript: there is no such text here.
    if (what === "dencode pair written as two escapes") continue;
    compared += 1;
    if (hex === undefined || NOT_WRITTEN.has(what)) {
      assertRefused(() => encodePayload(value, encoding), "invalid-message");
    } else assert.equal(Buffer.from(encodePayload(value, encoding)).toString("hex"), hex, what);
  }
  assert.ok(compared > 100, "most lines are compared");
});

test("decodePayload reads from what the original wrote what the original reads", () => {
  for (const line of directLines().filter((line) => line.has("hex") && !line.has("taken_as"))) {
    const what = `${textOf(line, "encoding")} ${textOf(line, "what")}`;
    const written = Buffer.from(textOf(line, "hex")!, "hex");
    if (line.has("decode_raised")) {
      assertRefused(() => decodePayload(written, WIDE), "protocol");
      continue;
    }
    const { value, encoding } = decodePayload(written, WIDE);
    // JSON's null begins as the tagged format does; so the original takes it for that.
    assert.equal(encoding, textOf(line, "text") === "null" ? "dencode" : textOf(line, "encoding"), what);
    const theirs = line.get("decoded_same") === true ? named(line.get("value")) : named(line.get("decoded"));
    const expected = READ_OTHERWISE[textOf(line, "text") ?? ""] ?? theirs;
    assert.deepEqual(plain(value), plain(expected!), what);
  }
});

test("decodePayload takes what the original takes as what it takes it, and refuses the rest", () => {
  let compared = 0;
  for (const line of directLines().filter((line) => line.has("taken_as"))) {
    const payload = Buffer.from(textOf(line, "hex")!, "hex");
    const what = textOf(line, "text") ?? textOf(line, "hex")!;
    const otherwise = READ_OTHERWISE[what];
    compared += 1;
    if (line.has("decode_raised") || otherwise === "refused") {
      assertRefused(() => decodePayload(payload, WIDE), "protocol");
      continue;
    }
    const { value, encoding } = decodePayload(payload, WIDE);
    assert.equal(encoding, textOf(line, "taken_as"), what);
    assert.deepEqual(plain(value), plain(otherwise ?? named(line.get("decoded"))!), what);
  }
  assert.ok(compared > 100, "all lines are compared");
});
