/**
 * Hostile services, byte by byte, against a client: it says what is wrong, and leaves nothing behind.
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers/promises";
import { encodeDefinition } from "../../idl/canonical.ts";
import { Client, type Definition, HoldfastError, type Network, parse } from "../../mod.ts";
import { DEFAULT_LIMITS, type Limits } from "../../runtime/limits.ts";
import { encodeDefinitionFrame, encodeRefuse, encodeWelcome } from "../../runtime/wire/native/handshake.ts";
import * as kinds from "../../runtime/wire/native/kinds.ts";
import { check, type Scope } from "../harness.ts";
import { type ManualClock, manualClock } from "../manual_clock.ts";
import { rawFrame, RawPeer } from "./raw_peer.ts";

const DOOR = parse(`
  Knock < id: int >
  service Lab/Door { auth all  connect < name?: string >  receives Knock  sends Knock }
`);
const DEFINITION = encodeDefinitionFrame(encodeDefinition(DOOR));
/** No end of the credentials, and nothing forbidden. */
const FREE = { expiresIn: 0, forbidden: [] };
const WELCOME = encodeWelcome({
  limits: DEFAULT_LIMITS,
  transportId: "t1",
  identity: "kit",
  token: new Uint8Array(32),
  ...FREE,
});

interface Meeting {
  readonly client: Client;
  readonly clock: ManualClock;
  /** The service's end of each line. */
  readonly lines: RawPeer[];
}

/** A client, and a service that is played by the test: what it says first is given. */
async function meet(
  scope: Scope,
  says: readonly Uint8Array[],
  options: { definition?: Definition; limits?: Partial<Limits>; then?: (peer: RawPeer) => void } = {},
): Promise<Meeting> {
  const network = scope.memory();
  const clock = manualClock();
  const lines: RawPeer[] = [];
  const listener = await network.listen(
    { hostname: "localhost", port: 0, cert: "", key: "", alpn: [], handshakeTimeout: 1_000 },
    (stream) => {
      const peer = new RawPeer().attach(stream).write(...says);
      lines.push(peer);
      options.then?.(peer);
      return peer;
    },
  );
  scope.cleanup(() => listener.close());
  const client = new Client(`tls://localhost:${listener.port}/Lab/Door`, options.definition, {
    network,
    clock,
    log: () => {},
    reconnect: false,
    ...(options.limits && { limits: options.limits }),
  });
  scope.cleanup(() => client.close());
  return { client, clock, lines };
}

/** What `connect` rejects with. */
async function refusal(client: Client): Promise<HoldfastError> {
  try {
    await client.connect();
  } catch (error) {
    assert.ok(error instanceof HoldfastError, String(error));
    return error;
  }
  throw new Error("The client has connected.");
}

function definition(json: string): Uint8Array {
  return encodeDefinitionFrame(new TextEncoder().encode(json));
}

const RIGHT = new TextDecoder().decode(encodeDefinition(DOOR));

