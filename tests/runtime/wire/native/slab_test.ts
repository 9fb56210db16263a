import assert from "node:assert/strict";
import { test } from "node:test";
import { Slab } from "../../../../runtime/wire/native/slab.ts";

const chunkOf = (length: number): Uint8Array => new Uint8Array(length).map((_, place) => place);

test("Slab.copy gives what stood there, whatever is copied afterwards and whatever becomes of the chunk", () => {
  for (const outer of [chunkOf(20_000), chunkOf(20_100).subarray(50, 20_050)]) {
    const chunk = outer.subarray();
    const slab = new Slab();
    const copies: [Uint8Array, Uint8Array][] = [];
    let at = 0;
    for (let count = 0; at + count <= chunk.length; count += count < 60 ? 20 : 57) {
      copies.push([slab.copy(chunk, at, count), chunk.slice(at, at + count)]);
      at += count;
    }
    chunk.fill(0xff);
    for (const [copy, expected] of copies) assert.deepEqual(copy, expected);
    assert.ok(copies.length > 10);
  }
});

test("Slab.copy shares memory between copies out of one chunk only, and no more than 8 KiB", () => {
  const slab = new Slab();
  const memories = new Map<ArrayBufferLike, Uint8Array>();
  for (let i = 0; i < 100; i++) {
    const chunk = chunkOf(3_000);
    for (let at = 0; at < 1_500; at += 300) {
      const { buffer } = slab.copy(chunk, at, 300);
      assert.equal(memories.get(buffer) ?? chunk, chunk);
      memories.set(buffer, chunk);
      assert.ok(buffer.byteLength <= 8 * 1024);
    }
  }
});

test("Slab.copy gives a plain Uint8Array, with memory of its own where it is large", () => {
  const slab = new Slab();
  const chunk = chunkOf(10_000);
  slab.copy(chunk, 0, 100);
  const copy = slab.copy(chunk, 0, 5_000);
  assert.equal(copy.buffer.byteLength, 5_000);
  assert.equal(Object.getPrototypeOf(copy), Uint8Array.prototype);
});
