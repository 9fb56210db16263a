import fc from "fast-check";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { JsonReader } from "../../../compiler/live/read_json.ts";
import { splitJson } from "../../../compiler/live/split_json.ts";
import { timestampOf } from "../../../compiler/live/timestamp.ts";
import { JsonWriter } from "../../../compiler/live/write_json.ts";
import type { Shape } from "../../../idl/definition.ts";
import { parse } from "../../../idl/mod.ts";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import { createCodec } from "../../../runtime/wire/native/codec.ts";
import { Reader } from "../../../runtime/wire/native/reader.ts";
import { Writer } from "../../../runtime/wire/native/writer.ts";
import { arbitraryShape, arbitraryValue } from "../../arbitraries.ts";
import { seeded } from "../../seed.ts";

const DOCUMENT = readFileSync(new URL("../../../docs/cli.md", import.meta.url), "utf8");
const ROWS = [
  ...DOCUMENT.slice(DOCUMENT.indexOf("\n## JSON\n")).matchAll(
    /^\| `(?<type>.+?)` +\| `(?<value>.+?)` +\| `(?<json>.+?)` +\|$/gm,
  ),
]
  .map(({ groups }) => ({
    type: groups!["type"]!.replaceAll("\\|", "|"),
    value: groups!["value"]!,
    json: groups!["json"]!,
  }));

function shapeOf(type: string): Shape {
  return parse(`enum Level { debug, info } M < a: ${type} > service A/B { auth all receives M }`).shape;
}

/** A value of a service's, and how the command takes it apart. */
function lab(shape: Shape, name = "M") {
  const type = shape.types[name]!;
  const codec = createCodec(shape, DEFAULT_LIMITS).message(name);
  return {
    bytes(value: unknown): Uint8Array {
      const writer = new Writer();
      codec.encode(writer, value);
      return writer.bytes.slice(0, writer.at);
    },
    received(bytes: Uint8Array): Record<string, unknown> {
      const reader = new Reader();
      reader.reset(bytes, 0, bytes.length);
      return codec.decode(reader);
    },
    write: (value: unknown, indent?: string) => new JsonWriter(shape.types).write(value, type, indent),
    read: (text: string) => new JsonReader(shape.types).read(text, type, name),
  };
}

describe("JsonWriter and JsonReader", () => {
  test("docs/cli.md has a row for each kind of value", () => assert.ok(ROWS.length >= 20, `${ROWS.length} rows`));

  for (const { type, value, json } of ROWS) {
    test(`write ${value} as ${type} and read it as docs/cli.md says: ${json}`, () => {
      const { bytes, received, read, write } = lab(shapeOf(type));
      const sent = bytes({ a: new Function(`return ${value}`)() });
      assert.equal(write(received(sent)), `{"a":${json.replaceAll(" ", "")}}`);
      const back = read(`{"a": ${json}}`);
      assert.deepEqual(back.mistakes, []);
      assert.deepEqual(bytes(back.value), sent);
    });
  }

  test("lose nothing of any value of any type, on one line or many", () => {
    for (const [seed, shape] of fc.sample(arbitraryShape(), seeded("JSON of values", 150)).entries()) {
      const [name] = shape.messages.map(({ name }) => name);
      if (name === undefined) continue;
      const { bytes, received, read, write } = lab(shape, name);
      for (const value of fc.sample(arbitraryValue(shape.types[name]!, shape.types), { seed, numRuns: 3 })) {
        const sent = bytes(value);
        for (const indent of ["", "  "]) {
          const text = write(received(sent), indent);
          JSON.parse(text);
          assert.equal(text.includes("\n"), indent !== "" && text !== "{}");
          const back = read(text);
          assert.deepEqual(back.mistakes, [], text);
          assert.deepEqual(bytes(back.value), sent, text);
        }
      }
    }
  });

  test("write nothing that leads a terminal astray", () => {
    const { write } = lab(shapeOf("string"));
    assert.equal(write({ a: "\x1b[31m \x9b \u202e \u2028" }), String.raw`{"a":"\u001b[31m \u009b \u202e \u2028"}`);
  });

  test("write in the order of the definition, indented as JSON is", () => {
    const shape = parse("P < y: list<int>, x?: map<int>, e: list<any> > service A/B { auth all receives P }").shape;
    const value = { e: [], x: { one: 1 }, y: [1, 2] };
    const text = lab(shape, "P").write(value, "  ");
    assert.equal(text, JSON.stringify({ y: [1, 2], x: { one: 1 }, e: [] }, undefined, 2));
  });
});

