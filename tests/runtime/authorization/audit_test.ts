/**
 * What an audit sees: each event where `runtime/log.ts` says that it is, with its level and what belongs to it, and
 * nowhere else.
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { hashShape } from "../../../idl/canonical.ts";
import { type Client, Failure, type HoldfastError, type LogRecord, type ServeOptions } from "../../../mod.ts";
import type { UnknownService } from "../../../mod.ts";
import { DEFAULT_BACKOFF } from "../../../runtime/backoff.ts";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import type { Inquiry, Standing } from "../../../runtime/principal.ts";
import { deferred } from "../../../runtime/promises.ts";
import { ALPN } from "../../../runtime/transport/transport.ts";
import { encodeHello, encodeOpen } from "../../../runtime/wire/native/handshake.ts";
import * as kinds from "../../../runtime/wire/native/kinds.ts";
import { MessageTable } from "../../../runtime/wire/native/table.ts";
import { type FaultyNetwork, faultyNetwork } from "../../faulty_network.ts";
import { check } from "../../harness.ts";
import { ROOT } from "../../runtimes.ts";
import { comesTo, DESK, goneFrom, type Lab, lab } from "../credentials_lab.ts";
import { rawFrame, RawPeer } from "../raw_peer.ts";

interface Scene extends Lab {
  readonly network: FaultyNetwork;
  /** What the registry knows; taking it out is what `changed` is called for. */
  readonly standings: { [subject: string]: Standing | Error | undefined };
  changed(): void;
  raw(...bytes: readonly Uint8Array[]): Promise<RawPeer>;
}

interface Case {
  readonly options?: Partial<ServeOptions<UnknownService>>;
  readonly act: (scene: Scene) => Promise<unknown>;
  /** What an audit sees, in order: `event level`, the code of its error, and its action. */
  readonly sees: readonly string[];
  /** The subjects that are named. */
  readonly names?: readonly string[];
}

const TABLE = new MessageTable(DESK, DEFAULT_LIMITS);
const HELLO = encodeHello({ versions: [1], service: "Lab/Desk" });
/** Of one that holds the whole definition. */
const KNOWING = encodeHello({ versions: [1], service: "Lab/Desk", hash: hashShape(DESK.shape) });
const OPENING = { limits: DEFAULT_LIMITS, resumable: false, identity: "", declined: [] };
const OPEN = encodeOpen(OPENING, TABLE.connect, {});

/** Over an hour, so that what is renewed is renewed in time. */
const until = (by = 3_600_000) => `@${Date.now() + by}`;

async function enter({ client }: Scene, options: Parameters<Lab["client"]>[0] = {}): Promise<Client> {
  const own = client({ reconnect: false, ...options });
  await own.connect();
  return own;
}

const fails = (act: Promise<unknown>) => assert.rejects(act);

/** Resolved when the one has gone that goes while onConnect runs. */
const gone = deferred<void>();

