import fc from "fast-check";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import { encodePing } from "../../../../runtime/wire/native/handshake.ts";
import { ACK, CANCEL, PING } from "../../../../runtime/wire/native/kinds.ts";
import { Output } from "../../../../runtime/wire/native/output.ts";
import { seeded } from "../../../seed.ts";

/** A counted frame of one number. */
function counted(number: number): Uint8Array {
  return Uint8Array.of(2, CANCEL, number);
}

/** A counted frame that is long. */
function long(first: number): Uint8Array {
  const frame = new Uint8Array(3 + 20_001);
  frame.set([0xa1, 0x9c, 0x01, CANCEL, first]);
  return frame;
}

/** A frame that is not counted. */
const NOTE = Uint8Array.of(1, ACK);

/** A counted frame of so many bytes and a number, and where its content begins. */
function newFrame(size: number, number: number): { readonly bytes: Uint8Array; readonly at: number } {
  const length = size < 0x80 ? [size] : size < 0x4000
    ? [size & 0x7f | 0x80, size >> 7]
    : [size & 0x7f | 0x80, size >> 7 & 0x7f | 0x80, size >> 14];
  const bytes = new Uint8Array(length.length + size).fill(number);
  bytes.set([...length, CANCEL]);
  return { bytes, at: length.length + 1 };
}

/** The counted ones of whole frames. */
function countedOf(bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    let body = at;
    let length = 0;
    for (let shift = 0;; shift += 7) {
      const byte = bytes[body++]!;
      length |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    if (bytes[body] === CANCEL) frames.push(bytes.subarray(at, body + length));
    at = body + length;
  }
  return frames;
}

/** Takes all; gives back each piece. */
function takeAll(output: Output, sent: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let bytes = output.take(sent); bytes !== undefined; bytes = output.take(sent)) pieces.push(bytes);
  return pieces;
}

test("Output: long frames leave in order with what was written around them, and are not copied", () => {
  const output = new Output(true);
  const shared = long(7);
  output.writer.raw(counted(1));
  output.append(shared);
  output.writer.raw(counted(2));
  assert.equal(output.pending, 3 + shared.length + 3);
  const pieces = takeAll(output, 3);
  assert.deepEqual(pieces.map(({ length }) => length), [3, shared.length, 3]);
  assert.equal(pieces[1], shared);
  assert.equal(output.pending, 0);
  assert.equal(output.held, 6 + shared.length);
});

test("Output: a long frame that was appended last can be taken back, and what was there before stays", () => {
  const output = new Output(true);
  output.writer.raw(counted(1));
  const shared = long(7);
  output.append(shared);
  assert.equal(output.takeBack(shared.length), shared);
  output.writer.raw(counted(2));
  assert.deepEqual(takeAll(output, 2).map((bytes) => [...bytes]), [[...counted(1)], [...counted(2)]]);
});

test("Output: what is written behind a long frame can be taken back without it", () => {
  const output = new Output(true);
  const shared = long(7);
  output.append(shared);
  const behind = counted(2);
  output.writer.raw(behind);
  assert.deepEqual([...output.takeBack(behind.length)], [...behind]);
  assert.deepEqual(takeAll(output, 1), [shared]);
});

test("Output: long frames are forgotten and replayed by their numbers, wherever they were cut off", () => {
  for (let taken = 0; taken <= 4; taken++) {
    for (let received = 0; received <= 4; received++) {
      const output = new Output(true);
      const shared = long(7);
      output.writer.raw(encodePing(PING, 1));
      output.writer.raw(counted(1));
      output.append(shared);
      output.writer.raw(counted(3));
      output.append(shared);
      const gone = received <= taken ? received : 0;
      for (let i = 0; i < taken; i++) output.take(4);
      output.forget(gone);
      output.replay(received, 4);
      const expected = [counted(1), shared, counted(3), shared].slice(received);
      assert.deepEqual(Buffer.concat(takeAll(output, 4)), Buffer.concat(expected));
    }
  }
});

test("Output: the memory of what has arrived is given up, frame by frame", () => {
  const output = new Output(true);
  const shared = long(7);
  output.writer.raw(counted(1));
  output.append(shared);
  output.writer.raw(Uint8Array.of(1, ACK));
  takeAll(output, 2);
  assert.equal(output.held, 3 + shared.length);
  output.forget(1);
  assert.equal(output.held, shared.length);
  output.forget(2);
  assert.equal(output.held, 0);
});

