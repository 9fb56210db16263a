/**
 * What a client shows, from HELLO to its end: who it is then, what it may do, and what becomes of its session.
 */

import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { HoldfastError } from "../../mod.ts";
import type { Inquiry, Standing } from "../../runtime/principal.ts";
import { issue, makeAuthority, makeProxy } from "../certificates.ts";
import { faultyNetwork } from "../faulty_network.ts";
import { check } from "../harness.ts";
import { comesTo, DESK, events, goneFrom, lab } from "./credentials_lab.ts";

check("credentials: a token says who a client is, and a function is asked for one at every attempt", async (scope) => {
  const network = faultyNetwork(scope.memory());
  const { client, seen, server } = await lab(scope, {}, network);
  let asked = 0;
  const own = client({ token: () => Promise.resolve(`ada${asked++ === 0 ? "" : "@9999999999999"}`) });
  await own.connect();
  assert.deepEqual(seen, [{
    method: "token",
    subject: "ada",
    issuer: "test",
    authenticated: true,
    properties: [],
    limited: false,
  }]);
  const resumed = comesTo(own, "resumed");
  network.lines.at(-1)!.cut();
  await resumed;
  assert.equal(asked, 2);
  // The session goes on, by what was shown last.
  assert.equal(server.connections.get(own.transportId!)!.principal.expires, 9999999999999);
  assert.equal(seen.length, 1);
});

check(
  "credentials: who shows something that is not good is refused, and told no more; the log says why",
  async (scope) => {
    const { client, log } = await lab(scope);
    await assert.rejects(client({ token: "nobody" }).connect(), {
      code: "unauthorized",
      message: "Not authorized.",
      remote: true,
    });
    const [refused] = log;
    assert.equal(refused!.event, "refused");
    assert.equal(refused!.level, "warning");
    assert.match(String(refused!.error), /no such token/);
    assert.match(refused!.remote!, /:\d+$/);
  },
);

check("credentials: a token at a service that checks none is refused", async (scope) => {
  const { client, log } = await lab(scope, { tokens: undefined as never });
  await assert.rejects(client({ token: "ada" }).connect(), { code: "unauthorized", message: "Not authorized." });
  assert.match(String(log[0]!.error), /no option to check tokens/);
});

check("credentials: what gives a token fails, and the client says so and tries again", async (scope) => {
  const { client, clock, server } = await lab(scope);
  const own = client({
    token: () => {
      throw new Error("the vault is sealed");
    },
  });
  await assert.rejects(own.connect(), (error: HoldfastError) => {
    assert.equal(error.code, "no-credentials");
    assert.match(String(error.cause), /sealed/);
    return true;
  });
  assert.equal(server.connections.size, 0);
  await assert.rejects(client({ token: "" }).connect(), { code: "no-credentials", message: /not empty/ });
  clock.advance(0);
});

const STANDINGS: { readonly [subject: string]: Standing } = {
  ada: { name: "ada", group: "production", vo: "lab", properties: ["operator"] },
  bob: { name: "bob", group: "users", properties: ["operator"] },
  cyd: { name: "cyd", group: "users" },
};

/** Knows those above; each may act in its own group only. */
const registry = ({ subject, wanted }: Inquiry): Standing | undefined => {
  const standing = STANDINGS[subject];
  return wanted === undefined || wanted === standing?.group ? standing : undefined;
};

check("credentials: the registry says in which group a client acts, and what that may do", async (scope) => {
  const { client, seen } = await lab(scope, { registry });
  for (
    const [token, wanted, may] of [["ada", "production", true], ["bob", undefined, false], [
      "cyd",
      "users",
      false,
    ]] as const
  ) {
    const own = client({ token, ...(wanted !== undefined && { group: wanted }) }, DESK);
    await own.connect();
    assert.equal(seen.at(-1)!.name, token);
    assert.equal(seen.at(-1)!.authenticated, true);
    if (may) assert.deepEqual({ ...await own.request("Job", { name: "sort" }) }, { name: "sort" });
    else assert.throws(() => own.request("Job", { name: "sort" }), { code: "unauthorized" });
  }
});

