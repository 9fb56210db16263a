import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Pump } from "../../runtime/connection.ts";
import { Deadlines } from "../../runtime/deadlines.ts";
import { HoldfastError } from "../../runtime/errors.ts";
import { DEFAULT_LIMITS } from "../../runtime/limits.ts";
import type { Stream } from "../../runtime/transport/transport.ts";
import { Decoder } from "../../runtime/wire/native/decoder.ts";
import { NativeFrames } from "../../runtime/wire/native/frames.ts";
import { KEEP_ALIVE } from "../../runtime/wire/native/handshake.ts";
import { manualClock } from "../manual_clock.ts";
import { message, TALK, turn } from "./session/pair.ts";
import { Alone, frames, tell } from "./session/raw.ts";

const NOTE = message("Note");

/** A stream that a test plays: it has room, or not, as it is told. */
class FakeStream implements Stream {
  readonly certificates = [];
  readonly remote = { hostname: "nowhere", port: 1 };
  readonly alpn = undefined;
  readonly written: Uint8Array[] = [];
  state: "open" | "closed" | "destroyed" = "open";
  /** Tells that what was written last has left. */
  left: (() => void) | undefined;
  #isFull = false;
  #room: () => void = () => {};

  write(bytes: Uint8Array, left?: () => void): Promise<void> | undefined {
    if (this.state === "open") this.written.push(bytes);
    this.left = left;
    return this.#isFull ? new Promise((resolve) => this.#room = resolve) : undefined;
  }

  fill(): void {
    this.#isFull = true;
  }

  async makeRoom(): Promise<void> {
    this.#isFull = false;
    this.#room();
    await turn();
  }

  pause(): void {}

  resume(): void {}

  close(): void {
    this.state = "closed";
  }

  destroy(): void {
    this.state = "destroyed";
  }

  /** What was written since the last time, in words. */
  told(): string[] {
    return tell(this.written.splice(0));
  }
}

/** A line that carries a session. */
function carry(side: Alone = new Alone(), pace?: number) {
  const stream = new FakeStream();
  const clock = manualClock();
  const heard: string[] = [];
  const decoder = new Decoder(new NativeFrames(TALK, side.session), 1000);
  const pump: Pump = new Pump(decoder, KEEP_ALIVE, DEFAULT_LIMITS, new Deadlines(clock), {
    fault: (error) => side.session.fail(error, 0),
    ended: (reason) => void heard.push(reason.code),
    stale: (stale) => void heard.push(stale ? "stale" : "alive"),
  }, pace);
  pump.attach(stream);
  pump.carry(side.session);
  return { pump, stream, clock, heard, side };
}

