/**
 * Patterns and texts that both come from a peer: together they may not take long.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { canonicalJson } from "../../idl/canonical.ts";
import { readDefinition } from "../../idl/validate.ts";
import type { HoldfastError } from "../../runtime/errors.ts";
import { DEFAULT_LIMITS } from "../../runtime/limits.ts";
import { Reader } from "../../runtime/wire/native/reader.ts";
import { MessageTable } from "../../runtime/wire/native/table.ts";
import { Writer } from "../../runtime/wire/native/writer.ts";

/** Patterns whose states are as many as the engine may keep, so that it goes back to the slow way. */
const SLOW = ["(.*a.{450})+|c", "(.*a.{0,200}){2}b", "([ab]*a[ab]{200}[cd])*", "(a?){100}a{100}b"];

/** How long a frame may take, in milliseconds, on a machine that does much else besides. */
const PATIENCE = 6_000;

function definition(pattern: string, more: object = {}) {
  const field = { name: "texts", type: { type: "list", items: { type: "string", pattern } } };
  return new TextEncoder().encode(canonicalJson({
    docs: {},
    shape: {
      service: "Hostile/Patterns",
      connect: { type: "record", fields: [] },
      messages: [{ name: "Job", number: 0, receives: {} }],
      types: { Job: { type: "record", fields: [{ ...field, ...more }] } },
    },
  }));
}

/** The body of a `Job`, whatever patterns would say. */
function job(texts: readonly string[]): Uint8Array {
  const writer = new Writer();
  writer.varint(texts.length);
  for (const text of texts) writer.string(text);
  return writer.take()!;
}

for (const pattern of SLOW) {
  test(`a frame of texts for the pattern /${pattern}/ does not hold its reader for long`, () => {
    const table = new MessageTable(readDefinition(definition(pattern)), DEFAULT_LIMITS);
    const read = (texts: readonly string[]): string => {
      const bytes = job(texts);
      const reader = new Reader();
      reader.reset(bytes, 0, bytes.length);
      try {
        table.codec(table.name("Job")!).decode(reader);
        return "taken";
      } catch (error) {
        return (error as HoldfastError).code;
      }
    };
    const most = DEFAULT_LIMITS.matched;
    const start = performance.now();
    // As much as is taken at all, then far more: in one text, and in many.
    for (const text of ["ab".repeat(most / 2), "b".repeat(most)]) assert.notEqual(read([text]), "limit");
    assert.equal(read(["a".repeat(4_000_000)]), "limit");
    assert.match(read(new Array<string>(100_000).fill("c".repeat(40))), /^(limit|invalid-message)$/);
    assert.ok(performance.now() - start < PATIENCE, `${performance.now() - start} ms`);
  });
}

test("a definition whose defaults must match slow patterns is read in a bounded time", () => {
  const fields = Array.from({ length: 250 }, (_, i) => ({
    name: `f${i}`,
    type: { type: "string", pattern: SLOW[i % SLOW.length]! },
    default: "ab".repeat(1_900),
  }));
  const shape = {
    service: "Hostile/Defaults",
    connect: { type: "record", fields },
    messages: [],
    types: {},
  };
  const start = performance.now();
  assert.throws(() => readDefinition(new TextEncoder().encode(canonicalJson({ docs: {}, shape }))), {
    message: /longer than the 1000 characters that a pattern's default may have/,
  });
  assert.ok(performance.now() - start < PATIENCE, `${performance.now() - start} ms`);
});
