import fc from "fast-check";
import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import { setImmediate, setTimeout as delay } from "node:timers/promises";
import { Client, type Network, parse, serve } from "../mod.ts";
import { nativeNetwork } from "../runtime/transport/runtime.ts";
import { Child } from "./faults/child.ts";
import { LAB } from "./faults/lab.ts";
import type { ServiceSettings } from "./faults/service.ts";
import { faultyNetwork } from "./faulty_network.ts";
import { check, testCertificate } from "./harness.ts";
import { manualClock } from "./manual_clock.ts";
import { OWN_HOST } from "./programs.ts";

const CLIENTS = 1_000;
/** Another one by HOLDFAST_SEED. */
const SEED = Number(process.env["HOLDFAST_SEED"] ?? 20_261_122);

/** Numbers from 0 to 1, the same for the same seed. */
function randomFrom(seed: number): () => number {
  const whole = fc.noBias(fc.integer({ min: 0, max: 2 ** 31 - 1 }));
  const [numbers] = fc.sample(fc.noBias(fc.infiniteStream(whole)), { seed, numRuns: 1 });
  return () => numbers!.next().value! / 2 ** 31;
}

/** How many of the times fall into each period, from one moment on to another. */
function counts(times: readonly number[], period: number, from: number, to: number): number[] {
  const counts = new Array<number>(Math.floor((to - from) / period)).fill(0);
  for (const time of times) {
    const at = Math.floor((time - from) / period);
    if (at in counts) counts[at]!++;
  }
  return counts;
}

/**
 * Asserts that events come independently of each other, at a steady rate: their counts are then near their mean, and
 * their variance is near it too. Of those that come together, it is a multiple of the mean.
 */
function assertSpread(counts: readonly number[], what: string): void {
  const mean = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const variance = counts.reduce((sum, count) => sum + (count - mean) ** 2, 0) / counts.length;
  const told = `${what}, seed ${SEED}: mean ${mean.toFixed(1)}, variance ${variance.toFixed(1)}, ${counts.join(" ")}`;
  assert.ok(variance < 2 * mean, told);
  assert.ok(Math.max(...counts) < mean + 6 * Math.sqrt(mean), told);
}

/** A network that remembers when somebody tried to connect. */
function timed(network: Network, now: () => number): Network & { readonly attempts: number[] } {
  const attempts: number[] = [];
  return {
    attempts,
    listen: network.listen.bind(network),
    connect(options, events) {
      attempts.push(now());
      return network.connect(options, events);
    },
  };
}

check(
  `storm: ${CLIENTS} clients whose service is gone for 5 minutes try and return spread over time`,
  async (scope) => {
    const clock = manualClock();
    const faulty = faultyNetwork(scope.memory());
    const network = timed(faulty, clock.now);
    const random = randomFrom(SEED);
    const definition = parse("Ping <> service Lab/Storm { auth all  receives Ping }");
    const connects: number[] = [];
    const server = await serve(definition, {
      cert: "",
      key: "",
      network,
      clock,
      onConnect: () => void connects.push(clock.now()),
      messages: { Ping: () => {} },
    });
    const clients = Array.from(
      { length: CLIENTS },
      () => new Client(server.url, definition, { network, clock, random }),
    );
    /** Lets time pass, in steps. */
    const pass = async (duration: number, step: number) => {
      for (let passed = 0; passed < duration; passed += step) {
        clock.advance(step);
        for (let turn = 0; turn < 2; turn++) {
          await setImmediate();
        }
      }
    };
    const connected = Promise.all(clients.map((client) => client.connect()));
    await pass(200, 10);
    await connected;

    const died = clock.now();
    faulty.reachable = false;
    for (const line of faulty.lines) line.cut();
    await pass(1_000, 5);
    await pass(299_000, 200);
    const returned = clock.now();
    faulty.reachable = true;
    const before = connects.length;
    await pass(40_000, 200);

    // The first delays are spread over 100 ms, when the breaks have been heard of.
    const first = counts(network.attempts, 10, died + 20, died + 60);
    assertSpread(first, "The first attempts");
    const perSecond = counts(network.attempts, 1_000, died, returned);
    assert.ok(perSecond[0]! < 5 * CLIENTS && perSecond[9]! < CLIENTS / 2, `It dies down: ${perSecond.slice(0, 10)}`);
    // From here on, each delay is up to 30 s.
    assertSpread(perSecond.slice(100), "Attempts");
    assert.equal(connects.length - before, CLIENTS);
    assert.ok(connects.at(-1)! - returned <= 30_500, "The last delay was at most 30 s.");
    const returns = counts(connects.slice(before), 1_000, returned, returned + 30_000);
    assert.ok(Math.max(...returns) < CLIENTS / 5, `Nobody returns in a crowd: ${returns}`);

    await Promise.all([...clients.map((client) => client.close()), pass(100, 10)]);
    await Promise.all([server.close(), pass(100, 10)]);
  },
  { timeout: 100_000 },
);

test(`storm: ${CLIENTS} clients over TLS come back to a service that was killed`, async () => {
  const { ca, cert, key } = await testCertificate();
  const command = await OWN_HOST.prepare("tests/faults/service.ts", "");
  const settings: ServiceSettings = { port: 0, cert, key, limits: {} };
  const network = nativeNetwork();
  const { child, ready } = await Child.start(command, settings);
  const clients: Client[] = [];
  try {
    const port = ready["port"] as number;
    const random = randomFrom(SEED);
    let open = 0;
    for (let i = 0; i < CLIENTS; i++) {
      const client = new Client(`tls://localhost:${port}/Tests/Faults`, LAB, {
        ca,
        args: { name: `${i}` },
        network,
        random,
        log: () => {},
      });
      client.onStatus(({ state }) => open += state === "reset" ? 1 : 0);
      clients.push(client);
    }
    // A few at a time: how they come in for the first time is not looked at.
    for (let i = 0; i < CLIENTS; i += 50) await Promise.all(clients.slice(i, i + 50).map((client) => client.connect()));
    await child.kill();
    await delay(3_000);
    await using next = (await Child.start(command, { ...settings, port })).child;
    const returned = performance.now();
    while (open < CLIENTS && performance.now() - returned < 60_000) await delay(50);
    assert.equal(open, CLIENTS, "All have come back.");
    const stats = await next.call<{ connects: number }>("stats");
    assert.equal(stats.connects, CLIENTS);
    await Promise.all(clients.splice(0).map((client) => client.close()));
  } finally {
    await Promise.all(clients.map((client) => client.close()));
    await child.kill();
  }
});
