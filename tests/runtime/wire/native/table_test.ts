import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "../../../../idl/mod.ts";
import { DEFAULT_LIMITS } from "../../../../runtime/limits.ts";
import { tableOf } from "../../../../runtime/wire/native/table.ts";

const TEXT = "Ping < id: int >\nservice Framework/PingPong { auth all\n receives Ping }";

test("tableOf: is the same for one definition and equal limits, another for another definition or other limits", () => {
  const definition = parse(TEXT);
  const table = tableOf(definition, DEFAULT_LIMITS);
  assert.equal(table.definition, definition);
  assert.equal(tableOf(definition, { ...DEFAULT_LIMITS }), table);
  assert.notEqual(tableOf(parse(TEXT), DEFAULT_LIMITS), table);
  for (const limit of ["depth", "digits", "items", "matched"] as const) {
    assert.notEqual(tableOf(definition, { ...DEFAULT_LIMITS, [limit]: DEFAULT_LIMITS[limit] - 1 }), table, limit);
  }
});
