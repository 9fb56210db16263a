import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Field, Shape, Type } from "../../../../idl/definition.ts";
import { DEFAULT_LIMITS, type ValueLimits } from "../../../../runtime/limits.ts";
import { type Codec, createCodec } from "../../../../runtime/wire/native/codec.ts";
import { Reader } from "../../../../runtime/wire/native/reader.ts";
import { Writer } from "../../../../runtime/wire/native/writer.ts";

const LEVELS: Type = { type: "enum", values: ["debug", "info", "warning"] };
const NODE: Type = {
  type: "record",
  fields: [{ name: "next", type: { type: "ref", name: "Node" }, optional: true }],
};

function codecOf(fields: readonly Field[], limits: Partial<ValueLimits> = {}): Codec {
  const shape: Shape = {
    service: "Test/Codec",
    connect: { type: "record", fields: [{ name: "name", type: { type: "string" } }] },
    messages: [{ name: "Job", number: 0, receives: {} }],
    types: { Job: { type: "record", fields }, Level: LEVELS, Node: NODE },
  };
  return createCodec(shape, { ...DEFAULT_LIMITS, ...limits });
}

function write(codec: Codec, value: unknown): Uint8Array {
  const writer = new Writer();
  codec.message("Job").encode(writer, value);
  return writer.take()!;
}

function read(codec: Codec, bytes: Uint8Array): unknown {
  const reader = new Reader();
  reader.reset(bytes, 0, bytes.length);
  const value = codec.message("Job").decode(reader);
  assert.equal(reader.at, reader.end);
  return value;
}

/** The text with which a value of one field, `value`, is refused. */
function refusal(type: Type, value: unknown, code = "invalid-message"): string {
  let message = "";
  assert.throws(() => write(codecOf([{ name: "value", type }]), { value }), (error: Error & { code?: string }) => {
    assert.equal(error.name, "HoldfastError");
    assert.equal(error.code, code);
    message = error.message;
    return true;
  });
  return message;
}

