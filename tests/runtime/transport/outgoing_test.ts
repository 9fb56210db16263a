import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Outgoing } from "../../../runtime/transport/outgoing.ts";
import { assertSame, pattern } from "./subject.ts";

const PIECE = 65_536;

describe("Outgoing", () => {
  test("gives back what was pushed, however little is taken at once", () => {
    for (const [pushed, taken] of [[1, 1], [7, 3], [3, 7], [1000, 999], [70_000, 1234], [200_000, 65_536]] as const) {
      const outgoing = new Outgoing();
      const all = pattern(400_000);
      const got = new Uint8Array(all.length);
      let [from, to] = [0, 0];
      while (to < all.length) {
        if (from < all.length) outgoing.push(all.subarray(from, from += pushed));
        const count = Math.min(taken, outgoing.front().length);
        got.set(outgoing.front().subarray(0, count), to);
        outgoing.taken(count);
        to += count;
        assert.equal(outgoing.size, Math.min(from, all.length) - to);
      }
      assertSame(got, all);
    }
  });

  test("puts small pieces together, up to what one write should have", () => {
    const outgoing = new Outgoing();
    for (let count = 0; count < 100; count++) outgoing.push(new Uint8Array(1000).fill(count));
    const front = outgoing.front();
    assert.equal(front.length, 65_000);
    assert.deepEqual([front[0], front[999], front[1000], front[64_999]], [0, 0, 1, 64]);
  });

  test("cuts what is too large for one write, without copying it", () => {
    const outgoing = new Outgoing();
    const large = new Uint8Array(3 * PIECE);
    outgoing.push(large);
    assert.equal(outgoing.front().length, PIECE);
    assert.equal(outgoing.front().buffer, large.buffer);
  });

  test("gives the same bytes again, and more behind them", () => {
    const outgoing = new Outgoing();
    outgoing.push(new Uint8Array([1, 2]));
    outgoing.push(new Uint8Array([3]));
    assert.deepEqual([...outgoing.front()], [1, 2, 3]);
    outgoing.push(new Uint8Array([4]));
    assert.deepEqual([...outgoing.front()], [1, 2, 3, 4]);
  });

  test("drops all when cleared", () => {
    const outgoing = new Outgoing();
    outgoing.push(new Uint8Array(10));
    outgoing.clear();
    assert.equal(outgoing.size, 0);
    outgoing.push(new Uint8Array([9]));
    assert.deepEqual([...outgoing.front()], [9]);
  });
});
