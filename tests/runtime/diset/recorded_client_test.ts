/**
 * The recorded clients and services of ours: these answer what the original's answered, byte for byte, but for what
 * `recorded_otherwise.ts` tells.
 */

import assert from "node:assert/strict";
import { after, describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { conversations } from "../wire/diset/captures.ts";
import { clientDifferences } from "./recorded.ts";
import { OTHERWISE } from "./recorded_otherwise.ts";
import { RecordedServices } from "./recorded_services.ts";

/** How long what was recorded is waited for, in milliseconds. */
const PATIENCE = 10_000;
/** The same where some of it will not come; and once more, as a busy machine may need more. */
const IMPATIENCE = [150, 3_000] as const;

describe("a service of ours, and a recorded client", () => {
  const services = new RecordedServices();
  after(() => services.close());
  const seen = new Set<string>();

  for (const conversation of conversations().filter(({ file }) => file !== "scripted_server_json")) {
    const { encodings, file, scenario } = conversation;
    const key = encodings.client === encodings.service ? scenario : `${scenario}, ${encodings.client} client`;
    test(`${file}: ${key}`, async () => {
      const expected = OTHERWISE[key]?.[encodings.service] ?? [];
      const port = await services.port(conversation);
      let found: readonly string[] = [];
      for (const patience of expected.some((line) => line.endsWith("+ nothing")) ? IMPATIENCE : [PATIENCE]) {
        found = await clientDifferences(conversation, port, patience);
        if (isDeepStrictEqual(found, expected)) break;
      }
      assert.deepEqual(found, expected);
      seen.add(key);
    });
  }

  test("what is done otherwise was all recorded", () => {
    assert.deepEqual(Object.keys(OTHERWISE).filter((key) => !seen.has(key)), []);
  });
});
