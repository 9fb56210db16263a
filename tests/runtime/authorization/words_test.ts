/**
 * What the words of a rule come to, for any rule and any client; and rules that can't be meant.
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Definition, parse } from "../../../mod.ts";
import { admits, Authorization, type RuleOverrides } from "../../../runtime/authorization.ts";
import type { Principal } from "../../../runtime/principal.ts";
import { seeded } from "../../seed.ts";

/** As clients have them, in odd cases; some are what a careless comparison would take for another. */
const NAMES = ["Lab", "lab", "users", "undefined", "null", "all", "vo", "a.b-c"];
const PROPERTIES = ["Operator", "OPERATOR", "auditor", "Lab", "group", "undefined"];

const words = fc.uniqueArray(
  fc.oneof(
    fc.constantFrom("all", "All", "authenticated", "AUTHENTICATED"),
    fc.constantFrom(...PROPERTIES),
    fc.tuple(fc.constantFrom("group:", "vo:"), fc.constantFrom(...NAMES)).map((parts) => parts.join("")),
  ),
  { maxLength: 4 },
);

const shown = { method: "token", subject: "ada", issuer: "test", limited: false } as const;
const principal: fc.Arbitrary<Principal> = fc.oneof(
  fc.constant<Principal>({ ...shown, method: "none", subject: "", issuer: "", authenticated: false, properties: [] }),
  // A stranger has no group; if it had, that would count for nothing.
  fc.record({
    authenticated: fc.boolean(),
    group: fc.constantFrom(...NAMES),
    vo: fc.constantFrom(...NAMES),
    properties: fc.uniqueArray(fc.constantFrom(...PROPERTIES), { maxLength: 2 }),
  }, { requiredKeys: ["authenticated", "properties"] }).map((known) => ({ ...shown, ...known })),
);

/**
 * The table of words in `docs/language.md`, as sets: a client has labels, a rule lists some. Of those that restrict, it
 * must have one, if there are any; and of the others one, if there are any.
 */
function letsIn(rule: readonly string[], { authenticated, group, properties, vo }: Principal): boolean {
  const labels = new Set(["all"]);
  if (authenticated) {
    labels.add("authenticated");
    for (const property of properties) labels.add(property.toLowerCase());
    if (group !== undefined) labels.add(`group:${group}`);
    if (vo !== undefined) labels.add(`vo:${vo}`);
  }
  const [restricting, others] = [true, false].map((restricts) =>
    rule.filter((word) => word.includes(":") === restricts).map((word) => restricts ? word : word.toLowerCase())
  ) as [string[], string[]];
  const has = (list: string[]) => list.length === 0 || list.some((word) => labels.has(word));
  return rule.length > 0 && has(restricting) && has(others);
}

test("admits lets in whom the words stand for, of any rule and any client", () => {
  const answers = { true: 0, false: 0 };
  fc.assert(
    fc.property(words, principal, (rule, client) => {
      const answer = letsIn(rule, client);
      answers[`${answer}`]++;
      assert.equal(admits(rule, client), answer);
    }),
    seeded("rules of any words", 5_000),
  );
  assert.ok(Math.min(...Object.values(answers)) > 500, JSON.stringify(answers));
});

test("Authorization gives each client its own rights, however many there have been", () => {
  const definition = parse(`
    A < > B < > service Lab/Two { auth all receives A auth group:Lab, vo:lab receives B auth Operator, auditor }
  `);
  const one = new Authorization(definition);
  fc.assert(
    fc.property(fc.array(principal, { minLength: 20, maxLength: 20 }), (clients) => {
      for (const client of clients) {
        const rights = one.rights(client);
        const may = [letsIn(["group:Lab", "vo:lab"], client), letsIn(["Operator", "auditor"], client)];
        assert.deepEqual([rights.maySend("A"), rights.maySend("B")], may);
        assert.equal(rights.connect, may.includes(true));
        assert.equal(rights.maySend("constructor") || rights.mayBeSent("A"), false);
      }
    }),
    seeded("rights of many clients", 100),
  );
  // More kinds than are remembered.
  for (let i = 0; i < 3_000; i++) {
    const group = i % 3 === 0 ? "Lab" : `group${i}`;
    assert.equal(one.rights({ ...shown, authenticated: true, group, properties: [] }).maySend("A"), i % 3 === 0);
  }
});

const DOOR: Definition = parse("Open < > Told < > service Lab/Door { auth all receives Open sends Told }");

