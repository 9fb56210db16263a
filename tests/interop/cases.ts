/**
 * What DIRAC's own client and a service `Tests/Lab` do with each other, whoever the service is: cases to be run on
 * DIRAC's service and on ours. Each has a client of its own, and runs in the same two processes as the others.
 *
 * Whatever goes one way goes alone: of two frames that arrive together, DIRAC's reader leaves the second lying
 * (`README.md`, section 6). So nothing is asked to be acknowledged that is answered too.
 *
 * @module
 */

import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import type { Result } from "./dirac.ts";
import type { Callers, Way } from "./lab.ts";
import { acknowledged, failed, ok, type Stage } from "./stage.ts";
import { type Dict, Python, type PythonValue } from "./values.ts";

/** A case: what its name says is true. */
export interface Case {
  readonly name: string;
  /** Where it makes no sense otherwise. */
  readonly only?: (way: Way) => boolean;
  /** `false` where Holdfast's services do otherwise, on purpose. */
  readonly holdfast?: false;
  run(stage: Stage): Promise<void>;
}

const UNAUTHORIZED = "Unauthorized query ( 1111 : Unauthorized query)";

const withTls = ({ protocol }: Way): boolean => protocol === "dips";

/** Values, and what comes back of them where it is something else. */
const VALUES: readonly { sent: PythonValue; json?: PythonValue; dencode?: PythonValue; holdfast?: PythonValue }[] = [
  ...[null, true, false, 0n, -1n, 2n ** 53n + 1n, -(10n ** 300n), 0.5, -0, 1e300, 5e-324, NaN, Infinity, -Infinity]
    .map((sent) => ({ sent })),
  // As `any`, a number is a number to Holdfast's handlers.
  { sent: 1, holdfast: 1n },
  ...["", "text", "ä€🙂", '\0"\\/\u007f'].map((sent) => ({ sent })),
  { sent: [1n, [2n, []], { a: { b: null } }] },
  { sent: new Uint8Array([0, 97, 98]), dencode: "\0ab" },
  { sent: new Python("tuple", [1n, "a"]), json: [1n, "a"], holdfast: [1n, "a"] },
  {
    sent: new Map<PythonValue, PythonValue>([[1n, "a"], [2n, "b"]]),
    json: { 1: "a", 2: "b" },
    holdfast: { 1: "a", 2: "b" },
  },
  { sent: new Python("datetime", "2024-02-29T23:59:58") },
  { sent: new Python("date", "2024-02-29"), holdfast: new Python("datetime", "2024-02-29T00:00:00") },
];

/** What the original loses: its reader multiplies the mantissa by a power of ten (`README.md`, section 7). */
const INEXACT = new Map<PythonValue, PythonValue>([[5e-324, 0]]);

