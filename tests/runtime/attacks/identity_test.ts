/**
 * Who wants to be another: by its token, its session, its identity, or by what it has once said.
 */

import assert from "node:assert/strict";
import * as kinds from "../../../runtime/wire/native/kinds.ts";
import { issue, makeAuthority, makeProxy } from "../../certificates.ts";
import { check } from "../../harness.ts";
import { enter, hello, NETWORKS, open, OPEN_TO_ALL, outline, until, type Vault, vault, welcome, WHOLE } from "./lab.ts";

/** How far a client that has heard nothing has come. */
const START = { received: 0, oldest: 1 };

/** Somebody has a session by the name of `node-1`; its line is broken if `waits`. */
async function victim({ line, seen, log }: Vault, says: readonly Uint8Array[], waits: boolean) {
  const own = await line(...says);
  const { token, transportId } = await welcome(own);
  if (waits) {
    own.leave("destroy");
    await until("the line has ended", () => own.ended);
  }
  seen.length = log.length = 0;
  return { own, token, transportId };
}

for (const [network, make] of Object.entries(NETWORKS)) {
  for (const waits of [false, true]) {
    const state = waits ? "that waits" : "that is carried";

    check(
      `attacks: another's session token opens a session of one's own, and leaves that: a session ${state}, ${network}`,
      async (scope) => {
        const lab = await vault(scope, { rules: OPEN_TO_ALL }, make(scope));
        const { token, transportId } = await victim(lab, enter("ada", { identity: "node-1" }), waits);
        const former = { token, ...START };
        const theft = open({ identity: "node-1", former });
        for (
          const [who, says] of [
            ["bob", [hello({ token: "bob", hash: WHOLE }), theft]],
            ["root", [hello({ token: "root", hash: WHOLE }), theft]],
            ["", [hello({ hash: WHOLE }), theft]],
          ] as const
        ) {
          const thief = await lab.line(...says);
          const told = await welcome(thief);
          assert.equal(told.resumed, undefined);
          assert.notEqual(told.transportId, transportId);
          assert.notDeepEqual(told.token, token);
          assert.deepEqual([lab.seen.splice(0), lab.audit()], [[`in ${who}`], [`admitted ${who}`]]);
          lab.log.length = 0;
          assert.ok(lab.server.connections.has(transportId), "the victim's session is there");
          // Gone, so that the next has the name for itself.
          thief.write([4, kinds.CLOSE, 0, 0, 0]);
          await until("the thief has left", () => thief.ended);
          lab.seen.length = lab.log.length = 0;
        }
        // The victim goes on.
        const back = await lab.line(hello({ token: "ada", hash: WHOLE }), open({ identity: "node-1", former }));
        assert.equal((await welcome(back)).transportId, transportId);
        assert.deepEqual([lab.seen, lab.audit()], [[], ["resumed ada"]]);
      },
    );

    check(
      `attacks: the right client with a wrong session token ends it, and gets nothing: a session ${state}, ${network}`,
      async (scope) => {
        const lab = await vault(scope, {}, make(scope));
        const { own, token, transportId } = await victim(lab, enter("ada", { identity: "node-1" }), waits);
        const wrong = token.map((byte, index) => index === 31 ? byte ^ 1 : byte);
        const again = await lab.line(...enter("ada", { identity: "node-1", former: { token: wrong, ...START } }));
        const told = await welcome(again);
        assert.deepEqual([told.resumed, told.transportId === transportId], [undefined, false]);
        await until("the old one is gone", () => lab.seen.length === 2);
        assert.deepEqual(lab.seen.sort(), ["in ada", "out ada closed"]);
        assert.deepEqual(lab.audit(), ["ended ada closed", "admitted ada"]);
        if (!waits) assert.equal((await own.end())?.code, "closed");
      },
    );

    check(
      `attacks: who has shown nothing can't take, or end, that of another who has not: a session ${state}, ${network}`,
      async (scope) => {
        const lab = await vault(scope, { rules: OPEN_TO_ALL }, make(scope));
        const first = [hello({ hash: WHOLE }), open({ identity: "node-1" })];
        const { token, transportId } = await victim(lab, first, waits);
        for (const former of [undefined, { token: new Uint8Array(32), ...START }]) {
          const thief = await lab.line(
            hello({ hash: WHOLE }),
            open({ identity: "node-1", ...(former && { former }) }),
          );
          assert.equal((await thief.end())?.code, "identity-in-use");
        }
        assert.deepEqual([lab.seen, lab.audit()], [[], ["refused  identity-in-use", "refused  identity-in-use"]]);
        // Who shows something is somebody else from then on, whatever it has been before.
        const someone = await lab.line(...enter("bob", { identity: "node-1", former: { token, ...START } }));
        assert.equal((await welcome(someone)).resumed, undefined);
        assert.ok(lab.server.connections.has(transportId));
      },
    );
  }

  check(
    `attacks: who asks for another's identity hears what it hears of one that nobody has, ${network}`,
    async (scope) => {
      const lab = await vault(scope, {}, make(scope));
      const { transportId } = await victim(lab, enter("ada", { identity: "node-1" }), false);
      const heard: string[][] = [];
      for (const identity of ["node-1", "node-2"]) {
        for (const former of [undefined, { token: new Uint8Array(32), ...START }]) {
          const thief = await lab.line(...enter("bob", { identity, ...(former && { former }) }));
          const told = await welcome(thief);
          assert.deepEqual([told.identity, told.resumed], [identity, undefined]);
          const [{ body } = { body: new Uint8Array() }] = thief.frames;
          // But for what is random: the transport's id and the session's token.
          const same = new TextDecoder("latin1").decode(body).replace(told.transportId, "ID")
            .replace(new TextDecoder("latin1").decode(told.token), "TOKEN").replace("node-2", "node-1");
          heard.push([same, ...outline(thief.frames)]);
          thief.leave("destroy");
        }
      }
      for (const one of heard) assert.deepEqual(one, heard[0]);
      assert.ok(lab.server.connections.has(transportId));
      assert.deepEqual(lab.seen.filter((what) => what.includes("ada")), []);
    },
  );

  check(`attacks: a handshake that is said again with another's token is that other's, ${network}`, async (scope) => {
    const lab = await vault(scope, {}, make(scope));
    const recorded = open({ identity: "node-1" });
    const first = await lab.line(hello({ token: "ada", hash: WHOLE }), recorded);
    const { transportId } = await welcome(first);
    const second = await lab.line(hello({ token: "bob", hash: WHOLE }), recorded);
    assert.notEqual((await welcome(second)).transportId, transportId);
    // Word for word: a bearer token is whoever bears it. It ends the session, and that is heard and written down.
    const third = await lab.line(hello({ token: "ada", hash: WHOLE }), recorded);
    await welcome(third);
    assert.equal((await first.end())?.code, "closed");
    assert.deepEqual(lab.audit(), ["admitted ada", "admitted bob", "ended ada closed", "admitted ada"]);
  });

  check(`attacks: a resumption that is said again comes too late, ${network}`, async (scope) => {
    const lab = await vault(scope, { messages: { Note() {}, Job: ({ name }) => ({ name }) } }, make(scope));
    const { token } = await victim(lab, enter("ada", { identity: "node-1" }), true);
    const resumption = enter("ada", { identity: "node-1", former: { token, ...START } });
    const back = await lab.line(...resumption);
    const { transportId } = await welcome(back);
    // The service sends something, and hears that it has arrived.
    void lab.server.send(transportId, "Secret", { text: "one" });
    await back.frame(kinds.MESSAGE);
    back.write([5, kinds.ACK, 1, 0, 0, 0], [2, kinds.PING, 7]);
    await back.frame(kinds.PONG);
    const replay = await lab.line(...resumption);
    assert.equal((await replay.end())?.code, "timeout");
    assert.deepEqual(lab.audit(), ["resumed ada", "refused ada timeout"]);
    back.write([2, kinds.PING, 8]);
    await until("the client's own line goes on", () => back.told().filter((name) => name === "PONG").length === 2);
  });
}

