/**
 * The recorded services and clients of ours: these say what the original's clients said, byte for byte, and hear what
 * those heard, but for what `recorded_otherwise_clients.ts` tells.
 */

import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { conversations } from "../wire/diset/captures.ts";
import { CLIENTS_OTHERWISE } from "./recorded_otherwise_clients.ts";
import { RecordedService } from "./recorded_service.ts";

/** How long what was recorded is waited for, in milliseconds. */
const PATIENCE = 10_000;
/** The same where some of it will not come; and once more, as a busy machine may need more. */
const IMPATIENCE = [150, 3_000] as const;

/** What is told of something that does not come. */
const MISSING = /\+ nothing$|heard -/;

/** Whether ours does as the recorded one did is up to how soon it notices that it was left. */
const BY_CHANCE = ["reject-conn-connected"];

/** What can't be played, and why. */
function cannot(scenario: string): string | false {
  if (scenario.startsWith("rpc-")) return "clients of ours make no calls";
  const waits = scenario === "fake-never-acks" || scenario === "fake-silent-after-connect";
  return waits && "it takes half a minute and more: see the tests with a clock of their own";
}

describe("a client of ours, and a recorded service", () => {
  const service = new RecordedService();
  before(() => service.open());
  after(() => service.close());
  const seen = new Set<string>();

  for (const conversation of conversations().filter(({ file }) => !file.startsWith("scripted_client"))) {
    const { encodings, file, scenario } = conversation;
    const key = encodings.client === encodings.service ? scenario : `${scenario}, ${encodings.client} client`;
    test(`${file}: ${key}`, { skip: cannot(scenario) }, async () => {
      const expected = CLIENTS_OTHERWISE[key]?.[encodings.client] ?? [];
      let found: readonly string[] = [];
      for (const patience of expected.some((line) => MISSING.test(line)) ? IMPATIENCE : [PATIENCE]) {
        found = await service.differences(conversation, patience);
        if (isDeepStrictEqual(found, expected)) break;
      }
      if (found.length > 0 || !BY_CHANCE.includes(key)) assert.deepEqual(found, expected);
      seen.add(key);
    });
  }

  test("what is done otherwise was all recorded", () => {
    assert.deepEqual(Object.keys(CLIENTS_OTHERWISE).filter((key) => !seen.has(key)), []);
  });
});
