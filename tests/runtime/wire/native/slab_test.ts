import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { Slab } from "../../../../runtime/wire/native/slab.ts";

const chunkOf = (length: number): Uint8Array => new Uint8Array(length).map((_, place) => place);

test("Slab.copy gives what stood there, whatever is copied afterwards and whatever becomes of the chunk", () => {
  for (const outer of [chunkOf(20_000), chunkOf(20_100).subarray(50, 20_050)]) {
    const chunk = outer.subarray();
    const slab = new Slab(chunk);
    const copies: [Uint8Array, Uint8Array][] = [];
    let at = 0;
    for (let count = 0; at + count <= chunk.length; count += count < 60 ? 20 : 57) {
      copies.push([slab.copy(at, count), chunk.slice(at, at + count)]);
      at += count;
    }
    chunk.fill(0xff);
    for (const [copy, expected] of copies) assert.deepEqual(copy, expected);
    assert.ok(copies.length > 10);
  }
});

test("Slab.copy shares memory between copies out of one chunk only, and no more than 8 KiB", () => {
  const memories = new Map<ArrayBufferLike, Uint8Array>();
  for (let i = 0; i < 100; i++) {
    const chunk = chunkOf(3_000);
    const slab = new Slab(chunk);
    for (let at = 0; at < 1_500; at += 300) {
      const { buffer } = slab.copy(at, 300);
      assert.equal(memories.get(buffer) ?? chunk, chunk);
      memories.set(buffer, chunk);
      assert.ok(buffer.byteLength <= 8 * 1024);
    }
  }
});

test("Slab.copy gives a plain Uint8Array, with memory of its own where it is large", () => {
  const chunk = Buffer.from(chunkOf(10_000).buffer);
  const slab = new Slab(chunk);
  slab.copy(0, 100);
  for (const count of [5_000, 100]) {
    const copy = slab.copy(0, count);
    assert.deepEqual([...copy], [...chunk.subarray(0, count)]);
    assert.equal(Object.getPrototypeOf(copy), Uint8Array.prototype);
    if (count > 1_024) assert.equal(copy.buffer.byteLength, count);
  }
});