test("Output: a large buffer is written to again when a later frame has arrived, and not before", () => {
  const output = new Output(true);
  const body = new Uint8Array(60_000);
  /** Writes a long frame and takes it. */
  const send = (number: number) => {
    output.writer.reserve(body.length + 4);
    output.writer.raw(long(number).subarray(0, 4));
    output.writer.raw(body);
    return output.take(number)!;
  };
  const first = send(1);
  output.forget(1);
  // What was written behind the first frame may still be on its way, however often its arrival is told.
  output.forget(1);
  const second = send(2);
  assert.notEqual(second.buffer, first.buffer);
  output.forget(2);
  const third = send(3);
  assert.equal(third.buffer, first.buffer);
  // Not what others are sent, too.
  const shared = long(7);
  output.append(shared);
  assert.equal(output.take(4), shared);
  for (let number = 5; number < 20; number++) {
    output.forget(number - 1);
    assert.notEqual(send(number).buffer, shared.buffer);
  }
});

test("Output: what was taken stays as it is until it has arrived, whatever is written meanwhile, and nothing is lost", () => {
  const frame = fc.constantFrom(3, 300, 5_000, 17_000, 20_000, 40_000);
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ what: fc.constantFrom("write", "share", "wait"), size: frame }) },
    { weight: 2, arbitrary: fc.record({ what: fc.constantFrom("go on", "take", "forget", "note"), size: fc.nat(9) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 50, maxLength: 200 }), (steps) => {
      const output = new Output(true);
      const { writer } = output;
      /** What was written, and what has left: the bytes, and a copy of then. */
      const written: Uint8Array[] = [];
      const left: { readonly bytes: Uint8Array; readonly copy: Uint8Array; readonly last: number }[] = [];
      const waiting: Uint8Array[] = [];
      let counter = 0;
      let forgotten = 0;
      const wrote = (bytes: Uint8Array) => written.push(bytes.slice());
      const write = (size: number) => {
        const { bytes, at } = newFrame(size, ++counter);
        writer.frame = writer.at;
        writer.raw(bytes.subarray(0, at));
        writer.raw(bytes.subarray(at));
        return bytes;
      };
      const take = () => {
        for (let bytes = output.take(written.length); bytes !== undefined; bytes = output.take(written.length)) {
          left.push({ bytes, copy: bytes.slice(), last: countedOf(bytes).length + (left.at(-1)?.last ?? 0) });
        }
      };
      for (const { what, size } of steps) {
        if (what === "write") wrote(write(size));
        else if (what === "share") {
          const { bytes } = newFrame(size, ++counter);
          output.append(bytes);
          wrote(bytes);
        } else if (what === "wait") {
          const bytes = write(size);
          const back = output.takeBack(bytes.length);
          assert.deepEqual(back.slice(), bytes);
          waiting.push(back);
        } else if (what === "go on") {
          for (const bytes of waiting.splice(0, size)) {
            wrote(bytes);
            output.append(bytes);
          }
        } else if (what === "take") take();
        else if (what === "note") writer.raw(NOTE);
        else {
          forgotten = Math.min(forgotten + size, left.at(-1)?.last ?? 0);
          output.forget(forgotten);
        }
        for (const { bytes, copy, last } of left) {
          if (last >= forgotten) assert.equal(Buffer.compare(bytes, copy), 0);
        }
      }
      take();
      const all = Buffer.concat(left.flatMap(({ copy }) => countedOf(copy)));
      assert.equal(Buffer.compare(all, Buffer.concat(written)), 0);
    }),
    seeded("buffers that are used again", 150),
  );
});

test("Output: a connection that rests holds no buffers", () => {
  const output = new Output(true);
  output.writer.raw(new Uint8Array(60_000));
  const { buffer } = output.take(1)!;
  output.writer.raw(counted(2));
  output.take(2);
  output.forget(2);
  output.rest();
  assert.equal(output.writer.bytes.length, 0);
  output.writer.raw(new Uint8Array(60_000));
  assert.notEqual(output.take(3)!.buffer, buffer);
});

test("Output.take: gives up the buffer of a first turn; small turns after it share one, until there is no room", () => {
  const output = new Output(true);
  const turn = (number: number) => {
    output.writer.raw(counted(number));
    return output.take(number)!;
  };
  const first = turn(1);
  assert.equal(output.writer.bytes.length, 0);
  const second = turn(2);
  assert.notEqual(second.buffer, first.buffer);
  assert.equal(turn(3).buffer, second.buffer);
  let number = 4;
  while (number < 1000 && turn(number).buffer === second.buffer) number++;
  assert.ok(number < 1000);
  assert.deepEqual([...second], [...counted(2)]);
  output.rest();
  assert.equal(output.writer.bytes.length, 0);
});
