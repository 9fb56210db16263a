import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { HoldfastError } from "../../../../runtime/errors.ts";
import { decodePayload, encodePayload } from "../../../../runtime/wire/diset/encodings.ts";
import {
  connectResult,
  proposalResult,
  readCallArguments,
  readConnectAnswer,
  readConnectArguments,
  readProposal,
  readProposalAnswer,
} from "../../../../runtime/wire/diset/handshake.ts";
import { Dict, type PyValue } from "../../../../runtime/wire/diset/python.ts";
import { failure, readResult, REFUSALS, success, unauthorizedResult } from "../../../../runtime/wire/diset/results.ts";
import { recordedFrames, WIDE } from "./captures.ts";
import { plain } from "./plain.ts";

/** What a payload holds that is JSON. */
function parsed(json: string): PyValue {
  return decodePayload(Buffer.from(json), WIDE).value;
}

const PROPOSAL = {
  service: "Framework/Lab",
  setup: "Lab",
  vo: "labvo",
  type: "Connection",
  action: "new",
  credentials: "",
  version: "9.0.0a31",
};

/** A proposal of these parts, as JSON. */
function proposal(...parts: readonly string[]): PyValue {
  return parsed(`{"OK": true, "Value": [${parts.join(", ")}]}`);
}

const TARGET = '["Framework/Lab", "Lab", "labvo"]';
const ACTION = '["Connection", "new"]';

/** The code and text that a call throws. */
function thrown(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    assert.ok(error instanceof HoldfastError);
    return `${error.code}: ${error.message}`;
  }
  return "nothing";
}

describe("readProposal", () => {
  test("reads what proposalResult makes, with and without what may be missing", () => {
    const { vo: _, ...withoutVo } = PROPOSAL;
    const { version: __, ...withoutVersion } = PROPOSAL;
    const delegated = { ...PROPOSAL, credentials: { subject: "/C=XX/O=Lab/CN=Ada User", group: "lab_user" } };
    for (const made of [PROPOSAL, withoutVo, withoutVersion, delegated, { ...PROPOSAL, credentials: "hosts" }]) {
      assert.deepEqual(readProposal(proposalResult(made)), made);
    }
  });

  test("takes tuples, and passes over what is too much", () => {
    const tuples = decodePayload(Buffer.from("ds2:OKb1s5:Valuetts1:as1:bets1:cs1:des0:ee"), WIDE);
    assert.equal(readProposal(tuples.value).service, "a");
    assert.deepEqual(readProposal(proposal(TARGET, ACTION, '""', '"9.0.0a31"', "1")), PROPOSAL);
  });

  test("refuses all else with the original's text, and falls over nothing", () => {
    const values = [
      proposal(),
      proposal(TARGET, ACTION), // the original never answers this
      parsed("[1, 2, 3]"), // this either
      parsed('{"OK": true, "Value": {}}'),
      parsed('{"OK": true, "Value": null}'),
      proposal('["Framework/Lab"]', ACTION, '""'),
      proposal('["Framework/Lab", "Lab", "labvo", "more"]', ACTION, '""'),
      proposal('["Framework/Lab", 1]', ACTION, '""'),
      proposal('"Framework/Lab"', ACTION, '""'),
      proposal(TARGET, '["Connection"]', '""'),
      proposal(TARGET, '"Connection"', '""'),
      proposal(TARGET, ACTION, "null"),
      proposal(TARGET, ACTION, '["only one"]'),
      proposal(TARGET, ACTION, '["two", 2]'),
    ];
    for (const value of values) assert.equal(thrown(() => readProposal(value)), "protocol: Invalid action proposal");
    assert.equal(thrown(() => readProposal(failure("x"))), "protocol: Invalid action proposal");
    assert.equal(thrown(() => readProposal(parsed("{}"))), "protocol: Invalid action proposal");
  });
});

