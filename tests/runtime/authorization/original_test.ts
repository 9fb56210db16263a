/**
 * What DIRAC itself was recorded to decide (`testdata/original.jsonl`: its own code, asked directly): the same here, or
 * one of the differences that the documents name.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { type Definition, HoldfastError, parse, readRegistry } from "../../../mod.ts";
import { Authorization, type RuleOverrides } from "../../../runtime/authorization.ts";
import { Authenticator } from "../../../runtime/credentials.ts";
import { ANONYMOUS, type Principal } from "../../../runtime/principal.ts";
import { DIFFERENCES } from "./truth_table.ts";

/** How a caller came to DIRAC: `group` is that of its proxy, and it asks for more by "extra credentials". */
interface Came {
  readonly DN?: string;
  readonly group?: string;
  readonly extraCredentials?: string | readonly [dn: string, group: string];
}

interface Line {
  readonly scenario: string;
  readonly who: string;
  readonly credentials_in: Came;
  readonly rule: readonly string[] | string;
  readonly allowed: boolean;
  readonly section_holds: string;
  readonly query: string;
  readonly hard_coded: readonly string[] | string | false;
  readonly rule_used: readonly string[];
  readonly rule_before: readonly string[];
}

const LINES: readonly Line[] = readFileSync(new URL("./testdata/original.jsonl", import.meta.url), "utf8")
  .trimEnd().split("\n").map((line) => JSON.parse(line));

const of = (scenario: string) => LINES.filter((line) => line.scenario === scenario);

/** As that of the installation that was asked. */
const REGISTRY = readRegistry(`{
  "users": {
    "ada": { "certificates": ["/C=XX/O=Lab/CN=Ada User"] },
    "sue": { "certificates": ["/C=XX/O=Lab/CN=Sue Suspended"], "suspended": true },
  },
  "groups": {
    "lab_user": { "vo": "labvo", "users": ["ada", "sue"], "properties": ["NormalUser"] },
    "lab_admin": { "vo": "labvo", "users": ["ada"], "properties": ["CSAdministrator", "NormalUser"] },
  },
  "hosts": {
    "localhost": {
      "certificates": ["/C=XX/O=Lab/CN=localhost"],
      "properties": ["TrustedHost", "JobAdministrator"],
    },
  },
  "defaultGroups": ["lab_user"],
}`);

const DOOR: Definition = parse("Ping < > Other < > service Lab/Door { auth none receives Ping, Other }");

async function principalOf({ DN: subject, group, extraCredentials: wanted }: Came): Promise<Principal> {
  if (subject === undefined) return ANONYMOUS;
  const authenticator = new Authenticator({ certificates: undefined, tokens: undefined, registry: REGISTRY });
  const evidence = { method: "certificate", subject, issuer: "", ...(group !== undefined && { group }) } as const;
  return (await authenticator.lookUp(evidence, typeof wanted === "string" ? wanted : undefined)).principal;
}

/** Whether a client may send what has that rule; `undefined` where such a rule is an error. */
function decides(rule: Line["rule"], principal: Principal): boolean | undefined {
  try {
    return new Authorization(DOOR, { "receives Ping": rule }).rights(principal).maySend("Ping");
  } catch (error) {
    assert.ok(error instanceof HoldfastError && error.code === "invalid-argument");
    return undefined;
  }
}

/** What the documents say of DIRAC, and whose decisions that is about. */
const EXPLAINED: { readonly [dirac: string]: (line: Line, came: Came) => boolean } = {
  "an empty rule lets everybody in": ({ rule }) => rule.length === 0,
  "`any` is `all`": ({ rule }) => rule[0] === "any",
  "with one default VO, `vo:` lets in every group": ({ rule, scenario }) =>
    rule[0] === "vo:othervo" && scenario === "auth-rules",
  "for a trusted host that speaks for a user, restrictions are passed over": (_, { extraCredentials }) =>
    typeof extraCredentials === "object",
  "A host is one only if it asks for `hosts`": (_, { DN, extraCredentials }) =>
    DN?.endsWith("=localhost") === true && extraCredentials === undefined,
};

