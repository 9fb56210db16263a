/**
 * A service that speaks DISET, and clients that mean it ill: it lives, says so, and serves the others.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { setTimeout as sleep } from "node:timers/promises";
import { check } from "../../harness.ts";
import { type Lab, lab } from "./lab.ts";
import { type DisetPeer, json } from "./peer.ts";

const PONG = /"name": "Pong"|4:Pong/;

/** How far a client comes before it does harm. */
const STAGES: readonly { readonly name: string; come(peer: DisetPeer): Promise<void> }[] = [
  { name: "at once", come: async () => {} },
  {
    name: "after its proposal",
    async come(peer) {
      peer.propose();
      await peer.next();
    },
  },
  { name: "once it is let in", come: (peer) => peer.join({}, "hostile") },
];

/** What the harm is; the connection is to end in each case. */
const HARM: Readonly<Record<string, string | Uint8Array>> = {
  "a length of 999,999,999": "999999999:{",
  "a length that goes on": "1".repeat(1_000),
  "a length below 0": "-5:hello",
  "the native protocol": new Uint8Array([40, 1, 1, 1, ...Array.from({ length: 38 }, (_, i) => i)]),
  "a web browser": "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
  "JSON without end": json(`{"OK": true, "Value": ${"[".repeat(5_000)}`),
  "DEncode without end": json("l".repeat(5_000)),
  "a million items": json(`{"OK": true, "Value": [${"1,".repeat(7_000)}1]}`),
  "a number of 5,000 digits": json(`{"OK": true, "Value": ${"9".repeat(5_000)}}`),
  "a keep-alive that is none": `dka${json('{"OK": true, "Value": 1}')}`,
  "half a keep-alive": "dkx",
  "a keep-alive of thousands of lists": `dka${
    json(`{"OK": true, "Value": {"kaping": true, "id": [${"[],".repeat(5_000)}1]}}`)
  }`,
  "a message to be acknowledged by thousands of lists": json(
    `{"OK": true, "Value": {"request": true, "name": "Ping", "attrs": [false, [1]], "id": [${"[],".repeat(5_000)}1]}}`,
  ),
};

/** Whoever comes now is served. */
async function assertServes({ join }: Lab): Promise<void> {
  for (const way of ["dip", "dips"] as const) {
    const peer = await join(way);
    await peer.join({}, `good ${way}`);
    peer.message("Ping", [1]);
    assert.match(await peer.nextOther(), PONG);
    peer[Symbol.dispose]();
  }
}