const CASES: { readonly [what: string]: Case } = {
  "a client that comes and goes": {
    act: async (scene) => await (await enter(scene, { token: "ada" })).close(),
    sees: ["admitted info", "ended info closed"],
    names: ["ada", "ada"],
  },
  "one that shows nothing": {
    act: async (scene) => await (await enter(scene)).close(),
    sees: ["admitted info", "ended info closed"],
    names: ["", ""],
  },
  "one whose line breaks and that comes back": {
    async act(scene) {
      const own = await enter(scene, { token: "ada", reconnect: DEFAULT_BACKOFF });
      const resumed = comesTo(own, "resumed");
      scene.network.lines.at(-1)!.cut();
      await resumed;
    },
    sees: ["admitted info", "resumed info"],
  },
  "one whose line breaks and that does not come back": {
    async act(scene) {
      await enter(scene, { token: "ada" });
      scene.network.lines.at(-1)!.cut();
      await settled(() => [...scene.server.connections.values()].some(({ status }) => status.state === "resuming"));
      scene.clock.advance(DEFAULT_LIMITS.sessionTimeout + 1);
    },
    sees: ["admitted info", "ended info disconnected"],
  },
  "one that begins anew under its identity": {
    async act(scene) {
      const first = await enter(scene, { token: "ada", identity: "desk" });
      const gone = goneFrom(first);
      await enter(scene, { token: "ada", identity: "desk" });
      await gone;
    },
    sees: ["admitted info", "ended info closed", "admitted info"],
  },
  "one that renews its token": {
    async act(scene) {
      await enter(scene, { token: () => `ada${until()}` });
      scene.clock.advance(0.8 * 3_600_000 + 1);
    },
    sees: ["admitted info", "renewed info"],
    names: ["ada", "ada"],
  },
  "one that renews with a token that is not good": {
    async act(scene) {
      let asked = 0;
      await enter(scene, { token: () => `${asked++ === 0 ? "ada" : "nobody"}${until()}` });
      scene.clock.advance(0.8 * 3_600_000 + 1);
    },
    sees: ["admitted info", "denied warning unauthorized renew", "ended info unauthorized"],
  },
  "one that renews with a token of another": {
    async act(scene) {
      let asked = 0;
      await enter(scene, { token: () => `${asked++ === 0 ? "ada" : "bob"}${until()}` });
      scene.clock.advance(0.8 * 3_600_000 + 1);
    },
    sees: ["admitted info", "denied warning unauthorized renew", "ended info unauthorized"],
    names: ["ada", "ada", "ada"],
  },
  "one whose token ends": {
    async act(scene) {
      await enter(scene, { token: `ada${until()}` });
      scene.clock.advance(3_600_001);
    },
    sees: ["admitted info", "expired info", "ended info expired"],
    names: ["ada", "ada", "ada"],
  },
  "one that is taken off the registry": {
    options: { rules: { connect: "authenticated" } },
    async act(scene) {
      await enter(scene, { token: "ada" });
      delete scene.standings["ada"];
      scene.changed();
    },
    sees: ["admitted info", "withdrawn warning unauthorized", "ended info unauthorized"],
    names: ["ada", "ada", "ada"],
  },
  "one that may do less after a change of the registry": {
    async act(scene) {
      const own = await enter(scene, { token: "ada" });
      delete scene.standings["ada"];
      scene.changed();
      await settled(() => !scene.server.connections.get(own.transportId!)!.principal.authenticated);
    },
    sees: ["admitted info"],
  },
  "one that can't be looked up again": {
    async act(scene) {
      await enter(scene, { token: "ada" });
      scene.standings["ada"] = new Error("the database is down");
      scene.changed();
      await settled(() => scene.log.some(({ level }) => level === "error"));
    },
    sees: ["admitted info"],
  },
  "one that sends a message that no rule lets it send": {
    options: { rules: { "receives Note": "none", connect: "all" } },
    async act(scene) {
      const peer = await scene.raw(KNOWING, OPEN);
      await peer.frame(kinds.WELCOME);
      peer.write(rawFrame(kinds.MESSAGE, [TABLE.name("Note")!.number, 0]));
      await peer.end();
    },
    sees: ["admitted info", "denied warning - receives Note", "ended info unauthorized"],
  },
  "one that sends a request that no rule lets it send": {
    async act(scene) {
      const peer = await scene.raw(KNOWING, OPEN);
      await peer.frame(kinds.WELCOME);
      peer.write(rawFrame(kinds.REQUEST, [1, TABLE.name("Job")!.number, 0]));
      await peer.frame(kinds.FAILURE);
    },
    sees: ["admitted info", "denied warning - receives Job"],
  },
  "one that sends what it was not told of": {
    async act(scene) {
      const peer = await scene.raw(HELLO, OPEN);
      await peer.frame(kinds.WELCOME);
      peer.write(rawFrame(kinds.MESSAGE, [TABLE.name("Job")!.number, 0]));
      await peer.end();
    },
    sees: ["admitted info", "ended info unknown-message"],
  },
  "one that is not sent what no rule lets it be sent": {
    async act(scene) {
      const own = await enter(scene);
      const connection = scene.server.connections.get(own.transportId!)!;
      assert.throws(() => connection.send("Secret", { text: "" }));
      assert.equal(scene.server.broadcast("Secret", { text: "" }), 0);
    },
    // The service's own code asked for that.
    sees: ["admitted info"],
  },
  "one whose token is not good": {
    act: (scene) => fails(enter(scene, { token: "nobody" })),
    sees: ["refused warning unauthorized"],
    names: ["-"],
  },
  "one whose token has ended": {
    act: (scene) => fails(enter(scene, { token: "ada@7" })),
    sees: ["refused warning expired"],
  },
  "one whom no rule lets connect": {
    options: { rules: { connect: "group:production" } },
    act: (scene) => fails(enter(scene, { token: "bob" })),
    sees: ["refused warning unauthorized"],
    names: ["bob"],
  },
  "one that the registry fails to find": {
    async act(scene) {
      scene.standings["ada"] = new Error("the database is down");
      await fails(enter(scene, { token: "ada" }));
    },
    sees: ["refused error Error"],
    names: ["-"],
  },
  "one that onConnect refuses": {
    options: {
      onConnect() {
        throw new Failure("Not today.");
      },
    },
    act: (scene) => fails(enter(scene, { token: "ada" })),
    sees: ["refused info refused"],
    names: ["ada"],
  },
  "one that comes when onConnect fails": {
    options: {
      onConnect() {
        throw new Error("no disk");
      },
    },
    act: (scene) => fails(enter(scene, { token: "ada" })),
    sees: ["refused info internal"],
  },
  "one that goes while onConnect runs": {
    options: { onConnect: () => gone.promise },
    async act(scene) {
      const peer = await scene.raw(HELLO, OPEN);
      await peer.frame(kinds.DEFINITION);
      peer.leave("destroy");
      // What came before has been heard of when another is answered.
      const other = await scene.raw(HELLO);
      await other.frame(kinds.DEFINITION);
      other.leave("destroy");
      gone.resolve();
    },
    sees: [],
  },
  "one that asks for another service": {
    act: async (scene) => await (await scene.raw(encodeHello({ versions: [1], service: "Lab/Other" }))).end(),
    sees: ["refused warning unknown-service"],
    names: [""],
  },
  "one that does not keep to the protocol": {
    act: async (scene) => await (await scene.raw(rawFrame(kinds.WELCOME))).end(),
    sees: ["refused warning protocol"],
  },
  "one that says nothing": {
    async act(scene) {
      const peer = await scene.raw();
      await new Promise((resolve) => setTimeout(resolve, 5));
      scene.clock.advance(DEFAULT_LIMITS.handshakeTimeout + 1);
      await peer.end();
    },
    sees: ["refused info timeout"],
  },
  "one that comes and goes without a word": {
    async act(scene) {
      const peer = await scene.raw();
      peer.leave("destroy");
    },
    sees: [],
  },
  "one that comes when all is full": {
    options: { limits: { sessions: 1 } },
    async act(scene) {
      await enter(scene);
      await fails(enter(scene));
    },
    sees: ["admitted info", "refused info limit"],
  },
  "one whose identity another has": {
    async act(scene) {
      await enter(scene, { identity: "desk" });
      await fails(enter(scene, { identity: "desk" }));
    },
    sees: ["admitted info", "refused warning identity-in-use"],
  },
  "one that only asks for the definition": {
    async act(scene) {
      const peer = await scene.raw(HELLO);
      await peer.frame(kinds.DEFINITION);
      peer.leave("destroy");
    },
    sees: [],
  },
  "those who are there when the service stops": {
    async act(scene) {
      await enter(scene, { token: "ada" });
      await scene.server.close({ timeout: 1 });
    },
    sees: ["admitted info", "ended info stopping"],
  },
};

