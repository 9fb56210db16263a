/**
 * A Holdfast client and DIRAC's own service.
 *
 * @module
 */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { after, before, describe, test, type TestOptions } from "node:test";
import type { Definition, UnknownService } from "../../idl/definition.ts";
import { parse } from "../../idl/mod.ts";
import { Client, type ConnectOptions } from "../../runtime/client.ts";
import { ROOT } from "../runtimes.ts";
import type { Dirac, Told } from "./dirac.ts";
import { DIRAC_RUNS, NOT_ASKED, RUNS } from "./installed.ts";
import { addressOf, type Callers, type COMPONENTS, Lab, type Way } from "./lab.ts";
import type { Dict, PythonValue } from "./values.ts";

if (DIRAC_RUNS.length === 0) test("a Holdfast client and DIRAC's service", { skip: NOT_ASKED }, () => {});

/** What follows `Tests/`: one that is there, or one that is not. */
type Component = (typeof COMPONENTS)[number] | "Elsewhere";

const TEXT = readFileSync(join(ROOT, "tests/interop/lab.msg"), "utf8");

/** Deno's TLS takes no proxy for a certificate. */
const PROXIES = process.versions["deno"] === undefined;
const BREAKS = "DIRAC uses a TLS connection from two threads at a time: under load it is lost, or the process is";
const NO_PROXIES = "Deno's TLS shows no X.509 proxies";

/** What of a DIRAC's service is asked for here. */
const definition = (component: Component): Definition => parse(TEXT.replace("Tests/Lab", `Tests/${component}`));

/** Values of `any`, and what comes back of them where it is something else. */
const VALUES: readonly { sent: unknown; dencode?: unknown }[] = [
  ...[null, true, false, 0, -1, 2n ** 53n + 1n, -(10n ** 300n), 0.5, -0, 1e300, NaN, -Infinity].map((sent) => ({
    sent,
  })),
  ...["", "text", "ä€🙂", '\0"\\/\u007f'].map((sent) => ({ sent })),
  { sent: [1, [2, []], { a: { b: null } }] },
  { sent: new Uint8Array([0, 97, 98]), dencode: "\0ab" },
  { sent: new Date("2024-02-29T23:59:58Z") },
];

const SAMPLE = {
  flag: true,
  count: 9,
  ratio: 1,
  text: "ä",
  items: [1, "two"],
  table: { a: 1 },
  when: new Date("2024-02-29T23:59:58Z"),
  either: "or",
  anything: null,
};

for (const { name, skip, way } of RUNS) {
  describe(`${name}: a Holdfast client and its service`, { skip }, () => {
    const stage = new Stage(way);
    before(() => stage.open());
    after(() => stage.close());
    cases(stage);
  });
}

/** A service of DIRAC's, and clients of ours. */
class Stage {
  readonly way: Way;
  #lab!: Lab;
  #service!: Dirac;
  #clients = 0;

  constructor(way: Way) {
    this.way = way;
  }

  get secure(): boolean {
    return this.way.protocol === "dips";
  }

  /** Whether its service breaks under load. */
  get breaks(): boolean {
    return this.secure && this.way.peer === "dirac";
  }

  async open(): Promise<void> {
    this.#lab = await Lab.make();
    this.#service = await this.#lab.service(this.way);
  }

  /** Runs a case, and once or twice more where the service may have broken, on a new one. */
  async run(body: () => Promise<void>): Promise<void> {
    for (let left = this.breaks ? 2 : 0;; left--) {
      try {
        return await body();
      } catch (error) {
        if (left === 0) throw error;
        await this.close();
        await this.open();
      }
    }
  }

  async close(): Promise<void> {
    await this.#service?.[Symbol.asyncDispose]();
    this.#lab?.[Symbol.dispose]();
  }