describe("RecordCodec.encode says where a value is wrong, what was expected and what it got", () => {
  const cases: readonly [Type, unknown, string][] = [
    [{ type: "bool" }, 1, "Job.value: expected true or false, got 1"],
    [{ type: "int" }, undefined, "Job.value: expected an int, got nothing"],
    [{ type: "int" }, 1.5, "Job.value: expected an int, got 1.5"],
    [
      { type: "int" },
      2n ** 53n,
      "Job.value: expected an int (for numbers beyond 2^53-1, declare long), got 9007199254740992n",
    ],
    [{ type: "int", min: 0, max: 10 }, -1, "Job.value: expected an int from 0 to 10, got -1"],
    [{ type: "long" }, 5, "Job.value: expected a long (a bigint), got 5"],
    [{ type: "long" }, null, "Job.value: expected a long (a bigint), got null"],
    [{ type: "float", min: 0 }, -0.5, "Job.value: expected a float at least 0, got -0.5"],
    [{ type: "string" }, new Date(0), "Job.value: expected a string, got a timestamp"],
    [
      { type: "string" },
      new String("a"),
      "Job.value: expected a string, got an instance of String",
    ],
    [{ type: "string" }, "a\ud800", 'Job.value: expected valid Unicode, got half of a surrogate pair in "a\\ud800"'],
    [{ type: "string", min: 1, max: 64 }, "", "Job.value: expected a string of 1 to 64 characters, got one of 0"],
    [{ type: "string", max: 2 }, "x".repeat(99), "Job.value: expected a string of at most 2 characters, got one of 99"],
    [{ type: "string", pattern: "[a-z]+" }, "A1", 'Job.value: expected a string that matches /[a-z]+/, got "A1"'],
    [{ type: "bytes" }, [1], "Job.value: expected bytes (a Uint8Array), got a list"],
    [
      { type: "bytes", min: 2, max: 2 },
      new Uint8Array(1),
      "Job.value: expected bytes (a Uint8Array) of exactly 2 bytes, got 1",
    ],
    [{ type: "timestamp" }, new Date(NaN), "Job.value: expected a timestamp (a Date), got an invalid Date"],
    [{ type: "literal", value: "on" }, "off", 'Job.value: expected "on", got "off"'],
    [{ type: "ref", name: "Level" }, "infos", 'Job.value: expected one of "debug", "info", "warning", got "infos"'],
    [{ type: "list", items: { type: "int" } }, [1, "2"], 'Job.value[1]: expected an int, got "2"'],
    [{ type: "list", items: { type: "int" } }, new Array(1), "Job.value[0]: expected an int, got nothing"],
    [
      { type: "list", items: { type: "int" }, max: 1 },
      [1, 2],
      "Job.value: expected a list of at most 1 item, got one of 2",
    ],
    [{ type: "map", values: { type: "string" } }, { "a b": 5 }, 'Job.value["a b"]: expected a string, got 5'],
    [{ type: "map", values: { type: "string" } }, { a: undefined }, 'Job.value["a"]: expected a string, got nothing'],
    [
      { type: "map", values: { type: "string" } },
      new Map(),
      "Job.value: expected a map (a plain object), got an instance of Map: give a plain object, such as "
      + "Object.fromEntries(value)",
    ],
    [
      { type: "map", values: { type: "string" }, max: 1 },
      { a: "", b: "" },
      "Job.value: expected a map (a plain object) of at most 1 entry, got one of 2",
    ],
    [
      { type: "union", branches: [{ type: "literal", value: null }, { type: "int" }, { type: "ref", name: "Level" }] },
      "x",
      'Job.value: expected one of "debug", "info", "warning", got "x"',
    ],
    [
      { type: "union", branches: [{ type: "literal", value: null }, { type: "int" }] },
      "x",
      'Job.value: expected null or an int, got "x"',
    ],
    [{ type: "ref", name: "Node" }, { next: { next: 5 } }, "Job.value.next.next: expected an object, got 5"],
    [{ type: "ref", name: "Node" }, { last: 5 }, "Job.value.last: there is no such field in the definition"],
    [
      { type: "any" },
      { a: [() => {}] },
      'Job.value["a"][0]: expected null, a boolean, a number, a bigint, a string, bytes, a Date, an array or a plain object, '
      + "got a function",
    ],
  ];
  for (const [type, value, message] of cases) {
    test(message, () => assert.equal(refusal(type, value), message));
  }
});

test("RecordCodec.encode refuses what is no plain object, and properties that are no fields", () => {
  class Job {
    id = 1;
  }
  const codec = codecOf([{ name: "id", type: { type: "int" } }]);
  const message = (value: unknown): string => {
    try {
      write(codec, value);
    } catch (error) {
      return (error as Error).message;
    }
    return "";
  };
  assert.equal(message(5), "Job: expected an object, got 5");
  assert.equal(message([]), "Job: expected an object, got a list");
  assert.equal(
    message(new Job()),
    "Job: expected an object, got an instance of Job: give a plain object, such as { ...value }",
  );
  assert.equal(message({ id: 1, name: undefined }), "Job.name: there is no such field in the definition");
  assert.equal(message({}), "Job.id: expected an int, got nothing");
  assert.equal(message({ id: 1, [Symbol("a")]: 5 }), "");
  assert.equal(message(Object.assign(Object.create(null), { id: 1 })), "");
  const hidden = Object.defineProperty({ id: 1 }, "hidden", { value: 5, enumerable: false });
  assert.equal(message(hidden), "Job.hidden: there is no such field in the definition");
});

test("RecordCodec.encode takes an optional field that is undefined for absent", () => {
  const codec = codecOf([{ name: "id", type: { type: "int" }, optional: true }]);
  assert.deepEqual(write(codec, { id: undefined }), write(codec, {}));
  assert.deepEqual(Object.keys(read(codec, write(codec, { id: undefined })) as object), []);
});

