/**
 * A conversation of all kinds of frames, whose line breaks behind every single byte.
 */

import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import { NativeFrames } from "../../../runtime/wire/native/frames.ts";
import type { Reader } from "../../../runtime/wire/native/reader.ts";
import { type Role, type Tally, World } from "./model/world.ts";

const BOUNDS = {
  ...DEFAULT_LIMITS,
  window: 40,
  handlers: 4,
  requests: 4,
  backlog: 20,
  longestText: 300,
  disconnectSlow: false,
};

/** All that sessions say to each other: MESSAGE, REQUEST, REPLY, FAILURE, CANCEL, ACK, PING, PONG, GOAWAY, CLOSE. */
const KINDS = [0x10, 0x11, 0x12, 0x13, 0x14, 0x18, 0x19, 0x1a, 0x1b, 0x1f];

/** A conversation over a line that breaks when so many bytes have arrived at one side. */
class Conversation {
  readonly world: World;
  readonly #to: Role;
  #left: number;
  /** How many bytes arrived before it broke. */
  arrived = 0;
  #id = 0;

  constructor(to: Role, left: number, tally: Tally = new Map()) {
    this.world = new World({ client: BOUNDS, service: BOUNDS }, tally);
    this.#to = to;
    this.#left = left;
    this.world.connect();
    this.world.deliver("service", 0);
    this.world.deliver("client", 0);
  }

  async run(): Promise<void> {
    const { world } = this;
    for (const role of ["client", "service"] as const) this.#say(role);
    await this.#flow();
    // Handlers end out of order, so that ranges are acknowledged.
    for (const how of ["done", "refused"] as const) {
      for (const role of ["client", "service"] as const) world[role]!.finish(1, how);
      await this.#flow();
    }
    for (const role of ["client", "service"] as const) world[role]!.ping(7);
    await this.#flow();
    for (const role of ["client", "service"] as const) world[role]!.abort(99);
    await this.#flow();
    for (const role of ["client", "service"] as const) this.#say(role);
    world.service!.session.goAway(5);
    await this.#flow();
    await world.heal();
    world.judge();
    world.leave();
    await world.heal();
    world.judge();
  }

  #say(role: Role): void {
    const peer = this.world[role]!;
    for (let i = 0; i < 3; i++) peer.send(++this.#id, "", { acknowledge: i === 1 });
    for (let i = 0; i < 3; i++) peer.ask(++this.#id, "word");
    peer.send(++this.#id, "", { overflow: { latest: "a" } });
    peer.send(++this.#id, "", { overflow: "drop-oldest" });
  }

  /** Lets all arrive that is on its way, until the line breaks. */
  async #flow(): Promise<void> {
    const { world } = this;
    for (let moved = true; moved;) {
      moved = false;
      for (const role of ["client", "service"] as const) {
        world.take(role === "client" ? "service" : "client");
        const there = world.onTheWay(role);
        const count = role === this.#to ? Math.min(there, this.#left) : there;
        if (role === this.#to) {
          this.#left -= count;
          this.arrived += count;
        }
        if (count > 0) moved = world.deliver(role, count);
        if (role === this.#to && there > count) world.cut();
      }
      await world.settle();
    }
  }
}

for (const to of ["client", "service"] as const) {
  test(`Session: a line that breaks behind any byte on the way to the ${to} loses, repeats and reorders nothing`, async () => {
    const whole = new Conversation(to, Infinity);
    await whole.run();
    assert.ok(whole.arrived > 150, `${whole.arrived} bytes`);
    const tally: Tally = new Map();
    for (let at = 0; at < whole.arrived; at++) await new Conversation(to, at, tally).run();
    assert.equal(tally.get("resumed"), whole.arrived, "each was cut once, and went on");
  });
}

test("Session: the conversation that is cut has all kinds of frames in it", async () => {
  const kinds = new Set<number>();
  const { frame } = NativeFrames.prototype;
  NativeFrames.prototype.frame = function(kind: number, body: Reader, size: number): void {
    kinds.add(kind);
    frame.call(this, kind, body, size);
  };
  try {
    await new Conversation("client", Infinity).run();
  } finally {
    NativeFrames.prototype.frame = frame;
  }
  assert.deepEqual([...kinds].sort(), KINDS);
});