check("credentials: a group that the registry does not confirm makes a client as good as anonymous", async (scope) => {
  const { client, seen, server } = await lab(scope, { registry });
  for (const [token, group] of [["cyd", "production"], ["eve", undefined]] as const) {
    const own = client({ token, ...(group !== undefined && { group }) });
    await own.connect();
    assert.equal(seen.at(-1)!.authenticated, false);
    assert.deepEqual(seen.at(-1)!.properties, []);
    assert.equal(own.definition!.shape.messages.some(({ name }) => name === "Job" || name === "Secret"), false);
    assert.throws(() => server.connections.get(own.transportId!)!.send("Secret", { text: "" }), {
      code: "unauthorized",
    });
  }
});

check("credentials: a registry that fails lets nobody in, and the client may try again", async (scope) => {
  const { client, log } = await lab(scope, {
    registry() {
      throw new Error("the database is down");
    },
  });
  await assert.rejects(client({ token: "ada", reconnect: false }).connect(), {
    code: "internal",
    message: /try again/,
  });
  assert.match(String(log[0]!.error), /database is down/);
  // Who shows nothing is looked up nowhere.
  await client().connect();
});

check("credentials: a newer token is shown before the last one ends, over the line that is there", async (scope) => {
  const { client, clock, log, server } = await lab(scope);
  const start = Date.now();
  let asked = 0;
  const own = client({ token: () => `ada@${start + 3_600_000 * ++asked}` });
  await own.connect();
  const id = own.transportId!;
  clock.advance(0.8 * 3_600_000 - 1_000);
  assert.equal(asked, 1);
  clock.advance(1_001);
  assert.equal(asked, 2);
  while (!events(log).includes("renewed")) await own.send("Note", { text: "" }, { acknowledge: true });
  assert.equal(server.connections.get(id)!.principal.expires, start + 7_200_000);
  assert.equal(own.transportId, id);
  // The first would have ended now.
  clock.advance(0.2 * 3_600_000 + 1_000);
  await own.send("Note", { text: "still here" }, { acknowledge: true });
});

check("credentials: where a newer token can't be looked at now, the client goes on and asks again", async (scope) => {
  let down = false;
  const { client, clock, log } = await lab(scope, {
    tokens(token) {
      if (down) throw new HoldfastError("unreachable", "The keys can't be had.");
      return { subject: token.split("@")[0]!, expires: until };
    },
  });
  let until = Date.now() + 3_600_000;
  const own = client({ token: () => "ada" });
  await own.connect();
  down = true;
  clock.advance(0.8 * 3_600_000 + 1);
  while (!log.some(({ message }) => message.includes("could not be looked at"))) await setImmediate();
  await own.send("Note", { text: "still here" }, { acknowledge: true });
  down = false;
  until += 3_600_000;
  clock.advance(0.8 * 0.2 * 3_600_000 + 1_000);
  while (!events(log).includes("renewed")) await setImmediate();
});

check("credentials: when they end and were not renewed, the connection ends with that reason", async (scope) => {
  const { client, clock, log, server } = await lab(scope);
  const until = Date.now() + 60_000;
  const own = client({ token: `ada@${until}`, reconnect: false });
  await own.connect();
  const gone = goneFrom(own);
  clock.advance(60_001);
  assert.equal((await gone).code, "expired");
  assert.equal(server.connections.size, 0);
  assert.deepEqual(events(log), ["admitted", "expired", "ended"]);
});

check("credentials: what has ended already is refused", async (scope) => {
  const { client } = await lab(scope);
  await assert.rejects(client({ token: `ada@${Date.now() - 1}` }).connect(), { code: "unauthorized" });
});

