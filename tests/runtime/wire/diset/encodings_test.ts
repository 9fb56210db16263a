import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { DEFAULT_LIMITS } from "../../../../runtime/limits.ts";
import {
  decodePayload,
  encodePayload,
  type Encoding,
  payloadLimits,
} from "../../../../runtime/wire/diset/encodings.ts";
import { Dict, Float, type PyValue, Tuple } from "../../../../runtime/wire/diset/python.ts";
import { plain } from "./plain.ts";

const LIMITS = payloadLimits(DEFAULT_LIMITS);
const ENCODINGS: readonly Encoding[] = ["json", "dencode"];

function read(text: string): PyValue {
  return decodePayload(Buffer.from(text, "latin1"), LIMITS).value;
}

function assertRefused(text: string, code = "protocol"): void {
  assert.throws(() => read(text), { name: "HoldfastError", code }, JSON.stringify(text.slice(0, 60)));
}

/** That a call ends in well under what a time that grows with a square would take. */
function assertSwift(call: () => void): void {
  const begin = performance.now();
  call();
  assert.ok(performance.now() - begin < 5_000);
}

describe("decodePayload", () => {
  test("keeps to the depth: lists, tuples, dictionaries and dates", () => {
    const { depth } = LIMITS;
    for (const [open, close] of [["[", "]"], ["l", "e"], ["t", "e"], ["ds1:a", "e"], ['{"a":', "}"]] as const) {
      const inner = open.startsWith("{") || open === "[" ? "1" : "i1e";
      read(`${open.repeat(depth)}${inner}${close.repeat(depth)}`);
      assertRefused(`${open.repeat(depth + 1)}${inner}${close.repeat(depth + 1)}`, "limit");
      assertRefused(open.repeat(1_000_000), "limit");
    }
    assertRefused("za".repeat(1_000_000));
    assertRefused("zat".repeat(1_000_000), "limit");
    assertRefused("dt".repeat(1_000_000), "limit");
  });

  test("keeps to the number of items, in all lists and dictionaries together", () => {
    const limits = { ...LIMITS, items: 6 };
    const accepted = (text: string) => decodePayload(Buffer.from(text), limits);
    for (const text of ["[[1,2],[3,4]]", '{"a":[1,2],"b":[3,4]}', "lli1ei2eeli3ei4eee", "dni1eb1ni1etnnneei3ei4ee"]) {
      accepted(text);
    }
    for (const text of ["[[1,2],[3,4],5]", '{"a":[1,2],"b":[3,4],"c":1}', "lli1ei2eeli3ei4eene"]) {
      assert.throws(() => accepted(text), { code: "limit" }, text);
    }
    // An entry counts each time, also where its key came before.
    assert.throws(() => accepted(`{${'"a":1,'.repeat(6)}"a":1}`), { code: "limit" });
  });

  test("keeps to the digits of a whole number, leading zeros included, and loses none of them", () => {
    const digits = "7".repeat(LIMITS.digits);
    for (const sign of ["", "-"]) {
      assert.equal(read(sign + digits), BigInt(sign + digits));
      assert.equal(read(`i${sign}${digits}e`), BigInt(sign + digits));
      assertRefused(`${sign}${digits}7`, "limit");
      assertRefused(`i${sign}0${digits}e`, "limit");
    }
    assertRefused(`i${"1".repeat(4_000_000)}e`, "limit");
    assertRefused("1".repeat(4_000_000), "limit");
  });

  test("gives each whole number one form", () => {
    for (
      const [text, value] of [["9007199254740991", 9007199254740991], ["9007199254740992", 9007199254740992n]] as const
    ) {
      for (const sign of ["", "-"]) {
        const signed = sign === "" ? value : -value;
        assert.equal(read(sign + text), signed);
        assert.equal(read(`i${sign}${text}e`), signed);
      }
    }
    for (const zero of ["0", "-0", "i0e", "i-0e", "i-000e", "i-00000000000000000000e"]) {
      assert.ok(Object.is(read(zero), 0), zero);
    }
  });

  test("takes as floats what Python takes", () => {
    const floats: readonly (readonly [string, number])[] = [
      ["f 1_0.5 e", 10.5],
      ["f.5e", 0.5],
      ["f5.e", 5],
      ["f+1e", 1],
      ["fInFinItYe", Infinity],
      ["f-NANe", NaN],
      ["f1e-0_7e", 1e-7],
      ["f0e+999e", 0],
      ["1.5E+3", 1500],
      ["-0e-5", -0],
      ["1e999", Infinity],
    ];
    for (const [text, value] of floats) {
      const found = read(text);
      assert.ok(found instanceof Float && Object.is(found.value, value), text);
    }
    for (
      const text of [
        "f0x10e",
        "f1__0e",
        "fe",
        "f.e",
        "f1..e",
        "f1e+e",
        "f1e+1",
        "f--1e",
        "finfinity0e",
        "f1,5e",
        "f\xa01e",
      ]
    ) {
      assertRefused(text);
    }
    for (const text of ["1.", ".5", "+1", "1e", "1e+", "0x1", "-", "--1", "-I", "Inf", "-NaN", "01", "1_0"]) {
      assertRefused(text);
    }
  });

  test("takes of the escapes in a text those of JSON", () => {
    assert.equal(read(String.raw`"\"\\\/\b\f\n\r\tA\ud83d\ude00\ud83d"`), '"\\/\b\f\n\r\tA😀\ud83d');
    for (
      const text of [
        String.raw`"\x41"`,
        String.raw`"\u12"`,
        String.raw`"\u12g4"`,
        String.raw`"\'"`,
        '"\\',
        '"\\"',
        '"a',
        '"\n"',
        '"\x00"',
      ]
    ) {
      assertRefused(text);
    }
  });

  test("refuses what is no value, wherever it ends", () => {
    for (
      const text of [
        "",
        " ",
        "[",
        "[1",
        "[1,",
        "[1 2]",
        "{",
        "{1:2}",
        '{"a"',
        '{"a":',
        '{"a":1',
        '{"a":1,}',
        "[,1]",
        "tru",
        "nul",
        "\ufeff",
      ]
    ) {
      if (text === "nul") assert.equal(read(text), null); // as the tagged None, and something behind it
      else assertRefused(text);
    }
    for (
      const text of [
        "i",
        "i1",
        "f",
        "b",
        "bx",
        "s",
        "s1",
        "sx:",
        "l",
        "ln",
        "d",
        "dn",
        "dnn",
        "z",
        "zx",
        "za",
        "zd",
        "q",
      ]
    ) {
      assertRefused(text);
    }
  });

  test("does not go back in a payload, which would never end", () => {
    for (const text of ["ls-4:", "ls-3:e", "s-1:abc", "ds-3:ne"]) assertSwift(() => assertRefused(text));
  });

  test("takes a time that grows with the payload", () => {
    const size = 4_000_000;
    const hostile = [
      `i${" ".repeat(size)}1e`,
      `f${" ".repeat(size)}x${" ".repeat(size)}e`,
      `f${"1_".repeat(size / 2)}e`,
      `s${"1".repeat(size)}`,
      `l${"i".repeat(size)}`,
      `f${"1".repeat(size)}`,
      `"${"\\".repeat(size)}`,
      `"${"\\ud83d".repeat(size / 6)}`,
      `[${"\t".repeat(size)}`,
      `1${"0".repeat(size)}.`,
      `0.${"1".repeat(size)}e`,
      `{"__dCls":"dt","obj":"2024-01-01${" ".repeat(size)}x"}`,
      `{"__dCls":"b64","obj":"${"=".repeat(size)}A"}`,
      `{"__dCls":"b64","obj":"${"A!".repeat(size / 2)}"}`,
      `s${size}:${"\xff".repeat(size)}`,
      `"${"\xed\xa0\x80".repeat(size / 3)}"`,
    ];
    for (const text of hostile) {
      assertSwift(() => {
        try {
          read(text);
        } catch (error) {
          assert.equal((error as Error).name, "HoldfastError");
        }
      });
    }
  });

  test("makes nothing of keys that mean something to JavaScript", () => {
    for (
      const text of ['{"__proto__":{"polluted":1},"constructor":2}', "ds9:__proto__ds8:pollutedi1ees11:constructori2ee"]
    ) {
      const value = read(text);
      assert.ok(value instanceof Dict);
      assert.equal(value.size, 2);
      assert.equal(value.get("constructor"), 2);
      assert.equal(value.get("toString"), undefined);
    }
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined);
  });

  test("refuses every mark that names a class, and imports nothing", () => {
    const marks = [
      '"Thing"',
      '"dict","__dMod":"builtins"',
      '"x","__dMod":"os"',
      "1",
      "[1]",
      "true",
      '"b64"',
      '"dt","obj":1',
    ];
    for (const mark of marks) {
      assertRefused(`{"__dCls":${mark}}`);
      assertRefused(`[{"a":{"__dCls":${mark}}}]`);
    }
    for (const mark of ['""', "null", "0", "false", "0.0", "[]", "{}"]) {
      assert.deepEqual(plain(read(`{"__dCls":${mark},"a":1}`)), plain(Dict.of([["a", 1]])));
    }
    // In the tagged format it is a key like any other.
    assert.ok((read("ds6:__dClss5:Thinge") as Dict).has("__dCls"));
  });

  test("has Python's keys: equal numbers are one, the first key stays, the last value wins", () => {
    const dict = read("di1es1:ab1s1:bf1.0es1:ce") as Dict;
    assert.deepEqual([...dict], [[1, "c"]]);
    const many = read(
      "di9007199254740993es1:af9007199254740992.0es1:bti1ee s1:c".replace(" ", "") + "tf1.0ees1:de",
    ) as Dict;
    assert.deepEqual([...many], [[9007199254740993n, "a"], [new Float(2 ** 53), "b"], [new Tuple([1]), "d"]]);
    assert.deepEqual([...read('{"b":1,"2":1,"1":1,"b":3}') as Dict], [["b", 3], ["2", 1], ["1", 1]]);
    const equal = read("di9007199254740992ei1ef9007199254740992.0ei2ee") as Dict;
    assert.deepEqual([...equal], [[9007199254740992n, 2]]);
    // Texts that look like what keys of other kinds are held by.
    const odd = read("ds2:\0ti1etes1:ani2es0:i3ee") as Dict;
    assert.equal(odd.size, 4);
  });

  test("passes over what follows a tagged value, and refuses what follows JSON", () => {
    assert.equal(read("i1eanything"), 1);
    assert.equal(read("\t\r\n 1\n"), 1);
    assertRefused("1 2");
    assertRefused("1\xa0");
  });
});

