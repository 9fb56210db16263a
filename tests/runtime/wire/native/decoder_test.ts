import fc from "fast-check";
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

  test("hears of any frames, cut anywhere", () => {
    const body = fc.oneof(fc.array(fc.nat(255), { maxLength: 10 }), fc.array(fc.nat(255), { maxLength: 300 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(255), body)), fc.array(fc.integer({ min: 1, max: 400 })), (frames, cuts) => {
        const [decoder, heard] = listen();
        let stream = frames.flatMap(([kind, body]) => frame(kind, body));
        for (const cut of cuts) push(decoder, stream.splice(0, cut));
        push(decoder, stream);
        stream = [];
        assert.deepEqual(heard, frames.map(([kind, body]) => told(kind, body)));
      }),
    );
  });

  test("hears of a frame in two chunks, wherever it is cut", () => {
    const bytes = frame(9, new Array(200).fill(5));
    for (let at = 0; at <= bytes.length; at++) {
      const [decoder, heard] = listen();
      push(decoder, bytes.slice(0, at));
      assert.equal(heard.length, at === bytes.length ? 1 : 0);
      assert.equal(decoder.kept, at === bytes.length ? 0 : at);
      push(decoder, bytes.slice(at));
      assert.equal(heard.length, 1);
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

  test("keeps as much memory as has arrived, not as was promised", () => {
    const [decoder] = listen(2 ** 30);
    const before = allocated(() => {
      // 1 GiB, of which 20,000 bytes arrive in chunks of 100.
      push(decoder, [0x80, 0x80, 0x80, 0x80, 0x04, 1]);
      for (let i = 0; i < 200; i++) push(decoder, new Array(100).fill(7));
    });
    assert.equal(decoder.kept, 20_006);
    assert.ok(before.largest <= 2 * 20_100, `a buffer of ${before.largest} bytes`);
    assert.ok(before.total <= 5 * 20_100, `${before.total} bytes in all`);
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

  test("keeps what is held back in a time and memory that grow with it", () => {
    const [decoder] = listen(2 ** 30);
    decoder.hold();
    const { total } = allocated(() => {
      for (let i = 0; i < 20_000; i++) decoder.push(Uint8Array.of(1));
    });
    assert.equal(decoder.kept, 20_000);
    // Each push brings a byte of its own.
    assert.ok(total - 20_000 <= 5 * 20_000, `${total} bytes in all`);
  });

  test("passes on what the receiver throws", () => {
    const [decoder] = listen(1000, () => {
      throw new Error("no");
    });
    assert.throws(() => push(decoder, frame(1, [])), { message: "no" });
  });
});

describe("Decoder.hold and release", () => {
  const stream = [1, 2, 3, 4].flatMap((kind) => frame(kind, [kind]));

  test("hold back what follows in the same chunk, when called by the receiver", () => {
    for (const size of [1, 2, 3, 100]) {
      const [decoder, heard] = listen(1000, (kind, decoder) => {
        if (kind === 2) decoder.hold();
      });
      for (let at = 0; at < stream.length; at += size) push(decoder, stream.slice(at, at + size));
      assert.deepEqual(heard, [told(1, [1]), told(2, [2])]);
      assert.equal(decoder.kept, stream.length / 2);
      decoder.release();
      assert.deepEqual(heard, [1, 2, 3, 4].map((kind) => told(kind, [kind])));
      assert.equal(decoder.kept, 0);
    }
  });

  test("go on where a frame was cut", () => {
    const [decoder, heard] = listen();
    push(decoder, stream.slice(0, 4));
    decoder.hold();
    push(decoder, stream.slice(4, 5));
    push(decoder, stream.slice(5, 8));
    assert.deepEqual(heard, [told(1, [1])]);
    decoder.release();
    assert.deepEqual(heard, [told(1, [1]), told(2, [2])]);
    push(decoder, stream.slice(8));
    assert.equal(heard.length, 4);
  });

  test("may be called by the receiver one after the other, and again while what was held back is read", () => {
    const [decoder, heard] = listen(1000, (kind, decoder) => {
      decoder.hold();
      if (kind !== 3) decoder.release();
    });
    push(decoder, stream);
    assert.equal(heard.length, 3);
    decoder.release();
    assert.equal(heard.length, 4);
    decoder.release();
    assert.equal(decoder.kept, 0);
  });

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

describe("Decoder.stop", () => {
  test("passes over all that follows, when called by the receiver, between two chunks, and while held", () => {
    for (const size of [1, 3, 100]) {
      const stream = [1, 2, 3].flatMap((kind) => frame(kind, [kind]));
      const [decoder, heard] = listen(1000, (kind, decoder) => {
        if (kind === 2) decoder.stop();
      });
      for (let at = 0; at < stream.length; at += size) push(decoder, stream.slice(at, at + size));
      assert.deepEqual(heard, [told(1, [1]), told(2, [2])]);
      assert.equal(decoder.kept, 0);
    }
    const [decoder, heard] = listen();
    decoder.hold();
    push(decoder, frame(1, []));
    decoder.stop();
    assert.equal(decoder.kept, 0);
    decoder.release();
    push(decoder, frame(1, []));
    assert.deepEqual(heard, []);
  });
});

/** How large the buffers are that are made meanwhile: the largest, and all together. */
function allocated(act: () => void): { largest: number; total: number } {
  const sizes = { largest: 0, total: 0 };
  const own = globalThis.Uint8Array;
  globalThis.Uint8Array = new Proxy(own, {
    construct(target, args, newTarget) {
      const [size] = args;
      if (typeof size === "number") {
        sizes.largest = Math.max(sizes.largest, size);
        sizes.total += size;
      }
      return Reflect.construct(target, args, newTarget === globalThis.Uint8Array ? own : newTarget);
    },
  });
  try {
    act();
  } finally {
    globalThis.Uint8Array = own;
  }
  return sizes;
}
