import fc from "fast-check";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Queue } from "../../runtime/queue.ts";

type Act = readonly ["push", number] | readonly ["shift"] | readonly ["remove", number] | readonly ["drain"];

test("Queue does what an array does", () => {
  const act: fc.Arbitrary<Act> = fc.oneof(
    { weight: 10, arbitrary: fc.tuple(fc.constant("push" as const), fc.nat(9)) },
    { weight: 8, arbitrary: fc.tuple(fc.constant("shift" as const)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant("remove" as const), fc.nat(9)) },
    { weight: 1, arbitrary: fc.tuple(fc.constant("drain" as const)) },
  );
  fc.assert(fc.property(fc.array(act, { maxLength: 200, size: "max" }), (acts) => {
    const queue = new Queue<number>();
    let model: number[] = [];
    for (const [what, item] of acts) {
      if (what === "push") {
        queue.push(item);
        model.push(item);
      } else if (what === "shift") {
        assert.equal(queue.shift(), model.shift());
      } else if (what === "remove") {
        assert.deepEqual(queue.remove((other) => other === item), model.filter((other) => other === item));
        model = model.filter((other) => other !== item);
      } else {
        assert.deepEqual(queue.drain(), model);
        model = [];
      }
      assert.equal(queue.length, model.length);
      assert.equal(queue.peek(), model[0]);
      assert.deepEqual([...queue], model);
    }
  }));
});

test("Queue holds what may be `undefined`, and much", () => {
  const queue = new Queue<number | undefined>();
  queue.push(undefined);
  assert.equal(queue.length, 1);
  queue.shift();
  for (let i = 0; i < 100_000; i++) queue.push(i);
  for (let i = 0; i < 100_000; i++) assert.equal(queue.shift(), i);
  assert.equal(queue.shift(), undefined);
  queue.push(7);
  assert.equal(queue.shift(), 7);
});