test("decodePayload passes over what is no base64, as Python does, but not over missing data", () => {
  const read64 = (text: string) => read(`{"__dCls": "b64", "obj": "${text}"}`);
  for (const text of ["QQ==", "Q Q=!=", "QQ==QQ==", "=QQ==", "Q=Q=="]) {
    assert.deepEqual(read64(text), Uint8Array.of(0x41));
  }
  for (const text of ["Q", "QQ", "QQ=", "QQQ", "QQ=QQQQ=", "QQ\xe9=="]) {
    assert.throws(() => read64(text), { code: "protocol" }, text);
  }
});

test("decodePayload takes bytes beyond Unicode for none of its characters", () => {
  for (const bytes of ["\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xc0\x80", "\xe0\x80\x80", "\xf0\x80\x80\x80"]) {
    const escaped = Array.from(bytes, (byte) => String.fromCharCode(0xdc00 + byte.charCodeAt(0))).join("");
    assert.equal(read(`s${bytes.length}:${bytes}`), escaped);
    assertRefused(`"${bytes}"`);
  }
});

describe("encodePayload", () => {
  test("writes floats as Python's repr does", () => {
    const texts = [
      "0.0",
      "-0.0",
      "0.1",
      "1.0",
      "0.0001",
      "1e-05",
      "9999999999999998.0",
      "1e+16",
      "1.5e+300",
      "5e-324",
      "1e+100",
      "1e-100",
    ];
    for (const text of texts) {
      assert.equal(Buffer.from(encodePayload(new Float(Number(text)), "json")).toString(), text);
    }
  });

  test("writes bytes that came as text as the bytes that they were", () => {
    const written = Uint8Array.of(0x73, 0x33, 0x3a, 0xff, 0xc3, 0xa9);
    const { value } = decodePayload(written, LIMITS);
    assert.equal(value, "\udcff\u00e9");
    assert.deepEqual(Uint8Array.from(encodePayload(value, "dencode")), written);
  });

  test("refuses what the encoding has no place for, and names it", () => {
    for (const text of ["\ud83d", "\udc00", "a\udcff\ud800"]) {
      assert.throws(() => encodePayload([text], "dencode"), { code: "invalid-message", message: /surrogate/ });
    }
    const tupleKey = new Dict();
    tupleKey.set(new Tuple([]), 1);
    assert.throws(() => encodePayload(tupleKey, "json"), { code: "invalid-message", message: /key/ });
    for (const mark of ["dt", ""]) {
      const dict = Dict.of([["__dCls", mark]]);
      assert.throws(() => encodePayload(dict, "json"), { code: "invalid-message", message: /__dCls/ });
    }
  });

  test("writes what it read, whatever is nested in it", () => {
    for (const encoding of ENCODINGS) {
      const value = Dict.of([["a", [1, new Float(1), "é", null, true, Dict.of([["", []]])]]]);
      const read = decodePayload(encodePayload(value, encoding), LIMITS);
      assert.equal(read.encoding, encoding);
      assert.deepEqual(plain(read.value), plain(value));
    }
  });
});

test("Dict.set refuses what can be no key", () => {
  const dict = new Dict();
  for (const key of [[], new Dict(), new Tuple([[]])]) {
    assert.equal(dict.set(key, 1), false);
    assert.equal(dict.get(key), undefined);
    assert.equal(dict.has(key), false);
  }
  assert.equal(dict.size, 0);
});
