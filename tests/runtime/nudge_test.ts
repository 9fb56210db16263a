import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { Client, type Clock, HoldfastError, parse, serve } from "../../mod.ts";
import { encodePing } from "../../runtime/wire/native/handshake.ts";
import { PONG } from "../../runtime/wire/native/kinds.ts";
import { check, type Scope } from "../harness.ts";
import { manualClock } from "../manual_clock.ts";

const ECHO = parse("Ping < id: int > Pong < id: int > service Lab/Echo { auth all receives Ping -> Pong }");

/** A client whose service says nothing, when its HELLO has arrived there. */
async function waiting(scope: Scope) {
  const network = scope.memory();
  const arrived: number[] = [];
  const listener = await network.listen(
    { hostname: "localhost", port: 0, cert: "", key: "", alpn: [], handshakeTimeout: 1_000 },
    () => ({ data: (chunk) => void arrived.push(...chunk), closed: () => {} }),
  );
  scope.cleanup(() => listener.close());
  const clock = manualClock();
  const client = new Client(`tls://localhost:${listener.port}/Lab/Echo`, undefined, { network, clock });
  const failed = assert.rejects(client.connect(), HoldfastError);
  while (arrived.length === 0) await setImmediate();
  arrived.length = 0;
  /** Lets time pass; gives back in which milliseconds something arrived. */
  async function pass(duration: number): Promise<number[]> {
    const times: number[] = [];
    for (let time = 1; time <= duration; time++) {
      const before = arrived.length;
      clock.advance(1);
      for (let turn = 0; turn < 3; turn++) await setImmediate();
      if (arrived.length > before) times.push(time);
    }
    return times;
  }
  async function end(): Promise<void> {
    await client.close();
    await failed;
    for (let turn = 0; turn < 10; turn++) await setImmediate();
  }
  return { arrived, clock, pass, end };
}

check(
  "connect: sends a PONG after 1, 2, 4, … 32 ms while the service says nothing, and then no more",
  async (scope) => {
    const { arrived, pass, end } = await waiting(scope);
    const times = await pass(200);
    assert.deepEqual(times, [1, 3, 7, 15, 31, 63]);
    const nudge = [...encodePing(PONG, 0)];
    assert.deepEqual(arrived, times.flatMap(() => nudge));
    await end();
  },
);

check("connect: sends no PONG any more when it is called off, and keeps no timer", async (scope) => {
  const { clock, pass, end } = await waiting(scope);
  assert.deepEqual(await pass(3), [1, 3]);
  await end();
  assert.equal(clock.timers.size, 0);
});

check("serve: passes over a PONG that nobody asked for, whatever the stage", async (scope) => {
  const network = scope.memory();
  const nudges = { due: 0, sent: 0 };
  /** Of nudges, it lets none wait. */
  const clock: Clock = {
    now: () => performance.now(),
    set(delay, callback) {
      if (delay > 32 || delay === 0) {
        const timer = setTimeout(callback, delay);
        return () => clearTimeout(timer);
      }
      nudges.due++;
      let called = false;
      void setImmediate().then(() => {
        if (!called) nudges.sent++, callback();
      });
      return () => called = true;
    },
  };
  const server = await serve(ECHO, {
    cert: "",
    key: "",
    network,
    async onConnect() {
      for (let turn = 0; turn < 20; turn++) await setImmediate();
    },
    messages: { Ping: ({ id }) => ({ id }) },
  });
  scope.cleanup(() => server.close());
  const client = new Client(server.url, undefined, { network, clock, reconnect: false });
  scope.cleanup(() => client.close());
  assert.deepEqual(await client.request("Ping", { id: 7 }), { id: 7 });
  assert.equal(nudges.sent, 6);
});
