import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Overflow, type WaitingFrame, WaitingFrames } from "../../../runtime/session/waiting.ts";

/** A line of frames, and what became of those that were dropped. */
class Line {
  readonly waiting: WaitingFrames;
  readonly failed: string[] = [];

  constructor(backlog = 1000) {
    this.waiting = new WaitingFrames(backlog);
  }

  push(size: number, overflow?: Overflow, request = 0): () => boolean {
    const name = `${size}`;
    const failed: WaitingFrame["failed"] = (error) => void this.failed.push(`${name} ${error.code}`);
    return this.waiting.push({ bytes: new Uint8Array(size), request, sent: () => {}, failed }, overflow);
  }

  /** Takes out what has waited longest, and gives back its size. */
  shift(): number {
    const { first } = this.waiting;
    this.waiting.shift(first!);
    return first!.bytes.length;
  }

  /** The sizes of all that wait, in order; takes them out. */
  rest(): number[] {
    const sizes: number[] = [];
    while (this.waiting.first !== undefined) sizes.push(this.shift());
    assert.deepEqual([this.waiting.length, this.waiting.bytes, this.waiting.requests], [0, 0, 0]);
    return sizes;
  }
}

describe("WaitingFrames", () => {
  test("keeps messages and requests in one order, and finds requests before messages", () => {
    const line = new Line();
    for (const [size, request] of [[1, 0], [2, 1], [3, 0], [4, 2]] as const) line.push(size, "wait", request);
    assert.deepEqual([line.waiting.length, line.waiting.requests, line.waiting.bytes], [4, 2, 10]);
    const request = line.waiting.firstRequest!;
    assert.equal(request.bytes.length, 2);
    line.waiting.shift(request);
    assert.deepEqual(line.rest(), [1, 3, 4]);
  });

  test("lets go of what is called off, once", () => {
    const line = new Line();
    const offs = [1, 2, 3].map((size) => line.push(size, "wait", size === 2 ? 1 : 0));
    assert.deepEqual([offs[1]!(), offs[1]!()], [true, false]);
    assert.deepEqual([line.waiting.length, line.waiting.requests, line.waiting.bytes], [2, 0, 4]);
    assert.equal(line.waiting.firstRequest, undefined);
    assert.deepEqual(line.rest(), [1, 3]);
    assert.equal(offs[0]!(), false, "it has been sent");
  });

  test("drains all, after which nothing can be called off", () => {
    const line = new Line();
    const off = line.push(1);
    line.push(2, { latest: "key" });
    line.push(3, "drop-oldest");
    assert.deepEqual(line.waiting.drain().map(({ bytes }) => bytes.length), [1, 2, 3]);
    assert.equal(off(), false);
    assert.deepEqual(line.rest(), []);
  });

  test("drops the oldest that may be dropped, when those that may are more than the backlog", () => {
    const line = new Line(10);
    line.push(100);
    for (const size of [4, 5, 3, 2]) line.push(size, "drop-oldest");
    assert.deepEqual(line.failed, ["4 dropped"]);
    line.push(9, "drop-oldest");
    assert.deepEqual(line.failed, ["4 dropped", "5 dropped", "3 dropped", "2 dropped"]);
    assert.equal(line.waiting.dropped, 4);
    assert.deepEqual(line.rest(), [100, 9]);
  });

  test("keeps the latest that may be dropped, even if it alone is more than the backlog", () => {
    const line = new Line(10);
    line.push(50, "drop-oldest");
    line.push(60, "drop-oldest");
    assert.deepEqual(line.failed, ["50 dropped"]);
    assert.deepEqual(line.rest(), [60]);
  });

  test("counts what may be dropped only while it waits", () => {
    const line = new Line(10);
    for (let round = 0; round < 20; round++) {
      line.push(6, "drop-oldest");
      assert.equal(line.shift(), 6);
      line.push(3, "drop-oldest")();
    }
    line.push(6, "drop-oldest");
    line.push(4, "drop-oldest");
    assert.deepEqual(line.failed, []);
    assert.deepEqual(line.rest(), [6, 4]);
  });

  test("puts a newer one in the place of the one of the same key", () => {
    const line = new Line();
    const older = line.push(1, { latest: "a" });
    line.push(2, { latest: "b" });
    const newer = line.push(3, { latest: "a" });
    assert.deepEqual(line.failed, ["1 dropped"]);
    assert.equal(older(), false);
    assert.deepEqual([line.waiting.length, line.waiting.bytes], [2, 5]);
    assert.equal(newer(), true);
    line.push(4, { latest: "a" });
    assert.deepEqual(line.rest(), [2, 4]);
    line.push(5, { latest: "a" });
    assert.deepEqual(line.failed, ["1 dropped"]);
    assert.deepEqual(line.rest(), [5]);
  });
});
