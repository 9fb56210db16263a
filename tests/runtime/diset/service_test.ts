/**
 * A service that speaks DISET, as its clients see it on their way in: byte for byte as it was recorded of the original,
 * but for call stacks, and where that would leave the client without a word.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Failure } from "../../../mod.ts";
import { check } from "../../harness.ts";
import { lab, refused, SUCCESS, UNAUTHORIZED } from "./lab.ts";
import { json } from "./peer.ts";

const PROPOSAL = json(
  '{"OK": true, "Value": [["Framework/PingPong", "Lab", "labvo"], ["Connection", "new"], "", "9.0.0a31"]}',
);
const ARGUMENTS = json('{"OK": true, "Value": ["dea1ab7f87b4b01350be6d33c264d8a8", {}]}');
const PING = '79:{"OK": true, "Value": {"request": true, "name": "Ping", "attrs": [false, [7]]}}';
const PONG = '79:{"OK": true, "Value": {"request": true, "name": "Pong", "attrs": [false, [7]]}}';

for (const way of ["dips", "dip"] as const) {
  check(`serve: over ${way}, the recorded client's bytes get the recorded service's`, async (scope) => {
    const { join } = await lab(scope);
    const peer = await join(way);
    peer.write(PROPOSAL);
    assert.equal(await peer.next(), SUCCESS);
    peer.write(ARGUMENTS);
    assert.equal(await peer.next(), SUCCESS);
    peer.write(PING);
    assert.equal(await peer.nextOther(), PONG);
  });

  check(`serve: over ${way}, all in one write, and all byte by byte`, async (scope) => {
    const { join } = await lab(scope);
    const everything = PROPOSAL + ARGUMENTS + PING + PING;
    for (const parts of [[everything], [...everything]]) {
      const peer = await join(way);
      for (const part of parts) {
        peer.write(part);
        if (parts.length > 1) await new Promise(setImmediate);
      }
      assert.deepEqual([await peer.next(), await peer.next()], [SUCCESS, SUCCESS]);
      assert.deepEqual([await peer.nextOther(), await peer.nextOther()], [PONG, PONG]);
    }
  });
}

check("serve: in DEncode, the same; a client of the other encoding is understood", async (scope) => {
  const { join } = await lab(scope, { diset: { encoding: "dencode", plain: {} } });
  for (const encoding of ["json", "dencode"] as const) {
    const peer = await join("dip", encoding);
    await peer.join();
    peer.message("Ping", [7]);
    assert.equal(await peer.nextOther(), "62:ds2:OKb1s5:Valueds7:requestb1s4:names4:Pongs5:attrslb0li7eeeee");
  }
});

const INVALID = "Invalid action proposal";

for (
  const [what, payload, answer] of [
    ["that is no encoding", "hello", INVALID],
    ["that is a list", "[1, 2, 3]", INVALID],
    ["that is an error", '{"OK": false, "Message": "x"}', INVALID],
    [
      "of two elements",
      '{"OK": true, "Value": [["Framework/PingPong", "Lab", "labvo"], ["Connection", "new"]]}',
      INVALID,
    ],
    [
      "for another service",
      '{"OK": true, "Value": [["Framework/Other", "Lab", "labvo"], ["Connection", "new"], ""]}',
      "Framework/Other is not up in this server",
    ],
    [
      "of a type that is not known",
      '{"OK": true, "Value": [["Framework/PingPong", "Lab", "labvo"], ["Nope", "new"], "", "9.0.0a31"]}',
      "Nope is not a known action type",
    ],
    ["of 16 KiB and more", `{"OK": true, "Value": "${"x".repeat(16 * 1024)}"}`, INVALID],
    ["that is too deep", `{"OK": true, "Value": ${"[".repeat(200)}${"]".repeat(200)}}`, INVALID],
  ] as const
) {
  check(`serve: a proposal ${what} is refused in the original's words`, async (scope) => {
    const { join, log } = await lab(scope);
    for (const way of ["dip", "dips"] as const) {
      const peer = await join(way);
      peer.write(json(payload));
      assert.deepEqual(await peer.rest(), [refused(answer)]);
    }
    assert.deepEqual(log.map(({ event }) => event), ["refused", "refused"]);
  });
}

for (
  const [what, value] of [
    ["without a version", '[["Framework/PingPong", "Lab", "labvo"], ["Connection", "new"], ""]'],
    ["without a VO", '[["Framework/PingPong", "Lab"], ["Connection", "new"], "", "9.0.0a31"]'],
    ["with a group", '[["Framework/PingPong", "Lab"], ["Connection", "new"], "lab_user", "9.0.0a31"]'],
    // Of one who has shown nothing, no word of that is believed, and none is needed.
    ["with who it speaks for", '[["Framework/PingPong", "Lab"], ["Connection", "new"], ["/CN=x", "lab"], "9.0.0a31"]'],
  ] as const
) {
  check(`serve: a proposal ${what} is taken`, async (scope) => {
    const { join } = await lab(scope);
    const peer = await join("dip");
    peer.write(json(`{"OK": true, "Value": ${value}}`));
    assert.equal(await peer.next(), SUCCESS);
    peer.introduce();
    assert.equal(await peer.next(), SUCCESS);
  });
}

for (
  const [value, answer] of [
    ["[1, {}]", "Invalid type for argument 0"],
    ['["id", []]', "Invalid type for argument 1"],
    ['["id"]', "Expected 2 arguments"],
    ['["id", {}, 1]', "Expected 2 arguments"],
    ['{"a": 1}', "Expected 2 arguments"],
    ['"xy"', "Invalid type for argument 1"],
    ["null", "Expected 2 arguments"],
    ["[]", "Expected 2 arguments"],
    [`["${"x".repeat(1025)}", {}]`, "Invalid type for argument 0"],
    ['["\\ud83d", {}]', "Invalid type for argument 0"],
  ] as const
) {
  check(`serve: connection arguments ${value.slice(0, 20)} are refused: ${answer}`, async (scope) => {
    const { join } = await lab(scope);
    const peer = await join("dip");
    peer.propose();
    await peer.next();
    peer.write(json(`{"OK": true, "Value": ${value}}`));
    assert.deepEqual(await peer.rest(), [refused(answer)]);
  });
}

check("serve: connection arguments that are an error end the line, and are not answered", async (scope) => {
  const { join } = await lab(scope);
  const peer = await join("dip");
  peer.propose();
  await peer.next();
  peer.write(json('{"OK": false, "Message": "never mind"}'));
  assert.deepEqual(await peer.rest(), []);
});

check("serve: another method of connecting is refused after its arguments", async (scope) => {
  const { join } = await lab(scope);
  const peer = await join("dip");
  peer.propose({ action: "sideways" });
  assert.equal(await peer.next(), SUCCESS);
  peer.introduce();
  assert.deepEqual(await peer.rest(), [refused("Invalid connection method sideways")]);
});

check("serve: the type Message gets its success, and then the end", async (scope) => {
  const { join } = await lab(scope);
  const peer = await join("dips");
  peer.propose({ type: "Message", action: "Ping" });
  assert.deepEqual(await peer.rest(), [SUCCESS]);
});

check("onConnect: gets the connect arguments and, as claims, what the client says of itself", async (scope) => {
  const seen: unknown[] = [];
  const { join } = await lab(scope, {
    onConnect: ({ diset, identity, principal: { method } }, args) => void seen.push(diset, identity, method, args),
  });
  const peer = await join("dip");
  peer.propose({ setup: "Other", vo: "othervo", version: "9.1.22" });
  await peer.next();
  peer.write(json('{"OK": true, "Value": ["Jürgen", {"a": [1, {"b": 2.5}], "name": "n"}]}'));
  assert.equal(await peer.next(), SUCCESS);
  assert.deepEqual(JSON.parse(JSON.stringify(seen)), [
    { setup: "Other", vo: "othervo", version: "9.1.22" },
    "Jürgen",
    "none",
    { a: [1, { b: 2.5 }], name: "n" },
  ]);
});

check("onConnect: a Failure is told; of another error, only where to find it", async (scope) => {
  const { join, drops, log } = await lab(scope, {
    onConnect(_, { name }) {
      throw name === "told" ? new Failure("Not today.") : new Error("The secret is 42.");
    },
  });
  const answers: string[] = [];
  for (const name of ["told", "hidden"]) {
    const peer = await join("dip");
    peer.propose();
    await peer.next();
    peer.write(json(`{"OK": true, "Value": ["id", {"name": "${name}"}]}`));
    answers.push(...await peer.rest());
  }
  assert.equal(answers[0], refused("Not today."));
  assert.match(answers[1]!, /"Server error while serving new: Internal error [0-9a-f]{8}\. /);
  assert.equal(answers.length, 2);
  assert.ok(log.some(({ incident }) => incident !== undefined && answers[1]!.includes(incident)));
  assert.deepEqual(drops, []);
});

check("serve: connect arguments that the definition does not know are refused", async (scope) => {
  const { join } = await lab(scope);
  const peer = await join("dip");
  peer.propose();
  await peer.next();
  peer.write(json('{"OK": true, "Value": ["id", {"nmae": "x"}]}'));
  const [answer, ...more] = await peer.rest();
  assert.match(answer!, /"OK": false.*nmae/);
  assert.deepEqual(more, []);
});

check("serve: who may not connect is told so, by number, and is told nothing else", async (scope) => {
  const { join } = await lab(scope, { rules: { connect: "group:lab_admin" } });
  for (const [type, action] of [["Connection", "new"], ["RPC", "ping"], ["Message", "Ping"]] as const) {
    const peer = await join("dip");
    peer.propose({ type, action });
    assert.deepEqual(await peer.rest(), [UNAUTHORIZED]);
  }
});

check("limits: of connections, one more is told that there are as many as may be", async (scope) => {
  const { join } = await lab(scope, { limits: { connections: 2 } });
  const first = await join("dip");
  await first.join();
  const second = await join("dips");
  await second.join({}, "another");
  for (const way of ["dip", "dips"] as const) {
    const peer = await join(way);
    peer.propose();
    assert.deepEqual(await peer.rest(), [refused("Maximum number of connections reached")]);
  }
  first.message("Ping", [7]);
  assert.equal(await first.nextOther(), PONG);
});

check("limits: of sessions, one more is told the same after its arguments", async (scope) => {
  const { join } = await lab(scope, { limits: { sessions: 1 } });
  await (await join("dip")).join();
  const peer = await join("dip");
  peer.propose();
  await peer.next();
  peer.introduce("another");
  assert.deepEqual(await peer.rest(), [refused("Maximum number of connections reached")]);
});

check("serve: after too many refusals an address has to wait", async (scope) => {
  const { join } = await lab(scope, { limits: { failures: 2 } });
  for (let i = 0; i < 2; i++) {
    const peer = await join("dip");
    peer.propose({ service: "Framework/Other" });
    await peer.rest();
  }
  const peer = await join("dip");
  peer.propose();
  await peer.next();
  peer.introduce();
  assert.match((await peer.rest())[0]!, /Too many attempts from this address/);
});
