/**
 * Conversations with a service that speaks DISET: messages, acknowledgements, keep-alives, calls, ends.
 *
 * @module
 */

import assert from "node:assert/strict";
import { connect, Failure, parse } from "../../../mod.ts";
import { deferred } from "../../../runtime/promises.ts";
import { check } from "../../harness.ts";
import { lab, refused, SUCCESS } from "./lab.ts";
import { json } from "./peer.ts";

const pong = (id: number) =>
  json(`{"OK": true, "Value": {"request": true, "name": "Pong", "attrs": [false, [${id}]]}}`);
const acknowledged = (id: string) =>
  json(`{"OK": true, "Value": {"request": false, "id": ${id}, "result": {"OK": true, "Value": null}}}`);
const message = (words: string) => json(`{"OK": true, "Value": {${words}}}`);

for (
  const [what, frame, answers] of [
    ["without an id is not acknowledged", message('"request": true, "name": "Ping", "attrs": [true, [1]]'), [pong(1)]],
    [
      "with an id is acknowledged first, whatever it asks for",
      message('"request": true, "name": "Ping", "attrs": [false, [1]], "id": "same"'),
      [acknowledged('"same"'), pong(1)],
    ],
    [
      "is acknowledged under an id of any type",
      message('"request": true, "name": "Ping", "attrs": [true, [1]], "id": [1, {"a": 2.5}]'),
      [acknowledged('[1, {"a": 2.5}]'), pong(1)],
    ],
    ["may have more values than fields", message('"request": true, "name": "Ping", "attrs": [false, [1, "x"]]'), [
      pong(1),
    ]],
    ["is one whatever is true of `request`", message('"request": "yes", "name": "Ping", "attrs": [0, [1]]'), [pong(1)]],
    [
      "may be written without white space, and in any order",
      json('{"Value":{"attrs":[false,[1]],"name":"Ping","request":true},"OK":true}'),
      [pong(1)],
    ],
    ["takes true for a whole number", message('"request": true, "name": "Ping", "attrs": [false, [true]]'), [pong(1)]],
    [
      "that answers what nobody asked is passed over",
      message('"request": false, "id": "x", "result": {"OK": true, "Value": 1}'),
      [],
    ],
  ] as const
) {
  check(`service: a message ${what}`, async (scope) => {
    const { join } = await lab(scope);
    const peer = await join("dip");
    await peer.join();
    peer.write(frame);
    peer.message("Ping", [77]);
    for (const answer of [...answers, pong(77)]) assert.equal(await peer.nextOther(), answer);
  });
}

check("service: numbers keep all of their digits, both ways", async (scope) => {
  const { join } = await lab(scope);
  const peer = await join("dip");
  await peer.join();
  for (const id of [2n ** 53n + 1n, -(10n ** 300n)]) {
    peer.message("Ping", [id]);
    assert.equal(
      await peer.nextOther(),
      json(`{"OK": true, "Value": {"request": true, "name": "Pong", "attrs": [false, [${id}]]}}`),
    );
  }
});

check("service: keep-alives are answered at any time, also before anything else, under any id", async (scope) => {
  const { join } = await lab(scope);
  const peer = await join("dips");
  const ask = async (id: string) => {
    const words = (kaping: boolean) => `dka${json(`{"OK": true, "Value": {"id": ${id}, "kaping": ${kaping}}}`)}`;
    peer.write(words(true));
    assert.equal(await peer.next(), words(false));
  };
  await ask('"4f2a912f6903600cf4864b612e5382530"');
  peer.propose();
  assert.equal(await peer.next(), SUCCESS);
  await ask("[1]");
  peer.introduce();
  assert.equal(await peer.next(), SUCCESS);
  await ask('{"a": null}');
  peer.write(`dka${json('{"OK": true, "Value": {"id": "unasked", "kaping": false}}')}`);
  peer.message("Ping", [1]);
  assert.equal(await peer.nextOther(), pong(1));
});

const UNKNOWN = "The definition has no message ";

