import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { parse } from "../../../../idl/mod.ts";
import { DEFAULT_LIMITS } from "../../../../runtime/limits.ts";
import { createCodec, type MessageCodec } from "../../../../runtime/wire/diset/codec.ts";
import { decodePayload, encodePayload, payloadLimits } from "../../../../runtime/wire/diset/encodings.ts";
import { Dict, Float, type PyValue, Tuple } from "../../../../runtime/wire/diset/python.ts";
import { MessageTable } from "../../../../runtime/wire/diset/table.ts";
import { plain } from "./plain.ts";

/** The codecs of a service that receives M. */
function codecOf(text: string, limits = {}) {
  const { shape } = parse(`${text} service Test/Codec { auth all connect < name: string, n?: int > receives M }`);
  return createCodec(shape, { ...DEFAULT_LIMITS, ...limits });
}

function messageOf(fields: string, limits = {}): MessageCodec {
  return codecOf(`M < ${fields} >`, limits).message("M");
}

/** A list in a list, so many deep. */
function nested(depth: number): PyValue[] {
  let value: PyValue[] = [];
  for (let i = 1; i < depth; i++) value = [value];
  return value;
}

describe("createCodec", () => {
  test("lists all that the original's protocol can't say, with its place", () => {
    const text = `
      M < a?: any, deep: list<map<bytes | string>>, inner: < u: 1 | long | null, __dCls: int >, tree: Tree, fine: < a?: any > >
      type Tree = list<Tree> | bytes | "x"
      Reply < late?: Maybe > type Maybe = int | null
      service Test/Codec { auth all connect < c?: any, b: bytes | string > receives M -> Reply }`;
    const message = [
      "DIRAC's protocol can't say all of Test/Codec:",
      "- connect.b: bytes and text are one in the original's older encoding",
      "- M.deep[][]: bytes and text are one in the original's older encoding",
      "- M.inner.u: a long and a number are one in Python",
      "- M.inner.__dCls: the original takes what has that key for something else",
      "- M.a: it is optional, and may be null: a message has None for both. Make it required, or put it into a record",
      "- Tree: bytes and text are one in the original's older encoding",
      "- Reply.late: it is optional, and may be null: a message has None for both. Make it required, or put it into a record",
    ];
    assert.throws(
      () => createCodec(parse(text).shape, DEFAULT_LIMITS),
      (error: Error & { code: string }) => {
        assert.equal(error.code, "invalid-argument");
        assert.deepEqual(error.message.split("\n").toSorted(), message.toSorted());
        return true;
      },
    );
  });

  test("gives each message one codec, and none to a name that is not there", () => {
    const codec = codecOf("M < >");
    assert.equal(codec.message("M"), codec.message("M"));
    for (const name of ["N", "toString", "__proto__"]) {
      assert.throws(() => codec.message(name), { code: "unknown-message" });
    }
  });

  test("takes types that lead back to themselves", () => {
    const message = codecOf("M < next: M | null, all: list<M> >").message("M");
    const value = { next: { next: null, all: [] }, all: [{ next: null, all: [] }] };
    assert.deepEqual(message.decode(message.encode(value)), value);
  });
});

