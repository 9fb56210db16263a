/**
 * What a service and its clients do, as a function of the network between them: the same cases run in memory and over
 * each runtime's TLS.
 *
 * @module
 */

import assert from "node:assert/strict";
import {
  Client,
  connect,
  type ConnectOptions,
  type Definition,
  Failure,
  HoldfastError,
  type LogRecord,
  type Network,
  parse,
  print,
  serve,
  type ServeOptions,
  type Server,
  type UnknownService,
} from "../../mod.ts";
import { check, type Scope, testCertificate } from "../harness.ts";

const LAB = parse(`
  /// Counts.
  Count < id: int|long, note?: string(..10) >
  /// Doubles a number.
  Double < value: int >
  Doubled < value: int >
  Stop < >
  Event < text: string, level: int = 3 >
  Question < text: string >
  Answer < text: string >

  service Lab/Counter {
    auth all
    connect < name: string, slots?: int(1..8) >
    receives Count, Stop
    receives Double -> Doubled
    sends Event, Count
    sends Question -> Answer
  }
`);

type LabHandlers = ServeOptions<UnknownService>["messages"];

interface Lab {
  readonly server: Server<UnknownService>;
  readonly log: LogRecord[];
  readonly drops: { readonly transportId: string; readonly reason: HoldfastError }[];
  /** A client that is connected. */
  join(options?: ConnectOptions<UnknownService>, definition?: Definition): Promise<Client>;
  /** Connects to a URL. */
  connect(url: string): Promise<Client>;
  /** Serves the same again, on a port. */
  restart(port: number): Promise<Server<UnknownService>>;
  /** A client that is not connected yet. */
  client(options?: ConnectOptions<UnknownService>, definition?: Definition): Client;
}

/** Collects what is called for, and resolves when there is enough. */
function collector<T>(): {
  readonly items: T[];
  readonly add: (item: T) => void;
  atLeast(count: number): Promise<T[]>;
} {
  const items: T[] = [];
  const waiting: { count: number; resolve: (items: T[]) => void }[] = [];
  return {
    items,
    add(item) {
      items.push(item);
      for (const { count, resolve } of waiting) if (items.length >= count) resolve(items);
    },
    atLeast: (count) =>
      items.length >= count ? Promise.resolve(items) : new Promise((resolve) => waiting.push({ count, resolve })),
  };
}

async function code(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    assert.ok(error instanceof HoldfastError, String(error));
    return error.code;
  }
  return "none";
}

/**
 * Declares the cases.
 *
 * @param title What the network is called.
 * @param network Makes the network.
 */