check("attacks: a limited proxy does not go on with a session that a full one has begun", async (scope) => {
  const ca = await makeAuthority();
  const user = await issue({ of: ca, subject: "/C=ch/O=Lab/CN=ada" });
  const [full, limited] = [await makeProxy(user), await makeProxy(user, { limited: true })];
  const lab = await vault(scope, { clientCertificates: { ca: ca.own, proxies: "limited" } });
  const says = [hello({ hash: WHOLE }), open({ identity: "node-1" })] as const;
  const begin = async (certificate: typeof full) => await welcome(await lab.lineOf(certificate, ...says));
  const resume = async (certificate: typeof full, token: Uint8Array) =>
    (await welcome(
      await lab.lineOf(certificate, says[0], open({ identity: "node-1", former: { token, ...START } })),
    )).resumed;
  const { token } = await begin(limited);
  assert.ok(await resume(full, token), "what may do more goes on");
  const { token: more } = await begin(full);
  assert.ok(await resume(full, more));
  assert.equal(await resume(limited, more), undefined);
});

check("attacks: a session does not go on in another group, which onConnect has not seen", async (scope) => {
  const inquiries: (string | undefined)[] = [];
  const lab = await vault(scope, {
    registry: ({ subject, wanted = "users" }) => {
      inquiries.push(wanted);
      return { name: subject, group: wanted, properties: ["Operator"] };
    },
  });
  const enterAs = (wanted: string, token?: Uint8Array) => [
    hello({ token: "ada", hash: WHOLE, wanted }),
    open({ identity: "node-1", ...(token && { former: { token, ...START } }) }),
  ];
  const { token } = await welcome(await lab.line(...enterAs("users")));
  assert.ok((await welcome(await lab.line(...enterAs("users", token)))).resumed);
  assert.equal((await welcome(await lab.line(...enterAs("production", token)))).resumed, undefined);
  assert.deepEqual(inquiries, ["users", "users", "production"]);
  assert.deepEqual(lab.seen.filter((what) => what.startsWith("in")), ["in ada", "in ada"]);
});
