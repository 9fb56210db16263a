/**
 * Who a DISET client is, by what it shows and by what it says, and what comes of that.
 *
 * @module
 */

import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import {
  parse,
  type Principal,
  readRegistry,
  type ServeOptions,
  type Standing,
  type UnknownService,
} from "../../../mod.ts";
import { type Identity, issue, makeAuthority, makeProxy } from "../../certificates.ts";
import { check, type Scope } from "../../harness.ts";
import { followedByCalendar, patientClock } from "../../manual_clock.ts";
import { type Lab, lab, refused, SUCCESS, UNAUTHORIZED } from "./lab.ts";
import { DisetPeer, json } from "./peer.ts";

const ALICE = "/C=ch/O=Lab/CN=alice";

const REGISTRY = readRegistry(JSON.stringify({
  users: { alice: { certificates: [ALICE] } },
  groups: {
    lab_user: { vo: "labvo", users: ["alice"], properties: ["NormalUser"] },
    lab_admin: { vo: "labvo", users: ["alice"], properties: ["CSAdministrator", "NormalUser"] },
  },
  hosts: { localhost: { certificates: ["/C=ch/O=Lab/CN=localhost"], properties: ["TrustedHost"] } },
  defaultGroups: ["lab_user"],
}));

const DEFINITION = parse(`
  Ping < id: int|long >  Pong < id: int|long >  Secret < id: int|long >
  service Framework/PingPong {
    auth all
    receives Ping
    receives Secret auth CSAdministrator
    sends Pong auth authenticated
  }
`);

const takesProxies = !("Deno" in globalThis);

interface Desk extends Lab {
  readonly authority: Identity;
  readonly seen: Principal[];
  /** A client that shows a certificate. */
  show(identity: Identity): Promise<DisetPeer>;
}

async function desk(scope: Scope, options: Partial<ServeOptions<UnknownService>> = {}): Promise<Desk> {
  const authority = await makeAuthority();
  const seen: Principal[] = [];
  const own = await lab(scope, {
    clientCertificates: { ca: authority.cert, ...(takesProxies && { proxies: "full" }) },
    registry: REGISTRY,
    onConnect: ({ principal }) => void seen.push(principal),
    messages: { Ping: () => {}, Secret: () => {} },
    ...options,
  }, DEFINITION);
  const show = async ({ cert, key }: Identity): Promise<DisetPeer> => {
    const peer = await DisetPeer.tls(own.server.port, { ca: own.ca, cert, key });
    scope.cleanup(() => peer[Symbol.dispose]());
    return peer;
  };
  return { ...own, authority, seen, show };
}

const standing = ({ authenticated, group, name, properties }: Principal) => [authenticated, name, group, properties];

const STRANGER = [false, undefined, undefined, []];

for (
  const [what, subject, credentials, expected] of [
    ["a user who asks for nothing", ALICE, "", [true, "alice", "lab_user", ["NormalUser"]]],
    ["a user who asks for a group", ALICE, "lab_admin", [true, "alice", "lab_admin", [
      "CSAdministrator",
      "NormalUser",
    ]]],
    ["a user who asks for a group that is not his", ALICE, "lab_other", STRANGER],
    ["a user who says he is a host", ALICE, "hosts", STRANGER],
    ["a host", "/C=ch/O=Lab/CN=localhost", "hosts", [true, "localhost", "hosts", ["TrustedHost"]]],
    // In the original, this one has the properties of the group that it names.
    ["one whom nobody knows, who names a group", "/C=ch/O=Lab/CN=mallory", "lab_admin", STRANGER],
  ] as const
) {
  check(`credentials: ${what}, to onConnect and to whoami`, async (scope) => {
    const { authority, seen, show } = await desk(scope);
    const identity = await issue({ of: authority, subject });
    const peer = await show(identity);
    await peer.join({ credentials });
    assert.deepEqual(standing(seen[0]!), expected);
    assert.equal(seen[0]!.subject, subject);
    const caller = await show(identity);
    caller.propose({ type: "RPC", action: "whoami", credentials });
    await caller.next();
    caller.args();
    const [, name = "anonymous", group = "visitor"] = expected;
    const told = await caller.next();
    assert.ok(told.includes(`"DN": "${subject}", "username": "${name}", "group": "${group}"`), told);
  });
}