check("credentials: a client comes back with a newer token after the last one has ended", async (scope) => {
  const { client, clock, seen } = await lab(scope);
  let until = Date.now() + 50;
  // Too short to be renewed in time.
  const own = client({ token: () => `ada@${until}` });
  await own.connect();
  const back = comesTo(own, "reconnecting").then(() => comesTo(own, "open"));
  until += 3_600_000;
  clock.advance(51);
  await back;
  assert.deepEqual(seen.map(({ expires }) => expires), [until - 3_600_000, until]);
});

check("credentials: a certificate says who a client is, and a proxy acts for its user", async (scope) => {
  const ca = await makeAuthority();
  const ada = await issue({ of: ca, subject: "/C=ch/O=Lab/CN=ada" });
  const proxy = await makeProxy(ada, { group: "production" });
  const inquiries: Inquiry[] = [];
  const { client, seen } = await lab(scope, {
    clientCertificates: { ca: ca.own, proxies: "full" },
    registry(inquiry) {
      inquiries.push(inquiry);
      return { name: "ada", properties: ["Operator"], ...(inquiry.group !== undefined && { group: inquiry.group }) };
    },
  });
  await client({ certificate: ada }).connect();
  const own = client({ certificate: () => Promise.resolve({ cert: proxy.cert, key: proxy.key }) }, DESK);
  await own.connect();
  assert.deepEqual(seen.map(({ method, subject, group }) => [method, subject, group]), [
    ["certificate", "/C=ch/O=Lab/CN=ada", undefined],
    ["certificate", "/C=ch/O=Lab/CN=ada", "production"],
  ]);
  assert.equal(inquiries[1]!.group, "production");
  await own.request("Job", { name: "sort" });
  const stranger = await issue({ of: await makeAuthority(), subject: "/C=ch/O=Lab/CN=ada" });
  await assert.rejects(client({ certificate: stranger }).connect(), {
    code: "unauthorized",
    message: "Not authorized.",
  });
});

check("credentials: a newer certificate is shown over a line of its own, and the session goes on", async (scope) => {
  const ca = await makeAuthority();
  const user = await issue({ of: ca });
  const { client, clock, seen, server } = await lab(scope, { clientCertificates: { ca: ca.own, proxies: "full" } });
  let proxy = await makeProxy(user, { until: 3_600 });
  const own = client({ certificate: () => proxy });
  await own.connect();
  const id = own.transportId!;
  const first = server.connections.get(id)!.principal.expires!;
  proxy = await makeProxy(user, { until: 7_200 });
  const resumed = comesTo(own, "resumed");
  const resuming = comesTo(own, "resuming");
  clock.advance(0.8 * 3_600_000 + 1);
  await resuming;
  clock.advance(1);
  await resumed;
  assert.equal(own.transportId, id);
  assert.equal(seen.length, 1);
  assert.ok(server.connections.get(id)!.principal.expires! > first);
});

check("credentials: each client has names of its own, and learns nothing of those of others", async (scope) => {
  const network = faultyNetwork(scope.memory());
  const { client, server } = await lab(scope, {}, network);
  const ada = client({ token: "ada", identity: "node-1" });
  await ada.connect();
  const id = ada.transportId!;
  const bob = client({ token: "bob", identity: "node-1" });
  await bob.connect();
  assert.equal(bob.identity, "node-1");
  assert.notEqual(bob.transportId, id);
  const nobody = client({ identity: "node-1" });
  await nobody.connect();
  assert.equal(server.connections.size, 3);
  assert.equal(ada.transportId, id);
  // Who has shown nothing can't be told from others who have not.
  await assert.rejects(client({ identity: "node-1", reconnect: false }).connect(), { code: "identity-in-use" });
  // The same client, which lacks the session's token: it ends the session, and no more.
  const gone = goneFrom(ada);
  const again = client({ token: "ada", identity: "node-1" });
  await again.connect();
  assert.equal((await gone).code, "closed");
  assert.equal(server.connections.has(id), false);
});