  url(component: Component): string {
    if (component !== "Elsewhere") return addressOf(this.#service, this.way, component);
    return addressOf(this.#service, this.way, "Lab").replace(/Lab$/, component);
  }

  /** A client, as Alice by her certificate, where there is TLS, unless told otherwise. */
  client(options: ConnectOptions<never> & { who?: keyof Callers; to?: Component } = {}): Client<UnknownService> {
    const { to = "Lab", who = "certificate", diset, ...more } = options;
    const identity = `client ${++this.#clients}`;
    return new Client(this.url(to), definition(to), {
      identity,
      log: () => {},
      reconnect: false,
      ...(this.secure && { ca: readFileSync(this.#lab.files.authority, "utf8"), certificate: this.#identity(who) }),
      diset: { encoding: this.way.encoding, ...diset },
      ...more,
    } as ConnectOptions<UnknownService>);
  }

  /** What the service tells of a client. */
  heard(event: string, client: Client<UnknownService>): Promise<Told> {
    return this.#service.next(event, (one) => one["identity"] === client.identity);
  }

  next(event: string, fits?: (told: Told) => boolean): Promise<Told> {
    return this.#service.next(event, fits);
  }

  /** Has the service send a keep-alive, and wait for the answer. */
  async ping(trid: PythonValue): Promise<void> {
    await this.#service.order("ping", { service: "Tests/Lab", trid });
  }

  #identity(who: keyof Callers) {
    const { cert, key } = this.#lab.files;
    if (who === "host") return { cert: readFileSync(cert, "utf8"), key: readFileSync(key, "utf8") };
    const pem = readFileSync(String(this.#lab.callers[who]["proxyLocation"]), "utf8");
    return { cert: pem, key: pem };
  }
}

/** The next message of a name, unless the connection is lost. */
function next(client: Client<UnknownService>, name: string): Promise<Dict> {
  return new Promise((resolve, reject) => {
    const offDisconnect = client.onDisconnect(reject);
    const off = client.on(name, (message: unknown) => {
      off();
      offDisconnect();
      resolve(message as Dict);
    });
  });
}

/** A value whose objects are like those of a literal. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  const isDict = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === null;
  return isDict || value?.constructor === Object
    ? Object.fromEntries(Object.entries(value as Dict).map(([key, item]) => [key, plain(item)]))
    : value;
}

function cases(stage: Stage): void {
  const { encoding } = stage.way;
  const check = (name: string, ...rest: readonly [() => Promise<void>] | readonly [TestOptions, () => Promise<void>]) =>
    test(name, rest.length === 2 ? rest[0] : {}, () => stage.run(rest.at(-1) as () => Promise<void>));

  check("connect: arguments, setup and VO arrive; close: the service hears of it", async () => {
    const args = { name: "ä", slots: 3, ratio: 0.5, tags: ["a", "b"] };
    const client = stage.client({ args, diset: { setup: "Other", vo: "othervo" } } as never);
    await client.connect();
    const told = await stage.heard("new", client);
    assert.deepEqual(told["arguments"], { ...args, slots: 3n });
    assert.deepEqual([told["setup"], told["vo"]], ["Other", "othervo"]);
    const { trid } = await stage.heard("connected", client);
    await client.close();
    await stage.next("dropped", (one) => one["trid"] === trid);
  });

  check("send and on: numbers of any size", async () => {
    await using client = stage.client();
    for (const id of [0, -7, 2 ** 31, 2n ** 53n + 1n, -(2n ** 64n), 10n ** 1_000n]) {
      const pong = next(client, "Pong");
      await client.send("Ping", { id });
      assert.deepEqual(await pong, { id });
    }
  });

  check("values of every kind come back", async () => {
    await using client = stage.client();
    for (const { sent, dencode } of VALUES) {
      const echoed = next(client, "Echoed");
      await client.send("Echo", { value: sent });
      assert.deepEqual(plain((await echoed)["value"]), encoding === "dencode" ? dencode ?? sent : sent);
    }
    for (const [name, answer, value] of [["Sample", "Sampled", SAMPLE], ["Empty", "Emptied", {}]] as const) {
      const told = next(client, answer);
      await client.send(name, value);
      assert.deepEqual(plain(await told), value);
    }
  });

  check("3 MiB there and back", async () => {
    await using client = stage.client();
    const value = "0123456789abcdef".repeat(3 * 65_536);
    const echoed = next(client, "Echoed");
    await client.send("Echo", { value });
    assert.equal((await echoed)["value"], value);
  });

  check("acknowledge: resolved when the service has the message", async () => {
    await using client = stage.client();
    for (const text of ["one", "two", "three"]) {
      await client.send("Note", { text }, { acknowledge: true });
      const told = await stage.next("message", (one) => one["name"] === "Note");
      assert.deepEqual([told["values"], told["acknowledged"]], [{ text }, true]);
    }
  });

  // DIRAC's services send none.
  check("a keep-alive of the service's is answered", { skip: stage.way.peer === "dirac" }, async () => {
    await using client = stage.client();
    await client.connect();
    const { trid } = await stage.heard("connected", client);
    for (let i = 0; i < 3; i++) {
      await stage.ping(trid!);
      await client.send("Note", { text: "still here" }, { acknowledge: true });
    }
  });

  check("what the service pushes arrives, also where it waits for the acknowledgement", async () => {
    await using client = stage.client();
    for (const acknowledged of [false, true]) {
      const notice = next(client, "Notice");
      await client.send("Push", { number: 1, text: "news", acknowledged });
      assert.deepEqual(await notice, { number: 1, text: "news" });
      const pushed = await stage.next("pushed");
      assert.equal((pushed["result"] as Dict)["OK"], true);
    }
  });

  check("a burst: every message arrives, and every answer", { skip: stage.breaks && BREAKS }, async () => {
    await using client = stage.client();
    await client.connect();
    const ids = new Set<number>();
    const all = new Promise<void>((resolve) => {
      client.on("Pong", ({ id }) => {
        ids.add(id);
        if (ids.size === 20) resolve();
      });
    });
    for (let id = 0; id < 20; id++) void client.send("Ping", { id });
    await all;
  });

  for (
    const [how, why] of [["refuse", "Not today."], ["raise", "Server error while serving new: The handler failed."]]
  ) {
    check(`conn_new that ${how}s: connect rejects, and says why`, async () => {
      const client = stage.client({ args: { [how!]: "new" } } as never);
      await assert.rejects(client.connect(), { code: "refused", message: why });
      await client.close();
    });
  }

  check("a message that the service refuses ends the connection", async () => {
    for (const message of ["Restricted", "Unhandled"]) {
      const client = stage.client();
      const ended = new Promise<string>((resolve) => client.onDisconnect(({ code }) => resolve(code)));
      await client.connect();
      void client.send(message, { text: "hello" });
      assert.equal(await ended, "disconnected");
      await client.close();
    }
  });

  check("a callback that throws: the service hears that the client has gone", async () => {
    const client = stage.client();
    client.on("Notice", () => {
      throw new Error("On purpose.");
    });
    await client.connect();
    const { trid } = await stage.heard("connected", client);
    void client.send("Push", { number: 1, text: "news", acknowledged: false });
    await stage.next("dropped", (one) => one["trid"] === trid);
    await client.close();
  });

  check("a service that is not there, and one that is not for this client: connect says so", async () => {
    const elsewhere = stage.client({ to: "Elsewhere" });
    const text = "Tests/Elsewhere is not up in this server";
    await assert.rejects(elsewhere.connect(), { code: "unknown-service", message: text });
    await elsewhere.close();
    const guarded = stage.client({ to: "Guarded" });
    await assert.rejects(guarded.connect(), { code: "unauthorized" });
    await guarded.close();
  });

  if (!stage.secure) return;

  check("group: asked for beside the certificate", async () => {
    await using client = stage.client({ to: "Guarded", group: "lab_admin" });
    await client.connect();
    const { credentials } = await stage.heard("new", client) as unknown as { credentials: Dict };
    assert.deepEqual([credentials["username"], credentials["group"]], ["alice", "lab_admin"]);
  });

  check("extraCredentials: a host, and a host that speaks for somebody", async () => {
    await using host = stage.client({ who: "host", diset: { extraCredentials: "hosts" } });
    await host.connect();
    const told = await stage.heard("new", host) as unknown as { credentials: Dict };
    assert.deepEqual([told.credentials["username"], told.credentials["group"]], ["localhost", "hosts"]);
    const extraCredentials = { subject: "/C=ch/O=Lab/CN=alice", group: "lab_user" };
    await using delegate = stage.client({ who: "host", diset: { extraCredentials } });
    await delegate.connect();
    const { credentials } = await stage.heard("new", delegate) as unknown as { credentials: Dict };
    assert.deepEqual([credentials["username"], credentials["group"]], ["alice", "lab_user"]);
  });

  check("a proxy says its group", { skip: !PROXIES && NO_PROXIES }, async () => {
    await using client = stage.client({ to: "Guarded", who: "admin" });
    await client.connect();
    const { credentials } = await stage.heard("new", client) as unknown as { credentials: Dict };
    assert.deepEqual([credentials["username"], credentials["group"], credentials["isProxy"]], [
      "alice",
      "lab_admin",
      true,
    ]);
  });
}
