/**
 * Those who guess and probe: how often they may, what they learn, and what becomes of those beside them.
 */

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { hashShape } from "../../../idl/canonical.ts";
import { viewDefinition } from "../../../idl/view.ts";
import { deferred } from "../../../runtime/promises.ts";
import { encodeCredentials } from "../../../runtime/wire/native/handshake.ts";
import { DEFINITION, PING } from "../../../runtime/wire/native/kinds.ts";
import { issue, makeAuthority } from "../../certificates.ts";
import { check } from "../../harness.ts";
import type { RawPeer } from "../raw_peer.ts";
import { enter, hello, NETWORKS, open, OPEN_TO_ALL, readToken, until, VAULT, vault, welcome, WHOLE } from "./lab.ts";

const END = { received: 0, oldest: 1 };
const code = async (line: RawPeer) => (await line.end())?.code;

for (const [network, make] of Object.entries(NETWORKS)) {
  check(`attacks: who guesses tokens has to wait, and no more of them are looked at, ${network}`, async (scope) => {
    let looks = 0;
    const tokens = (token: string) => {
      looks++;
      return readToken(token);
    };
    const lab = await vault(scope, { tokens, limits: { failures: 3 } }, make(scope));
    for (let guess = 0; guess < 3; guess++) {
      assert.equal(await code(await lab.line(...enter(`guess ${guess}`))), "unauthorized");
    }
    for (const token of ["guess 3", "ada"]) assert.equal(await code(await lab.line(...enter(token))), "limit");
    assert.equal(looks, 3);
    assert.deepEqual(lab.audit(), [
      ...new Array<string>(3).fill("refused unauthorized"),
      ...new Array<string>(2).fill("refused limit"),
    ]);
    lab.pass(60_000);
    await welcome(await lab.line(...enter("ada")));
  });

  check(
    `attacks: beside one who guesses, sessions go on and come back, and nothing new begins, ${network}`,
    async (scope) => {
      const lab = await vault(scope, { rules: OPEN_TO_ALL, limits: { failures: 2 } }, make(scope));
      const own = await lab.line(...enter("ada", { identity: "node-1" }));
      const { token, transportId } = await welcome(own);
      for (let guess = 0; guess < 2; guess++) {
        assert.equal(await code(await lab.line(...enter(`guess ${guess}`))), "unauthorized");
      }
      assert.equal(await code(await lab.line(...enter("bob"))), "limit");
      assert.equal(await code(await lab.line(hello({ hash: WHOLE }), open())), "limit");
      own.leave("destroy");
      const back = await lab.line(...enter("ada", { identity: "node-1", former: { token, ...END } }));
      assert.equal((await welcome(back)).transportId, transportId);
    },
  );
}

check("attacks: who keeps a session to guess tokens beside it may not do so without end", async (scope) => {
  let looks = 0;
  const tokens = (token: string) => {
    looks++;
    return readToken(token);
  };
  const lab = await vault(scope, { tokens, rules: OPEN_TO_ALL, limits: { failures: 2 } });
  await welcome(await lab.line(hello({ hash: WHOLE }), open({ identity: "mallory" })));
  for (let guess = 0; guess < 50; guess++) await code(await lab.line(...enter(`guess ${guess}`)));
  assert.equal(looks, 20);
  assert.equal(await code(await lab.line(...enter("ada"))), "limit");
});

check("attacks: who guesses tokens on one session after another has to wait", async (scope) => {
  const lab = await vault(scope, { rules: OPEN_TO_ALL, limits: { failures: 3 } });
  const codes: (string | undefined)[] = [];
  for (let guess = 0; guess < 5; guess++) {
    const line = await lab.line(hello({ hash: WHOLE }), open());
    line.write(encodeCredentials(`guess ${guess}`));
    codes.push(await code(line));
  }
  assert.deepEqual(codes, ["unauthorized", "unauthorized", "unauthorized", "limit", "limit"]);
});

check("attacks: who shows certificates that are not good has to wait, and no more are looked at", async (scope) => {
  const [ca, other] = [await makeAuthority(), await makeAuthority()];
  const [ada, forged] = [await issue({ of: ca }), await issue({ of: other })];
  const lab = await vault(scope, { clientCertificates: { ca: ca.own }, limits: { failures: 2 } });
  const says = [hello({ hash: WHOLE }), open()];
  for (const expected of ["unauthorized", "unauthorized", "limit"]) {
    assert.equal(await code(await lab.lineOf(forged, ...says)), expected);
  }
  assert.equal(await code(await lab.lineOf(ada, ...says)), "limit");
});

/** What was told on a line: everything. */
async function allTold(line: RawPeer): Promise<string> {
  await line.end();
  return JSON.stringify(line.frames.map(({ kind, body }) => [kind, new TextDecoder().decode(body)]));
}

