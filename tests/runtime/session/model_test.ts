/**
 * Sessions against a model: whatever happens to them, in whatever order, what each side is told is true.
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import { seeded } from "../../seed.ts";
import type { Peer } from "./model/peer.ts";
import { type Role, type Tally, World } from "./model/world.ts";

/** Does something to the world, or to one side of it; `n` is whatever number it needs. */
type Step = (world: World, role: Role, n: number, id: number) => void;

/** What can happen, and how often it does. */
const STEPS: { readonly [name: string]: readonly [weight: number, step: Step] } = {
  send: [16, toOpen((peer, n, id) => peer.send(id, text(n), {}))],
  sendAcknowledged: [16, toOpen((peer, n, id) => peer.send(id, text(n), { acknowledge: true }))],
  sendOrDrop: [8, toOpen((peer, n, id) => peer.send(id, text(n), { overflow: "drop-oldest" }))],
  sendLatest: [8, toOpen((peer, n, id) => peer.send(id, text(n), { overflow: { latest: n % 2 === 0 ? "a" : "b" } }))],
  request: [16, toOpen((peer, n, id) => peer.ask(id, text(n)))],
  abort: [6, toOpen((peer, n) => peer.abort(n))],
  finish: [40, (world, role, n) => world[role]?.finish(n, "done")],
  refuse: [6, (world, role, n) => world[role]?.finish(n, "refused")],
  throw: [2, toOpen((peer, n) => peer.finish(n, "threw"))],
  ping: [4, toOpen((peer, n) => peer.ping(n))],
  goAway: [2, (world, _role, n) => world.service?.session.goAway(n)],
  leave: [8, (world) => world.leave()],
  close: [1, toOpen((peer) => peer.fail("closed", 0))],
  take: [20, (world, role) => void world.take(role)],
  deliver: [20, (world, role, n) => void world.deliver(role, n)],
  pass: [80, (world, role) => {
    world.take(role);
    world.deliver(role === "client" ? "service" : "client", Infinity);
  }],
  deliverLate: [6, (world, _role, n) => world.deliverLate(n)],
  connect: [24, (world) => world.connect()],
  cut: [4, (world) => world.cut()],
  sever: [4, (world) => world.sever()],
  forsake: [2, (world) => world.forsake()],
  freeze: [2, (world) => world.freeze()],
  expire: [1, (world) => world.expire()],
  restart: [1, (world, role) => world.restart(role)],
};

/** What must have come up in a run of full length, or it shows nothing. */
const WORTH = [
  ...["resumed", "taken over", "replayed", "reset", "expired", "left", "whole", "old bytes ignored"],
  ...["service restarted", "client restarted", "dropped", "cancelled", "handler-failed", "internal", "acknowledged"],
];

const bounds = fc.record({
  window: fc.oneof({ weight: 3, arbitrary: fc.integer({ min: 1, max: 60 }) }, fc.constant(1_000)),
  backlog: fc.integer({ min: 1, max: 40 }),
  handlers: fc.integer({ min: 1, max: 4 }),
  requests: fc.integer({ min: 1, max: 5 }),
});

const steps = fc.array(
  fc.tuple(
    fc.constantFrom(...Object.entries(STEPS).flatMap(([name, [weight]]) => new Array<string>(weight).fill(name))),
    fc.constantFrom<Role>("client", "service"),
    fc.nat({ max: 40 }),
  ),
  { maxLength: 400, size: "max" },
);

test("Session: what each side is told is true, whatever happens to lines and processes", async () => {
  const tally: Tally = new Map();
  const options = seeded("Session against its model", 10_000);
  await fc.assert(
    fc.asyncProperty(bounds, bounds, steps, fc.boolean(), async (client, service, steps, heals) => {
      const world = new World(
        { client: { ...DEFAULT_LIMITS, ...client }, service: { ...DEFAULT_LIMITS, ...service } },
        tally,
      );
      let id = 0;
      // Most of what can happen happens to a session that has begun.
      world.connect();
      world.deliver("service", 0);
      world.deliver("client", 0);
      for (const [name, role, n] of steps) {
        STEPS[name]![1](world, role, n, ++id);
        await world.settle();
      }
      if (heals) await world.heal();
      else world.end();
      await world.settle();
      world.judge();
    }),
    options,
  );
  console.log([...tally].sort().map(([what, count]) => `${what} ${count}`).join(", "));
  for (const what of WORTH) assert.ok((tally.get(what) ?? 0) >= 20, `${what} hardly ever came up`);
});

/** A step for a side whose session goes on. */
function toOpen(step: (peer: Peer, n: number, id: number) => void): Step {
  return (world, role, n, id) => {
    const peer = world[role];
    if (peer?.isOpen) step(peer, n, id);
  };
}

/** Short, but now and then longer than a window. */
function text(n: number): string {
  return "x".repeat(n < 38 ? n % 12 : 300);
}