/** What a service says, and the code and the text that the client rejects with. */
const WRONG: { readonly [what: string]: readonly [string, RegExp, ...Uint8Array[]] } = {
  "a WELCOME before anything": ["protocol", /0x04/, WELCOME],
  "a DEFINITION twice": ["protocol", /0x02/, DEFINITION, DEFINITION],
  "a message before WELCOME": ["protocol", /0x10/, DEFINITION, rawFrame(kinds.MESSAGE, [0, 2])],
  "a HELLO": ["protocol", /0x01/, rawFrame(kinds.HELLO)],
  "a GOAWAY before WELCOME": ["protocol", /0x1b/, DEFINITION, rawFrame(kinds.GOAWAY, [1])],
  "a CLOSE before WELCOME": ["protocol", /0x1f/, DEFINITION, rawFrame(kinds.CLOSE, [0, 0, 0])],
  "garbage": ["protocol", /./, Buffer.from("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".repeat(3))],
  "a length of many bytes": ["limit", /longer/, new Uint8Array(10).fill(0xff)],
  "a definition that is no JSON": ["protocol", /definition can't be used/, definition("nonsense")],
  "a definition that is not all there": ["protocol", /definition/, definition(RIGHT.slice(0, -1))],
  "a definition of another service": [
    "protocol",
    /Lab\/Window/,
    definition(RIGHT.replaceAll("Lab/Door", "Lab/Window")),
  ],
  "a definition with a forbidden name": ["protocol", /definition/, definition(RIGHT.replaceAll('"id"', '"__proto__"'))],
  "a definition with a type that there is not": [
    "protocol",
    /definition/,
    definition(RIGHT.replace('"int"', '"code"')),
  ],
  "a definition that refers to nothing": [
    "protocol",
    /definition/,
    definition(RIGHT.replaceAll('"Knock":{', '"Knack":{')),
  ],
  "a definition that is not canonical": ["protocol", /definition/, definition(` ${RIGHT}`)],
  "a definition nested without end": ["protocol", /definition/, definition(`{"shape":${"[".repeat(100_000)}`)],
  "a definition longer than 1 MiB": ["limit", /longer/, definition(" ".repeat(1024 * 1024 + 100))],
  "a REFUSE": ["refused", /^Not you\.$/, encodeRefuse({ code: "refused", text: "Not you." })],
  "a REFUSE after DEFINITION": [
    "unauthorized",
    /^No\.$/,
    DEFINITION,
    encodeRefuse({ code: "unauthorized", text: "No." }),
  ],
  "a REFUSE with a huge text": ["limit", /16384/, rawFrame(kinds.REFUSE, hugeText())],
  "a REFUSE with an unknown code": ["internal", /^Hm\.$/, rawFrame(kinds.REFUSE, [1, 120, 3, ...Buffer.from("Hm.")])],
  "a WELCOME that is cut off": ["protocol", /./, DEFINITION, rawFrame(kinds.WELCOME, WELCOME.slice(2, -5))],
  "a WELCOME with a frame limit of nothing": ["protocol", /256/, DEFINITION, welcome({ frame: 0 })],
  "a WELCOME with a window of nothing": ["protocol", /window/, DEFINITION, welcome({ window: 0 })],
  "a WELCOME back to who was never there": ["protocol", /can't go on/, DEFINITION, resumed()],
};

for (const [what, [code, text, ...says]] of Object.entries(WRONG)) {
  check(`Client.connect rejects with "${code}" for ${what}`, async (scope) => {
    const { client, lines } = await meet(scope, says);
    const error = await refusal(client);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, text);
    assert.equal(error.remote, what.startsWith("a REFUSE") && code !== "limit");
    assert.equal(client.status.state, "idle");
    while (!lines[0]!.ended) await setImmediate();
    assert.equal(client.transportId, undefined);
  });
}

for (const how of ["close", "destroy"] as const) {
  check(`Client.connect rejects with "disconnected" when the service leaves at any byte (${how})`, async (scope) => {
    const bytes = Uint8Array.of(...DEFINITION, ...WELCOME);
    for (let length = 0; length < bytes.length; length += 17) {
      const { client } = await meet(scope, [bytes.slice(0, length)], { then: (peer) => peer.leave(how) });
      assert.equal((await refusal(client)).code, "disconnected", `after ${length} bytes`);
    }
  });
}

for (const [what, says] of Object.entries({ "says nothing": [], "stops after DEFINITION": [DEFINITION] })) {
  check(`Client.connect rejects with "timeout" when the service ${what}`, async (scope) => {
    const { client, clock } = await meet(scope, says);
    const failed = refusal(client);
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    // The nudges that go out meanwhile are the client's own.
    clock.advance(DEFAULT_LIMITS.handshakeTimeout - 1);
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    assert.equal(client.status.state, "connecting");
    clock.advance(1);
    assert.equal((await failed).code, "timeout");
    assert.deepEqual([...clock.timers], []);
  });
}

check(`Client.connect rejects with "timeout" when there is no line to be had`, async (scope) => {
  const clock = manualClock();
  let calledOff = false;
  const network: Network = {
    listen: () => Promise.reject(new Error("nobody listens here")),
    connect: ({ signal }) =>
      new Promise((_resolve, reject) => {
        signal!.addEventListener("abort", () => {
          calledOff = true;
          reject(signal!.reason);
        });
      }),
  };
  const client = new Client("tls://localhost:1/Lab/Door", undefined, { network, clock, reconnect: false });
  scope.cleanup(() => client.close());
  const failed = refusal(client);
  await setImmediate();
  clock.advance(DEFAULT_LIMITS.handshakeTimeout);
  assert.equal((await failed).code, "timeout");
  assert.ok(calledOff);
  assert.deepEqual([...clock.timers], []);
});

check("Client.connect, closed meanwhile, rejects with why, and leaves nothing", async (scope) => {
  for (const says of [[], [DEFINITION]]) {
    const { client, clock } = await meet(scope, says);
    const failed = refusal(client);
    for (let turn = 0; turn < 10; turn++) await setImmediate();
    await client.close();
    assert.equal((await failed).code, "closed");
    // The goodbye to a service that was asked already may take a while, and no longer.
    clock.advance(5_000);
    assert.deepEqual([...clock.timers], []);
  }
});

check("a definition is bounded by the client's own limit", async (scope) => {
  const large = parse(`
    /// ${"x".repeat(70_000)}
    Knock < id: int >
    service Lab/Door { auth all  receives Knock }
  `);
  const says = [encodeDefinitionFrame(encodeDefinition(large)), WELCOME];
  const small = await meet(scope, says, { limits: { definition: 60_000 } });
  assert.equal((await refusal(small.client)).code, "limit");
  const handshake = await meet(scope, says, { limits: { definition: 60_000, handshakeFrame: 100_000 } });
  assert.equal((await refusal(handshake.client)).code, "protocol");
  const { client } = await meet(scope, says, { limits: { definition: 100_000 } });
  await client.connect();
});

check("a service that sends PING without end, and reads nothing, is not answered without end", async (scope) => {
  let written = 0;
  let data = (_chunk: Uint8Array) => {};
  let closed = () => {};
  const network: Network = {
    listen: () => Promise.reject(new Error("nobody listens here")),
    connect(_options, events) {
      data = (chunk) => events.data(chunk);
      closed = () => events.closed();
      return Promise.resolve({
        remote: { hostname: "nowhere", port: 1 },
        alpn: undefined,
        certificates: [],
        write(bytes: Uint8Array) {
          written += bytes.length;
          return written < 1000 ? undefined : new Promise(() => {});
        },
        pause: () => {},
        resume: () => {},
        close: () => {},
        destroy: () => {},
      });
    },
  };
  const client = new Client("tls://localhost:1/Lab/Door", undefined, { network, reconnect: false });
  scope.cleanup(() => client.close());
  const failed = refusal(client);
  while (written === 0) await setImmediate();
  const flood = Buffer.concat(Array.from({ length: 10_000 }, () => rawFrame(kinds.PING, [1])));
  for (let i = 0; i < 10; i++) data(flood);
  assert.ok(written < 2000, `${written} bytes of answers`);
  closed();
  assert.equal((await failed).code, "disconnected");
});

check("what a service does wrong after WELCOME ends the connection with an error that says so", async (scope) => {
  const wrongs: [string, Uint8Array][] = [
    ["protocol", DEFINITION],
    ["protocol", WELCOME],
    ["protocol", rawFrame(kinds.REPLY, [1, 2])],
    ["unknown-message", rawFrame(kinds.MESSAGE, [99])],
    ["invalid-message", rawFrame(kinds.MESSAGE, [0, 0x80])],
    ["limit", Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f)],
  ];
  for (const [code, bytes] of wrongs) {
    const { client, clock, lines } = await meet(scope, [DEFINITION, WELCOME]);
    const disconnected = new Promise<HoldfastError>((resolve) => client.onDisconnect(resolve));
    await client.connect();
    clock.advance(0);
    lines[0]!.write(bytes);
    assert.equal((await disconnected).code, code);
    assert.equal((await lines[0]!.end())?.code, code);
    // The last bytes had their time to leave.
    clock.advance(DEFAULT_LIMITS.handshakeTimeout);
  }
});

function hugeText(): number[] {
  return [7, ...Buffer.from("refused"), 0x81, 0x80, 0x01, ...new Array<number>(16_385).fill(120)];
}

function welcome(limits: Partial<Limits>): Uint8Array {
  const told = { ...DEFAULT_LIMITS, ...limits };
  return encodeWelcome({ limits: told, transportId: "t1", identity: "kit", token: new Uint8Array(32), ...FREE });
}

function resumed(): Uint8Array {
  const token = new Uint8Array(32);
  const gap = { received: 0, oldest: 1 };
  return encodeWelcome({ limits: DEFAULT_LIMITS, transportId: "t1", identity: "kit", token, resumed: gap, ...FREE });
}