/** Every case. */
export const CASES: readonly Case[] = [
  {
    name: "connect: arguments, setup and VO arrive; disconnect: the service hears of it",
    async run(stage) {
      await stage.open({ ...stage.usual, setup: "Other", VO: "othervo" });
      ok(await stage.connect({ name: "ä", slots: 3n, ratio: 0.5, tags: ["a", "b"] }));
      const told = await stage.heard("new");
      assert.deepEqual(told["arguments"], { name: "ä", slots: 3n, ratio: 0.5, tags: ["a", "b"] });
      assert.equal(told["vo"], "othervo");
      // Later releases know no setups, and say so.
      assert.equal(told["setup"], told["version"] === "9.0.0a31" ? "Other" : "None");
      const connected = await stage.heard("connected");
      await stage.disconnect();
      await stage.services.next("dropped", (one) => one["trid"] === connected["trid"]);
    },
  },
  {
    name: "ping-pong: numbers of any size",
    async run(stage) {
      await stage.connected();
      for (const id of [0n, -7n, 2n ** 31n, 2n ** 53n + 1n, -(2n ** 64n), 10n ** 1_000n]) {
        ok(await stage.send("Ping", { id }));
        assert.deepEqual(await stage.message("Pong"), { id });
      }
    },
  },
  {
    name: "values of every kind come back",
    async run(stage) {
      await stage.connected();
      for (const one of VALUES) {
        ok(await stage.send("Echo", { value: one.sent }));
        const back = await stage.message("Echoed") as Dict;
        const ours = stage.services.kind === "holdfast" ? one.holdfast : undefined;
        const exact = ours ?? one[stage.way.encoding] ?? one.sent;
        const loses = stage.way.peer === "dirac" && stage.way.encoding === "dencode";
        const lost = loses ? INEXACT.get(exact) : undefined;
        assert.deepEqual(back["value"], lost ?? exact);
      }
    },
  },
  {
    name: "a message of many declared types, and one of none",
    async run(stage) {
      await stage.connected();
      const values = {
        flag: true,
        count: 9n,
        ratio: 1,
        text: "ä",
        items: [1n, "two"],
        table: { a: 1n },
        when: new Python("datetime", "2024-02-29T23:59:58"),
        either: "or",
        anything: null,
      };
      ok(await stage.send("Sample", values));
      assert.deepEqual(await stage.message("Sampled"), values);
      ok(await stage.send("Empty", {}));
      assert.deepEqual(await stage.message("Emptied"), {});
    },
  },
  {
    name: "send with acknowledgement: answered before the service's handler has ended",
    async run(stage) {
      await stage.connected();
      for (const text of ["one", "two", "three"]) {
        ok(await stage.send("Note", { text }, true));
        const told = await stage.services.next("message", (one) => one["name"] === "Note");
        assert.deepEqual(told["values"], { text });
        // Holdfast's handlers are not told who waits for them.
        if (stage.services.kind === "dirac") assert.equal(told["acknowledged"], true);
      }
    },
  },
  {
    name: "a keep-alive is answered, whatever comes before and after it",
    // DIRAC's clients send some when they like.
    only: ({ peer }) => peer === "python",
    async run(stage) {
      await stage.connected();
      for (let id = 0n; id < 3n; id++) {
        await stage.process.order("ping", { client: stage.client });
        ok(await stage.send("Ping", { id }));
        assert.deepEqual(await stage.message("Pong"), { id });
      }
    },
  },
  {
    name: "server push: plain, and with acknowledgement",
    async run(stage) {
      await stage.connected();
      for (const acknowledged of [false, true]) {
        for (let number = 0n; number < 3n; number++) {
          ok(await stage.send("Push", { number, text: "news", acknowledged }));
          assert.deepEqual(await stage.message("Notice"), { number, text: "news" });
          ok((await stage.services.next("pushed"))["result"] as unknown as Result);
        }
      }
    },
  },
  {
    name: "3 MiB both ways",
    async run(stage) {
      await stage.connected();
      const value = "0123456789abcdef".repeat(3 * 65_536);
      ok(await stage.send("Echo", { value }));
      assert.equal((await stage.message("Echoed") as Dict)["value"], value);
    },
  },
  ...(["refuse", "raise"] as const).flatMap((how): Case[] => [
    {
      name: `a handler that ${how}s in conn_connected: connect succeeds, and then the connection closes`,
      async run(stage) {
        await stage.open();
        ok(await stage.connect({ [how]: "connected" }));
        await stage.told("dropped");
      },
    },
    {
      name: `a handler that ${how}s in conn_new: connect says why`,
      async run(stage) {
        await stage.open();
        // What no error was made to tell, Holdfast does not tell.
        const failure = stage.services.kind === "dirac" ? "The handler failed." : "Internal error";
        const why = how === "refuse" ? "Not today." : `Server error while serving new: ${failure}`;
        failed(await stage.connect({ [how]: "new" }), why);
      },
    },
  ]),
  ...["error", "raise", "nothing"].map((how): Case => ({
    name: `a handler that fails by ${how}: acknowledged, and then the connection closes`,
    ...(how === "nothing" && { holdfast: false }),
    async run(stage) {
      await stage.connected();
      acknowledged(await stage.send("Fail", { how }, true));
      await stage.told("dropped");
    },
  })),
  ...["Restricted", "Unhandled"].map((name): Case => ({
    name: `${name}: acknowledged, and then the connection closes`,
    async run(stage) {
      await stage.connected();
      acknowledged(await stage.send(name, { text: "hello" }, true));
      await stage.told("dropped");
    },
  })),
  {
    name: "a service that closes: the client is told, and connects again when it sends",
    async run(stage) {
      await stage.connected();
      ok(await stage.send("Leave", {}));
      await stage.told("dropped");
      ok(await stage.send("Ping", { id: 1n }));
      assert.deepEqual(await stage.message("Pong"), { id: 1n });
    },
  },
  ...(["error", "raise"] as const).map((how): Case => ({
    name: `a client whose callback fails by ${how}: the service hears that it has gone`,
    async run(stage) {
      await stage.open();
      await stage.subscribe("Notice", how);
      ok(await stage.connect());
      const { trid } = await stage.heard("connected");
      ok(await stage.send("Push", { number: 1n, text: "news", acknowledged: false }));
      await stage.services.next("dropped", (one) => one["trid"] === trid);
    },
  })),
  {
    name: "two clients at the same time: each gets its own answers",
    async run(stage) {
      const other = stage.another();
      await stage.connected();
      await other.connected();
      for (let id = 0n; id < 5n; id++) {
        ok(await stage.send("Ping", { id }));
        ok(await other.send("Ping", { id: -id }));
        assert.deepEqual(await stage.message("Pong"), { id });
        assert.deepEqual(await other.message("Pong"), { id: -id });
      }
      await other.disconnect();
    },
  },
  {
    name: "a service of another name: connect says that it is not there",
    async run(stage) {
      await stage.open(stage.usual, stage.services.url("Lab").replace(/Lab$/, "Other"));
      failed(await stage.connect(), "Tests/Other is not up in this server");
    },
  },
  {
    name: "Guarded: connect says that it is not for everybody, and so does RPC",
    async run(stage) {
      await stage.open(stage.usual, stage.services.url("Guarded"));
      failed(await stage.connect(), UNAUTHORIZED);
      failed(await stage.call("echo", [""], "Guarded"), UNAUTHORIZED);
    },
  },
  {
    name: "Guarded: an administrator is let in",
    only: withTls,
    async run(stage) {
      await stage.open(stage.callers.admin, stage.services.url("Guarded"));
      ok(await stage.connect());
    },
  },
  {
    name: "Small: one more than it has room for is let in, no more",
    async run(stage) {
      const clients = [stage, stage.another()];
      clients.push(clients[1]!.another());
      const results = [];
      for (const client of clients) {
        await client.open(stage.usual, stage.services.url("Small"));
        results.push((await client.connect()).OK);
      }
      for (const client of clients) await client.disconnect();
      assert.deepEqual(results, [true, true, false]);
    },
  },
  {
    name: "RPC: ping, whoami, echo",
    async run(stage) {
      const told = ok(await stage.call("ping", [])) as Dict;
      assert.equal(told["name"], "Tests/Lab");
      assert.ok(told["time"] instanceof Python && told["time"].kind === "datetime");
      assert.equal(ok(await stage.call("echo", ["ä€🙂"])), "ä€🙂");
      const { group, username } = ok(await stage.call("whoami", [])) as Dict;
      if (withTls(stage.way)) assert.deepEqual({ group, username }, { group: "lab_user", username: "alice" });
    },
  },
  {
    name: "RPC: a method that is not there",
    run: async (stage) => failed(await stage.call("nothing", []), "Unknown method nothing"),
  },
  ...Object.entries({
    user: { DN: "/C=ch/O=Lab/CN=alice", username: "alice", group: "lab_user", isProxy: true },
    admin: { DN: "/C=ch/O=Lab/CN=alice", username: "alice", group: "lab_admin", isProxy: true },
    groupless: { DN: "/C=ch/O=Lab/CN=alice", username: "alice", group: "lab_user", isProxy: true },
    certificate: { DN: "/C=ch/O=Lab/CN=alice", username: "alice", group: "lab_user", isProxy: false },
    host: { DN: "/C=ch/O=Lab/CN=localhost", username: "localhost", group: "hosts", isProxy: false },
  }).map(([caller, expected]): Case => ({
    name: `${caller}: the service knows who that is`,
    only: withTls,
    async run(stage) {
      await stage.open(stage.callers[caller as keyof Callers]);
      ok(await stage.connect());
      const { credentials } = await stage.heard("new") as unknown as { credentials: Dict };
      const { DN, group, isProxy, username } = credentials;
      // Holdfast's handlers are not told by what somebody has shown who he is.
      const seen = stage.services.kind === "dirac" ? { isProxy } : { isProxy: expected.isProxy };
      assert.deepEqual({ DN, username, group, ...seen }, expected);
    },
  })),
  {
    name: "Restricted: who has the property is let in",
    only: withTls,
    async run(stage) {
      await stage.connected(stage.callers.admin);
      ok(await stage.send("Restricted", { text: "hello" }, true));
      await stage.services.next("message", (one) => one["name"] === "Restricted");
    },
  },
  {
    name: "a certificate of an authority that nobody trusts: no connection",
    only: withTls,
    async run(stage) {
      await stage.open(stage.callers.stranger);
      assert.equal((await stage.connect()).OK, false);
    },
  },
];

/** Between two cases: DIRAC's TLS connections break under load, and its listeners look for new ones once a second. */
export const PAUSE = 50;

/** Runs a case, and takes its client away. */
export async function play(one: Case, stage: Stage): Promise<void> {
  try {
    await one.run(stage);
  } finally {
    await stage.disconnect();
    await setTimeout(PAUSE);
  }
}
