/**
 * Which values go through, as what they arrive, and what keeps hostile ones out: on every wire.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Field, Shape, Type } from "../../../../idl/definition.ts";
import { DEFAULT_LIMITS, type ValueLimits } from "../../../../runtime/limits.ts";
import { type CodecSubject, jobCodec, refusal, sent, shapeOf } from "../subject.ts";

/** Declares the tests. */
export function valueCases(subject: CodecSubject): void {
  test("RecordCodec.encode takes an optional field that is undefined for absent", () => {
    const codec = jobCodec(subject, [{ name: "id", type: { type: "int" }, optional: true }]);
    assert.deepEqual(codec.write({ id: undefined }), codec.write({}));
    assert.deepEqual(Object.keys(sent(codec, { id: undefined }) as object), []);
  });

  test("RecordCodec.encode fills in defaults, which RecordCodec.decode always gives", () => {
    const codec = jobCodec(subject, [
      { name: "retries", type: { type: "int" }, default: 3 },
      { name: "size", type: { type: "long" }, default: { long: "5" } },
      { name: "level", type: { type: "ref", name: "Level" }, default: "info" },
      { name: "open", type: { type: "bool" }, default: true },
    ]);
    assert.deepEqual(sent(codec, { level: undefined }), {
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
    const codec = jobCodec(subject, [{ name: "kind", type: { type: "string" } }]);
    assert.deepEqual(sent(codec, value), { kind: "a" });
    assert.equal(reads, 1);
  });

  test("RecordCodec.decode makes records with a prototype and maps without", () => {
    const codec = jobCodec(subject, [{ name: "labels", type: { type: "map", values: { type: "int" } } }]);
    const labels = JSON.parse('{"labels":{"__proto__":1,"constructor":2}}');
    const value = sent(codec, labels) as { labels: Record<string, unknown> };
    assert.equal(Object.getPrototypeOf(value), Object.prototype);
    assert.equal(Object.getPrototypeOf(value.labels), null);
    assert.deepEqual(Object.entries(value.labels), [["__proto__", 1], ["constructor", 2]]);
  });

  test("RecordCodec.encode sends all properties of a map that have string names, and those of any", () => {
    const labels = Object.defineProperty({ a: 1, [Symbol("b")]: 2 }, "hidden", { value: 3, enumerable: false });
    const arrives = Object.assign(Object.create(null), { a: 1, hidden: 3 });
    for (const type of [{ type: "map", values: { type: "int" } }, { type: "any" }] as const) {
      const codec = jobCodec(subject, [{ name: "labels", type }]);
      assert.deepEqual(sent(codec, { labels }), { labels: arrives });
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
        refusal(subject, type, make());
      });
    }

    test("what was thrown is the cause", () => {
      const codec = jobCodec(subject, [{ name: "value", type: { type: "int" } }]);
      const value = Object.defineProperty({}, "value", { enumerable: true, get: fail });
      assert.throws(() => codec.write(value), { message: "Job.value: reading it threw an error", cause: thrown });
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
    const codec = jobCodec(subject, [{ name: "value", type: { type: "bytes" } }]);
    assert.deepEqual(sent(codec, { value: new Liar([1, 2]) }), { value: new Uint8Array([1, 2]) });
  });

  test("RecordCodec.encode takes the time that a Date has, not the one that it says", () => {
    class Liar extends Date {
      override getTime() {
        return 5;
      }
    }
    const codec = jobCodec(subject, [{ name: "value", type: { type: "timestamp" } }]);
    assert.deepEqual(sent(codec, { value: new Liar(7_000) }), { value: new Date(7_000) });
  });

  test("RecordCodec.encode passes over what is no field and not enumerable, and refuses it where it is", () => {
    // Records of few fields have another way to be looked at than those of many.
    for (const count of [0, 1, 9]) {
      const names = Array.from({ length: count }, (_, i) => `f${i}`);
      const codec = jobCodec(subject, names.map((name) => ({ name, type: { type: "int" }, optional: true })));
      const value = (more: PropertyDescriptor) => {
        const fields = Object.fromEntries(names.map((name, i) => [name, i]));
        return Object.defineProperty(fields, "more", { ...more, value: 5 });
      };
      assert.deepEqual(sent(codec, value({ enumerable: false })), value({ enumerable: false }));
      assert.throws(() => codec.write(value({ enumerable: true })), {
        message: "Job.more: there is no such field in the definition",
      });
      assert.throws(() => codec.write({ more: 5 }), { code: "invalid-message" });
    }
  });

  test("RecordCodec.encode sends a field that is not enumerable", () => {
    const codec = jobCodec(subject, [{ name: "value", type: { type: "int" } }]);
    assert.deepEqual(sent(codec, Object.defineProperty({}, "value", { value: 1 })), { value: 1 });
  });

  test("RecordCodec.encode takes no notice of what others have added to Object.prototype", () => {
    const codec = jobCodec(subject, [{ name: "value", type: { type: "int" } }]);
    const before = codec.write({ value: 1 });
    Object.defineProperty(Object.prototype, "added", { value: 1, enumerable: true, configurable: true });
    try {
      assert.deepEqual(codec.write({ value: 1 }), before);
    } finally {
      delete (Object.prototype as { added?: unknown }).added;
    }
  });

  test("RecordCodec.encode refuses to start from within an accessor of what it writes", () => {
    const codec = jobCodec(subject, [{ name: "value", type: { type: "int" } }]);
    const value = {
      get value() {
        return codec.write({ value: 1 }).length;
      },
    };
    assert.throws(() => codec.write(value), { code: "invalid-message" });
    assert.deepEqual(sent(codec, { value: 1 }), { value: 1 });
  });

  describe("ValueLimits hold in both directions", () => {
    const nested = (depth: number): unknown => {
      let value: unknown = [];
      for (let i = 1; i < depth; i++) value = [value];
      return value;
    };
    const any: readonly Field[] = [{ name: "value", type: { type: "any" } }];
    const integers: readonly Field[] = [{ name: "value", type: { type: "list", items: { type: "long" } } }];
    const maps: readonly Field[] = [{
      name: "value",
      type: { type: "list", items: { type: "map", values: { type: "int" } } },
    }];
    const words: readonly Field[] = [{
      name: "value",
      type: { type: "list", items: { type: "string", pattern: "[a-z]*" } },
    }];
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
      "items of lists and maps of declared types together": [maps, { items: 4 }, [{ a: 1, b: 2 }, {}], [
        { a: 1, b: 2 },
        {},
        {},
      ]],
      "characters to be matched by patterns": [words, { matched: 6 }, ["abc", "de", "f"], ["abcd", "efg"]],
    };
    for (const [title, [fields, limits, within, beyond]] of Object.entries(cases)) {
      test(title, () => {
        const codec = jobCodec(subject, fields, limits);
        const unlimited = jobCodec(subject, fields, { depth: 1000, digits: 10_000 });
        // Twice, since nothing may be left over from the time before.
        for (let i = 0; i < 2; i++) {
          assert.deepEqual(
            sent(codec, { value: within }),
            sent(unlimited, { value: within }),
          );
        }
        assert.throws(() => codec.write({ value: beyond }), { name: "HoldfastError", code: "limit" });
        assert.throws(() => codec.read(unlimited.write({ value: beyond })), {
          name: "HoldfastError",
          code: "limit",
        });
        assert.deepEqual(
          sent(codec, { value: within }),
          sent(unlimited, { value: within }),
        );
      });
    }

    test("depth counts what lies in one another, not side by side", () => {
      const side = [[], [[]], {}, { a: {} }, { b: [] }, [], {}];
      const codec = jobCodec(subject, any, { depth: 4 });
      assert.deepEqual(
        sent(codec, { value: side }),
        sent(jobCodec(subject, any), { value: side }),
      );
      const records: Type = { type: "list", items: { type: "ref", name: "Node" } };
      const chains = jobCodec(subject, [{ name: "value", type: records }], { depth: 4 });
      const value = { value: [{}, { next: {} }, {}, { next: {} }, {}] };
      assert.deepEqual(sent(chains, value), value);
    });

    test("a cycle goes beyond the depth", () => {
      const cycle: unknown[] = [];
      cycle.push(cycle);
      assert.match(
        refusal(subject, { type: "any" }, cycle, "limit"),
        /^Job\.value(\[0\])+…: values are nested more than 64 deep$/,
      );
    });

    test("a list of four thousand million holes is refused at once", () => {
      const holes: unknown[] = [];
      holes.length = 2 ** 32 - 1;
      refusal(subject, { type: "any" }, holes, "limit");
    });
  });

  test("a chain of 10,000 types that refer to one another is no trouble", () => {
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
    const codec = subject.create(shape, DEFAULT_LIMITS);
    const value = { next: { next: null } };
    assert.deepEqual(codec.read("T0", codec.write("T0", value)), value);
    assert.throws(() => codec.write("T0", { next: 5 }), { message: "T0.next: expected null or an object, got 5" });
  });

  test("Codec.connect writes the connect arguments, and names them in errors", () => {
    const codec = subject.create(shapeOf([]), DEFAULT_LIMITS);
    assert.deepEqual(codec.read("connect", codec.write("connect", { name: "a" })), { name: "a" });
    assert.throws(() => codec.write("connect", {}), { message: "connect.name: expected a string, got nothing" });
  });

  test("Codec.message refuses a name that the definition has not", () => {
    const codec = subject.create(shapeOf([]), DEFAULT_LIMITS);
    for (const name of ["Jobs", "__proto__", "toString"]) {
      assert.throws(() => codec.write(name, {}), { name: "HoldfastError", code: "unknown-message" });
    }
  });
}