test("REFUSALS, failure: are what the original answers", () => {
  const recorded = new Set<string>();
  for (const { note, bytes, from } of recordedFrames()) {
    if (!note.startsWith("error result") || from !== "real service") continue;
    const { value } = decodePayload(bytes.subarray(bytes.indexOf(0x3a) + 1), WIDE);
    const result = readResult(value);
    assert.ok(!result.ok);
    recorded.add(result.message);
    if (result.callStack === undefined) assert.deepEqual(plain(value), plain(failure(result.message, result.number)));
    else assert.ok(result.callStack.length > 0 && /^x+$/.test(result.callStack[0]!));
  }
  const texts = [
    REFUSALS.invalidProposal,
    REFUSALS.unknownService("Framework/Lab"),
    REFUSALS.unknownActionType("Nope"),
    REFUSALS.unknownConnectionMethod("sideways"),
    REFUSALS.unknownMethod("nothingLikeIt"),
    REFUSALS.argumentCount(2),
    REFUSALS.argumentType(0),
    REFUSALS.argumentType(1),
    REFUSALS.failedServing("new", "boom in conn_new"),
  ];
  for (const text of texts) assert.ok(recorded.has(text), text);
  const unauthorized = readResult(unauthorizedResult());
  assert.ok(!unauthorized.ok && unauthorized.number === 1111 && recorded.has(unauthorized.message));
});

describe("readConnectArguments", () => {
  test("reads what connectResult makes", () => {
    const args = Dict.of([["name", "worker-1"], ["slots", 4]]);
    const read = readConnectArguments(connectResult({ identity: "me", args }));
    assert.equal(read.identity, "me");
    assert.deepEqual(plain(read.args), plain(args));
  });

  test("refuses all else with the original's text", () => {
    const cases: readonly (readonly [string, string])[] = [
      ["[1, {}]", "Invalid type for argument 0"],
      ['["id", []]', "Invalid type for argument 1"],
      ['["id"]', "Expected 2 arguments"],
      ['["id", {}, 1]', "Expected 2 arguments"],
      ['{"a": 1}', "Expected 2 arguments"],
      ['"xy"', "Invalid type for argument 1"],
      // The original tells here of its handler's parameters.
      ["null", "Expected 2 arguments"],
      ["[]", "Expected 2 arguments"],
      ["5", "Expected 2 arguments"],
    ];
    for (const [value, text] of cases) {
      const result = parsed(`{"OK": true, "Value": ${value}}`);
      assert.equal(thrown(() => readConnectArguments(result)), `invalid-message: ${text}`);
    }
    assert.equal(thrown(() => readConnectArguments(failure("never mind"))), "refused: never mind");
    assert.match(thrown(() => readConnectArguments(parsed("[]"))), /^protocol: /);
  });
});

test("readProposalAnswer: a success lets in, whatever its value; an error is the peer's", () => {
  assert.deepEqual(readProposalAnswer(success()), { delegation: false });
  assert.deepEqual(readProposalAnswer(parsed('{"OK": true, "Value": {"delegate": "PEM"}}')), { delegation: true });
  assert.equal(thrown(() => readProposalAnswer(failure("refused by the script"))), "refused: refused by the script");
  assert.match(thrown(() => readProposalAnswer(unauthorizedResult())), /^unauthorized: /);
  assert.doesNotThrow(() => readConnectAnswer(parsed('{"OK": true, "Value": {"ignored": "value"}}')));
  assert.throws(() => readConnectAnswer(failure("no")), { remote: true });
});

test("readCallArguments: a list or a tuple", () => {
  assert.deepEqual(readCallArguments(parsed('{"OK": true, "Value": ["hi", 1]}')), ["hi", 1]);
  assert.match(thrown(() => readCallArguments(success("hi"))), /^protocol: /);
});

describe("readResult", () => {
  test("needs OK, and then a value or a message", () => {
    const results = [
      "[]",
      "null",
      '"OK"',
      "{}",
      '{"OK": true}',
      '{"Value": 1}',
      '{"OK": false}',
      '{"OK": false, "Message": 1}',
    ];
    for (const json of results) assert.match(thrown(() => readResult(parsed(json))), /^protocol: /, json);
    assert.deepEqual(readResult(parsed('{"Value": 1, "OK": 1}')), { ok: true, value: 1 });
    assert.deepEqual(readResult(parsed('{"OK": 0, "Message": "x"}')), { ok: false, number: 0, message: "x" });
    const odd = parsed('{"OK": null, "Message": "x", "Errno": "five", "CallStack": ["a", 1]}');
    assert.deepEqual(readResult(odd), { ok: false, number: 0, message: "x", callStack: ["a"] });
  });

  test("reads what success and failure make", () => {
    assert.deepEqual(readResult(success([1])), { ok: true, value: [1] });
    assert.deepEqual(readResult(failure("no", 7)), { ok: false, number: 7, message: "no" });
    assert.equal(Buffer.from(encodePayload(success(), "json")).toString(), '{"OK": true, "Value": null}');
  });
});