test("RecordCodec.encode fills in defaults, which RecordCodec.decode always gives", () => {
  const codec = codecOf([
    { name: "retries", type: { type: "int" }, default: 3 },
    { name: "size", type: { type: "long" }, default: { long: "5" } },
    { name: "level", type: { type: "ref", name: "Level" }, default: "info" },
    { name: "open", type: { type: "bool" }, default: true },
  ]);
  assert.deepEqual(read(codec, write(codec, { level: undefined })), {
    retries: 3,
    size: 5n,
    level: "info",
    open: true,
  });
});

test("RecordCodec.encode reads each property once", () => {
  let reads = 0;
  const value = {
    get kind() {
      reads++;
      return reads === 1 ? "a" : 5;
    },
  };
  const codec = codecOf([{ name: "kind", type: { type: "string" } }]);
  assert.deepEqual(read(codec, write(codec, value)), { kind: "a" });
  assert.equal(reads, 1);
});

test("RecordCodec.decode makes records with a prototype and maps without", () => {
  const codec = codecOf([{ name: "labels", type: { type: "map", values: { type: "int" } } }]);
  const sent = JSON.parse('{"labels":{"__proto__":1,"constructor":2}}');
  const value = read(codec, write(codec, sent)) as { labels: Record<string, unknown> };
  assert.equal(Object.getPrototypeOf(value), Object.prototype);
  assert.equal(Object.getPrototypeOf(value.labels), null);
  assert.deepEqual(Object.entries(value.labels), [["__proto__", 1], ["constructor", 2]]);
});

test("RecordCodec.encode sends all properties of a map that have string names, and those of any", () => {
  const labels = Object.defineProperty({ a: 1, [Symbol("b")]: 2 }, "hidden", { value: 3, enumerable: false });
  const arrives = Object.assign(Object.create(null), { a: 1, hidden: 3 });
  for (const type of [{ type: "map", values: { type: "int" } }, { type: "any" }] as const) {
    const codec = codecOf([{ name: "labels", type }]);
    assert.deepEqual(read(codec, write(codec, { labels })), { labels: arrives });
  }
});

describe("RecordCodec.encode refuses hostile values with an error, and nothing else", () => {
  const thrown = new Error("from the application");
  const fail = () => {
    throw thrown;
  };
  const list: Type = { type: "list", items: { type: "int" } };
  const any: Type = { type: "any" };
  const revoked = () => {
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    return proxy;
  };
  const cases: { readonly [title: string]: [Type, () => unknown] } = {
    "an accessor that throws": [any, () => Object.defineProperty({}, "a", { enumerable: true, get: fail })],
    "a proxy whose keys throw": [any, () => new Proxy({}, { ownKeys: fail })],
    "a proxy whose prototype throws": [any, () => new Proxy({}, { getPrototypeOf: fail })],
    "a proxy of an array whose items throw": [list, () => new Proxy([1], { get: fail })],
    "a revoked proxy": [any, revoked],
    "a list that gets shorter while it is read": [any, () => {
      const list: unknown[] = [1, 2, 3];
      Object.defineProperty(list, 0, { get: () => (list.length = 1) });
      return list;
    }],
    "a list whose length lies": [list, () => new Proxy([1], { get: (_, key) => key === "length" ? "x" : 1 })],
    "something made to look like a Date": [{ type: "timestamp" }, () => Object.create(Date.prototype)],
    "something made to look like bytes": [{ type: "bytes" }, () => Object.create(Uint8Array.prototype)],
  };
  for (const [title, [type, make]] of Object.entries(cases)) {
    test(title, () => {
      refusal(type, make());
    });
  }

  test("what was thrown is the cause", () => {
    const codec = codecOf([{ name: "value", type: { type: "int" } }]);
    const value = Object.defineProperty({}, "value", { enumerable: true, get: fail });
    assert.throws(() => write(codec, value), { message: "Job.value: reading it threw an error", cause: thrown });
  });
});