check("credentials: a session does not go on for somebody else, even one who has its token", async (scope) => {
  const network = faultyNetwork(scope.memory());
  const { client, log, seen } = await lab(scope, {}, network);
  let token = "ada";
  const own = client({ token: () => token, identity: "node-1" });
  await own.connect();
  const id = own.transportId!;
  const reset = comesTo(own, "reset");
  token = "bob";
  network.lines.at(-1)!.cut();
  await reset;
  assert.notEqual(own.transportId, id);
  assert.deepEqual(seen.map(({ subject }) => subject), ["ada", "bob"]);
  assert.equal(events(log).includes("resumed"), false);
});

check("credentials: a session does not go on where the client may do less than before", async (scope) => {
  const standings = { ...STANDINGS };
  const network = faultyNetwork(scope.memory());
  const { client } = await lab(scope, { registry: ({ subject }) => standings[subject] }, network);
  const own = client({ token: "ada" });
  await own.connect();
  const id = own.transportId!;
  const resumed = comesTo(own, "resumed");
  network.lines.at(-1)!.cut();
  await resumed;
  assert.equal(own.transportId, id);
  standings["ada"] = { name: "ada", group: "users" };
  const reset = comesTo(own, "reset");
  network.lines.at(-1)!.cut();
  await reset;
  assert.notEqual(own.transportId, id);
  assert.throws(() => own.send("Job", { name: "" }), { code: "unauthorized" });
});

check("credentials: when what is known of a client changes, it may do what it may do then", async (scope) => {
  const standings: { [subject: string]: Standing | undefined } = { ...STANDINGS };
  let changed = () => {};
  let watching = true;
  const { client, log, server } = await lab(scope, {
    rules: { connect: "authenticated" },
    registry: {
      find: ({ subject }) => standings[subject],
      watch(callback) {
        changed = callback;
        return () => watching = false;
      },
    },
  });
  const ada = client({ token: "ada", reconnect: false }, DESK);
  const bob = client({ token: "bob", reconnect: false }, DESK);
  await Promise.all([ada.connect(), bob.connect()]);
  await ada.request("Job", { name: "sort" });
  standings["ada"] = { name: "ada", group: "users" };
  standings["bob"] = undefined;
  const gone = goneFrom(bob);
  changed();
  assert.equal((await gone).code, "unauthorized");
  await assert.rejects(ada.request("Job", { name: "sort" }), { code: "unauthorized", remote: true });
  assert.deepEqual([...server.connections.keys()], [ada.transportId]);
  const withdrawn = log.find(({ event }) => event === "withdrawn")!;
  assert.equal(withdrawn.principal!.subject, "bob");
  await server.close({ timeout: 1 });
  assert.equal(watching, false);
});

check("credentials: what happened to a client stands in the log, without its token", async (scope) => {
  const { client, log } = await lab(scope, { registry }, scope.memory());
  const own = client({ token: "cyd", identity: "node-1" }, DESK);
  await own.connect();
  await own.close();
  const [admitted, ended] = log;
  const principal = {
    method: "token",
    subject: "cyd",
    issuer: "test",
    authenticated: true,
    name: "cyd",
    group: "users",
    properties: [],
    limited: false,
  };
  for (const record of [admitted!, ended!]) {
    assert.equal(record.identity, "node-1");
    assert.equal(record.transportId, admitted!.transportId);
    assert.match(record.remote!, /:\d+$/);
    assert.deepEqual(record.principal, principal);
  }
  assert.deepEqual(events(log), ["admitted", "ended"]);
});

check("credentials: rules given where the service starts stand instead of those of its definition", async (scope) => {
  const { client } = await lab(scope, { rules: { "receives Note": "none", "receives Job": ["all"] } });
  const own = client({}, DESK);
  await own.connect();
  assert.throws(() => own.send("Note", { text: "" }), { code: "unauthorized" });
  await own.request("Job", { name: "sort" });
});