check("credentials: nobody may speak for another, a trusted host neither", async (scope) => {
  const { authority, show } = await desk(scope);
  for (const subject of [ALICE, "/C=ch/O=Lab/CN=localhost"]) {
    const peer = await show(await issue({ of: authority, subject }));
    peer.propose({ credentials: { subject: ALICE, group: "lab_admin" } });
    assert.deepEqual(await peer.rest(), [UNAUTHORIZED]);
  }
});

check(
  "credentials: a certificate of an authority that is not trusted is refused, and a reason is logged",
  async (scope) => {
    const { log, show } = await desk(scope);
    const foreign = await makeAuthority({ subject: "/C=ch/O=Elsewhere/CN=CA" });
    const peer = await show(await issue({ of: foreign, subject: ALICE }));
    peer.propose();
    assert.deepEqual(await peer.rest(), [UNAUTHORIZED]);
    assert.equal(log[0]?.event, "refused");
  },
);

check("credentials: a proxy acts in its group, whatever is asked for beside", async (scope) => {
  const { authority, seen, show } = await desk(scope);
  const alice = await issue({ of: authority, subject: ALICE });
  const peer = await show(await makeProxy(alice, { group: "lab_admin", groupType: "IA5" }));
  await peer.join();
  assert.deepEqual(standing(seen[0]!), [true, "alice", "lab_admin", ["CSAdministrator", "NormalUser"]]);
}, { skip: !takesProxies && "Deno's TLS takes no X.509 proxies" });

check("views: what a client may not know does not exist for it; what it may not be sent, is not", async (scope) => {
  const { authority, log, join, server, show } = await desk(scope);
  const admin = await show(await issue({ of: authority, subject: ALICE }));
  await admin.join({ credentials: "lab_admin" }, "admin");
  admin.message("Secret", [1], "id");
  assert.match(await admin.nextOther(), /"request": false, "id": "id"/);
  const nobody = await join("dip");
  await nobody.join({}, "nobody");
  assert.equal(server.broadcast("Pong", { id: 1 }), 1);
  assert.match(await admin.nextOther(), /Pong/);
  nobody.message("Secret", [1]);
  assert.deepEqual(await nobody.rest(), [refused('The definition has no message \\"Secret\\".')]);
  assert.ok(!log.some(({ level }) => level === "error"));
});

check("credentials: when they end, the client is told so, and its connection ends", async (scope) => {
  const clock = followedByCalendar(scope, patientClock());
  const { authority, drops, show } = await desk(scope, { clock });
  const peer = await show(await issue({ of: authority, subject: ALICE, until: 10 }));
  await peer.join();
  clock.advance(10_000);
  assert.deepEqual(await peer.rest(), [refused("The client's credentials have ended, and were not renewed.")]);
  assert.equal(drops[0]?.reason.code, "expired");
});

check("registry: one who may not connect any more is told so, and its connection ends", async (scope) => {
  let changed = () => {};
  let isKnown = true;
  const own = await desk(scope, {
    rules: { connect: "authenticated" },
    registry: {
      find: (): Standing | undefined => isKnown ? { name: "alice", group: "lab_user" } : undefined,
      watch(callback) {
        changed = callback;
        return () => {};
      },
    },
  });
  const peer = await own.show(await issue({ of: own.authority, subject: ALICE }));
  await peer.join();
  isKnown = false;
  changed();
  assert.deepEqual(await peer.rest(), [UNAUTHORIZED]);
});

check("registry: keep-alives and frames wait while it is slow to answer, and nothing is lost", async (scope) => {
  const own = await desk(scope, {
    registry: {
      async find() {
        await sleep(50);
        return { name: "alice", group: "lab_user" };
      },
    },
  });
  const peer = await own.show(await issue({ of: own.authority, subject: ALICE }));
  peer.propose();
  peer.write(`dka${json('{"OK": true, "Value": {"id": "x", "kaping": true}}')}`);
  peer.introduce();
  assert.equal(await peer.next(), SUCCESS);
  assert.match(await peer.next(), /^dka/);
  assert.equal(await peer.next(), SUCCESS);
});

check("limits: sessionsPerSubject bounds those of one who has shown who it is", async (scope) => {
  const { authority, show } = await desk(scope, { limits: { sessionsPerSubject: 1 } });
  const alice = await issue({ of: authority, subject: ALICE });
  await (await show(alice)).join({}, "one");
  const peer = await show(alice);
  peer.propose();
  await peer.next();
  peer.introduce("another");
  assert.deepEqual(await peer.rest(), [refused("Maximum number of connections reached")]);
});
