import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Unstarted } from "../../../runtime/session/unstarted.ts";
import { seeded } from "../../seed.ts";

test("Unstarted: has the bytes of just those frames that were sent and not started", () => {
  const step = fc.record({
    gap: fc.integer({ min: 1, max: 2 }),
    size: fc.integer({ min: 1, max: 3 }),
    back: fc.nat(6),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const unstarted = new Unstarted();
      let frames: { readonly number: number; readonly size: number }[] = [];
      let number = 0;
      for (const { gap, size, back } of steps) {
        number += gap;
        frames.push({ number, size });
        unstarted.push(number, size);
        if (back > 4) continue;
        const started = number - back;
        frames = frames.filter((frame) => frame.number > started);
        unstarted.started(started);
        assert.equal(unstarted.bytes, frames.reduce((sum, frame) => sum + frame.size, 0));
      }
      unstarted.started(number);
      assert.equal(unstarted.bytes, 0);
    }),
    seeded("Unstarted", 500),
  );
});
