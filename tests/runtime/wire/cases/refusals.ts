/**
 * How values are refused: in the same words on every wire.
 *
 * @module
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Type } from "../../../../idl/definition.ts";
import { type CodecSubject, jobCodec, refusal } from "../subject.ts";

/** Declares the tests. */
export function refusalCases(subject: CodecSubject): void {
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
      [
        { type: "string" },
        "a\ud800",
        'Job.value: expected valid Unicode, got half of a surrogate pair in "a\\ud800"',
      ],
      [{ type: "string", min: 1, max: 64 }, "", "Job.value: expected a string of 1 to 64 characters, got one of 0"],
      [{ type: "string", max: 2 }, "äöü", "Job.value: expected a string of at most 2 characters, got one of 3"],
      [
        { type: "string", max: 2 },
        "x".repeat(99),
        "Job.value: expected a string of at most 2 characters, got one of 99",
      ],
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
        { type: "list", items: { type: "int" }, min: 2 },
        [1],
        "Job.value: expected a list of at least 2 items, got one of 1",
      ],
      [
        { type: "list", items: { type: "int" }, max: 1 },
        [1, 2],
        "Job.value: expected a list of at most 1 item, got one of 2",
      ],
      [{ type: "map", values: { type: "string" } }, { "a b": 5 }, 'Job.value["a b"]: expected a string, got 5'],
      [
        { type: "map", values: { type: "string" } },
        { a: undefined },
        'Job.value["a"]: expected a string, got nothing',
      ],
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
        {
          type: "union",
          branches: [{ type: "literal", value: null }, { type: "int" }, { type: "ref", name: "Level" }],
        },
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
      test(message, () => assert.equal(refusal(subject, type, value), message));
    }
  });

  test("RecordCodec.encode refuses what is no plain object, and properties that are no fields", () => {
    class Job {
      id = 1;
    }
    const codec = jobCodec(subject, [{ name: "id", type: { type: "int" } }]);
    const message = (value: unknown): string => {
      try {
        codec.write(value);
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
    const bare = Object.assign(Object.setPrototypeOf([], null), { id: 1 });
    assert.equal(message(bare), "Job: expected an object, got a list");
    const shown = Object.defineProperty({ id: 1 }, "shown", { get: () => 5, enumerable: true });
    assert.equal(message(shown), "Job.shown: there is no such field in the definition");
  });
}
