/**
 * Hostile clients, byte by byte, against a service that has another client, who notices nothing.
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers/promises";
import { encodeDefinition, hashShape } from "../../idl/canonical.ts";
import {
  Client,
  Failure,
  type LogRecord,
  type Network,
  parse,
  serve,
  type ServeOptions,
  type Server,
  type UnknownService,
} from "../../mod.ts";
import { DEFAULT_LIMITS } from "../../runtime/limits.ts";
import { encodeDefinitionFrame, encodeHello, encodeOpen, type Open } from "../../runtime/wire/native/handshake.ts";
import * as kinds from "../../runtime/wire/native/kinds.ts";
import { MessageTable } from "../../runtime/wire/native/table.ts";
import { check, type Scope } from "../harness.ts";
import { type ManualClock, manualClock } from "../manual_clock.ts";
import { rawFrame, RawPeer } from "./raw_peer.ts";

const DOOR = parse(`
  Knock < id: int >
  service Lab/Door { auth all  connect < name: string >  receives Knock  sends Knock }
`);
const TABLE = new MessageTable(DOOR, DEFAULT_LIMITS);
const HELLO = encodeHello({ versions: [1], service: "Lab/Door" });
const HELLO_WITH_HASH = encodeHello({ versions: [1], service: "Lab/Door", hash: hashShape(DOOR.shape) });
const OPENING: Open = { limits: DEFAULT_LIMITS, resumable: false, identity: "", declined: [] };
const OPEN = open();

function open(how: Partial<Open> = {}, args: unknown = { name: "mallory" }): Uint8Array {
  return encodeOpen({ ...OPENING, ...how }, TABLE.connect, args);
}

interface Door {
  readonly server: Server<UnknownService>;
  readonly clock: ManualClock;
  readonly log: LogRecord[];
  /** What the application was told: `in NAME`, `out NAME CODE`. */
  readonly told: string[];
  /** A hostile client. */
  raw(): Promise<RawPeer>;
}

/** A service with a client that does no harm, who must be as well afterwards as before. */
async function door(scope: Scope, options: Partial<ServeOptions<UnknownService>> = {}): Promise<Door> {
  const network = scope.memory();
  const clock = manualClock();
  const log: LogRecord[] = [];
  const told: string[] = [];
  const names = new Map<string, string>();
  const { onConnect, ...rest } = options;
  const server = await serve(DOOR, {
    cert: "",
    key: "",
    network,
    clock,
    log: (record) => void log.push(record),
    resume: false,
    async onConnect(connection, args) {
      names.set(connection.transportId, args["name"]);
      told.push(`in ${args["name"]}`);
      if (args["name"] !== "bystander") await onConnect?.(connection, args);
    },
    onDrop: ({ transportId }, reason) => void told.push(`out ${names.get(transportId)} ${reason.code}`),
    messages: { Knock: () => {} },
    ...rest,
  });
  scope.cleanup(() => server.close());
  const bystander = await connected(server, network, clock);
  told.length = 0;
  scope.cleanup(async () => {
    await bystander.knock();
    assert.deepEqual(told.filter((what) => what.includes("bystander")), []);
    await bystander.close();
  });
  return {
    server,
    clock,
    log,
    told,
    async raw() {
      const peer = new RawPeer();
      const to = { hostname: "localhost", port: server.port, alpn: ["holdfast/1"] };
      return peer.attach(await network.connect(to, peer));
    },
  };
}

async function connected(server: Server<UnknownService>, network: Network, clock: ManualClock) {
  const client = new Client(server.url, undefined, { network, args: { name: "bystander" }, reconnect: false });
  await client.connect();
  const { transportId } = client;
  return {
    async knock() {
      await client.send("Knock", { id: 1 }, { acknowledge: true });
      assert.equal(client.transportId, transportId);
    },
    async close() {
      const closed = client.close();
      // The service lets a line linger on its own clock.
      await closed;
      clock.advance(10_000);
    },
  };
}

