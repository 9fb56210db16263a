/**
 * CREDENTIALS on a live session, byte by byte: of another, of nobody, too many, too long.
 */

import assert from "node:assert/strict";
import { type Deferred, deferred } from "../../../runtime/promises.ts";
import { encodeCredentials } from "../../../runtime/wire/native/handshake.ts";
import * as kinds from "../../../runtime/wire/native/kinds.ts";
import { check } from "../../harness.ts";
import { rawFrame } from "../raw_peer.ts";
import { enter, hello, NETWORKS, open, OPEN_TO_ALL, readToken, until, vault, welcome, WHOLE } from "./lab.ts";

const START = { received: 0, oldest: 1 };
const NO_TOKEN = new Uint8Array(0);
const ANONYMOUS = [hello({ hash: WHOLE }), open()];

/** What one says who is in, the code of the CLOSE, and what the audit says of it. */
const ROWS: {
  readonly [what: string]: {
    readonly as?: readonly Uint8Array[];
    readonly says: Uint8Array;
    readonly code: string;
    readonly audit?: string;
  };
} = {
  "the token of another": {
    says: encodeCredentials("bob"),
    code: "unauthorized",
    audit: "denied ada renew unauthorized",
  },
  "the token of another, who may do more": {
    as: enter("bob"),
    says: encodeCredentials("root"),
    code: "unauthorized",
    audit: "denied bob renew unauthorized",
  },
  "a token, having shown nothing before": {
    as: ANONYMOUS,
    says: encodeCredentials("ada"),
    code: "unauthorized",
    audit: "denied  renew unauthorized",
  },
  "a token that there is not": {
    says: encodeCredentials("mallory"),
    code: "unauthorized",
    audit: "denied ada renew unauthorized",
  },
  "a token that has ended": {
    says: encodeCredentials("ada@1000"),
    code: "unauthorized",
    audit: "denied ada renew unauthorized",
  },
  "no token": { says: rawFrame(kinds.CREDENTIALS, [0]), code: "protocol" },
  "nothing": { says: rawFrame(kinds.CREDENTIALS, NO_TOKEN), code: "protocol" },
  "more than a token": { says: rawFrame(kinds.CREDENTIALS, [3, 97, 100, 97, 0]), code: "protocol" },
  "what is not UTF-8": { says: rawFrame(kinds.CREDENTIALS, [2, 0xc3, 0x28]), code: "protocol" },
  "what a service says": { says: rawFrame(kinds.CREDENTIALS, [0x80, 0x80, 0x04]), code: "limit" },
  "a token of more than 16 KiB": { says: encodeCredentials("a".repeat(16_385)), code: "limit" },
};

for (const [network, make] of Object.entries(NETWORKS)) {
  check(
    `attacks: CREDENTIALS that are not the client's own end its session, and make it nobody else, ${network}`,
    async (scope) => {
      const lab = await vault(scope, { rules: OPEN_TO_ALL, limits: { failures: Infinity } }, make(scope));
      for (const [what, { as = enter("ada"), says, code, audit }] of Object.entries(ROWS)) {
        lab.log.length = lab.seen.length = 0;
        const line = await lab.line(...as);
        const { transportId } = await welcome(line);
        const { principal } = lab.server.connections.get(transportId)!;
        line.write(says);
        const end = await line.end();
        assert.deepEqual([end?.kind, end?.code], ["CLOSE", code], what);
        if (code === "unauthorized") assert.equal(end!.text, "Not authorized.", "no more is told");
        await until("onDrop has run", () => lab.seen.length === 2);
        assert.deepEqual(lab.seen, [`in ${principal.subject}`, `out ${principal.subject} ${code}`], what);
        const [admitted, ...rest] = lab.audit();
        assert.equal(admitted, `admitted ${principal.subject}`);
        assert.deepEqual(rest, [...(audit === undefined ? [] : [audit]), `ended ${principal.subject} ${code}`], what);
      }
    },
  );
}

check(
  "attacks: a second CREDENTIALS before the answer to the first ends the session, and only one is looked at",
  async (scope) => {
    let looks = 0;
    const verified = deferred<void>();
    const lab = await vault(scope, {
      async tokens(token) {
        if (++looks > 1) await verified.promise;
        return readToken(token);
      },
    });
    const line = await lab.line(...enter("ada"));
    await welcome(line);
    const flood = Array.from({ length: 1_000 }, () => encodeCredentials("ada"));
    line.write(...flood);
    assert.equal((await line.end())?.code, "protocol");
    assert.equal(looks, 2);
    verified.resolve();
    await until("it is over", () => lab.seen.length === 2);
    // What was found out after the end is nobody's business any more.
    assert.deepEqual(lab.audit(), ["admitted ada", "ended ada protocol"]);
  },
);

check(
  "attacks: CREDENTIALS that are still looked at when their client is back over another line count no more",
  async (scope) => {
    const held: Deferred<void>[] = [];
    const lab = await vault(scope, {
      async tokens(token) {
        if (token.endsWith("1")) {
          const one = deferred<void>();
          held.push(one);
          await one.promise;
        }
        return readToken(token);
      },
    });
    const [first, second] = [Date.now() + 100_001, Date.now() + 200_000].map((at) => at - at % 10);
    const line = await lab.line(...enter(`ada@${second}`, { identity: "node-1" }));
    const { token, transportId } = await welcome(line);
    line.write(encodeCredentials(`ada@${first! + 1}`));
    await until("it is looked at", () => held.length === 1);
    const former = { token, ...START };
    const back = await lab.line(...enter(`ada@${second}`, { identity: "node-1", former }));
    await welcome(back);
    // There, newer ones may be shown at once.
    back.write(encodeCredentials(`ada@${second! + 2}`));
    await back.frame(kinds.CREDENTIALS);
    held[0]!.resolve();
    await back.write([2, kinds.PING, 1]).frame(kinds.PONG);
    assert.equal(lab.server.connections.get(transportId)!.principal.expires, second! + 2);
    assert.deepEqual(back.told().filter((name) => name === "CREDENTIALS"), ["CREDENTIALS"]);
  },
);

check("attacks: CREDENTIALS that can't be looked at change nothing, and tell of no reason", async (scope) => {
  let isDown = false;
  const lab = await vault(scope, {
    registry({ subject }) {
      if (isDown) throw new Error("The database is at db.lab.example, and down.");
      return { name: subject };
    },
  });
  const line = await lab.line(...enter("bob"));
  const { transportId } = await welcome(line);
  const { principal } = lab.server.connections.get(transportId)!;
  isDown = true;
  for (const token of ["bob", "root"]) {
    line.frames.length = 0;
    line.write(encodeCredentials(token));
    await line.frame(kinds.CREDENTIALS);
    assert.deepEqual(line.told(), ["CREDENTIALS"]);
    assert.equal(lab.server.connections.get(transportId)!.principal, principal);
  }
});