/** Those that are about more than a single decision, and have tests of their own. */
const ELSEWHERE = [
  "a method without a rule is open",
  "a rule written in the handler loses its restrictions the first time it is used",
  // In the registry's tests.
  "a stranger that names a group has that group's properties",
  "A stranger who names a group is given that group's properties",
  "The same subject may be a user's and a host's",
  "A subject goes with every authority",
  "A proxy's group goes before one that is asked for",
  "A trusted host may speak for a user",
  // In `truth_table_test.ts`.
  "a connection is judged by the words of all messages together",
];

test("the documents name each difference from DIRAC that a test knows, and a test knows each that they name", () => {
  assert.deepEqual([...Object.keys(EXPLAINED), ...ELSEWHERE].sort(), [...DIFFERENCES].sort());
});

for (const { who, credentials_in: came } of of("auth-callers")) {
  test(`DIRAC's decisions on "${who}" are ours, or are explained`, async () => {
    const principal = await principalOf(came);
    const lines = [...of("auth-rules"), ...of("auth-rules-no-default-vo")].filter((line) => line.who === who);
    assert.equal(lines.length, 23);
    for (const line of lines) {
      const reasons = Object.keys(EXPLAINED).filter((dirac) => EXPLAINED[dirac]!(line, came));
      if (decides(line.rule, principal) === line.allowed) continue;
      assert.notDeepEqual(reasons, [], `${JSON.stringify(line.rule)}: DIRAC says ${line.allowed}`);
    }
  });
}

test("each difference from DIRAC shows in its decisions", async () => {
  const callers = new Map(of("auth-callers").map(({ credentials_in, who }) => [who, credentials_in]));
  for (const [dirac, isAbout] of Object.entries(EXPLAINED)) {
    const differing = await Promise.all(
      [...of("auth-rules"), ...of("auth-rules-no-default-vo")].map(async (line) => {
        const came = callers.get(line.who)!;
        return isAbout(line, came) && decides(line.rule, await principalOf(came)) !== line.allowed;
      }),
    );
    assert.ok(differing.includes(true), dirac);
  }
});

test("which rule holds where several are given is decided as by DIRAC", () => {
  const sections: { readonly [holds: string]: RuleOverrides } = {
    "nothing": {},
    "Default=all; Message/Ping=NormalUser; Message/Default=CSAdministrator; Connection/Default=authenticated": {
      "receives Ping": "NormalUser",
      default: "CSAdministrator",
      connect: "authenticated",
    },
  };
  const actions: { readonly [query: string]: string } = {
    "Message/Ping": "receives Ping",
    "Message/Other": "receives Other",
    "Connection/Default": "connect",
  };
  let compared = 0;
  for (const { hard_coded, query, rule_used, section_holds } of of("auth-rule-lookup")) {
    const action = actions[query];
    // An RPC.
    if (action === undefined) continue;
    const words = typeof hard_coded === "string" ? hard_coded.split(", ") : hard_coded;
    const rules = words === false ? {} : { [action]: words };
    const others = Object.fromEntries(
      ["receives Ping", "receives Other"].filter((one) => one !== action).map((one) => [
        one,
        [],
      ]),
    );
    const make = () => new Authorization({ ...DOOR, rules: { ...others, ...rules } }, sections[section_holds]);
    if (rule_used.length === 0) {
      assert.throws(make, { code: "invalid-argument", message: /has no rule for "receives Ping"/ });
      continue;
    }
    compared++;
    for (const properties of [[], ["NormalUser"], ["CSAdministrator"]]) {
      for (const authenticated of [false, true]) {
        const principal = { ...ANONYMOUS, authenticated, properties };
        const rights = make().rights(principal);
        const may: boolean = action === "connect" ? rights.connect : rights.maySend(action.split(" ")[1]!);
        assert.equal(may, decides(rule_used, principal), `${query} with ${section_holds}`);
      }
    }
  }
  assert.equal(compared, 6);
});

test("a rule keeps its restrictions, however often it is used", () => {
  for (const { rule_before } of of("auth-rule-list-is-consumed")) {
    const one = new Authorization(DOOR, { "receives Ping": rule_before });
    const answers = [1, 2, 3].map((group) => one.rights({ ...ANONYMOUS, group: `${group}` }).maySend("Ping"));
    assert.deepEqual(answers, [false, false, false]);
  }
});
