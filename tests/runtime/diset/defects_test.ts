/**
 * What the original does wrong, and a service of Holdfast's does not, though it speaks to the same clients.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { parse } from "../../../mod.ts";
import { check } from "../../harness.ts";
import { lab, refused, SUCCESS, UNAUTHORIZED } from "./lab.ts";
import { json } from "./peer.ts";

const PONG = /"name": "Pong"/;

check("rules do not lose their words: who is refused once is refused each time", async (scope) => {
  const { join } = await lab(
    scope,
    {},
    parse(`
    Ping < id: int|long >  Pong < id: int|long >
    service Framework/PingPong { connect < > auth group:lab_admin  receives Ping auth group:lab_admin  sends Pong auth vo:labvo }
  `),
  );
  for (let attempt = 0; attempt < 4; attempt++) {
    const peer = await join(attempt % 2 === 0 ? "dip" : "dips");
    peer.propose();
    assert.deepEqual(await peer.rest(), [UNAUTHORIZED]);
  }
});

check("a stranger that names a group borrows nothing of it", async (scope) => {
  const seen: unknown[] = [];
  const { join } = await lab(scope, {
    registry: () => ({ name: "alice", group: "lab_admin", properties: ["CSAdministrator"] }),
    onConnect: ({ principal }) => void seen.push(principal),
  });
  await (await join("dip")).join({ credentials: "lab_admin" });
  assert.deepEqual(seen, [
    { method: "none", subject: "", issuer: "", authenticated: false, properties: [], limited: false },
  ]);
});

check("a module that a frame names is not imported, and its class not made", async (scope) => {
  const { join, log } = await lab(scope);
  const name = `data:text/javascript,globalThis.${"wasImported"}=true`;
  const payload = `{"__dCls": "Thing", "__dMod": ${JSON.stringify(name)}, "obj": {}}`;
  for (const stage of [0, 1, 2]) {
    const peer = await join("dip");
    if (stage > 0) {
      peer.propose();
      assert.equal(await peer.next(), SUCCESS);
    }
    if (stage > 1) {
      peer.introduce();
      assert.equal(await peer.next(), SUCCESS);
    }
    peer.write(json(`{"OK": true, "Value": ["x", ${payload}]}`));
    const answer = (await peer.rest()).at(-1);
    assert.match(answer!, /"OK": false/);
  }
  assert.ok(!("wasImported" in globalThis));
  assert.ok(log.every(({ level }) => level !== "error"));
});

for (const [what, bytes] of [["that is no dictionary", "6:[1, 2]"], ["of a length of ten digits", "0000000079:"]]) {
  check(`a frame ${what} ends the connection it came over, and makes nobody else deaf`, async (scope) => {
    const { join } = await lab(scope);
    const [bad, good] = [await join("dip"), await join("dip")];
    await bad.join({}, "bad");
    await good.join({}, "good");
    bad.write(bytes!);
    assert.match((await bad.rest()).at(-1)!, /"OK": false/);
    good.message("Ping", [1]);
    assert.match(await good.nextOther(), PONG);
  });
}

check("of frames that arrive together, none waits for more to arrive", async (scope) => {
  const { join } = await lab(scope);
  for (const way of ["dip", "dips"] as const) {
    const peer = await join(way);
    await peer.join({}, way);
    const ping = json('{"OK": true, "Value": {"request": true, "name": "Ping", "attrs": [false, [1]]}}');
    peer.write(ping.repeat(5));
    for (let i = 0; i < 5; i++) assert.match(await peer.nextOther(), PONG);
  }
});

check("a frame that has come in part makes nobody else wait", async (scope) => {
  const { join } = await lab(scope);
  const [slow, quick] = [await join("dip"), await join("dip")];
  await slow.join({}, "slow");
  slow.write("79:{");
  await quick.join({}, "quick");
  quick.message("Ping", [1]);
  assert.match(await quick.nextOther(), PONG);
});

check("a new connection is not deaf while another is idle", async (scope) => {
  const { join } = await lab(scope);
  await (await join("dip")).join({}, "idle");
  for (let i = 0; i < 5; i++) {
    const peer = await join("dip");
    await peer.join({}, `new ${i}`);
    const start = Date.now();
    peer.message("Ping", [1]);
    assert.match(await peer.nextOther(), PONG);
    // The original looks for new ones once a second.
    assert.ok(Date.now() - start < 500);
  }
});

check("who is refused in onConnect has no session, and is not listened to", async (scope) => {
  let calls = 0;
  const { join, server, drops } = await lab(scope, {
    onConnect: () => Promise.reject(new Error("no")),
    messages: { Ping: () => void calls++ },
  });
  const peer = await join("dip");
  peer.propose();
  await peer.next();
  peer.introduce();
  peer.message("Ping", [1]);
  assert.equal((await peer.rest()).length, 1);
  assert.deepEqual([server.connections.size, drops.length, calls], [0, 0, 0]);
});

check("a proposal of two elements is answered, and does not stay open for ever", async (scope) => {
  const { join } = await lab(scope);
  const peer = await join("dip");
  peer.write(json('{"OK": true, "Value": [["Framework/PingPong", "Lab"], ["Connection", "new"]]}'));
  assert.deepEqual(await peer.rest(), [refused("Invalid action proposal")]);
});

check("a floating-point number of the older encoding is read exactly", async (scope) => {
  const seen: unknown[] = [];
  const { join } = await lab(
    scope,
    { messages: { Ping: ({ x }) => void seen.push(x) } },
    parse(`
    Ping < x: float >  service Framework/PingPong { auth all  receives Ping }
  `),
  );
  const peer = await join("dip");
  await peer.join();
  for (const text of ["1.2345e-07", "5e-324"]) {
    const frame = `ds2:OKb1s5:Valueds7:requestb1s4:names4:Pings5:attrslb0lf${text}eeeee`;
    peer.write(`${Buffer.byteLength(frame)}:${frame}`);
  }
  peer.write(json('{"OK": true, "Value": {"request": true, "name": "Ping", "attrs": [true, [1.5]], "id": 1}}'));
  await peer.nextOther();
  assert.deepEqual(seen, [1.2345e-7, 5e-324, 1.5]);
});
