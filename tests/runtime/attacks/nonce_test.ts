/** What is to be had by the nonce that another session was asked for by. */

import assert from "node:assert/strict";
import * as kinds from "../../../runtime/wire/native/kinds.ts";
import { check } from "../../harness.ts";
import { enter, hello, open, OPEN_TO_ALL, until, vault, welcome, WHOLE } from "./lab.ts";

const NONCE = Uint8Array.from({ length: 16 }, (_, index) => index);

const OTHER = NONCE.map((byte, index) => index === 15 ? byte ^ 1 : byte);

const ASKS = { identity: "node-1", nonce: NONCE };

check("attacks: another's nonce opens a session of one's own, and leaves that", async (scope) => {
  const lab = await vault(scope, { rules: OPEN_TO_ALL });
  const { transportId } = await welcome(await lab.line(...enter("ada", ASKS)));
  for (const says of [enter("bob", ASKS), [hello({ hash: WHOLE }), open(ASKS)]]) {
    assert.notEqual((await welcome(await lab.line(...says))).transportId, transportId);
  }
  assert.deepEqual(lab.seen, ["in ada", "in bob", "in "]);
  assert.ok(lab.server.connections.has(transportId));
});

check(
  "attacks: among those who have shown nothing, only the nonce opens the session that it has begun",
  async (scope) => {
    const lab = await vault(scope, { rules: OPEN_TO_ALL });
    const line = (nonce: Uint8Array) => lab.line(hello({ hash: WHOLE }), open({ ...ASKS, nonce }));
    const { token, transportId } = await welcome(await line(NONCE));
    assert.equal((await (await line(OTHER)).end())?.code, "identity-in-use");
    const again = await welcome(await line(NONCE));
    // As if it were the first time: what the client does not know of, it does not go on with.
    assert.deepEqual([again.transportId, again.resumed, again.token], [transportId, undefined, token]);
    assert.deepEqual(lab.seen, ["in "]);
  },
);

check("attacks: a nonce opens nothing once its client has said anything, or received anything", async (scope) => {
  for (
    const [what, said] of [
      ["said", [4, kinds.MESSAGE, 0, 1, 0x78]],
      ["received", [5, kinds.ACK, 1, 0, 0, 0]],
    ] as const
  ) {
    const lab = await vault(scope, { messages: { Note() {}, Job: ({ name }) => ({ name }) } });
    const first = await lab.line(...enter("ada", ASKS));
    const { transportId } = await welcome(first);
    if (what === "received") {
      void lab.server.send(transportId, "Secret", { text: "one" });
      await first.frame(kinds.MESSAGE);
    }
    first.write([...said], [2, kinds.PING, 7]);
    await first.frame(kinds.PONG);
    const again = await welcome(await lab.line(...enter("ada", ASKS)));
    assert.equal(again.resumed, undefined);
    assert.notEqual(again.transportId, transportId, what);
    assert.equal((await first.end())?.code, "closed");
    await until("the first one is dropped", () => lab.seen.length === 3);
  }
});

check("attacks: a nonce that is used again, when its session has ended, begins another one", async (scope) => {
  const lab = await vault(scope);
  const ids = new Set<string>();
  for (let times = 1; times <= 3; times++) {
    const line = await lab.line(...enter("ada", ASKS));
    ids.add((await welcome(line)).transportId);
    line.write([4, kinds.CLOSE, 0, 0, 0]);
    await until("it has ended", () => line.ended);
  }
  assert.equal(ids.size, 3);
});

check("attacks: who would end a session, and does not show that it is there, ends nothing", async (scope) => {
  const lab = await vault(scope);
  const own = await lab.line(...enter("ada", { identity: "node-1" }));
  const { transportId } = await welcome(own);
  for (const answers of [[], [2, kinds.PONG, 0], [2, kinds.PONG, 1]]) {
    const late = await lab.line();
    late.isSilent = true;
    late.write(...enter("ada", { identity: "node-1" }), answers);
    await late.frame(kinds.PING);
    // What its client has called off is no fault of it.
    late.write([4, kinds.CLOSE, 0, 0, 0]);
    assert.equal((await late.end())?.code, "cancelled");
  }
  assert.ok(lab.server.connections.has(transportId));
  assert.deepEqual(lab.seen, ["in ada"]);
});

check("attacks: who calls off an OPEN that was passed over is blamed for nothing", async (scope) => {
  const lab = await vault(scope, { rules: OPEN_TO_ALL });
  const stale = WHOLE.map((byte) => byte ^ 1);
  const line = await lab.line(hello({ hash: stale }), open({ identity: "node-1" }), [4, kinds.CLOSE, 0, 0, 0]);
  assert.equal((await line.end())?.code, "cancelled");
  assert.deepEqual(lab.seen, []);
});
