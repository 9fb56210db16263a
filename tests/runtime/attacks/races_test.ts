/**
 * What ends, or is taken back, just when it is used: between HELLO and WELCOME, on a session that waits, and while
 * somebody is being looked up.
 */

import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import type { Inquiry, Standing } from "../../../runtime/principal.ts";
import { type Deferred, deferred } from "../../../runtime/promises.ts";
import { encodeCredentials } from "../../../runtime/wire/native/handshake.ts";
import * as kinds from "../../../runtime/wire/native/kinds.ts";
import { issue, makeAuthority } from "../../certificates.ts";
import { check } from "../../harness.ts";
import { rawFrame } from "../raw_peer.ts";
import { enter, hello, numberOf, open, readToken, until, vault, welcome, WHOLE } from "./lab.ts";

const START = { received: 0, oldest: 1 };
const NOTE = rawFrame(kinds.MESSAGE, [numberOf("Note"), 2, ...new TextEncoder().encode("hi")]);

/** A registry that a test changes, and whose answers it may hold back. */
function changing() {
  let changed = () => {};
  const standings = new Map<string, Standing>([["ada", { name: "ada", properties: ["Operator"] }]]);
  const registry = {
    standings,
    /** If given, answers wait here, in the order of the questions; what they say was so when it was asked. */
    held: undefined as Deferred<void>[] | undefined,
    async find({ subject }: Inquiry): Promise<Standing | undefined> {
      const standing = standings.get(subject);
      if (registry.held !== undefined) {
        const answer = deferred<void>();
        registry.held.push(answer);
        await answer.promise;
      }
      return standing;
    },
    watch(callback: () => void) {
      changed = callback;
      return () => {};
    },
    change(subject: string, standing: Standing | undefined) {
      if (standing === undefined) standings.delete(subject);
      else standings.set(subject, standing);
      changed();
    },
  };
  return registry;
}

const settle = () => pause(5);

check("races: credentials that end between HELLO and OPEN let nobody in", async (scope) => {
  const lab = await vault(scope);
  const line = await lab.line(hello({ token: `ada@${Date.now() + 60}` }));
  await line.frame(kinds.DEFINITION);
  lab.pass(60);
  line.write(open(), NOTE);
  assert.equal((await line.end())?.code, "expired");
  assert.deepEqual([lab.seen, lab.audit()], [[], ["refused ada expired"]]);
});

check("races: credentials that end between HELLO and OPEN don't go on with a session", async (scope) => {
  const lab = await vault(scope);
  const first = await lab.line(...enter("ada", { identity: "node-1" }));
  const { token, transportId } = await welcome(first);
  first.leave("destroy");
  await until("it waits", () => first.ended);
  const line = await lab.line(hello({ token: `ada@${Date.now() + 60}` }));
  await line.frame(kinds.DEFINITION);
  lab.pass(60);
  const former = { token, ...START };
  line.write(open({ identity: "node-1", former }), NOTE);
  assert.equal((await line.end())?.code, "expired");
  assert.deepEqual(lab.seen, ["in ada"]);
  const back = await lab.line(...enter("ada", { identity: "node-1", former }));
  assert.equal((await welcome(back)).transportId, transportId);
});

check("races: credentials that end while onConnect runs let nobody in", async (scope) => {
  const connecting = deferred<void>();
  const lab = await vault(scope, { onConnect: () => connecting.promise });
  const line = await lab.line(...enter(`ada@${Date.now() + 500}`), NOTE);
  await until("onConnect runs", () => lab.seen.length > 0);
  lab.pass(500);
  connecting.resolve();
  assert.equal((await line.end())?.code, "expired");
  await until("onDrop has run", () => lab.seen.length > 1);
  assert.deepEqual(lab.seen, ["in ada", "out ada expired"]);
  assert.deepEqual(lab.audit(), ["expired ada", "refused ada expired"]);
  assert.equal(lab.server.connections.size, 0);
});

for (const stage of ["a token is looked at", "OPEN is awaited", "onConnect runs"] as const) {
  check(`races: who is taken out of the registry while ${stage} is not let in`, async (scope) => {
    const [verified, connecting] = [deferred<void>(), deferred<void>()];
    const registry = changing();
    if (stage === "a token is looked at") registry.held = [];
    const lab = await vault(scope, { registry, onConnect: () => connecting.promise });
    const line = await lab.line(hello({ token: "ada" }));
    if (stage === "a token is looked at") {
      await until("it is looked up", () => registry.held!.length === 1);
      const [answer] = registry.held!;
      registry.held = undefined;
      registry.change("ada", undefined);
      answer!.resolve();
    } else {
      await line.frame(kinds.DEFINITION);
      if (stage === "OPEN is awaited") registry.change("ada", undefined);
      line.write(open());
      if (stage === "onConnect runs") {
        await until("onConnect runs", () => lab.seen.length > 0);
        registry.change("ada", undefined);
        await settle();
      }
    }
    verified.resolve();
    connecting.resolve();
    const runs = stage === "onConnect runs";
    // Where it was only looked up too early, it may try again, and learns then.
    assert.equal((await line.end())?.code, runs ? "unauthorized" : "timeout");
    assert.deepEqual(line.told(), stage === "OPEN is awaited" ? ["DEFINITION", "REFUSE"] : line.told().slice(-2));
    if (stage === "a token is looked at") assert.deepEqual(line.told(), ["REFUSE"], "nothing of the service is told");
    await until("onDrop has run", () => !runs || lab.seen.length > 1);
    assert.deepEqual(lab.seen, runs ? ["in ada", "out ada unauthorized"] : []);
    assert.equal((await (await lab.line(...enter("ada"))).end())?.code, "unauthorized");
  });
}