const WRONG: readonly (readonly [rules: unknown, says: RegExp])[] = [
  [{ "receives Opne": "all" }, /"receives Opne".*Did you mean "receives Open"/],
  [{ "sends Open": "all" }, /"sends Open"/],
  [{ Open: "all" }, /"Open"/],
  [{ Connect: "all" }, /Did you mean "connect"/],
  [{ "receives Told": "none" }, /"receives Told"/],
  [{ __proto__: null, "constructor": "all" }, /"constructor"/],
  [{ connect: "" }, /says ""/],
  [{ connect: "all," }, /says ""/],
  [{ connect: "any" }, /says "any"/],
  [{ connect: ["Any"] }, /says "Any"/],
  [{ connect: ["none", "all"] }, /says "none"/],
  [{ connect: "all, none" }, /says "none"/],
  [{ connect: "None" }, /says "None".*Did you mean "none"/],
  [{ connect: "al" }, /says "al".*Did you mean "all"/],
  [{ connect: "Operator, authenitcated" }, /says "authenitcated".*Did you mean "authenticated"/],
  [{ connect: "group:" }, /says "group:"/],
  [{ connect: "Group:lab" }, /says "Group:lab"/],
  [{ connect: "vo: lab" }, /says "vo: lab"/],
  [{ connect: ["group:a group:b"] }, /says "group:a group:b"/],
  [{ connect: "all group:lab" }, /says "all group:lab"/],
  [{ connect: "users\nall" }, /says "users\\nall"/],
  [{ connect: [undefined] }, /says/],
  [{ connect: [["all"]] }, /says/],
  [{ connect: undefined }, /connect/],
  [{ connect: null }, /connect/],
  [{ connect: 7 }, /connect/],
];

for (const [rules, says] of WRONG) {
  test(`rules: ${JSON.stringify(rules)} is an error at the start`, () => {
    assert.throws(() => new Authorization(DOOR, rules as RuleOverrides), { code: "invalid-argument", message: says });
  });
}

const nobody: Principal = { ...shown, method: "none", subject: "", issuer: "", authenticated: false, properties: [] };
const operator: Principal = { ...shown, authenticated: true, properties: ["operator"] };

const OVERRIDES: readonly (readonly [
  rules: RuleOverrides,
  forNobody: readonly [connect: boolean, open: boolean, told: boolean],
  forOperator: readonly [connect: boolean, open: boolean, told: boolean],
])[] = [
  [{}, [true, true, true], [true, true, true]],
  [{ "receives Open": [] }, [true, false, true], [true, false, true]],
  [{ "receives Open": "none" }, [true, false, true], [true, false, true]],
  [{ "receives Open": [], "sends Told": [] }, [false, false, false], [false, false, false]],
  [{ "receives Open": "Operator" }, [true, false, true], [true, true, true]],
  [{ "receives Open": "Operator", "sends Told": "none" }, [false, false, false], [true, true, false]],
  [{ connect: [] }, [false, true, true], [false, true, true]],
  [{ connect: "Operator" }, [false, true, true], [true, true, true]],
  [{ connect: "all", "receives Open": [], "sends Told": [] }, [true, false, false], [true, false, false]],
  // It is for what has no rule at all, and here all has one.
  [{ default: "none" }, [true, true, true], [true, true, true]],
  [{ "receives Open": " Operator ,all" }, [true, true, true], [true, true, true]],
];

for (const [rules, forNobody, forOperator] of OVERRIDES) {
  test(`rules: ${JSON.stringify(rules)} stands instead of what the .msg file says`, () => {
    const authorization = new Authorization(DOOR, rules);
    const may = (client: Principal) => {
      const rights = authorization.rights(client);
      return [rights.connect, rights.maySend("Open"), rights.mayBeSent("Told")];
    };
    assert.deepEqual([may(nobody), may(operator)], [forNobody, forOperator]);
  });
}

test("rules: a definition that came over the wire is not served unless each message has one", () => {
  const bare = { ...DOOR, rules: {} };
  const incomplete: readonly RuleOverrides[] = [{}, { connect: "all" }, { connect: "all", "receives Open": "all" }];
  for (const rules of incomplete) {
    assert.throws(() => new Authorization(bare, rules), { code: "invalid-argument", message: /no rule for/ });
  }
  assert.ok(new Authorization(bare, { "receives Open": "all", "sends Told": "all" }).rights(nobody).connect);
  assert.ok(!new Authorization(bare, { default: [] }).rights(nobody).connect);
});
