/** A client that speaks DISET, and a service that a test plays: what it says, and how it takes what it is told. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { test } from "node:test";
import { Client, type ConnectOptions, type HoldfastError, type UnknownService } from "../../../mod.ts";
import { Dict } from "../../../runtime/wire/diset/python.ts";
import { success } from "../../../runtime/wire/diset/results.ts";
import { check, type Scope } from "../../harness.ts";
import { manualClock } from "../../manual_clock.ts";
import { PING_PONG, refused, SUCCESS } from "./lab.ts";
import { DisetPeer, json } from "./peer.ts";

const URL = "dips://localhost:1/Framework/PingPong";

/** A service that the test plays, for any number of clients, and a client of it. */
class Played {
  readonly #sockets: Socket[] = [];
  readonly #arrived: DisetPeer[] = [];
  #wake: () => void = () => {};
  client!: Client<UnknownService>;

  private constructor(server: Server) {
    server.on("connection", (socket) => {
      this.#sockets.push(socket);
      this.#arrived.push(new DisetPeer(socket));
      this.#wake();
    });
  }

  static async start(scope: Scope, options: ConnectOptions<UnknownService> = {}): Promise<Played> {
    const server = createServer({ noDelay: true }).listen(0, "localhost");
    await once(server, "listening");
    const played = new Played(server);
    const { port } = server.address() as { port: number };
    const url = `dip://localhost:${port}/Framework/PingPong`;
    played.client = new Client(url, PING_PONG, { identity: "tester", reconnect: false, log: () => {}, ...options });
    scope.cleanup(async () => {
      for (const socket of played.#sockets) socket.destroy();
      await played.client.close();
      server.close();
    });
    return played;
  }

  /** The next client. */
  async next(): Promise<DisetPeer> {
    while (this.#arrived.length === 0) await new Promise<void>((resolve) => this.#wake = resolve);
    return this.#arrived.shift()!;
  }

  /** Lets the client in. */
  async admit(): Promise<DisetPeer> {
    const connecting = this.client.connect();
    const peer = await this.next();
    await peer.next();
    peer.write(SUCCESS);
    await peer.next();
    peer.write(SUCCESS);
    await connecting;
    return peer;
  }
}

test("Client: what can't be spoken by DIRAC's protocol is said before anything is done", () => {
  const refusals: [string | string[], unknown, ConnectOptions<UnknownService>, RegExp][] = [
    [URL, undefined, {}, /give the definition compiled from a \.msg file/],
    [[URL, "tls://localhost:1/Framework/PingPong"], PING_PONG, {}, /must all be tls:\/\//],
    [URL, PING_PONG, { token: "secret" }, /has no tokens/],
    ["dip://localhost:1/Framework/PingPong", PING_PONG, { certificate: { cert: "", key: "" } }, /dip:\/\/ has no TLS/],
    [URL, PING_PONG, { diset: { encoding: "xml" as never } }, /must be "json" or "dencode"/],
    [URL, PING_PONG, { diset: { setups: "" } as never }, /setup/],
    [URL, PING_PONG, { diset: { vo: 1 as never } }, /"diset\.vo" must be a text/],
    [URL, PING_PONG, { diset: { extraCredentials: "root" as never } }, /"hosts" or \{ subject/],
    [URL, PING_PONG, { group: "lab_user", diset: { extraCredentials: "hosts" } }, /either "group" or/],
  ];
  for (const [url, definition, options, message] of refusals) {
    assert.throws(() => new Client(url, definition as never, options), { code: "invalid-argument", message });
  }
});

check("connect: the proposal and the arguments are as the original's", async (scope) => {
  const options = { args: { name: "n" }, group: "lab_user", diset: { setup: "Lab", vo: "labvo" } };
  const { client, ...played } = await Played.start(scope, options).then((played) => ({
    client: played.client,
    next: () => played.next(),
  }));
  const connecting = client.connect();
  const peer = await played.next();
  assert.equal(
    await peer.next(),
    json(
      '{"OK": true, "Value": [["Framework/PingPong", "Lab", "labvo"], ["Connection", "new"], "lab_user"]}',
    ),
  );
  peer.write(SUCCESS);
  assert.equal(await peer.next(), json('{"OK": true, "Value": ["tester", {"name": "n"}]}'));
  peer.write(SUCCESS);
  await connecting;
  assert.equal(client.identity, "tester");
});

check("connect: a service that asks for a delegation gets None, and then the arguments", async (scope) => {
  const played = await Played.start(scope);
  const connecting = played.client.connect();
  const peer = await played.next();
  await peer.next();
  peer.say(success(Dict.of([["delegate", "request"]])));
  assert.equal(await peer.next(), "4:null");
  assert.match(await peer.next(), /\["tester", \{\}\]/);
  peer.write(SUCCESS);
  await connecting;
});

check("connect: keep-alives are answered at any time, in any step", async (scope) => {
  const ping = `dka${json('{"OK": true, "Value": {"id": "a", "kaping": true}}')}`;
  const pong = `dka${json('{"OK": true, "Value": {"id": "a", "kaping": false}}')}`;
  const played = await Played.start(scope);
  const connecting = played.client.connect();
  const peer = await played.next();
  for (let step = 0; step < 2; step++) {
    await peer.next();
    peer.write(ping);
    assert.equal(await peer.next(), pong);
    peer.write(SUCCESS);
  }
  await connecting;
  peer.write(ping);
  assert.equal(await peer.next(), pong);
});

for (
  const [what, said, code] of [
    ["an error", refused("Not today."), "refused"],
    ["that it may not", refused("Unauthorized query ( 1111 : Unauthorized query)", 1111), "unauthorized"],
    ["that there is no such service", refused("Framework/PingPong is not up in this server"), "unknown-service"],
    ["what is no result", json("[1, 2]"), "protocol"],
    ["what is no frame", "HTTP/1.1 400 Bad Request\r\n", "protocol"],
    ["more than a handshake may have", "999999999:", "limit"],
    ["nothing, and goes", "", "disconnected"],
  ] as const
) {
  for (const step of [1, 2]) {
    check(`connect: a service that says ${what} in step ${step}`, async (scope) => {
      const played = await Played.start(scope);
      const connecting = played.client.connect();
      const peer = await played.next();
      await peer.next();
      if (step === 2) {
        peer.write(SUCCESS);
        await peer.next();
      }
      if (said === "") peer.socket.end();
      else peer.write(said);
      await assert.rejects(connecting, { code });
    });
  }
}

check("connect: what does not speak DIRAC's protocol is told from a service of DIRAC's", async (scope) => {
  const played = await Played.start(scope);
  const connecting = played.client.connect();
  const peer = await played.next();
  await peer.next();
  peer.write("HTTP/1.1 400 Bad Request\r\n");
  await assert.rejects(connecting, {
    message: /^dip:\S+ does not speak DIRAC's protocol: There is no frame.* tls:\/\//,
  });
});

check("connect: a service that says nothing is given up", async (scope) => {
  const clock = manualClock();
  const played = await Played.start(scope, { clock });
  const connecting = played.client.connect();
  const peer = await played.next();
  await peer.next();
  clock.advance(10_000);
  await assert.rejects(connecting, { code: "timeout" });
});

check("an error in the midst ends the connection, and says why", async (scope) => {
  const played = await Played.start(scope);
  const ended = new Promise<HoldfastError>((resolve) => played.client.onDisconnect(resolve));
  const peer = await played.admit();
  peer.write(refused("The handler failed."));
  const { code, message, remote } = await ended;
  assert.deepEqual({ code, message, remote }, { code: "refused", message: "The handler failed.", remote: true });
});

check("a callback that throws, and a message of an unknown name: the service is told why", async (scope) => {
  for (
    const [text, why] of [
      ['"Pong", "attrs": [false, [1]]', /"Message": "Internal error/],
      ['"Nothing", "attrs": [false, []]', /no message \\"Nothing\\"/],
      ['"Pong", "attrs": [false, ["text"]]', /Pong\.id/],
      ['"Ping", "attrs": [false, [1]]', /Ping is not for a client to receive/],
    ] as const
  ) {
    const played = await Played.start(scope);
    played.client.on("Pong", () => {
      throw new Error("secret");
    });
    const peer = await played.admit();
    peer.write(json(`{"OK": true, "Value": {"request": true, "name": ${text}}}`));
    const said = await peer.next();
    assert.match(said, /^\d+:\{"OK": false/);
    assert.match(said, why);
    assert.doesNotMatch(said, /secret/);
    assert.equal(await peer.next(), "");
  }
});

check("send with acknowledge: waits for the service's answer, and 30 s at the most", async (scope) => {
  const clock = manualClock();
  // Frames on plain TCP leave a little apart.
  const ticking = setInterval(() => clock.advance(2), 1);
  scope.cleanup(() => clearInterval(ticking));
  const played = await Played.start(scope, { clock, limits: { keepAlive: 600_000 } });
  const peer = await played.admit();
  const ended = new Promise<HoldfastError>((resolve) => played.client.onDisconnect(resolve));
  const first = played.client.send("Ping", { id: 1 }, { acknowledge: true });
  assert.match(await peer.next(), /"attrs": \[true, \[1\]\], "id": "tester:0"/);
  peer.write(
    json('{"OK": true, "Value": {"request": false, "id": "tester:0", "result": {"OK": true, "Value": null}}}'),
  );
  await first;
  const second = played.client.send("Ping", { id: 2 }, { acknowledge: true });
  await peer.next();
  clock.advance(30_000);
  await assert.rejects(second, { code: "disconnected" });
  assert.equal((await ended).code, "timeout");
});

check("a client that was disconnected comes back with a new connection, under its name", async (scope) => {
  const played = await Played.start(scope, { reconnect: { first: 1, most: 1 } });
  const first = await played.admit();
  first.socket.destroy();
  const second = await played.next();
  assert.match(await second.next(), /"Connection", "new"/);
  second.write(SUCCESS);
  assert.match(await second.next(), /"tester"/);
  second.write(SUCCESS);
  await played.client.send("Ping", { id: 1 });
  assert.match(await second.next(), /"Ping"/);
});
