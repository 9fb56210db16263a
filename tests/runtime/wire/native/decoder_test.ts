import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { Decoder, type FrameReceiver } from "../../../../runtime/wire/native/decoder.ts";
import { fromHex, toHex, VECTORS } from "./vocabulary.ts";

/** A decoder, and what it was heard of: kind, body and size of each frame, in words. */
function listen(limit = 1000, then: (kind: number, decoder: Decoder) => void = () => {}): [Decoder, string[]] {
  const heard: string[] = [];
  const receiver: FrameReceiver = {
    frame(kind, body, size) {
      heard.push(`${kind} ${toHex(body.bytes.slice(body.at, body.end))} ${size}`);
      then(kind, decoder);
    },
  };
  const decoder = new Decoder(receiver, limit);
  return [decoder, heard];
}

/** The frame of a kind and a body. */
function frame(kind: number, body: readonly number[]): number[] {
  const length = body.length + 1;
  return [...(length < 0x80 ? [length] : [length & 0x7f | 0x80, length >> 7]), kind, ...body];
}

/** Pushes copies that are wiped afterwards: what a decoder keeps must be its own. */
function push(decoder: Decoder, bytes: readonly number[] | Uint8Array): void {
  const chunk = Uint8Array.from(bytes);
  decoder.push(chunk);
  chunk.fill(0xee);
}

/** What was heard of a frame, in words. */
function told(kind: number, body: readonly number[]): string {
  return `${kind} ${toHex(Uint8Array.from(body))} ${frame(kind, body).length}`;
}

describe("Decoder.push", () => {
  test("hears of every documented frame, in every chunking", () => {
    const frames = VECTORS.accepted.map(({ hex }) => fromHex(hex));
    const stream = Buffer.concat(frames);
    const [whole, expected] = listen(10_000);
    whole.push(stream);
    assert.equal(expected.length, frames.length);
    for (const size of [1, 2, 3, 5, 7, 64, 1000]) {
      const [decoder, heard] = listen(10_000);
      for (let at = 0; at < stream.length; at += size) push(decoder, stream.subarray(at, at + size));
      assert.deepEqual(heard, expected, `chunks of ${size}`);
      assert.equal(decoder.kept, 0);
    }
  });

  test("refuses a length of zero, and one in more bytes than it needs", () => {
    for (const bytes of [[0], [0x80, 0], [0x81, 0], [0x81, 0x80, 0]]) {
      for (const size of [1, bytes.length]) {
        const [decoder] = listen();
        assert.throws(() => {
          for (let at = 0; at < bytes.length; at += size) push(decoder, bytes.slice(at, at + size));
        }, { code: "protocol" });
      }
    }
  });

  test("refuses a length beyond the limit as soon as it is known, and one of more than five bytes at all", () => {
    const [exact, heard] = listen(300);
    push(exact, frame(1, new Array(299).fill(0)));
    assert.equal(heard.length, 1);
    for (const bytes of [[0xad, 0x02], [0xff, 0xff, 0xff, 0xff, 0x0f], [0xff, 0xff, 0xff, 0xff, 0xff]]) {
      for (const size of [1, bytes.length]) {
        const [decoder] = listen(300);
        assert.throws(() => {
          for (let at = 0; at < bytes.length; at += size) push(decoder, bytes.slice(at, at + size));
        }, { code: "limit", message: /300/ });
      }
    }
    const [large] = listen(2 ** 40);
    assert.throws(() => push(large, [0xff, 0xff, 0xff, 0xff, 0xff, 0x01]), { code: "limit" });
  });

  test("gives the buffer away that it has put a frame together in: large bytes of it are not copied again", () => {
    const given: Uint8Array[] = [];
    const receiver: FrameReceiver = {
      frame: (_kind, body) => given.push(body.raw(3_000), body.raw(100)),
    };
    const whole = frame(7, new Array<number>(3_100).fill(9));
    const decoder = new Decoder(receiver, 10_000);
    push(decoder, whole.slice(0, 2_000));
    push(decoder, whole.slice(2_000));
    push(decoder, whole);
    const [large, small, ofChunk] = given;
    assert.equal(large!.buffer.byteLength, whole.length);
    assert.notEqual(small!.buffer, large!.buffer);
    assert.equal(ofChunk!.buffer.byteLength, 3_000);
    for (const bytes of given) assert.ok(bytes.every((byte) => byte === 9));
  });
});