check("races: who is taken out of the registry while its session waits does not come back to it", async (scope) => {
  const registry = changing();
  const lab = await vault(scope, { registry });
  const line = await lab.line(...enter("ada", { identity: "node-1" }));
  const { token } = await welcome(line);
  line.leave("destroy");
  await until("it waits", () => line.ended);
  registry.change("ada", undefined);
  await until("it is gone", () => lab.seen.length > 1);
  assert.deepEqual(lab.seen, ["in ada", "out ada unauthorized"]);
  const back = await lab.line(...enter("ada", { identity: "node-1", former: { token, ...START } }));
  assert.equal((await back.end())?.code, "unauthorized");
  assert.deepEqual(lab.audit(), [
    "admitted ada",
    "withdrawn ada unauthorized",
    "ended ada unauthorized",
    "refused ada unauthorized",
  ]);
});

check("races: a certificate that ends while its session waits ends it", async (scope) => {
  const ca = await makeAuthority();
  const ada = await issue({ of: ca, subject: "/C=ch/O=Lab/CN=ada", until: 20 });
  const lab = await vault(scope, { clientCertificates: { ca: ca.own }, limits: { sessionTimeout: 60_000 } });
  const says = [hello({ hash: WHOLE }), open({ identity: "node-1" })];
  const line = await lab.lineOf(ada, ...says);
  await line.frame(kinds.WELCOME);
  line.leave("destroy");
  await until("it waits", () => line.ended);
  lab.pass(20_000);
  await until("it is gone", () => lab.seen.length > 1);
  assert.deepEqual(lab.seen.map((what) => what.replace(/\/C.*ada/, "ada")), ["in ada", "out ada expired"]);
});

check("races: an answer of the registry's that comes late does not bring back what was taken since", async (scope) => {
  const registry = changing();
  const lab = await vault(scope, { registry });
  const line = await lab.line(...enter("ada"));
  const { transportId } = await welcome(line);
  const principal = () => lab.server.connections.get(transportId)!.principal;
  const held: Deferred<void>[] = registry.held = [];
  registry.change("ada", { name: "ada", properties: ["Operator", "Other"] });
  registry.change("ada", { name: "ada", properties: [] });
  held[1]!.resolve();
  await until("the second has been heard", () => principal().properties.length === 0);
  held[0]!.resolve();
  await settle();
  assert.deepEqual(principal().properties, []);
});

check(
  "races: a token that was shown before a change of the registry is judged by what it says after",
  async (scope) => {
    const registry = changing();
    const lab = await vault(scope, { registry });
    const line = await lab.line(...enter("ada"));
    const { transportId } = await welcome(line);
    const held: Deferred<void>[] = registry.held = [];
    line.write(encodeCredentials("ada"));
    await until("it is looked up", () => held.length === 1);
    registry.held = undefined;
    registry.change("ada", { name: "ada", properties: [] });
    const principal = () => lab.server.connections.get(transportId)!.principal;
    await until("the change is heard of", () => principal().properties.length === 0);
    held[0]!.resolve();
    await line.frame(kinds.CREDENTIALS);
    assert.deepEqual(principal().properties, []);
  },
);

check("races: who is looked up again while it shows a newer token keeps the newer one", async (scope) => {
  const registry = changing();
  const lab = await vault(scope, { registry });
  const [first, second] = [Date.now() + 10_000, Date.now() + 20_000];
  const line = await lab.line(...enter(`ada@${first}`));
  const { transportId } = await welcome(line);
  const principal = () => lab.server.connections.get(transportId)!.principal;
  const held: Deferred<void>[] = registry.held = [];
  registry.change("ada", { name: "ada", properties: [] });
  await until("it is looked up", () => held.length === 1);
  registry.held = undefined;
  line.write(encodeCredentials(`ada@${second}`));
  await line.frame(kinds.CREDENTIALS);
  held[0]!.resolve();
  await settle();
  assert.equal(principal().expires, second);
  assert.deepEqual(principal().properties, []);
});

check("races: what a check of tokens says of their end must be a time", async (scope) => {
  for (const expires of [NaN, Infinity, 1e300, "tomorrow"]) {
    const lab = await vault(scope, { tokens: (token) => ({ ...readToken(token), expires: expires as number }) });
    const line = await lab.line(...enter("ada"), NOTE);
    assert.equal((await line.end())?.code, "unauthorized", String(expires));
    assert.deepEqual([lab.seen, lab.audit()], [[], ["refused unauthorized"]]);
    assert.match(String(lab.log[0]!.error), /when this one ends/);
  }
});