check("attacks: who is not let in can't find out what is served: every hash is answered alike", async (scope) => {
  const lab = await vault(scope, { limits: { failures: Infinity } });
  const view = viewDefinition(VAULT, (_direction, name) => name === "Note");
  // That there is such a view is known to who has it.
  await (await lab.line(hello({ token: "bob" }))).frame(DEFINITION);
  const told = new Set<string>();
  for (const hash of [undefined, WHOLE, hashShape(view.shape), new Uint8Array(32)]) {
    for (const token of [undefined, "mallory"]) {
      for (const says of [[], [open()], [new Uint8Array([3, 3, 1, 1])]]) {
        const line = await lab.line(hello({ ...(hash && { hash }), ...(token && { token }) }), ...says);
        told.add(await allTold(line));
      }
    }
  }
  assert.equal(told.size, 1, [...told].join("\n"));
  assert.match([...told][0]!, /unauthorized.*Not authorized\./);
});

check(
  "attacks: who is not let in learns whether a service has the name that it asks for, and no other name",
  async (scope) => {
    const lab = await vault(scope, { limits: { failures: Infinity } });
    for (const service of ["Lab/Vaul", "lab/vault", "Lab/Vault\0", "", "__proto__", "x".repeat(1_024)]) {
      const told = await allTold(await lab.line(hello({ service })));
      assert.match(told, /unknown-service/);
      assert.doesNotMatch(told, /Did you mean|"Lab\/Vault\\"|Secret|Note/, service);
    }
    // What was asked for is said in one line.
    assert.equal(await code(await lab.line(hello({ service: "x".repeat(1_025) }))), "limit");
    assert.ok(lab.log.every(({ error }) => !/[\n\0]/.test((error as Error).message)));
  },
);

check(
  "attacks: a check of tokens that never answers is asked no more often than there may be handshakes",
  async (scope) => {
    let looks = 0;
    const verified = deferred<void>();
    scope.cleanup(() => verified.resolve());
    const lab = await vault(scope, {
      async tokens(token) {
        if (token !== "ada") {
          looks++;
          await verified.promise;
        }
        return readToken(token);
      },
      limits: { handshakes: 4 },
    });
    const own = await lab.line(...enter("ada", { identity: "node-1" }));
    await welcome(own);
    const codes: (string | undefined)[] = [];
    for (let round = 0; round < 5; round++) {
      const lines = [];
      for (let i = 0; i < 4; i++) lines.push(await lab.line(...enter("bob")));
      await until("all are asked, or refused", () => looks >= 4);
      // To leave frees nobody: what is asked goes on.
      if (round === 0) lines[0]!.leave("destroy");
      own.write([2, PING, round]);
      await until("it is heard", () => own.told().filter((name) => name === "PONG").length === round + 1);
      lab.pass(10_000);
      for (const line of lines) codes.push(await code(line));
    }
    assert.equal(looks, 4);
    assert.deepEqual(codes.slice(0, 4), [undefined, "timeout", "timeout", "timeout"]);
    assert.deepEqual(codes.slice(4), new Array(16).fill("limit"));
    assert.equal(own.ended, false, "whoever is in stays in");
    verified.resolve();
    await pause(1);
    await welcome(await lab.line(...enter("root")));
  },
);

check(
  "attacks: an onConnect that never returns is called no more often than there may be handshakes",
  async (scope) => {
    const connecting = deferred<void>();
    scope.cleanup(() => connecting.resolve());
    const lab = await vault(scope, {
      onConnect: ({ principal }) => principal.subject === "ada" ? undefined : connecting.promise,
      limits: { handshakes: 3 },
    });
    await welcome(await lab.line(...enter("ada")));
    for (let round = 0; round < 4; round++) {
      const lines = [];
      for (let i = 0; i < 3; i++) lines.push(await lab.line(...enter("bob")));
      await until("all have been asked, or refused", () => lab.seen.length === 4);
      lab.pass(10_000);
      for (const line of lines) await line.end();
    }
    assert.deepEqual(lab.seen, ["in ada", "in bob", "in bob", "in bob"]);
    connecting.resolve();
    await until("onDrop has run", () => lab.seen.length === 7);
  },
);

check("attacks: a check of tokens that never answers does not keep a service from being closed", async (scope) => {
  const lab = await vault(scope, {
    tokens: (token) => token === "ada" ? readToken(token) : new Promise<never>(() => {}),
  });
  const own = await lab.line(...enter("ada"));
  await welcome(own);
  own.write(encodeCredentials("ada@later"));
  await lab.line(...enter("bob"));
  const closed = lab.server.close({ timeout: 1 });
  await pause(5);
  lab.pass(10_000);
  await closed;
});