/** Bytes that a hostile client sends, and what it is told. */
const REFUSED: { readonly [attack: string]: readonly [string, ...Uint8Array[]] } = {
  "a message before HELLO": ["protocol", rawFrame(kinds.MESSAGE, [0, 2])],
  "a message between HELLO and OPEN": ["protocol", HELLO, rawFrame(kinds.MESSAGE, [0, 2])],
  "OPEN before HELLO": ["protocol", OPEN],
  "a second HELLO": ["protocol", HELLO, HELLO],
  "a DEFINITION": ["protocol", HELLO, encodeDefinitionFrame(encodeDefinition(DOOR))],
  "a WELCOME": ["protocol", HELLO, rawFrame(kinds.WELCOME)],
  "a REFUSE": ["protocol", rawFrame(kinds.REFUSE, [0, 0])],
  "an ACK": ["protocol", HELLO, rawFrame(kinds.ACK, [0, 0, 0, 0])],
  "an unknown kind": ["protocol", rawFrame(0x77)],
  "another version": ["protocol", encodeHello({ versions: [2, 3], service: "Lab/Door" })],
  "no version": ["protocol", encodeHello({ versions: [], service: "Lab/Door" })],
  "another service": ["unknown-service", encodeHello({ versions: [1], service: "Lab/Window" })],
  "a HELLO that goes on behind its end": ["protocol", rawFrame(kinds.HELLO, [...HELLO.slice(2), 0])],
  "a PING that goes on behind its end": ["protocol", rawFrame(kinds.PING, [1, 1])],
  "a frame longer than a handshake's": ["limit", Uint8Array.of(0x81, 0x80, 0x04)],
  "a length of many bytes": ["limit", new Uint8Array(10).fill(0xff)],
  "a length of zero": ["protocol", Uint8Array.of(0)],
  "an HTTP request": ["protocol", Buffer.from("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(3))],
  "DISET's first bytes": ["protocol", Buffer.from(`${"9".repeat(8)}:{"a": 1}`.repeat(8))],
  "connect arguments of a wrong shape": ["invalid-message", HELLO, rawFrame(kinds.OPEN, openWithout(4))],
  "an OPEN without limits": ["protocol", HELLO, rawFrame(kinds.OPEN)],
  "a frame limit of nothing": ["protocol", HELLO, open({ limits: { frame: 0, window: 1, requests: 1 } })],
  "a window of nothing": ["protocol", HELLO, open({ limits: { frame: 256, window: 0, requests: 1 } })],
  "an identity of 2000 bytes": ["limit", HELLO, open({ identity: "x".repeat(2000) })],
  "thousands of declined messages": ["protocol", HELLO, open({ declined: Array.from({ length: 9000 }, (_, i) => i) })],
};

for (const [attack, [code, ...bytes]] of Object.entries(REFUSED)) {
  check(`a client is refused with "${code}" for ${attack}`, async (scope) => {
    const { raw, told } = await door(scope);
    for (const inOneGo of [true, false]) {
      const client = await raw();
      for (const part of inOneGo ? [Buffer.concat(bytes)] : bytes.flatMap((part) => [...part].map((byte) => [byte]))) {
        client.write(part);
      }
      assert.equal((await client.end())?.code, code);
      assert.equal(client.told().filter((name) => name === "REFUSE").length, 1);
    }
    assert.deepEqual(told, [], "the application hears of none of it");
  });
}

check("a client that sends its OPEN twice is let in once, and then disconnected", async (scope) => {
  const { raw, told } = await door(scope);
  const client = (await raw()).write(HELLO_WITH_HASH, OPEN, OPEN);
  assert.deepEqual(await client.end(), {
    kind: "CLOSE",
    code: "protocol",
    text: "A frame of kind 0x03 may not come here.",
  });
  assert.deepEqual(client.told().filter((name) => name === "WELCOME"), ["WELCOME"]);
  assert.deepEqual(told, ["in mallory", "out mallory protocol"]);
});

check("an OPEN that came with a HELLO of another definition is passed over, but only the first", async (scope) => {
  const { raw, told } = await door(scope);
  const hello = encodeHello({ versions: [1], service: "Lab/Door", hash: new Uint8Array(32) });
  const client = (await raw()).write(hello, rawFrame(kinds.OPEN, [1, 2, 3]));
  await client.frame(kinds.DEFINITION);
  client.write(OPEN);
  await client.frame(kinds.WELCOME);
  assert.deepEqual(told, ["in mallory"]);
  client.leave("destroy");
});

check("optional frames are passed over at every stage", async (scope) => {
  const { raw } = await door(scope);
  const optional = rawFrame(0x80, [1, 2, 3]);
  const client = (await raw()).write(optional, HELLO, optional, rawFrame(kinds.PING, [7]), OPEN, optional);
  await client.frame(kinds.WELCOME);
  assert.deepEqual(client.told(), ["DEFINITION", "PONG", "WELCOME"]);
  client.leave("destroy");
});

for (
  const [what, bytes] of Object.entries({
    "says nothing": [],
    "stops in the middle of a length": [0x80],
    "stops in the middle of HELLO": HELLO.slice(0, 5),
    "stops after HELLO": HELLO,
    "stops in the middle of OPEN": [...HELLO, ...OPEN.slice(0, 9)],
    "only says that it is alive": rawFrame(kinds.PING, [1]),
  })
) {
  check(`a client that ${what} is refused when the handshake takes too long`, async (scope) => {
    const { raw, clock, told } = await door(scope);
    const client = (await raw()).write(bytes);
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    clock.advance(DEFAULT_LIMITS.handshakeTimeout - 1);
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    assert.equal(client.ended, false);
    clock.advance(1);
    assert.equal((await client.end())?.code, "timeout");
    assert.deepEqual(told, []);
  });
}

check("a client that vanishes at any byte of its handshake leaves nothing behind", async (scope) => {
  const { raw, told } = await door(scope);
  const bytes = Uint8Array.of(...HELLO_WITH_HASH, ...OPEN);
  for (let length = 0; length < bytes.length; length += 3) {
    for (const how of ["close", "destroy"] as const) {
      const client = (await raw()).write(bytes.slice(0, length));
      await setImmediate();
      client.leave(how);
      assert.equal(await client.end(), undefined);
    }
  }
  assert.deepEqual(told, []);
});

check("an identity that somebody has is refused to who has no token of it, or another's", async (scope) => {
  const { raw, server } = await door(scope);
  const owner = (await raw()).write(HELLO_WITH_HASH, open({ identity: "me" }));
  await owner.frame(kinds.WELCOME);
  const other = (await raw()).write(HELLO_WITH_HASH, open({ identity: "you" }));
  const welcome = await other.frame(kinds.WELCOME);
  for (const token of [undefined, new Uint8Array(32), welcome.slice(-33, -1)]) {
    const former = token && { token, received: 0, oldest: 1 };
    const thief = (await raw()).write(HELLO_WITH_HASH, open({ identity: "me", ...(former && { former }) }));
    assert.equal((await thief.end())?.code, "identity-in-use");
  }
  assert.equal(owner.ended, false);
  assert.equal(server.connections.size, 3);
  for (const client of [owner, other]) client.leave("destroy");
});

check("an identity is free again when onConnect has refused it", async (scope) => {
  let refuse = true;
  const { raw } = await door(scope, {
    onConnect() {
      if (refuse) throw new Failure("Not now.");
    },
  });
  const first = (await raw()).write(HELLO_WITH_HASH, open({ identity: "me" }));
  assert.deepEqual(await first.end(), { kind: "REFUSE", code: "refused", text: "Not now." });
  refuse = false;
  const second = (await raw()).write(HELLO_WITH_HASH, open({ identity: "me" }));
  await second.frame(kinds.WELCOME);
  second.leave("destroy");
});

check("onConnect that throws refuses: the text of a Failure is told, that of another error is not", async (scope) => {
  const { raw, log, told } = await door(scope, {
    onConnect: () => Promise.reject(new Error("the secret")),
  });
  const client = (await raw()).write(HELLO_WITH_HASH, OPEN);
  const end = await client.end();
  assert.equal(end?.kind, "REFUSE");
  assert.equal(end?.code, "internal");
  assert.doesNotMatch(end!.text, /secret/);
  const incident = /error ([0-9a-f]{8})/.exec(end!.text)![1];
  assert.match(String(log.find((record) => record.incident === incident)?.error), /the secret/);
  assert.deepEqual(told, ["in mallory"], "who was not let in is not dropped");
});

for (const returns of [true, false]) {
  const outcome = returns ? "is dropped once when onConnect has returned" : "is not dropped when onConnect throws";
  for (const how of ["vanishes", "takes too long", "sends too much"] as const) {
    check(`a client that ${how} while onConnect runs ${outcome}`, async (scope) => {
      let finish = () => {};
      const running = new Promise<void>((resolve) => finish = resolve);
      const { raw, told, clock, server } = await door(scope, {
        async onConnect(connection) {
          await running;
          if (!returns) throw new Failure("No.");
          await assert.rejects(connection.send("Knock", { id: 1 }), { code: "disconnected" });
        },
      });
      const client = (await raw()).write(HELLO_WITH_HASH, OPEN);
      while (told.length === 0) await setImmediate();
      if (how === "vanishes") client.leave("destroy");
      else if (how === "takes too long") clock.advance(DEFAULT_LIMITS.handshakeTimeout);
      else client.write(new Uint8Array(4 * DEFAULT_LIMITS.handshakeFrame));
      const end = await client.end();
      const codes = { "vanishes": undefined, "takes too long": "timeout", "sends too much": "limit" };
      assert.equal(end?.code, codes[how]);
      assert.deepEqual(told, ["in mallory"]);
      assert.equal(server.connections.size, 1);
      finish();
      for (let turn = 0; turn < 10; turn++) await setImmediate();
      const dropped = `out mallory ${codes[how] ?? "disconnected"}`;
      assert.deepEqual(told, returns ? ["in mallory", dropped] : ["in mallory"]);
      assert.equal(server.connections.size, 1);
    });
  }
}

check("what a client that was let in does wrong ends its connection, and drops it once", async (scope) => {
  const { raw, told } = await door(scope);
  const wrongs: [string, Uint8Array][] = [
    ["protocol", HELLO],
    ["protocol", rawFrame(kinds.WELCOME)],
    ["protocol", rawFrame(kinds.GOAWAY, [1])],
    ["protocol", rawFrame(kinds.ACK, [9, 0, 0, 0])],
    ["unknown-message", rawFrame(kinds.MESSAGE, [99])],
    ["invalid-message", rawFrame(kinds.MESSAGE, [0, 0x80])],
    ["limit", Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f)],
  ];
  for (const [code, bytes] of wrongs) {
    told.length = 0;
    const client = (await raw()).write(HELLO_WITH_HASH, OPEN);
    await client.frame(kinds.WELCOME);
    const end = await client.write(bytes).end();
    assert.deepEqual([end?.kind, end?.code], ["CLOSE", code]);
    while (told.length < 2) await setImmediate();
    assert.deepEqual(told, ["in mallory", `out mallory ${code}`]);
  }
});

check("a client that floods its handshake with PING, and reads nothing, is not answered without end", async (scope) => {
  const { network, accepted } = deafNetwork();
  const server = await serve(DOOR, { cert: "", key: "", network, messages: { Knock: () => {} } });
  scope.cleanup(() => server.close());
  const stream = accepted();
  const flood = Buffer.concat(Array.from({ length: 10_000 }, () => rawFrame(kinds.PING, [1])));
  for (let i = 0; i < 10; i++) stream.events.data(flood);
  assert.ok(stream.written < 2000, `${stream.written} bytes of answers`);
  stream.events.closed();
});

/** A network whose streams have room for 1000 bytes, which nobody ever reads. */
function deafNetwork() {
  let accept: Parameters<Network["listen"]>[1];
  const network: Network = {
    listen(_options, accepts) {
      accept = accepts;
      return Promise.resolve({
        hostname: "localhost",
        port: 1,
        renew: () => {},
        close: () => Promise.resolve(),
      });
    },
    connect: () => Promise.reject(new Error("nobody is there")),
  };
  const accepted = () => {
    const state = { written: 0, events: { data: (_chunk: Uint8Array) => {}, closed: () => {} } };
    state.events = accept({
      remote: { hostname: "nowhere", port: 1 },
      alpn: undefined,
      certificates: [],
      write(bytes) {
        state.written += bytes.length;
        return state.written < 1000 ? undefined : new Promise(() => {});
      },
      pause: () => {},
      resume: () => {},
      close: () => {},
      destroy: () => {},
    });
    return state;
  };
  return { network, accepted };
}

/** The body of an OPEN whose connect arguments lack their last bytes. */
function openWithout(count: number): Uint8Array {
  return OPEN.slice(2, -count);
}