test("RecordCodec.encode does not let through memory of its own for bytes that lie about their length", () => {
  class Liar extends Uint8Array {
    override get length() {
      return 100;
    }
    override get byteLength() {
      return 100;
    }
  }
  const codec = codecOf([{ name: "value", type: { type: "bytes" } }]);
  assert.deepEqual(read(codec, write(codec, { value: new Liar([1, 2]) })), { value: new Uint8Array([1, 2]) });
});

test("RecordCodec.encode takes the time that a Date has, not the one that it says", () => {
  class Liar extends Date {
    override getTime() {
      return 5;
    }
  }
  const codec = codecOf([{ name: "value", type: { type: "timestamp" } }]);
  assert.deepEqual(read(codec, write(codec, { value: new Liar(7) })), { value: new Date(7) });
});

test("RecordCodec.encode takes no notice of what others have added to Object.prototype", () => {
  const codec = codecOf([{ name: "value", type: { type: "int" } }]);
  Object.defineProperty(Object.prototype, "added", { value: 1, enumerable: true, configurable: true });
  try {
    assert.deepEqual([...write(codec, { value: 1 })], [2]);
  } finally {
    delete (Object.prototype as { added?: unknown }).added;
  }
});

test("RecordCodec.encode refuses to start from within an accessor of what it writes", () => {
  const codec = codecOf([{ name: "value", type: { type: "int" } }]);
  const value = {
    get value() {
      return write(codec, { value: 1 }).length;
    },
  };
  assert.throws(() => write(codec, value), { code: "invalid-message" });
  assert.deepEqual(read(codec, write(codec, { value: 1 })), { value: 1 });
});

test("RecordCodec.encode can be tried again after a failure, with what was before it kept", () => {
  const codec = codecOf([{ name: "value", type: { type: "list", items: { type: "string" } } }]).message("Job");
  const writer = new Writer(8);
  codec.encode(writer, { value: ["a"] });
  const mark = writer.at - writer.start;
  assert.throws(() => codec.encode(writer, { value: ["long enough for another buffer", 5] }));
  writer.at = writer.start + mark;
  codec.encode(writer, { value: ["b"] });
  assert.deepEqual([...writer.take()!], [1, 1, 97, 1, 1, 98]);
});

