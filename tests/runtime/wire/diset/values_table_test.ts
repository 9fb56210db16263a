/**
 * Runs the tables of `docs/diset_values.md`, row by row.
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { parse } from "../../../../idl/mod.ts";
import { DEFAULT_LIMITS } from "../../../../runtime/limits.ts";
import { createCodec } from "../../../../runtime/wire/diset/codec.ts";
import {
  decodePayload,
  encodePayload,
  type Encoding,
  payloadLimits,
} from "../../../../runtime/wire/diset/encodings.ts";

const NAMED = "enum Level { debug, info } Place < site: string, slot?: int, tries: int = 0 >";

/** The rows of the tables that have these columns, each cell without its ticks. */
function rowsOf(...columns: readonly string[]): readonly (readonly string[])[] {
  const document = readFileSync(join(import.meta.dirname!, "../../../../docs/diset_values.md"), "utf8");
  const tables = document.split("\n\n").filter((block) => block.startsWith("| ")).map((block) =>
    block.trim().split("\n").map((line) =>
      line.slice(1, -1).split(/(?<!\\)\|/).map((cell) =>
        cell.trim().replace(/^`(.*)`$/, "$1").replaceAll("\\|", "|").replaceAll("␀", "\0")
      )
    )
  );
  const found = tables.filter(([head]) => head!.join() === columns.join()).flatMap(([, , ...rows]) => rows);
  assert.ok(found.length > 0, columns.join());
  return found;
}

/** The codec of a message with these fields. */
function codecOf(fields: string) {
  const { shape } = parse(`${NAMED} M < ${fields} > service Test/Table { auth all receives M }`);
  return createCodec(shape, DEFAULT_LIMITS).message("M");
}

/** A value as the document writes it. */
function valueOf(expression: string): unknown {
  return new Function(`return (${expression});`)();
}

function written(fields: string, value: unknown, encoding: Encoding): string {
  return Buffer.from(encodePayload(codecOf(fields).encode(value), encoding)).toString();
}

/** What a list with one payload in it is read as. */
function read(type: string, payload: string): unknown {
  const { value } = decodePayload(Buffer.from(payload), payloadLimits(DEFAULT_LIMITS));
  return codecOf(`a: ${type}`).decode([value])["a"];
}

/** The same with objects that have the usual prototype; that of maps has none. */
function usual(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(usual);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, usual(item)]));
}

for (const [type, value, json, dencode, arrives] of rowsOf("type", "value", "JSON", "DEncode", "arrives as")) {
  test(`docs/diset_values.md: ${type} ${value} is written and arrives as it says`, () => {
    const given = { a: valueOf(value!) };
    assert.equal(written(`a: ${type}`, given, "json"), `[${json}]`);
    assert.equal(written(`a: ${type}`, given, "dencode"), `l${dencode}e`);
    const expected = arrives === "" ? given.a : valueOf(arrives!);
    for (const payload of [json!, dencode!]) assert.deepEqual(usual(read(type!, payload)), expected);
  });
}

for (
  const [type, value, json, dencode] of rowsOf("type", "value", "JSON arrives as", "DEncode arrives as")
) {
  test(`docs/diset_values.md: ${type} ${value} arrives as far as the encoding goes`, () => {
    for (const [encoding, arrives] of [["json", json!], ["dencode", dencode!]] as const) {
      const payload = encodePayload(codecOf(`a: ${type}`).encode({ a: valueOf(value!) }), encoding);
      const { value: list } = decodePayload(payload, payloadLimits(DEFAULT_LIMITS));
      assert.deepEqual(codecOf(`a: ${type}`).decode(list as [])["a"], valueOf(arrives));
    }
  });
}

for (const [fields, value, json] of rowsOf("fields", "value", "written")) {
  test(`docs/diset_values.md: ${value} of < ${fields} > is written in order`, () => {
    assert.equal(written(fields!, valueOf(value!), "json"), json);
  });
}

for (const [type, payload, arrives] of rowsOf("type", "read", "arrives as")) {
  test(`docs/diset_values.md: ${payload} is read as ${type}, too`, () => {
    assert.deepEqual(usual(read(type!, payload!)), valueOf(arrives!));
  });
}

for (const [declaration, why] of rowsOf("declaration", "why")) {
  test(`docs/diset_values.md: ${declaration} is refused at the start`, () => {
    const { shape } = parse(`${declaration} service Test/Table { auth all receives M }`);
    assert.throws(
      () => createCodec(shape, DEFAULT_LIMITS),
      (error: Error & { code: string }) => error.code === "invalid-argument" && error.message.includes(why!),
    );
  });
}

for (const [type, value, why] of rowsOf("type", "value", "why")) {
  test(`docs/diset_values.md: ${type} ${value} is refused when it is sent`, () => {
    assert.throws(
      () => codecOf(`a: ${type}`).encode({ a: valueOf(value!) }),
      (error: Error & { code: string }) => error.code === "invalid-message" && error.message.includes(why!),
    );
  });
}

for (const [type, payload, why] of rowsOf("type", "read", "why")) {
  test(`docs/diset_values.md: ${payload} is refused as ${type}`, () => {
    assert.throws(
      () => read(type!, payload!),
      (error: Error & { code: string }) =>
        (error.code === "invalid-message" || error.code === "protocol") && error.message.includes(why!),
    );
  });
}
