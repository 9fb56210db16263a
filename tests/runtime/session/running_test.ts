import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Running } from "../../../runtime/session/running.ts";

test("Running.handled says of each frame that has begun whether its handler is done", () => {
  const act = fc.record({ begins: fc.boolean(), overtakes: fc.boolean(), which: fc.nat() });
  fc.assert(
    fc.property(fc.array(act, { maxLength: 80, size: "max" }), (acts) => {
      const running = new Running();
      const waiting = Array.from({ length: 60 }, (_, i) => i + 1);
      const runs: number[] = [];
      for (const { begins, overtakes, which } of acts) {
        if (begins && waiting.length > 0) {
          const [frame] = waiting.splice(overtakes ? which % waiting.length : 0, 1);
          running.add(frame!);
          runs.push(frame!);
        } else if (runs.length > 0) {
          const [frame] = runs.splice(which % runs.length, 1);
          running.delete(frame!);
        }
        assert.equal(running.size, runs.length);
        const started = (waiting[0] ?? 61) - 1;
        const { low, ranges } = running.handled(started);
        const handled = new Set<number>();
        for (let frame = 1; frame <= low; frame++) handled.add(frame);
        let last = low;
        for (let i = 0; i < ranges.length; i += 2) {
          const [first, end] = [ranges[i]!, ranges[i + 1]!];
          assert.ok(first > last + 1 && end >= first, "ranges ascend, and do not touch");
          for (let frame = first; frame <= end; frame++) handled.add(frame);
          last = end;
        }
        for (let frame = 1; frame <= 60; frame++) {
          assert.equal(handled.has(frame), frame <= started && !runs.includes(frame), `frame ${frame}`);
        }
      }
    }),
  );
});
