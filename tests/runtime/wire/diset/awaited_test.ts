import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Awaited } from "../../../../runtime/wire/diset/awaited.ts";
import { seeded } from "../../../seed.ts";

/** The same, by looking at each frame. */
function rows(waiting: ReadonlySet<number>, left: number): number[] {
  const ranges: number[] = [];
  for (let frame = Math.min(...waiting) + 1; frame <= left; frame++) {
    if (waiting.has(frame)) continue;
    if (ranges.at(-1) === frame - 1) ranges[ranges.length - 1] = frame;
    else ranges.push(frame, frame);
  }
  return ranges;
}

test("Awaited: whatever leaves and is acknowledged, in any order, the oldest and what lies between are known", () => {
  const step = fc.record({
    what: fc.constantFrom("ask", "ask", "tell", "acknowledge", "acknowledge"),
    which: fc.nat(9),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
      const awaited = new Awaited();
      const waiting = new Set<number>();
      let left = 0;
      for (const { what, which } of steps) {
        if (what !== "acknowledge") left++;
        if (what === "ask") {
          awaited.add(`id:${left}`, left);
          waiting.add(left);
        } else if (what === "acknowledge") {
          const frame = [...waiting][which % Math.max(1, waiting.size)] ?? 0;
          assert.equal(awaited.delete(`id:${frame}`), frame);
          waiting.delete(frame);
        }
        assert.equal(awaited.oldest, Math.min(...waiting));
        assert.deepEqual(awaited.rangesTo(left), waiting.size === 0 ? [] : rows(waiting, left));
      }
      assert.equal(awaited.delete("id:never"), 0);
    }),
    seeded("what waits for acknowledgements", 500),
  );
});