export function serviceCases(title: string, network: () => Network): void {
  const labCheck = (
    name: string,
    body: (
      lab: (messages?: LabHandlers, options?: Partial<ServeOptions<UnknownService>>) => Promise<Lab>,
    ) => Promise<void>,
  ) =>
    check(`${title}: ${name}`, (scope) => body((messages, options) => startLab(scope, network(), messages, options)));

  labCheck("a client without definitions learns them, and sends and receives", async (lab) => {
    const { join } = await lab({ Count: ({ id }, connection) => connection.send("Count", { id: id + 1 }) });
    const client = await join();
    const counts = client.messages("Count");
    await client.send("Count", { id: 41 });
    assert.deepEqual((await counts.next()).value, { id: 42 });
    assert.equal(print(client.definition!), print({ ...LAB, rules: {} }));
    assert.match(print(client.definition!), /\/\/\/ Doubles a number\.\nDouble </);
  });

  labCheck("a long beyond 2^53 arrives as the same bigint", async (lab) => {
    const { join } = await lab({ Count: ({ id }, connection) => connection.send("Count", { id }) });
    const client = await join();
    const counts = client.messages("Count");
    for (const id of [2n ** 53n, -(2n ** 200n), 2 ** 53 - 1]) {
      await client.send("Count", { id });
      assert.equal((await counts.next()).value.id, id);
    }
  });

  labCheck("connect arguments reach onConnect, with identity and transport id", async (lab) => {
    const seen: unknown[] = [];
    const { join, server } = await lab({}, {
      onConnect(connection, args) {
        seen.push(args, connection.identity);
      },
    });
    const client = await join({ args: { name: "kit", slots: 3 }, identity: "me" });
    assert.deepEqual(seen, [{ name: "kit", slots: 3 }, "me"]);
    assert.equal(client.identity, "me");
    assert.deepEqual([...server.connections.keys()], [client.transportId]);
    const other = await join();
    assert.notEqual(other.identity, "me");
    assert.notEqual(other.identity, "");
    assert.notEqual(other.transportId, client.transportId);
  });

  labCheck("connect arguments of a wrong shape are refused before the service sees them", async (lab) => {
    const { client } = await lab();
    const wrong = client({ args: { name: "kit", slots: 9 } });
    await assert.rejects(wrong.connect(), { code: "invalid-message", message: /slots/ });
  });

  labCheck("onConnect refuses with the text of a Failure, and hides that of another error", async (lab) => {
    let error: Error = new Failure("Only on Tuesdays.");
    const { client, drops, log } = await lab({}, {
      onConnect() {
        throw error;
      },
    });
    await assert.rejects(client().connect(), { code: "refused", message: "Only on Tuesdays.", remote: true });
    assert.equal(log.length, 0);
    error = new Error("the password is 1234");
    await assert.rejects(client().connect(), (thrown: HoldfastError) => {
      assert.equal(thrown.code, "internal");
      assert.doesNotMatch(thrown.message, /1234/);
      assert.ok(thrown.message.includes(log[0]!.incident!));
      return true;
    });
    assert.equal(log[0]!.error, error);
    assert.equal(drops.length, 0);
  });

  labCheck("what onConnect sends arrives first", async (lab) => {
    const { join } = await lab({ Stop: (_message, connection) => connection.send("Event", { text: "second" }) }, {
      async onConnect(connection) {
        await connection.send("Event", { text: "first" });
      },
    });
    const events = collector<unknown>();
    const client = await join({ messages: { Event: ({ text }) => events.add(text) } });
    await client.send("Stop", {});
    assert.deepEqual(await events.atLeast(2), ["first", "second"]);
  });

  labCheck("an identity that somebody has is given to nobody else", async (lab) => {
    const { join, client } = await lab();
    await join({ identity: "one" });
    assert.equal(await code(client({ identity: "one" }).connect()), "identity-in-use");
  });

  labCheck("onDrop runs exactly once for each client that was let in, with the reason", async (lab) => {
    const { join, drops, server } = await lab();
    const first = await join();
    const second = await join();
    const ids = [first.transportId, second.transportId];
    await first.close("enough");
    const dropped = await settled(() => drops.length === 1, drops);
    assert.equal(dropped[0]!.transportId, ids[0]);
    assert.equal(dropped[0]!.reason.code, "closed");
    assert.equal(dropped[0]!.reason.message, "enough");
    await server.close();
    assert.deepEqual(drops.map(({ transportId }) => transportId), ids);
    assert.equal(server.connections.size, 0);
  });

  labCheck("a request has its reply, in both directions", async (lab) => {
    const { join, server } = await lab({ Double: ({ value }) => ({ value: value * 2 }) });
    const client = await join({ messages: { Question: ({ text }) => Promise.resolve({ text: `${text}!` }) } });
    assert.deepEqual(await client.request("Double", { value: 21 }), { value: 42 });
    const connection = server.connections.get(client.transportId!)!;
    assert.deepEqual(await connection.request("Question", { text: "why" }), { text: "why!" });
    const many = await Promise.all(Array.from({ length: 500 }, (_, value) => client.request("Double", { value })));
    assert.deepEqual(many.map(({ value }) => value), Array.from({ length: 500 }, (_, value) => value * 2));
  });

  labCheck("a handler's error answers its request, and the connection stays", async (lab) => {
    const { join, log } = await lab({
      Double({ value }) {
        if (value < 0) throw new Failure("Only positive ones.");
        if (value === 0) throw new Error("secret");
        return value === 1 ? { value: "two" } : { value: value * 2 };
      },
    });
    const client = await join();
    await assert.rejects(client.request("Double", { value: -1 }), {
      code: "handler-failed",
      message: /^Only positive/,
    });
    for (const value of [0, 1]) {
      await assert.rejects(client.request("Double", { value }), (error: HoldfastError) => {
        assert.equal(error.code, "internal");
        assert.doesNotMatch(error.message, /secret|two/);
        return true;
      });
    }
    assert.equal(log.length, 2);
    assert.deepEqual(await client.request("Double", { value: 4 }), { value: 8 });
  });

  labCheck("an acknowledged send settles when the handler is done", async (lab) => {
    const begun = collector<number>();
    let release = () => {};
    const released = new Promise<void>((resolve) => release = resolve);
    const { join } = await lab({
      async Count({ id }) {
        begun.add(id);
        if (id === 1) await released;
      },
    });
    const client = await join();
    let done = false;
    const first = client.send("Count", { id: 1 }, { acknowledge: true }).then(() => done = true);
    await client.send("Count", { id: 2 }, { acknowledge: true });
    assert.deepEqual(begun.items, [1, 2]);
    assert.equal(done, false);
    release();
    await first;
  });

  labCheck("a message whose handler throws ends that connection with an error, and no other", async (lab) => {
    const { join, drops } = await lab({
      Count({ id }) {
        if (id === 13) throw new Failure("Bad luck.");
      },
    });
    const other = await join({ reconnect: false });
    const client = await join({ reconnect: false });
    const reasons = collector<HoldfastError>();
    client.onDisconnect(reasons.add);
    const acknowledged = client.send("Count", { id: 13 }, { acknowledge: true });
    const [reason] = await reasons.atLeast(1);
    assert.deepEqual([reason!.code, reason!.message, reason!.remote], ["handler-failed", "Bad luck.", true]);
    await assert.rejects(acknowledged, { code: "handler-failed", message: "Bad luck." });
    await other.send("Count", { id: 1 }, { acknowledge: true });
    assert.equal((await settled(() => drops.length === 1, drops))[0]!.reason.code, "handler-failed");
  });

  labCheck("a message that nobody handles ends the connection with an error", async (lab) => {
    const { join } = await lab({});
    const client = await join({ reconnect: false });
    assert.equal(await code(client.send("Count", { id: 1 }, { acknowledge: true })), "no-handler");
    const again = await join({ reconnect: false });
    assert.equal(await code(again.request("Double", { value: 1 })), "no-handler");
    assert.equal(again.status.state, "open");
  });

  labCheck("what can't be sent fails at the sender, and nothing is sent", async (lab) => {
    const { join, server } = await lab();
    const client = await join();
    const connection = server.connections.get(client.transportId!)!;
    const attempts: [() => unknown, string, RegExp][] = [
      [() => client.send("Count", { id: "1" }), "invalid-message", /Count\.id: expected/],
      [() => client.send("Count", { id: 1, nope: 2 }), "invalid-message", /nope/],
      [() => client.send("Cuont", { id: 1 }), "unknown-message", /Did you mean "Count"/],
      [() => client.send("Event", { text: "" }), "wrong-direction", /Event/],
      [() => client.send("Double", { value: 1 }), "wrong-direction", /request\(\)/],
      [() => client.request("Count", { id: 1 }), "wrong-direction", /send\(\)/],
      [() => connection.send("Stop", {}), "wrong-direction", /Stop/],
      [() => connection.send("Event", {}), "invalid-message", /text/],
    ];
    for (const [attempt, code, message] of attempts) assert.throws(attempt, { code, message });
    assert.equal(client.status.state, "open");
  });

  labCheck("a server sends to any client by its transport id, and to all", async (lab) => {
    const { join, server } = await lab();
    const events = [collector<string>(), collector<string>(), collector<string>()];
    const clients = await Promise.all(
      events.map((collected) => join({ messages: { Event: ({ text }) => collected.add(text) } })),
    );
    await server.send(clients[1]!.transportId!, "Event", { text: "you" }, { acknowledge: true });
    assert.deepEqual(events.map(({ items }) => items), [[], ["you"], []]);
    assert.equal(server.broadcast("Event", { text: "all" }), 3);
    await Promise.all(events.map(({ atLeast }, i) => atLeast(i === 1 ? 2 : 1)));
    assert.equal(await code(server.send("nobody", "Event", { text: "" })), "disconnected");
  });

  labCheck("a service closes one connection, with a reason", async (lab) => {
    const { join, server, drops } = await lab();
    const other = await join();
    const client = await join();
    const reasons = collector<HoldfastError>();
    client.onDisconnect(reasons.add);
    server.connections.get(client.transportId!)!.close("Go home.");
    const [reason] = await reasons.atLeast(1);
    assert.deepEqual([reason!.code, reason!.message], ["closed", "Go home."]);
    assert.equal(client.status.state, "idle");
    await settled(() => drops.length === 1, drops);
    assert.equal(other.status.state, "open");
    assert.equal(server.connections.size, 1);
  });

  labCheck("callbacks run, all-callbacks first, and are taken off again", async (lab) => {
    const { join, server } = await lab();
    const client = await join();
    const seen: string[] = [];
    const offAll = client.onMessage(({ name }) => void seen.push(`all ${name}`));
    const off = client.on("Event", ({ text, level }) => void seen.push(`event ${text} ${level}`));
    const push = (text: string) => server.send(client.transportId!, "Event", { text }, { acknowledge: true });
    await push("a");
    off();
    await push("b");
    offAll();
    await push("c");
    assert.deepEqual(seen, ["all Event", "event a 3", "all Event"]);
    assert.throws(() => client.on("Evnt", () => {}), { code: "unknown-message", message: /"Event"/ });
    assert.throws(() => client.on("Stop", () => {}), { code: "wrong-direction" });
    client.on("Question", () => ({ text: "" }));
    assert.throws(() => client.on("Question", () => ({ text: "" })), { code: "invalid-argument" });
  });

  labCheck("for await gives messages in order, and a slow loop holds the service back", async (lab) => {
    const { join, server } = await lab({}, { limits: { window: 2_000 } });
    const client = await join({ limits: { window: 2_000, handlers: 1 } });
    const loop = client.messages("Count");
    const connection = server.connections.get(client.transportId!)!;
    let sent = 0;
    const sending = (async () => {
      for (let id = 0; id < 2_000; id++) {
        await connection.send("Count", { id });
        sent++;
      }
    })();
    // Each loop round waits for its message only: the sender can't be further ahead than the window.
    let expected = 0;
    for await (const { id } of loop) {
      assert.equal(id, expected++);
      assert.ok(sent - expected < 700, `${sent} sent when ${expected} had been handled`);
      if (expected === 2_000) break;
    }
    await sending;
  });

  labCheck(
    "an iteration over all messages has their names; ends with the client; throws when called off",
    async (lab) => {
      const { join, server } = await lab();
      const client = await join();
      const all: unknown[] = [];
      const reading = (async () => {
        for await (const received of client) all.push(received);
      })();
      const controller = new AbortController();
      const aborted = code((async () => {
        for await (const _ of client.messages("Event", { signal: controller.signal }));
      })());
      const connection = server.connections.get(client.transportId!)!;
      await connection.send("Count", { id: 1 }, {});
      await connection.send("Event", { text: "x" }, {});
      controller.abort();
      assert.equal(await aborted, "cancelled");
      await connection.send("Count", { id: 2 });
      await settled(() => all.length === 3, all);
      await client.close();
      await reading;
      assert.deepEqual(all, [
        { name: "Count", message: { id: 1 } },
        { name: "Event", message: { text: "x", level: 3 } },
        { name: "Count", message: { id: 2 } },
      ]);
    },
  );

  labCheck("the first thing that is sent connects; once for all who wait", async (lab) => {
    const { client, server } = await lab({
      Count: () => {},
      Double: ({ value }) => ({ value: value * 2 }),
    });
    const lazy = client();
    assert.equal(lazy.status.state, "idle");
    const results = await Promise.all([
      lazy.request("Double", { value: 1 }),
      lazy.send("Count", { id: 1 }),
      lazy.connect(),
    ]);
    assert.deepEqual(results[0], { value: 2 });
    assert.equal(server.connections.size, 1);
    await assert.rejects(client().send("Nope", {}), { code: "unknown-message" });
  });

  labCheck("a client comes back when its service does, as the same identity on a new connection", async (lab) => {
    const { join, restart, server } = await lab();
    const states: string[] = [];
    const client = await join({ reconnect: { first: 1, most: 20 } });
    client.onStatus(({ state }) => states.push(state));
    const { identity, transportId } = client;
    const reasons = collector<HoldfastError>();
    client.onDisconnect(reasons.add);
    const port = server.port;
    await server.close();
    assert.equal((await reasons.atLeast(1))[0]!.code, "stopping");
    const again = await restart(port);
    await client.connect();
    assert.equal(client.identity, identity);
    assert.notEqual(client.transportId, transportId);
    assert.deepEqual(states.slice(0, 2), ["draining", "reconnecting"]);
    assert.equal(states.at(-1), "open");
    await again.close();
    await client.close();
  });

  labCheck("a client that may not reconnect stays away, until something is sent", async (lab) => {
    const { join, server } = await lab({ Count: () => {} });
    const client = await join({ reconnect: false });
    const statuses = collector<string>();
    client.onStatus(({ state }) => statuses.add(state));
    server.connections.get(client.transportId!)!.close();
    await statuses.atLeast(1);
    assert.equal(client.status.state, "idle");
    await client.send("Count", { id: 1 }, { acknowledge: true });
    assert.deepEqual(statuses.items, ["idle", "connecting", "open"]);
  });

  labCheck("close is for good, and what is sent afterwards is rejected", async (lab) => {
    const { join } = await lab();
    const client = await join();
    await client.close();
    await client.close();
    assert.equal(client.status.state, "closed");
    assert.equal(await code(client.connect()), "closed");
    assert.equal(await code(client.request("Double", { value: 1 })), "closed");
  });

  labCheck("close waits until what was sent has been handled", async (lab) => {
    const ids: number[] = [];
    const { join } = await lab({
      async Count({ id }) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        ids.push(id);
      },
    });
    const client = await join();
    for (let id = 0; id < 300; id++) void client.send("Count", { id });
    await client.close();
    assert.equal(ids.length, 300);
  });

  labCheck("signals: a request is called off at the service too; a client and a service are closed", async (lab) => {
    const aborted = collector<unknown>();
    const begun = collector<number>();
    const stop = new AbortController();
    const { join, server } = await lab({
      Double: ({ value }, _connection, { signal }) =>
        new Promise((_resolve, reject) => {
          begun.add(value);
          signal.addEventListener("abort", () => {
            aborted.add(value);
            reject(signal.reason);
          });
        }),
    }, { signal: stop.signal });
    const end = new AbortController();
    const client = await join({ signal: end.signal });
    const controller = new AbortController();
    const request = client.request("Double", { value: 7 }, { signal: controller.signal });
    await begun.atLeast(1);
    controller.abort("enough");
    await assert.rejects(request, { code: "cancelled", cause: "enough" });
    assert.deepEqual(await aborted.atLeast(1), [7]);
    assert.equal(await code(client.request("Double", { value: 1 }, { signal: AbortSignal.abort() })), "cancelled");
    assert.equal(await code(client.send("Stop", {}, { signal: AbortSignal.abort() })), "cancelled");
    const unanswered = client.request("Double", { value: 8 });
    await begun.atLeast(2);
    end.abort();
    assert.equal(await code(unanswered), "disconnected");
    assert.equal(client.status.state, "closed");
    assert.deepEqual(await aborted.atLeast(2), [7, 8]);
    stop.abort();
    await server.close();
  });

  labCheck("a client that holds the definition is not sent it again", async (lab) => {
    const { join } = await lab({ Double: ({ value }) => ({ value: value + 1 }) });
    const first = await join();
    const second = await join({}, first.definition!);
    assert.equal(second.definition, first.definition);
    assert.deepEqual(await second.request("Double", { value: 1 }), { value: 2 });
  });

  labCheck("a service of another name, nobody there, a wrong URL: each is said", async (lab) => {
    const { client, connect, server } = await lab();
    const elsewhere = server.url.replace("Lab/Counter", "Lab/Other");
    await assert.rejects(connect(elsewhere), { code: "unknown-service", message: /Lab\/Other/ });
    for (const url of ["", "http://localhost:1/A/B", "tls://localhost/A/B", "tls://localhost:1/A", "tls://:1/A/B"]) {
      await assert.rejects(connect(url), { code: "invalid-argument", message: /tls:\/\/HOST:PORT/ });
    }
    const lost = client();
    await server.close();
    assert.equal(await code(lost.connect()), "unreachable");
    assert.equal(lost.status.state, "idle");
    assert.equal(lost.status.reason?.code, "unreachable");
  });

  labCheck("more clients than the limit are refused, and the others stay", async (lab) => {
    const { join, client } = await lab({ Count: () => {} }, { limits: { connections: 2 } });
    const first = await join();
    await join();
    assert.equal(await code(client({ reconnect: false }).connect()), "limit");
    await first.send("Count", { id: 1 }, { acknowledge: true });
  });
}