describe("JsonReader", () => {
  const cases: readonly (readonly [type: string, json: string, at: string, words: RegExp])[] = [
    ["int", `{"a": tru}`, "tru", /no JSON/],
    ["int", `{"a": 1`, "", /closing brace/],
    ["int", `{"a": 1,}`, "}", /name in double quotes|value is missing/],
    ["int", `{"a": 1} // x`, "// x", /comments/],
    ["int", `[1]`, "[1]", /M is an object/],
    ["int", `"x"`, `"x"`, /M is an object/],
    ["int", `{"b": 1}`, `"b"`, /no field "b" here/],
    ["int", `{"a": 1, "a": 2}`, `"a"`, /twice/],
    ["long", `{"a": 1.5}`, "1.5", /digits alone/],
    ["long", `{"a": ${"1".repeat(5000)}}`, "1".repeat(5000), /4300 digits/],
    ["float", `{"a": 1e400}`, "1e400", /greater than any number/],
    ["bytes", `{"a": "a"}`, `"a"`, /base64/],
    ["bytes", `{"a": "aGl="}`, `"aGl="`, /base64/],
    ["timestamp", `{"a": "2026-02-30T00:00:00Z"}`, `"2026-02-30T00:00:00Z"`, /ISO 8601/],
    ["any", `{"a": {"$byts": ""}}`, `"$byts"`, /no "\$byts" here/],
    ["int | null", `{"a": {"$bytes": ""}}`, `"$bytes"`, /no "\$bytes" here/],
    ["any", `{"a": {"$float": 1}}`, "1", /NaN/],
    ["any", `{"a": {"$map": 1}}`, "1", /A map is an object/],
    ["any", `{"a": ${"[".repeat(5000)}`, "[", /nested/],
  ];
  for (const [type, json, at, words] of cases) {
    test(`says what is wrong with ${json.slice(0, 40)} as ${type}, and where`, () => {
      const [mistake] = lab(shapeOf(type)).read(json).mistakes;
      assert.match(mistake!.message, words);
      assert.equal(json.slice(mistake!.start, mistake!.end), at);
    });
  }

  test("suggests the field that was meant", () => {
    const [mistake] = lab(shapeOf("int")).read(`{"A": 1}`).mistakes;
    assert.equal(mistake!.hint, "Did you mean `a`?");
  });

  test("finds what the codec complains of", () => {
    const { read, bytes } = lab(shapeOf(`map<list<< x: int, x2: int >>>`));
    const key = "k".repeat(50);
    const text = `{"a": {"": [], "${key}": [{"x": 1, "x2": 1}, {"x": 1, "x2": "here"}]}}`;
    const { value, place } = read(text);
    assert.throws(() => bytes(value), (error: Error) => {
      const { start, end } = place(error.message);
      assert.equal(text.slice(start, end), `"here"`, error.message);
      return true;
    });
    const { value: lacking, place: placeOf } = read(`{}`);
    assert.throws(() => bytes(lacking), (error: Error) => {
      assert.deepEqual(placeOf(error.message), { start: 0, end: 1 });
      return true;
    });
  });

  test("sets no prototype", () => {
    const { value } = lab(shapeOf("map<map<int>>")).read(`{"a": {"__proto__": {"x": 1}}}`);
    const map = value["a"] as object;
    assert.equal(Object.getPrototypeOf(map), null);
    assert.deepEqual(Object.keys(map), ["__proto__"]);
  });
});

describe("timestampOf", () => {
  test("reads what toISOString writes", () => {
    fc.assert(fc.property(fc.date({ noInvalidDate: true }), (date) => {
      assert.equal(timestampOf(date.toISOString())?.getTime(), date.getTime());
    }));
  });

  test("reads zones, and leaves out no part of a text", () => {
    assert.equal(timestampOf("2026-11-22T10:00+01:00")?.toISOString(), "2026-11-22T09:00:00.000Z");
    for (const text of ["", "2026-11-22", "2026-11-22T10:00:00", "2026-11-22T10:00:00.0001Z", "2027-02-29T10:00:00Z"]) {
      assert.equal(timestampOf(text), undefined, text);
    }
  });
});

describe("splitJson", () => {
  async function split(...chunks: string[]): Promise<[string, number, number][]> {
    const found: [string, number, number][] = [];
    for await (const { text, line, column } of splitJson(chunks)) found.push([text, line, column]);
    return found;
  }

  test("finds texts however they are spaced, and says where each begins", async () => {
    assert.deepEqual(await split(`{"a":"}"}\n{\n"b":[{}]\n} {"😀":1}{}\n\n `), [
      [`{"a":"}"}`, 1, 1],
      [`{\n"b":[{}]\n}`, 2, 1],
      [`{"😀":1}`, 4, 3],
      ["{}", 4, 10],
    ]);
  });

  test("does not mind where chunks end", async () => {
    const text = `{"a":"\\"}{"}\r\n{"b":"\\\\"} 17 x\n[{"c":[1]}]\n"never ends\n{}`;
    const whole = await split(text);
    assert.deepEqual(whole.map(([text]) => text), [
      `{"a":"\\"}{"}`,
      `{"b":"\\\\"}`,
      "17 x",
      `[{"c":[1]}]`,
      `"never ends`,
      "{}",
    ]);
    assert.deepEqual(await split(...text), whole);
  });

  test("gives what never ends as it is", async () => {
    assert.deepEqual((await split(`{"a": [1`)).map(([text]) => text), [`{"a": [1`]);
    assert.equal((await split(`{"a": "no quote\n{}\n`)).length, 2);
  });

  test("holds no more than 32 MiB of a text that does not end", async () => {
    let most = 0;
    const chunk = "[".repeat(1024 * 1024);
    for await (const { text } of splitJson(Array(40).fill(chunk))) most = Math.max(most, text.length);
    assert.ok(most > 0 && most <= 32 * 1024 * 1024 + 1);
  });
});