describe("RecordCodec", () => {
  test("says where a value is wrong, both ways", () => {
    const message = messageOf("jobs: list<< labels: map<int(0..5)>, kind: 1 | null >>");
    const wrong = { jobs: [{ labels: {}, kind: 1 }, { labels: { x: 6 }, kind: null }] };
    assert.throws(() => message.encode(wrong), {
      code: "invalid-message",
      message: 'M.jobs[1].labels["x"]: expected an int from 0 to 5, got 6',
    });
    const labels = Dict.of([["x", new Float(1)]]);
    const read = [[Dict.of([["labels", labels], ["kind", null]])]];
    assert.throws(() => message.decode(read), {
      code: "invalid-message",
      message: 'M.jobs[0].labels["x"]: expected an int from 0 to 5, got the float 1.0',
    });
    assert.throws(() => codecOf("M < >").connect.decode(Dict.of([["nam", "x"]])), { message: /^connect\.nam: / });
    assert.throws(() => codecOf("M < >").connect.decode(new Dict()), {
      message: "connect.name: expected a string, got nothing",
    });
  });

  test("refuses a key of a record that is no text, even if it looks like a field", () => {
    const { connect } = codecOf("M < >");
    for (const key of [1, null, new Float(1), new Tuple(["name"])]) {
      const dict = Dict.of([["name", "x"]]);
      dict.set(key, 1);
      assert.throws(() => connect.decode(dict), { code: "invalid-message", message: /no such field/ });
    }
  });

  test("keeps to the limits, both ways", () => {
    const any = messageOf("a: any", { depth: 10, items: 20, digits: 30 });
    // The message is one, and what is in it the rest.
    for (
      const [convert, wrap] of [
        [(value: PyValue) => any.encode({ a: value }), "encode"],
        [(value: PyValue) => any.decode([value]), "decode"],
      ] as const
    ) {
      convert(nested(9));
      assert.throws(() => convert(nested(10)), { code: "limit" }, wrap);
      convert(new Array(20).fill(1));
      assert.throws(() => convert(new Array(21).fill(1)), { code: "limit" }, wrap);
    }
    any.encode({ a: 10n ** 30n - 1n });
    assert.throws(() => any.encode({ a: -(10n ** 30n) }), { code: "limit" });
    const matching = messageOf("a: list<string(/x*/)>", { matched: 10 });
    matching.encode({ a: ["xxxxx", "xxxxx"] });
    assert.throws(() => matching.encode({ a: ["xxxxx", "xxxxxx"] }), { code: "limit" });
    assert.throws(() => matching.decode([["xxxxx", "xxxxxx"]]), { code: "limit" });
    const circle: unknown[] = [];
    circle.push(circle);
    assert.throws(() => any.encode({ a: circle }), { code: "limit" });
  });

  test("what is as deep as may be has room in a payload of either encoding", () => {
    const any = messageOf("a: any");
    const limits = payloadLimits(DEFAULT_LIMITS);
    let value: unknown = Uint8Array.of(255);
    for (let i = 1; i < DEFAULT_LIMITS.depth; i++) value = [value];
    for (const encoding of ["json", "dencode"] as const) {
      // As in a message: the result, its value, attrs, and the values.
      const frame = Dict.of([["Value", Dict.of([["attrs", [false, any.encode({ a: value })]]])]]);
      const read = decodePayload(encodePayload(frame, encoding), limits).value as Dict;
      const [, values] = (read.get("Value") as Dict).get("attrs") as [PyValue, PyValue[]];
      assert.deepEqual(any.decode(values), { a: value });
    }
    assert.throws(() => any.encode({ a: [value] }), { code: "limit" });
  });

  test("reads each property once, and lets no accessor send", () => {
    const message = messageOf("a: int, b?: string");
    let reads = 0;
    const counted = {
      get a() {
        reads += 1;
        return 1;
      },
      b: undefined,
    };
    assert.deepEqual(message.encode(counted), [1, null]);
    assert.equal(reads, 1);
    const sending = {
      get a() {
        return message.encode({ a: 1 });
      },
    };
    assert.throws(() => message.encode(sending), { code: "invalid-message" });
    assert.deepEqual(message.encode({ a: 1 }), [1, null], "nothing of it is left behind");
  });

  test("shares nothing with what it was given", () => {
    const message = messageOf("a: bytes, b: any");
    const bytes = Buffer.from([1, 2]);
    const values = message.encode({ a: bytes, b: [bytes] });
    bytes.fill(9);
    assert.deepEqual(plain(values as PyValue), plain([Uint8Array.of(1, 2), [Uint8Array.of(1, 2)]]));
    const read = message.decode(values);
    (values[0] as Uint8Array).fill(9);
    assert.deepEqual(read["a"], Uint8Array.of(1, 2));
  });

  test("gives maps no prototype, and pollutes none", () => {
    const message = messageOf("a: map<int>, b: any");
    const dict = Dict.of([["__proto__", 1], ["constructor", 2]]);
    const read = message.decode([dict, dict]) as { a: Record<string, unknown>; b: Record<string, unknown> };
    for (const map of [read.a, read.b]) {
      assert.equal(Object.getPrototypeOf(map), null);
      assert.deepEqual(Object.entries(map), [["__proto__", 1], ["constructor", 2]]);
    }
    assert.deepEqual(plain(message.encode(read)[0]!), plain(dict));
  });
});

test("MessageTable knows messages by name", () => {
  const definition = parse("Ping < id: int > Pong < > service Test/Table { auth all receives Ping -> Pong }");
  const table = new MessageTable(definition, DEFAULT_LIMITS);
  assert.deepEqual(table.names(), ["Ping", "Pong"]);
  assert.equal(table.name("toString"), undefined);
  assert.deepEqual(table.codec(table.name("Ping")!).encode({ id: 1 }), [1]);
  assert.deepEqual(table.connect.decode(new Dict()), {});
});