/** Waits until something holds; the check's own time limit is what ends the waiting. */
async function settled<T>(holds: () => boolean, value: T): Promise<T> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
  return value;
}

async function startLab(
  scope: Scope,
  bare: Network,
  messages: LabHandlers = {},
  options: Partial<ServeOptions<UnknownService>> = {},
): Promise<Lab> {
  const network = scope.network(bare);
  const { ca, cert, key } = await testCertificate();
  const log: LogRecord[] = [];
  const drops: Lab["drops"] = [];
  const start = async (port: number) => {
    const server = await serve(LAB, {
      cert,
      key,
      port,
      messages,
      network,
      log: (record) => log.push(record),
      onDrop: (connection, reason) => void drops.push({ transportId: connection.transportId, reason }),
      ...options,
    });
    scope.cleanup(() => server.close());
    return server;
  };
  const server = await start(0);
  const client = (clientOptions: ConnectOptions<UnknownService> = {}, definition?: Definition) => {
    const defaults = { args: { name: "test" }, ca, network, log: () => {} };
    const made = new Client(server.url, definition, { ...defaults, ...clientOptions });
    scope.cleanup(() => made.close());
    return made;
  };
  const join = async (clientOptions?: ConnectOptions<UnknownService>, definition?: Definition) => {
    const made = client(clientOptions, definition);
    await made.connect();
    return made;
  };
  return {
    server,
    log,
    drops,
    join,
    client,
    connect: (url) => connect(url, { ca, network, args: { name: "test" } }),
    restart: start,
  };
}