for (
  const [what, frame, answer] of [
    ["of an unknown name", message('"request": true, "name": "Nope", "attrs": [false, []]'), `${UNKNOWN}\\"Nope\\".`],
    ["without a name", message('"request": true, "attrs": [false, []]'), "A frame is a message without a name."],
    ["that has no value", json('{"OK": true, "Value": null}'), "A frame is neither a message nor an acknowledgement."],
    ["that is no result", json("[1, 2]"), undefined],
    ["that is no encoding", "4:nope", undefined],
    ["of no bytes", "0:", "There is no frame: it begins with its length in digits and a colon."],
    ["of too few values", message('"request": true, "name": "Ping", "attrs": [false, []]'), undefined],
    ["of a wrong type", message('"request": true, "name": "Ping", "attrs": [false, ["x"]]'), undefined],
    ["whose values are one", message('"request": true, "name": "Ping", "attrs": [false]'), undefined],
    [
      "that the service sends",
      message('"request": true, "name": "Pong", "attrs": [false, [1]]'),
      "Pong is not for a service to receive.",
    ],
    [
      "that nobody handles",
      message('"request": true, "name": "Deaf", "attrs": [false, []]'),
      "Nobody handles Deaf here.",
    ],
    ["that fails", message('"request": true, "name": "Fail", "attrs": [false, []]'), "Not so."],
    ["that fails in another way", message('"request": true, "name": "Throw", "attrs": [false, []]'), undefined],
    [
      "that only others may send",
      message('"request": true, "name": "Restricted", "attrs": [false, []]'),
      `${UNKNOWN}\\"Restricted\\".`,
    ],
    [
      "that names a class",
      message('"request": true, "name": "Ping", "attrs": [false, [{"__dCls": "x", "__dMod": "os"}]]'),
      undefined,
    ],
    [
      "that is a bad keep-alive",
      `dka${json('{"OK": true, "Value": {"id": "x"}}')}`,
      "A frame is a keep-alive without id or direction.",
    ],
  ] as const
) {
  check(`service: a message ${what} is told as an error, and ends the connection, and no other`, async (scope) => {
    const { join, drops } = await lab(
      scope,
      {
        messages: {
          Ping: ({ id }, connection) => connection.send("Pong", { id }),
          Fail: () => Promise.reject(new Failure("Not so.")),
          Throw() {
            throw new Error("The secret is 42.");
          },
        },
      },
      parse(`
      Ping < id: int|long >  Pong < id: int|long >  Deaf < >  Fail < >  Throw < >  Restricted < >
      service Framework/PingPong {
        auth all
        receives Ping, Deaf, Fail, Throw
        receives Restricted auth group:others
        sends Pong
      }
    `),
    );
    const [peer, other] = [await join("dip"), await join("dip")];
    await peer.join();
    await other.join({}, "other");
    peer.write(frame);
    const [told, ...more] = (await peer.rest()).filter((one) => !one.startsWith("dka"));
    assert.match(told!, /^\d+:\{"OK": false, "Errno": 0, "Message": "/);
    if (answer !== undefined) assert.equal(told, refused(answer));
    assert.ok(!told!.includes("secret"));
    assert.deepEqual(more, []);
    other.message("Ping", [1]);
    assert.equal(await other.nextOther(), pong(1));
    assert.equal(drops.length, 1);
  });
}

check("service: an error from the client ends the connection, and is onDrop's reason", async (scope) => {
  const { join, drops } = await lab(scope);
  const peer = await join("dip");
  await peer.join();
  peer.write(json('{"OK": false, "Errno": 0, "Message": "The client has failed."}'));
  assert.deepEqual(await peer.rest(), []);
  assert.deepEqual(drops.map(({ reason }) => [reason.message, reason.remote]), [["The client has failed.", true]]);
});

check("service: what onConnect sends comes after the success, in order", async (scope) => {
  const { join } = await lab(scope, {
    onConnect(connection) {
      for (let id = 0; id < 3; id++) void connection.send("Pong", { id });
    },
  });
  for (const way of ["dip", "dips"] as const) {
    const peer = await join(way);
    await peer.join({}, way);
    for (let id = 0; id < 3; id++) assert.equal(await peer.nextOther(), pong(id));
  }
});

check("send: with acknowledge it settles when the client has acknowledged; an error rejects it", async (scope) => {
  const { join, server } = await lab(scope);
  const peer = await join("dips");
  await peer.join();
  const [connection] = server.connections.values();
  const sent = connection!.send("Pong", { id: 1 }, { acknowledge: true });
  const asking = await peer.nextOther();
  assert.equal(
    asking,
    json(
      '{"OK": true, "Value": {"request": true, "name": "Pong", "attrs": [true, [1]], "id": "Framework/PingPongMSB:0"}}',
    ),
  );
  peer.write(acknowledged('"Framework/PingPongMSB:0"'));
  await sent;
  const failing = connection!.send("Pong", { id: 2 }, { acknowledge: true });
  await peer.nextOther();
  peer.write(
    message('"request": false, "id": "Framework/PingPongMSB:1", "result": {"OK": false, "Errno": 0, "Message": "No."}'),
  );
  await assert.rejects(failing, /No\./);
});

check("handlers: the same serve native and DISET clients, and can push to both", async (scope) => {
  const { join, server, ca } = await lab(scope);
  const peer = await join("dip");
  await peer.join();
  await using client = await connect(server.url, { ca });
  const pongs = client.messages("Pong");
  assert.equal(server.broadcast("Pong", { id: 5 }), 2);
  assert.equal(await peer.nextOther(), pong(5));
  assert.deepEqual((await pongs.next()).value, { id: 5 });
  await client.send("Ping", { id: 6 });
  assert.deepEqual((await pongs.next()).value, { id: 6 });
  const claims = [...server.connections.values()].map(({ diset }) => diset?.version);
  assert.deepEqual(claims.toSorted(), ["9.0.0a31", undefined]);
});

check("requests: a DISET client's is answered by a message; it can't be sent one", async (scope) => {
  const { join, server } = await lab(
    scope,
    { messages: { Double: ({ value }) => ({ value: 2 * value }) } },
    parse(`
    Double < value: int >  Doubled < value: int >
    service Framework/PingPong { auth all  receives Double -> Doubled  sends Double -> Doubled }
  `),
  );
  const peer = await join("dip");
  await peer.join();
  peer.message("Double", [21]);
  assert.equal(
    await peer.nextOther(),
    json('{"OK": true, "Value": {"request": true, "name": "Doubled", "attrs": [false, [42]]}}'),
  );
  const [connection] = server.connections.values();
  assert.equal(connection!.takes("Double"), false);
  assert.throws(() => connection!.request("Double", { value: 1 }), { code: "incompatible" });
});

for (const way of ["dip", "dips"] as const) {
  check(`calls: over ${way}, ping, whoami and echo are answered, and end the line`, async (scope) => {
    const { join, server } = await lab(scope);
    const call = async (action: string, ...args: string[]) => {
      const peer = await join(way);
      peer.propose({ type: "RPC", action });
      assert.equal(await peer.next(), SUCCESS);
      peer.args(...args);
      const [answer, ...more] = await peer.rest();
      assert.deepEqual(more, []);
      return answer!;
    };
    assert.equal(await call("echo", "hello"), json('{"OK": true, "Value": "hello"}'));
    assert.equal(await call("nothingLikeIt"), refused("Unknown method nothingLikeIt"));
    assert.equal(await call("echo"), refused("Function echo expects at least 1 arguments"));
    assert.match(await call("ping", "x"), /Server error while serving ping: /);
    assert.match(await call("whoami"), /"username": "anonymous", "group": "visitor", "properties": \[\]/);
    const told = await call("ping");
    assert.match(told, /"time": \{"__dCls": "dt", "obj": "\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"\}/);
    assert.ok(
      told.includes(`"name": "Framework/PingPong", "URL": "${server.disetUrls[way === "dips" ? 0 : 1]}"`),
      told,
    );
    assert.equal(server.connections.size, 0);
  });
}

check("identity: the client that comes back under its name takes the place of its half-dead line", async (scope) => {
  const { join, drops, server } = await lab(scope);
  const [first, second] = [await join("dip"), await join("dip")];
  await first.join();
  await second.join();
  assert.deepEqual(await first.rest(), []);
  assert.equal(server.connections.size, 1);
  assert.deepEqual(drops.map(({ reason }) => reason.code), ["closed"]);
  second.message("Ping", [1]);
  assert.equal(await second.nextOther(), pong(1));
});

check("log: tells of a DISET client what it tells of any", async (scope) => {
  const { join, log, server } = await lab(scope);
  const peer = await join("dip");
  await peer.join({}, "me");
  const [connection] = server.connections.values();
  peer.message("Nope", []);
  await peer.rest();
  while (server.connections.size > 0) await new Promise(setImmediate);
  assert.deepEqual(log.map(({ event, identity, transportId }) => [event, identity, transportId]), [
    ["admitted", "me", connection!.transportId],
    ["ended", "me", connection!.transportId],
  ]);
  assert.ok(log.every(({ remote }) => remote?.endsWith(`:${connection!.remote.port}`)));
});

check("close: of the server, with a spread, lets DISET clients go within it", async (scope) => {
  const { join, server } = await lab(scope);
  const peers = [];
  for (const name of ["a", "b", "c"]) {
    const peer = await join("dip");
    await peer.join({}, name);
    peers.push(peer);
  }
  await server.close({ spread: 300, timeout: 60_000 });
  for (const peer of peers) assert.deepEqual(await peer.rest(), []);
});

check(
  "identity: who has to wait, as too many failed who came from there, ends no session of another",
  async (scope) => {
    const { join } = await lab(scope, { limits: { failures: 1 } });
    const first = await join("dip");
    await first.join();
    const failing = await join("dip");
    failing.propose({ service: "Framework/Other" });
    await failing.rest();
    const second = await join("dip");
    second.propose();
    await second.next();
    second.introduce();
    assert.match((await second.rest())[0]!, /Too many attempts/);
    first.message("Ping", [1]);
    assert.equal(await first.nextOther(), pong(1));
  },
);

check("identity: of a native client that has not shown who it is, the session stays its own", async (scope) => {
  const { join, server, ca } = await lab(scope);
  await using client = await connect(server.url, { ca, identity: "raw-client" });
  const peer = await join("dip");
  peer.propose();
  await peer.next();
  peer.introduce();
  assert.deepEqual(await peer.rest(), [refused("Another client has this name now: choose another one.")]);
  assert.equal(client.status.state, "open");
});

check("close: of a connection sends what was sent before, and no error; so does the server's", async (scope) => {
  const { join, server, drops } = await lab(scope);
  const [one, other] = [await join("dip"), await join("dips")];
  await one.join();
  const [connection] = server.connections.values();
  void connection!.send("Pong", { id: 1 });
  connection!.close();
  assert.deepEqual(await one.rest(), [pong(1)]);
  await other.join();
  await server.close();
  assert.deepEqual(await other.rest(), []);
  assert.deepEqual(drops.map(({ reason }) => reason.code), ["closed", "stopping"]);
});

check("close: of the server waits until what a DISET client has begun is done", async (scope) => {
  const gate = deferred<void>();
  const begun = deferred<void>();
  const { join, server } = await lab(scope, {
    messages: {
      async Ping({ id }, connection) {
        begun.resolve();
        await gate.promise;
        await connection.send("Pong", { id });
      },
    },
  });
  const peer = await join("dips");
  await peer.join();
  peer.message("Ping", [1]);
  await begun.promise;
  const closed = server.close();
  gate.resolve();
  assert.deepEqual(await peer.rest(), [pong(1)]);
  await closed;
});
