import assert from "node:assert/strict";
import { test } from "node:test";
import { Inlet } from "../../../runtime/transport/inlet.ts";

/** Has a socket read, as Node does: into the buffer, and then the call. */
function read({ onread }: Inlet, ...bytes: readonly number[]): boolean {
  const buffer = onread.buffer as Uint8Array;
  buffer.set(bytes);
  return onread.callback(bytes.length, buffer);
}

test("Inlet tells each chunk as long as it is, and goes on reading", () => {
  const inlet = new Inlet();
  const chunks: number[][] = [];
  inlet.open((chunk) => chunks.push([...chunk]));
  assert.equal(read(inlet, 1, 2, 3), true);
  assert.equal(read(inlet, 4), true);
  assert.deepEqual(chunks, [[1, 2, 3], [4]]);
});

test("Inlet keeps what arrives before it is opened, whatever other sockets read meanwhile, and tells it first", () => {
  const inlet = new Inlet();
  const other = new Inlet();
  other.open(() => {});
  assert.equal(read(inlet, 1, 2), true);
  read(other, 9, 9, 9);
  read(inlet, 3);
  read(other, 9, 9, 9);
  const chunks: number[][] = [];
  inlet.open((chunk) => chunks.push([...chunk]));
  read(inlet, 4);
  assert.deepEqual(chunks, [[1, 2], [3], [4]]);
});

test("Inlets have one buffer, of a TLS record", () => {
  const [first, second] = [new Inlet(), new Inlet()];
  assert.equal(first.onread.buffer, second.onread.buffer);
  assert.equal((first.onread.buffer as Uint8Array).length, 16_384);
});