describe("Pump", () => {
  test("writes what was said in one turn in one go", async () => {
    const { pump, stream, side } = carry();
    for (const id of [1, 2, 3]) {
      void side.session.send(NOTE, { id });
      pump.schedule();
    }
    assert.equal(stream.written.length, 0);
    await turn();
    assert.equal(stream.written.length, 1);
    assert.deepEqual(stream.told(), ["MESSAGE Note 1", "MESSAGE Note 2", "MESSAGE Note 3"]);
  });

  test("leaves the output in the session while the stream is full, and goes on when there is room", async () => {
    const { pump, stream, side } = carry();
    stream.fill();
    for (const id of [1, 2, 3]) {
      void side.session.send(NOTE, { id });
      pump.schedule();
      await turn();
    }
    pump.flush();
    assert.deepEqual(stream.told(), ["MESSAGE Note 1"]);
    assert.ok(side.session.held > 0);
    await stream.makeRoom();
    assert.deepEqual(stream.told(), ["MESSAGE Note 2", "MESSAGE Note 3"]);
  });

  test("that was cut takes nothing more of a session that goes on elsewhere", async () => {
    const { pump, stream, side } = carry();
    stream.fill();
    void side.session.send(NOTE, { id: 1 });
    pump.schedule();
    await turn();
    // Asked for output, full, and cut: whatever comes of it later is too late.
    void side.session.send(NOTE, { id: 2 });
    pump.schedule();
    pump.destroy();
    side.session.resume({ received: 0, oldest: 1 });
    const other = carry(side);
    await stream.makeRoom();
    void side.session.send(NOTE, { id: 3 });
    pump.schedule();
    other.pump.schedule();
    await turn();
    assert.deepEqual(other.stream.told().filter((frame) => frame.startsWith("MESSAGE")), [
      "MESSAGE Note 1",
      "MESSAGE Note 2",
      "MESSAGE Note 3",
    ]);
    assert.deepEqual(stream.told(), ["MESSAGE Note 1"]);
  });

  test("asks a silent peer for a sign of life, and cuts the line after another silence", () => {
    const { pump, stream, clock, heard } = carry();
    const { keepAlive } = DEFAULT_LIMITS;
    clock.advance(keepAlive - 1);
    assert.deepEqual(heard, []);
    clock.advance(1);
    assert.deepEqual(stream.told().filter((frame) => frame.startsWith("PING")), ["PING 1"]);
    assert.deepEqual(heard, ["stale"]);
    pump.data(frames((to) => to.pong(1)));
    assert.deepEqual(heard, ["stale", "alive"]);
    clock.advance(keepAlive);
    clock.advance(keepAlive - 1);
    assert.equal(stream.state, "open");
    clock.advance(1);
    assert.equal(stream.state, "destroyed");
    pump.closed();
    assert.deepEqual(heard, ["stale", "alive", "stale", "timeout"]);
    assert.deepEqual([...clock.timers], []);
  });

  test("that ends writes the last bytes though the stream is full, and destroys it when they don't leave", async () => {
    const { pump, stream, clock, side } = carry();
    stream.fill();
    void side.session.send(NOTE, { id: 1 });
    pump.schedule();
    await turn();
    side.session.fail(new HoldfastError("closed", "Bye."), 0);
    pump.end();
    assert.equal(stream.told().at(-1), "CLOSE closed 0");
    assert.equal(stream.state, "closed");
    clock.advance(60_000);
    assert.equal(stream.state, "destroyed");
    pump.closed();
    assert.deepEqual([...clock.timers], []);
  });

  test("whose stream has ended leaves no timer, and says why once", () => {
    for (const cause of [undefined, new Error("reset")]) {
      const { pump, clock, heard, side } = carry();
      pump.closed(cause);
      side.session.disconnected(new HoldfastError("disconnected", "Gone."));
      pump.end();
      assert.deepEqual(heard, ["disconnected"]);
      assert.deepEqual([...clock.timers], []);
    }
  });

  test("ends the session for what can't be read, and reads nothing more", () => {
    const { pump, side } = carry();
    side.echo("Note");
    pump.data(Uint8Array.of(0));
    assert.equal(side.why(), "protocol");
    pump.data(frames((to) => to.message(NOTE, { id: 1 })));
    assert.deepEqual(side.begun, []);
  });

  test("of a pace writes one after the other: each when the one before has left, and so long after", async () => {
    const { clock, pump, stream, side } = carry(new Alone(), 2);
    const [first, second] = [Uint8Array.of(1, 0x91), Uint8Array.of(1, 0x92)];
    pump.write(first);
    pump.write(second);
    void side.session.send(NOTE, { id: 1 });
    pump.schedule();
    await turn();
    assert.deepEqual(stream.written.splice(0), [first]);
    stream.left!();
    clock.advance(1);
    assert.deepEqual(stream.written, []);
    clock.advance(1);
    assert.deepEqual(stream.written.splice(0), [second]);
    stream.left!();
    pump.end();
    assert.equal(stream.state, "open");
    clock.advance(2);
    assert.deepEqual(stream.told(), ["MESSAGE Note 1"]);
    stream.left!();
    assert.equal(stream.state, "open");
    clock.advance(2);
    assert.equal(stream.state, "closed");
  });

  test("holds back no more than may wait", () => {
    const side = new Alone();
    const { pump } = carry(side);
    pump.hold();
    const chunk = new Uint8Array(1024 * 1024);
    let pushed = 0;
    for (; pushed < 100 && side.why() === undefined; pushed++) pump.data(chunk);
    assert.equal(side.why(), "limit");
    assert.ok(pushed <= 11, `${pushed} MiB were held back`);
  });
});