describe("ValueLimits hold in both directions", () => {
  const nested = (depth: number): unknown => {
    let value: unknown = [];
    for (let i = 1; i < depth; i++) value = [value];
    return value;
  };
  const any: readonly Field[] = [{ name: "value", type: { type: "any" } }];
  const integers: readonly Field[] = [{ name: "value", type: { type: "list", items: { type: "long" } } }];
  const cases: { readonly [title: string]: [readonly Field[], Partial<ValueLimits>, unknown, unknown] } = {
    // The record itself is one deep.
    "depth, of any": [any, { depth: 5 }, nested(4), nested(5)],
    "depth, of maps": [any, { depth: 2 }, { a: 1 }, { a: {} }],
    "depth, of records": [[{ name: "value", type: { type: "ref", name: "Node" } }], { depth: 3 }, { next: {} }, {
      next: { next: {} },
    }],
    "digits of a long": [integers, { digits: 20 }, [10n ** 20n - 1n, -(10n ** 20n) + 1n], [10n ** 20n]],
    // The zigzag form of the longest has a bit, and here a byte, more than the number itself.
    "digits of a long whose sign takes a byte": [integers, { digits: 21 }, [10n ** 21n - 1n], [10n ** 21n]],
    "digits of a long below zero": [integers, { digits: 30 }, [-(10n ** 30n) + 1n], [-(10n ** 30n)]],
    "digits of a long in any": [any, { digits: 20 }, 10n ** 20n - 1n, 10n ** 20n],
    "items of a list": [integers, { items: 3 }, [1n, 2n, 3n], [1n, 2n, 3n, 4n]],
    "items of lists and maps together": [any, { items: 4 }, [{ a: 1, b: 2 }, 1], [{ a: 1, b: 2 }, {}, 1]],
  };
  for (const [title, [fields, limits, within, beyond]] of Object.entries(cases)) {
    test(title, () => {
      const codec = codecOf(fields, limits);
      const unlimited = codecOf(fields, { depth: 1000, digits: 10_000 });
      // Twice, since nothing may be left over from the time before.
      for (let i = 0; i < 2; i++) {
        assert.deepEqual(
          read(codec, write(codec, { value: within })),
          read(unlimited, write(unlimited, { value: within })),
        );
      }
      assert.throws(() => write(codec, { value: beyond }), { name: "HoldfastError", code: "limit" });
      assert.throws(() => read(codec, write(unlimited, { value: beyond })), { name: "HoldfastError", code: "limit" });
      assert.deepEqual(
        read(codec, write(codec, { value: within })),
        read(unlimited, write(unlimited, { value: within })),
      );
    });
  }

  test("depth counts what lies in one another, not side by side", () => {
    const side = [[], [[]], {}, { a: {} }, { b: [] }, [], {}];
    const codec = codecOf(any, { depth: 4 });
    assert.deepEqual(
      read(codec, write(codec, { value: side })),
      read(codecOf(any), write(codecOf(any), { value: side })),
    );
    const records: Type = { type: "list", items: { type: "ref", name: "Node" } };
    const chains = codecOf([{ name: "value", type: records }], { depth: 4 });
    const value = { value: [{}, { next: {} }, {}, { next: {} }, {}] };
    assert.deepEqual(read(chains, write(chains, value)), value);
  });

  test("a cycle goes beyond the depth", () => {
    const cycle: unknown[] = [];
    cycle.push(cycle);
    assert.match(
      refusal({ type: "any" }, cycle, "limit"),
      /^Job\.value(\[0\])+…: values are nested more than 64 deep$/,
    );
  });

  test("a list of four thousand million holes is refused at once", () => {
    const holes: unknown[] = [];
    holes.length = 2 ** 32 - 1;
    refusal({ type: "any" }, holes, "limit");
  });
});

test("createCodec makes a chain of 10,000 types that refer to one another", () => {
  const types: Record<string, Type> = {};
  for (let i = 0; i < 10_000; i++) {
    const next: Type = {
      type: "union",
      branches: [{ type: "literal", value: null }, { type: "ref", name: `T${i + 1}` }],
    };
    types[`T${i}`] = { type: "record", fields: [{ name: "next", type: next }] };
  }
  types["T10000"] = { type: "record", fields: [] };
  const shape: Shape = { service: "A/B", connect: { type: "record", fields: [] }, messages: [], types };
  const writer = new Writer();
  const codec = createCodec(shape, DEFAULT_LIMITS);
  codec.message("T0").encode(writer, { next: { next: null } });
  assert.deepEqual([...writer.take()!], [1, 0]);
  assert.throws(() => codec.message("T0").encode(writer, { next: 5 }), {
    message: "T0.next: expected null or an object, got 5",
  });
});

test("Codec.connect writes the connect arguments, and names them in errors", () => {
  const { connect } = codecOf([]);
  const writer = new Writer();
  connect.encode(writer, { name: "a" });
  assert.deepEqual([...writer.take()!], [1, 97]);
  assert.throws(() => connect.encode(writer, {}), { message: "connect.name: expected a string, got nothing" });
});

test("Codec.message refuses a name that the definition has not", () => {
  for (const name of ["Jobs", "__proto__", "toString"]) {
    assert.throws(() => codecOf([]).message(name), { name: "HoldfastError", code: "unknown-message" });
  }
});

test("RecordCodec.decode says where bytes are wrong", () => {
  const codec = codecOf([{ name: "labels", type: { type: "map", values: { type: "ref", name: "Level" } } }]);
  const bytes = write(codec, { labels: { x: "info" } });
  bytes[bytes.length - 1] = 9;
  assert.throws(() => read(codec, bytes), {
    code: "invalid-message",
    message: 'Job.labels["x"]: expected one of "debug", "info", "warning", got number 9',
  });
});
