import assert from "node:assert/strict";
import { test } from "node:test";
import { Numbered } from "../../../runtime/session/numbered.ts";

const item = (request: number) => ({ request });

test("Numbered: finds what was added, once, whatever else came and went meanwhile", () => {
  const table = new Numbered<{ readonly request: number }>();
  const there = new Map<number, { readonly request: number }>();
  // One of eight stays for long; the others go after a while.
  for (let number = 1; number <= 5_000; number++) {
    const added = item(number);
    table.add(added);
    there.set(number, added);
    const gone = number - 20;
    if (gone > 0 && gone % 8 !== 0) {
      assert.equal(table.delete(gone), there.get(gone));
      there.delete(gone);
    }
    assert.equal(table.size, there.size);
  }
  for (let number = 1; number <= 5_001; number++) assert.equal(table.get(number), there.get(number));
  assert.equal(table.delete(1), undefined);
  assert.deepEqual(table.drain(), [...there.values()]);
  assert.equal(table.size, 0);
  assert.equal(table.get(5_000), undefined);
});

test("Numbered: tells numbers beyond 2^32 apart", () => {
  const table = new Numbered<{ readonly request: number }>();
  const [first, second] = [item(5), item(5 + 2 ** 40)];
  table.add(first);
  table.add(second);
  assert.equal(table.get(5), first);
  assert.equal(table.get(5 + 2 ** 40), second);
  assert.equal(table.delete(5), first);
  assert.equal(table.delete(5), undefined);
  assert.equal(table.get(5 + 2 ** 40), second);
});

test("Numbered: one that stays does not make it hold ever more", () => {
  const table = new Numbered<{ readonly request: number }>();
  const stays = item(1);
  table.add(stays);
  for (let number = 2; number <= 100_000; number++) {
    table.add(item(number));
    table.delete(number);
  }
  assert.equal(table.get(1), stays);
  assert.equal(table.delete(1), stays);
  table.add(stays);
  assert.equal(table.get(1), stays);
});
