import * as fc from "fast-check";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Clock } from "../../runtime/clock.ts";
import { Deadlines, type Sleeper } from "../../runtime/deadlines.ts";
import { manualClock } from "../manual_clock.ts";

/** A clock that says how many timers are set, and have been. */
function countingClock() {
  const clock = manualClock();
  const timers = { set: 0, pending: 0 };
  const counting: Clock = {
    now: () => clock.now(),
    set(delay, callback) {
      timers.set++;
      timers.pending++;
      let isPending = true;
      const settle = () => {
        if (isPending) timers.pending--;
        isPending = false;
      };
      const stop = clock.set(delay, () => {
        settle();
        callback();
      });
      return () => {
        settle();
        stop();
      };
    },
  };
  return { advance: (by: number) => clock.advance(by), counting, timers };
}

function sleeper(wake: (own: Sleeper) => void): Sleeper {
  const own: Sleeper = { wakeAt: 0, place: -1, wake: () => wake(own) };
  return own;
}

describe("Deadlines", () => {
  test("wakes each at its time, whatever is set, set anew and deleted meanwhile", () => {
    const step = fc.record({ who: fc.nat(7), delay: fc.option(fc.integer({ min: 1, max: 20 })), pause: fc.nat(5) });
    fc.assert(fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { advance, counting, timers } = countingClock();
      const deadlines = new Deadlines(counting);
      const expected = new Map<number, number>();
      const sleepers = Array.from({ length: 8 }, (_, i) =>
        sleeper(() => {
          assert.equal(counting.now(), expected.get(i), `${i} is woken in time, and once`);
          expected.delete(i);
        }));
      for (const { delay, pause, who } of steps) {
        if (delay === null) {
          deadlines.delete(sleepers[who]!);
          expected.delete(who);
        } else {
          deadlines.set(sleepers[who]!, delay);
          expected.set(who, counting.now() + delay);
        }
        for (let i = 0; i < pause; i++) advance(1);
      }
      for (let i = 0; i < 21; i++) advance(1);
      assert.equal(expected.size, 0);
      assert.equal(timers.pending, 0);
    }));
  });

  test("has one timer for all, and none where nobody sleeps", () => {
    const { counting, timers } = countingClock();
    const deadlines = new Deadlines(counting);
    const sleepers = Array.from({ length: 100 }, () => sleeper(() => {}));
    for (const one of sleepers) deadlines.set(one, 10);
    assert.deepEqual(timers, { set: 1, pending: 1 });
    for (const one of sleepers) deadlines.delete(one);
    assert.deepEqual(timers, { set: 1, pending: 0 });
  });

  test("who is woken may set another deadline, and delete the others'", () => {
    const { advance, counting } = countingClock();
    const deadlines = new Deadlines(counting);
    const woken: string[] = [];
    const second = sleeper(() => woken.push("second"));
    const first = sleeper((own) => {
      woken.push(`first at ${counting.now()}`);
      deadlines.delete(second);
      if (woken.length < 3) deadlines.set(own, 10);
    });
    deadlines.set(first, 10);
    deadlines.set(second, 10);
    for (let i = 0; i < 50; i++) advance(1);
    assert.deepEqual(woken, ["first at 10", "first at 20", "first at 30"]);
  });

  test("wakes the others all the same where one throws", () => {
    const { advance, counting } = countingClock();
    const deadlines = new Deadlines(counting);
    const woken: number[] = [];
    const faulty = sleeper(() => {
      throw new Error("a fault");
    });
    deadlines.set(faulty, 10);
    deadlines.set(sleeper(() => woken.push(counting.now())), 10);
    deadlines.set(sleeper(() => woken.push(counting.now())), 20);
    assert.throws(() => advance(10), /a fault/);
    advance(0);
    advance(10);
    assert.deepEqual(woken, [10, 20]);
  });
});