describe("Decoder.hold and release", () => {
  test("measure what was held back by the limit that holds when it is read, and give it to the receiver of then", () => {
    const [decoder, heard] = listen(2, (_kind, decoder) => decoder.hold());
    push(decoder, [...frame(1, [1]), ...frame(2, [1, 2, 3])]);
    assert.equal(heard.length, 1);
    const [other, later] = listen();
    decoder.receiver = other.receiver;
    decoder.limit = 4;
    decoder.release();
    assert.deepEqual(later, [told(2, [1, 2, 3])]);
    decoder.limit = 3;
    assert.throws(() => push(decoder, frame(2, [1, 2, 3])), { code: "limit" });
  });
});

describe("Decoder.log", () => {
  const frames = [frame(0x10, [1, 2]), frame(0x11, new Array<number>(200).fill(3)), frame(0x10, [4])];
  const told = frames.map((bytes) => bytes.length);

  function sizes(decoder: Decoder): number[] {
    return decoder.log.list(0).map(({ size }) => size);
  }

  test("has heard of what was read, in every chunking", () => {
    for (const size of [1, 2, 3, 7, 64, 1000]) {
      const [decoder] = listen();
      const stream = frames.flat();
      for (let at = 0; at < stream.length; at += size) push(decoder, stream.slice(at, at + size));
      assert.deepEqual(sizes(decoder), told, `chunks of ${size}`);
    }
  });

  test("has heard of the frame that is being read, and of no later one", () => {
    for (const size of [1, 5, 1000]) {
      const seen: number[][] = [];
      const [decoder] = listen(1000, (_kind, decoder) => seen.push(sizes(decoder)));
      const stream = frames.flat();
      for (let at = 0; at < stream.length; at += size) push(decoder, stream.slice(at, at + size));
      assert.deepEqual(seen, [told.slice(0, 1), told.slice(0, 2), told], `chunks of ${size}`);
    }
  });

  test("has heard of the frame at which its receiver gave up, and of the last before what is no frame", () => {
    for (const [bytes, count] of [[frames.flat(), 2], [[...frames.slice(0, 2).flat(), 0], 2]] as const) {
      const [decoder] = listen(1000, (kind) => {
        if (kind === 0x11 && count === 2 && bytes.at(-1) !== 0) throw new Error("gave up");
      });
      assert.throws(() => push(decoder, bytes));
      assert.deepEqual(sizes(decoder), told.slice(0, count));
    }
  });

  test("has heard of the last ten of a chunk, with their numbers, also in its midst", () => {
    for (const asked of [1, 9, 10, 11, 25, 1000]) {
      let read = 0;
      const seen: (number | undefined)[][] = [];
      const numbers = (decoder: Decoder) => decoder.log.list(0).map(({ number }) => number);
      const [decoder] = listen(1000, (_kind, decoder) => ++read === asked && seen.push(numbers(decoder)));
      push(decoder, Array.from({ length: 45 }, (_, i) => frame(i % 3 === 0 ? 0x19 : 0x10, [i])).flat());
      seen.push(numbers(decoder));
      const expected = Array.from({ length: 45 }, (_, i) => i % 3 === 0 ? undefined : i - Math.floor(i / 3));
      assert.deepEqual(seen.at(-1), expected.slice(-10));
      if (asked < 45) assert.deepEqual(seen[0], expected.slice(Math.max(0, asked - 10), asked));
    }
  });

  test("has not heard of what is held back", () => {
    const [decoder] = listen(1000, (_kind, decoder) => decoder.hold());
    push(decoder, frames.flat());
    assert.deepEqual(sizes(decoder), told.slice(0, 1));
    decoder.release();
    assert.deepEqual(sizes(decoder), told.slice(0, 2));
  });
});
