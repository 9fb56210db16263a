/**
 * Every rule, every kind of clients, every way to show who one is, and everything that one can do: by the table of
 * `docs/security.md`.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeDefinition } from "../../../idl/canonical.ts";
import { readDefinition } from "../../../idl/validate.ts";
import { parse } from "../../../mod.ts";
import { check } from "../../harness.ts";
import { isComplete } from "./callers.ts";
import { CALLERS, expected, found, hall, MATRIX, matrixOf } from "./matrix.ts";
import { KINDS, ROWS } from "./truth_table.ts";

test("the table has every form of a rule and a caller of each kind, in each way", async () => {
  const { list } = await CALLERS;
  assert.ok(isComplete(list, ["nothing", "certificate", "proxy", "token"]));
  assert.ok(KINDS.every((kind) => ROWS.some(({ admits }) => admits[kind]) && ROWS.some(({ admits }) => !admits[kind])));
  const forms: readonly RegExp[] = [
    /^all$/,
    /^authenticated$/,
    /^\w+$/,
    /^[a-z]+, [A-Z]\w+$/,
    /^group:\w+$/,
    /^vo:\w+$/,
    /^group:\w+, group:\w+$/,
    /^group:\w+, vo:\w+$/,
    /^all, group:\w+$/,
    /^none$/,
  ];
  for (const form of forms) assert.ok(ROWS.some(({ rule }) => form.test(rule)), String(form));
});

/** Where the rules stand: in the file, or where the service starts, instead of others and where there are none. */
const SOURCES = {
  "in the .msg file": { definition: MATRIX, rules: undefined },
  "given at the start, where the file lets nobody": { definition: matrixOf(() => "none"), rules: overrides("text") },
  "given at the start, where the file lets everybody": { definition: matrixOf(() => "all"), rules: overrides("list") },
  "given at the start, to a definition that came over the wire": {
    definition: readDefinition(encodeDefinition(MATRIX)),
    rules: { default: "all", ...overrides("list") },
  },
} as const;

for (const [where, { definition, rules }] of Object.entries(SOURCES)) {
  for (const knows of [false, true]) {
    check(`rules ${where} let in as the table says whom ${knows ? "holds" : "discovers"} the definition`, async (t) => {
      const own = await hall(t, definition, rules === undefined ? {} : { rules });
      for (const caller of (await CALLERS).list) {
        const can = await found(own, caller, knows ? definition : undefined);
        assert.deepEqual(can, expected(caller, knows), caller.name);
      }
    }, { timeout: 60_000 });
  }
}

/** As options say it: an empty list for nobody. */
function overrides(how: "text" | "list"): Readonly<Record<string, string | readonly string[]>> {
  return Object.fromEntries(
    Object.keys(MATRIX.rules).filter((action) => !action.endsWith(" Open")).map((action) => {
      const words = MATRIX.rules[action]!;
      if (how === "list") return [action, words];
      return [action, words.length === 0 ? "none" : words.join(", ")];
    }),
  );
}

for (const { rule, admits } of ROWS) {
  const connecting = {
    "behind connect": { text: `Open < > service Lab/Door { auth all connect < > auth ${rule} receives Open }` },
    "of the service's only message": { text: `Open < > service Lab/Door { auth ${rule} receives Open }` },
    "of what the service sends": {
      text: `Open < > Told < > service Lab/Door { auth none receives Open sends Told auth ${rule} }`,
    },
    "for connect, given at the start": {
      text: "Open < > service Lab/Door { auth all connect < > auth none receives Open }",
      rules: { connect: rule },
    },
    "as the default of a definition from the wire": {
      text: "Open < > service Lab/Door { auth all receives Open }",
      rules: { default: rule },
      fromWire: true,
    },
  };
  for (const [where, how] of Object.entries(connecting)) {
    const { text, rules, fromWire = false } = { rules: undefined, fromWire: undefined, ...how };
    check(`"${rule}" ${where} says who may connect as the table does`, async (t) => {
      const whole = parse(text);
      const definition = fromWire ? readDefinition(encodeDefinition(whole)) : whole;
      const { client, log, server } = await hall(t, definition, rules === undefined ? {} : { rules });
      for (const caller of (await CALLERS).list) {
        for (const known of where === "behind connect" ? [undefined, definition] : [undefined]) {
          log.length = 0;
          const own = client(caller, known);
          assert.equal(await letsIn(own), admits[caller.kind], caller.name);
          const audit = log.map(({ event, error }) => `${event} ${error instanceof Error ? error.message : ""}`);
          if (admits[caller.kind]) {
            assert.deepEqual(audit, ["admitted "]);
          } else {
            assert.deepEqual(audit, ["refused No rule lets it connect."]);
            // Nothing was told of the service.
            assert.equal(own.definition, known);
          }
          await own.close();
        }
      }
      await server.close();
    });
  }
}

async function letsIn(client: { connect(): Promise<void> }): Promise<boolean> {
  try {
    await client.connect();
    return true;
  } catch (error) {
    const { code, message, remote } = error as { code?: string; message?: string; remote?: boolean };
    assert.deepEqual({ code, message, remote }, { code: "unauthorized", message: "Not authorized.", remote: true });
    return false;
  }
}