for (const { come, name } of STAGES) {
  check(`service: harm done ${name} ends that line and is told; the others are served`, async (scope) => {
    const own = await lab(scope, { limits: { failures: Infinity, handshakeTimeout: 500 } });
    const witness = await own.join("dip");
    await witness.join({}, "witness");
    for (const [what, bytes] of Object.entries(HARM)) {
      for (const way of ["dip", "dips"] as const) {
        const peer = await own.join(way);
        await come(peer);
        peer.write(bytes);
        const answers = await peer.rest();
        // What does not begin as DISET does, on the port of both, is refused by the native protocol.
        if (way === "dip" || name !== "at once") assert.match(answers.at(-1) ?? "", /^\d+:\{"OK": false/, what);
      }
    }
    witness.message("Ping", [1]);
    assert.match(await witness.nextOther(), PONG);
    assert.equal(own.server.connections.size, 1);
    assert.ok(
      own.log.every(({ level }) => level !== "error"),
      JSON.stringify(own.log.find(({ level }) => level === "error")),
    );
    await assertServes(own);
  });

  check(`service: who breaks off ${name}, at any byte, leaves nothing behind`, async (scope) => {
    const own = await lab(scope, { limits: { failures: Infinity } });
    const frame = json('{"OK": true, "Value": {"request": true, "name": "Ping", "attrs": [false, [7]]}}');
    for (let size = 0; size <= frame.length; size += 5) {
      for (const way of ["dip", "dips"] as const) {
        const peer = await own.join(way);
        await come(peer);
        peer.write(frame.slice(0, size));
        if (size % 2 === 0) peer.socket.end();
        else peer.socket.destroy();
      }
    }
    while (own.server.connections.size > 0) await sleep(10);
    await assertServes(own);
  });
}

for (const way of ["dip", "dips"] as const) {
  for (
    const [what, words] of [
      ["says nothing", ""],
      ["says one byte", "9"],
      ["says half of its proposal", '97:{"OK": true'],
      ["asks for signs of life only", `dka${json('{"OK": true, "Value": {"id": 1, "kaping": true}}')}`],
      [
        "does not introduce itself",
        json('{"OK": true, "Value": [["Framework/PingPong", "Lab"], ["Connection", "new"], ""]}'),
      ],
      [
        "does not give its call's arguments",
        json('{"OK": true, "Value": [["Framework/PingPong", "Lab"], ["RPC", "ping"], ""]}'),
      ],
    ] as const
  ) {
    check(`handshakeTimeout: over ${way}, who ${what} is ended in time`, async (scope) => {
      const { join } = await lab(scope, { limits: { handshakeTimeout: 200 } });
      const start = Date.now();
      const peer = await join(way);
      // Drop by drop, so that it is never silent for long.
      for (const byte of words) peer.write(byte);
      await peer.rest();
      assert.ok(Date.now() - start < 2_000);
    });
  }
}

check("service: keep-alives before anything else are not answered for ever", async (scope) => {
  const { join } = await lab(scope);
  const peer = await join("dip");
  peer.write(`dka${json('{"OK": true, "Value": {"id": "x", "kaping": true}}')}`.repeat(200));
  const answers = await peer.rest();
  assert.equal(answers.filter((one) => one.startsWith("dka")).length, 100);
  assert.match(answers.at(-1)!, /Invalid action proposal/);
});

const LONG_ID = "x".repeat(1_000);

check(
  "service: of keep-alives whose answers are not read, those are answered that fit into the bounds",
  async (scope) => {
    const own = await lab(scope, { limits: { window: 64 * 1024, frame: 64 * 1024 } });
    const peer = await own.join("dip");
    await peer.join({}, "deaf");
    peer.socket.pause();
    const ask = `dka${json(`{"OK": true, "Value": {"id": "${LONG_ID}", "kaping": true}}`)}`;
    for (let i = 0; i < 40; i++) peer.write(ask.repeat(1_000));
    while (peer.socket.writableLength > 0) await sleep(10);
    await assertServes(own);
    let answered = 0;
    peer.socket.on("data", (chunk) => answered += chunk.length);
    peer.socket.resume();
    for (let before = -1; before < answered; await sleep(300)) before = answered;
    // What the system's buffers take is answered, too.
    assert.ok(answered > 0 && answered < 0.75 * 40_000 * ask.length, `${answered}`);
  },
);

check("service: who does not read its acknowledgements is not listened to, and harms nobody", async (scope) => {
  let handled = 0;
  const own = await lab(scope, {
    limits: { window: 64 * 1024, frame: 64 * 1024 },
    messages: {
      Ping({ id }, connection) {
        handled++;
        return connection.send("Pong", { id });
      },
    },
  });
  const peer = await own.join("dip");
  await peer.join({}, "deaf");
  peer.socket.pause();
  const words = `"request": true, "name": "Ping", "attrs": [false, [1]], "id": "${LONG_ID.repeat(8)}"`;
  for (let i = 0; i < 40; i++) peer.write(json(`{"OK": true, "Value": {${words}}}`).repeat(125));
  for (let before = -1; before !== handled; await sleep(500)) before = handled;
  // What the system's buffers take is handled, too.
  assert.ok(handled > 0 && handled < 0.75 * 5_000, `${handled}`);
  await assertServes(own);
});

check("service: bytes at random, at any stage, end at most the line they came over", async (scope) => {
  const own = await lab(scope, { limits: { failures: Infinity } });
  let state = 42;
  const random = (below: number) => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) % below;
  for (let round = 0; round < 150; round++) {
    const peer = await own.join(round % 10 === 0 ? "dips" : "dip");
    await STAGES[random(3)]!.come(peer);
    const frame = Buffer.from(
      json('{"OK": true, "Value": {"request": true, "name": "Ping", "attrs": [true, [7]], "id": 1}}'),
    );
    for (let changes = 1 + random(4); changes > 0; changes--) frame[random(frame.length)] = random(256);
    peer.write(frame);
    peer.write(frame.subarray(0, random(frame.length)));
    if (random(2) === 0) peer.socket.end();
    else setTimeout(() => peer.socket.destroy(), 5);
  }
  while (own.server.connections.size > 0) await sleep(10);
  assert.ok(own.log.every(({ level }) => level !== "error"));
  await assertServes(own);
});

check("service: halves of characters, which DEncode can't say, harm nobody", async (scope) => {
  const own = await lab(scope, { diset: { encoding: "dencode", plain: {} }, limits: { failures: Infinity } });
  const half = "\\ud83d";
  const ask = (service: string, type: string, action: string) =>
    json(`{"OK": true, "Value": [["${service}", "Lab"], ["${type}", "${action}"], ""]}`);
  for (const words of [ask(half, "RPC", "ping"), ask("Framework/PingPong", half, "ping")]) {
    const peer = await own.join("dip");
    peer.write(words);
    assert.match((await peer.rest())[0]!, /\ufffd/);
  }
  const caller = await own.join("dip");
  caller.write(ask("Framework/PingPong", "RPC", half));
  await caller.next();
  caller.args();
  assert.match((await caller.rest())[0]!, /Unknown method \ufffd/);
  for (const words of [`"name": "${half}"`, `"name": "Ping", "id": "${half}"`]) {
    const peer = await own.join("dip");
    await peer.join({}, words);
    peer.write(json(`{"OK": true, "Value": {"request": true, "attrs": [false, [1]], ${words}}}`));
    assert.match((await peer.rest())[0]!, /OKb0/);
  }
  await assertServes(own);
});