for (const [what, { act, names, options, sees }] of Object.entries(CASES)) {
  check(`an audit sees of ${what}: ${sees.join(", ") || "nothing"}`, async (scope) => {
    const network = faultyNetwork(scope.memory());
    const standings: Scene["standings"] = { ada: { name: "ada" }, bob: { name: "bob" } };
    let changed = () => {};
    const own = await lab(scope, {
      registry: {
        find({ subject }: Inquiry) {
          const standing = standings[subject];
          if (standing instanceof Error) throw standing;
          return standing;
        },
        watch(callback) {
          changed = callback;
          return () => {};
        },
      },
      ...options,
    }, network);
    await act({
      ...own,
      network,
      standings,
      changed: () => changed(),
      async raw(...bytes) {
        const peer = new RawPeer();
        scope.cleanup(() => peer.leave("destroy"));
        peer.attach(await network.connect({ hostname: "localhost", port: own.server.port, alpn: [ALPN] }, peer));
        return peer.write(...bytes);
      },
    });
    const audit = () => own.log.filter(({ event }) => event !== undefined);
    await settled(() => audit().length >= sees.length);
    await new Promise((resolve) => setTimeout(resolve, 5));
    assert.deepEqual(audit().map(summary), sees);
    for (const record of audit()) assertComplete(record);
    if (names !== undefined) assert.deepEqual(audit().map(({ principal }) => principal?.subject ?? "-"), names);
  });
}

async function settled(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}

function summary({ action, error, event, level }: LogRecord): string {
  const code = (error as HoldfastError | undefined)?.code ?? (error as Error | undefined)?.name;
  return [event, level, code ?? (action && "-"), action].filter((word) => word !== undefined).join(" ");
}

/** Each says where the client is; of one that has a session, also which that is, and who has it. */
function assertComplete(record: LogRecord): void {
  assert.match(record.remote!, /^\w+:\d+$/);
  assert.notEqual(record.message, "");
  if (record.event !== "refused") {
    assert.match(record.transportId!, /^[0-9a-f-]{36}$/);
    assert.notEqual(record.identity, "");
    assert.notEqual(record.principal, undefined);
  }
  assert.ok(!Object.hasOwn(record.principal ?? {}, "claims"));
  assert.equal(
    Object.hasOwn(record, "error"),
    ["refused", "ended", "withdrawn"].includes(record.event!)
      || record.action === "renew",
  );
  assert.equal(Object.hasOwn(record, "action"), record.event === "denied");
}

test("each event of the table in runtime/log.ts is in a case, with its level", () => {
  const text = readFileSync(join(ROOT, "runtime/log.ts"), "utf8");
  const rows = [...text.matchAll(/^ \* \| `(\w+)` \| (\w+)(?:, or (\w+))?(?:[^|]*, or (\w+))?/gm)];
  const table = rows.flatMap(([, event, ...levels]) => levels.filter(Boolean).map((level) => `${event} ${level}`));
  const seen = Object.values(CASES).flatMap(({ sees }) => sees.map((one) => one.split(" ").slice(0, 2).join(" ")));
  assert.equal(rows.length, 8);
  assert.deepEqual([...new Set(seen)].sort(), table.sort());
});
