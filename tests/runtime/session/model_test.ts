/**
 * Sessions against a model: whatever happens to them, in whatever order, what each side is told is true.
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import { seeded } from "../../seed.ts";
import type { Peer, PeerBounds } from "./model/peer.ts";
import { type Role, type Tally, World } from "./model/world.ts";

/** Does something to the world, or to one side of it; `n` is whatever number it needs, `text` what may be sent. */
type Step = (world: World, role: Role, n: number, id: number, text: string) => void;

/** What can happen, and how often it does. */
const STEPS: { readonly [name: string]: readonly [weight: number, step: Step] } = {
  send: [16, toOpen((peer, _n, id, text) => peer.send(id, text, {}))],
  sendAcknowledged: [16, toOpen((peer, _n, id, text) => peer.send(id, text, { acknowledge: true }))],
  sendOrDrop: [8, toOpen((peer, _n, id, text) => peer.send(id, text, { overflow: "drop-oldest" }))],
  sendLatest: [
    8,
    toOpen((peer, n, id, text) => peer.send(id, text, { overflow: { latest: n % 2 === 0 ? "a" : "b" } })),
  ],
  broadcast: [8, (world, _role, _n, id, text) => world.broadcast(id, text)],
  request: [16, toOpen((peer, _n, id, text) => peer.ask(id, text))],
  abort: [6, toOpen((peer, n) => peer.abort(n))],
  finish: [40, (world, role, n) => world[role]?.finish(n, "done")],
  refuse: [6, (world, role, n) => world[role]?.finish(n, "refused")],
  throw: [2, toOpen((peer, n) => peer.finish(n, "threw"))],
  ping: [4, toOpen((peer, n) => peer.ping(n))],
  rest: [4, (world, role) => world[role]?.rest()],
  goAway: [2, (world, _role, n) => world.service?.session.goAway(n)],
  leave: [8, (world) => world.leave()],
  close: [1, toOpen((peer) => peer.fail("closed", 0))],
  take: [20, (world, role) => void world.take(role)],
  deliver: [20, (world, role, n) => void world.deliver(role, n)],
  deliverAllBut: [20, (world, role, n) => void world.deliver(role, Math.max(world.onTheWay(role) - n % 16, 0))],
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
  ...["late OPEN", "refused as late", "service restarted", "client restarted"],
  ...["dropped", "cancelled", "handler-failed", "internal", "acknowledged", "ended as slow"],
];

/** How large things are. */
interface Scale {
  /** Texts and bounds are so many characters and bytes, times a small number. */
  readonly unit: number;
  /** The length of the longest text. */
  readonly longest: number;
}

/** Most that is sent shares its buffer with others. */
const SMALL: Scale = { unit: 1, longest: 300 };

/** Some of what is sent has a buffer of its own, and some is not copied where it was encoded before. */
const LARGE: Scale = { unit: 1_500, longest: 75_000 };

function bounds({ longest, unit }: Scale): fc.Arbitrary<PeerBounds> {
  return fc.record({
    window: fc.oneof(
      { weight: 3, arbitrary: fc.integer({ min: 1, max: 60 }).map((units) => units * unit) },
      fc.constant(1_000 * unit),
    ),
    backlog: fc.integer({ min: 1, max: 40 }).map((units) => units * unit),
    handlers: fc.integer({ min: 1, max: 4 }),
    requests: fc.integer({ min: 1, max: 5 }),
    disconnectSlow: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, fc.constant(true)),
  }).map((bounds) => ({ ...DEFAULT_LIMITS, ...bounds, longestText: longest }));
}

const steps = fc.array(
  fc.tuple(
    fc.constantFrom(...Object.entries(STEPS).flatMap(([name, [weight]]) => new Array<string>(weight).fill(name))),
    fc.constantFrom<Role>("client", "service"),
    fc.nat({ max: 40 }),
  ),
  { maxLength: 400, size: "max" },
);

test("Session: what each side is told is true, whatever happens to lines and processes", async () => {
  const tally = await live("Session against its model", SMALL, 10_000);
  for (const what of WORTH) assert.ok((tally.get(what) ?? 0) >= 20, `${what} hardly ever came up`);
});

test("Session: what each side is told is true where frames are large", async () => {
  await live("Session against its model, with large frames", LARGE, 500);
});

/** Has things happen to so many worlds, and judges what becomes of them. */
async function live(what: string, scale: Scale, usual: number): Promise<Tally> {
  const tally: Tally = new Map();
  const options = seeded(what, usual);
  await fc.assert(
    fc.asyncProperty(bounds(scale), bounds(scale), steps, fc.boolean(), async (client, service, steps, heals) => {
      const world = new World({ client, service }, tally);
      let id = 0;
      // Most of what can happen happens to a session that has begun.
      world.connect();
      world.deliver("service", 0);
      world.deliver("client", 0);
      for (const [name, role, n] of steps) {
        id++;
        STEPS[name]![1](world, role, n, id, text(scale, n, id));
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
  return tally;
}

/** A step for a side whose session goes on. */
function toOpen(step: (peer: Peer, n: number, id: number, text: string) => void): Step {
  return (world, role, n, id, text) => {
    const peer = world[role];
    if (peer?.isOpen) step(peer, n, id, text);
  };
}

/** Short, but now and then longer than a window; and unlike those before it, so that other bytes are found out. */
function text({ longest, unit }: Scale, n: number, id: number): string {
  return String.fromCharCode(97 + id % 26).repeat(n < 38 ? n % 12 * unit : longest);
}
