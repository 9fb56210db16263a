/**
 * How a stream is cut into frames: on every wire.
 *
 * @module
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import type { FrameDecoder } from "../../../../runtime/wire/wire.ts";
import { seeded } from "../../../seed.ts";
import type { StreamSubject } from "../subject.ts";

/** Declares the tests. */
export function cuttingCases(subject: StreamSubject): void {
  const frame = (...content: readonly number[]) => subject.frame(Uint8Array.from(content));

  /** A decoder, and what it was heard of: the content of each frame, and its size. */
  function listen(limit = 1_000, then: (first: number, decoder: FrameDecoder) => void = () => {}) {
    const heard: string[] = [];
    const decoder: FrameDecoder = subject.decoder(limit, (content, size) => {
      heard.push(`${Buffer.from(content).toString("hex")} ${size}`);
      then(content[0]!, decoder);
    });
    return { decoder, heard };
  }

  /** What is heard of a frame. */
  function told(...content: readonly number[]): string {
    return `${Buffer.from(content).toString("hex")} ${frame(...content).length}`;
  }

  /** Pushes copies that are wiped afterwards: what a decoder keeps must be its own. */
  function push(decoder: FrameDecoder, bytes: Uint8Array, size = Math.max(1, bytes.length)): void {
    for (let at = 0; at < bytes.length; at += size) {
      // Not `slice`, which copies nothing of a `Buffer`.
      const chunk = new Uint8Array(bytes.subarray(at, at + size));
      decoder.push(chunk);
      chunk.fill(0xee);
    }
  }

  const three = Buffer.concat([frame(1, 10), frame(2, 20), frame(3, 30)]);
  const THREE = [told(1, 10), told(2, 20), told(3, 30)];

  describe("FrameDecoder", () => {
    test("hears of any frames, cut anywhere", () => {
      const content = fc.oneof(
        fc.uint8Array({ minLength: 1, maxLength: 10 }),
        fc.uint8Array({ minLength: 1, maxLength: 300 }),
      );
      fc.assert(
        fc.property(fc.array(content), fc.array(fc.integer({ min: 1, max: 400 })), (contents, cuts) => {
          const { decoder, heard } = listen();
          let stream = Buffer.concat(contents.map((content) => subject.frame(content)));
          for (const cut of cuts) {
            push(decoder, stream.subarray(0, cut));
            stream = stream.subarray(cut);
          }
          push(decoder, stream);
          assert.deepEqual(heard, contents.map((content) => told(...content)));
          assert.equal(decoder.kept, 0);
        }),
        seeded("frames, cut anywhere", 200),
      );
    });

    test("hears of a frame in two chunks, wherever it is cut, and not before", () => {
      const bytes = frame(...new Array<number>(200).fill(5));
      for (let at = 0; at <= bytes.length; at++) {
        const { decoder, heard } = listen();
        push(decoder, bytes.subarray(0, at));
        assert.equal(heard.length, at === bytes.length ? 1 : 0);
        assert.equal(decoder.kept, at === bytes.length ? 0 : at);
        push(decoder, bytes.subarray(at));
        assert.equal(heard.length, 1);
      }
    });

    test("takes a content up to the limit, and refuses a longer one as soon as its length is known", () => {
      const exact = frame(...new Array<number>(300).fill(7));
      const beyond = frame(...new Array<number>(301).fill(7));
      for (const size of [1, 1_000]) {
        const { decoder, heard } = listen(300);
        push(decoder, exact, size);
        assert.equal(heard.length, 1);
        assert.throws(() => push(decoder, beyond.subarray(0, beyond.length - 301), size), {
          name: "HoldfastError",
          code: "limit",
          message: /300/,
        });
      }
    });

    test("holds another limit from the next frame on", () => {
      const { decoder, heard } = listen(10, (_first, decoder) => decoder.limit = 20);
      const content = new Array<number>(20).fill(1);
      push(decoder, Buffer.concat([frame(1, 2), frame(...content)]));
      assert.deepEqual(heard, [told(1, 2), told(...content)]);
    });

    test("keeps as much memory as has arrived, not as was promised", () => {
      const { decoder } = listen(2 ** 27);
      const begin = frame(...new Array<number>(100_000).fill(7)).subarray(0, 20_000);
      const made = allocated(() => {
        for (let at = 0; at < begin.length; at += 100) decoder.push(begin.subarray(at, at + 100));
      });
      assert.equal(decoder.kept, 20_000);
      assert.ok(made.largest <= 2 * 20_100, `a buffer of ${made.largest} bytes`);
      assert.ok(made.total <= 5 * 20_100, `${made.total} bytes in all`);
    });

    test("makes room at once for as much as the largest frame had that came in parts, and for no more", () => {
      const { decoder, heard } = listen(2 ** 27);
      const first = frame(...new Array<number>(20_000).fill(7));
      push(decoder, first, 100);
      const again = allocated(() => {
        for (let at = 0; at < first.length; at += 100) decoder.push(first.subarray(at, at + 100));
      });
      assert.equal(heard.length, 2);
      assert.ok(again.total <= first.length + 100, `${again.total} bytes in all`);
      const begin = frame(...new Array<number>(100_000).fill(7)).subarray(0, 200);
      const made = allocated(() => decoder.push(begin));
      assert.ok(made.largest <= first.length, `a buffer of ${made.largest} bytes`);
    });

    test("keeps what is held back in a time and memory that grow with it", () => {
      const { decoder } = listen();
      decoder.hold();
      const one = Uint8Array.of(1);
      const made = allocated(() => {
        for (let i = 0; i < 20_000; i++) decoder.push(one);
      });
      assert.equal(decoder.kept, 20_000);
      assert.ok(made.total <= 5 * 20_000, `${made.total} bytes in all`);
    });

    test("passes on what its receiver throws", () => {
      const { decoder } = listen(1_000, () => {
        throw new RangeError("as asked");
      });
      assert.throws(() => push(decoder, frame(1)), RangeError);
    });

    test("hold: keeps back what follows, also of the same chunk; release: goes on with it", () => {
      for (const size of [1, 2, 3, 1_000]) {
        const { decoder, heard } = listen(1_000, (first, decoder) => {
          if (first === 2) decoder.hold();
        });
        push(decoder, three, size);
        assert.deepEqual(heard, THREE.slice(0, 2));
        assert.equal(decoder.kept, frame(3, 30).length);
        decoder.release();
        assert.deepEqual(heard, THREE);
        assert.equal(decoder.kept, 0);
      }
    });

    test("hold and release: go on in the midst of a frame", () => {
      for (let at = 0; at <= three.length; at++) {
        const { decoder, heard } = listen();
        push(decoder, three.subarray(0, at));
        decoder.hold();
        push(decoder, three.subarray(at, at + 3), 1);
        decoder.release();
        push(decoder, three.subarray(at + 3), 1);
        assert.deepEqual(heard, THREE);
      }
    });

    test("hold and release: may be called one after the other, and again while what was held back is read", () => {
      const { decoder, heard } = listen(1_000, (first, decoder) => {
        decoder.hold();
        if (first !== 2) decoder.release();
      });
      push(decoder, three);
      assert.deepEqual(heard, THREE.slice(0, 2));
      decoder.release();
      assert.deepEqual(heard, THREE);
      decoder.release();
      assert.equal(decoder.kept, 0);
    });

    test("stop: passes over all that follows, called by the receiver, between two chunks, and while held", () => {
      for (const size of [1, 3, 1_000]) {
        const { decoder, heard } = listen(1_000, (first, decoder) => {
          if (first === 2) decoder.stop();
        });
        push(decoder, three, size);
        assert.deepEqual(heard, THREE.slice(0, 2));
        assert.equal(decoder.kept, 0);
      }
      const { decoder, heard } = listen();
      decoder.hold();
      push(decoder, three);
      decoder.stop();
      assert.equal(decoder.kept, 0);
      decoder.release();
      push(decoder, three);
      assert.deepEqual(heard, []);
    });
  });
}

/** How large the buffers are that are made meanwhile: the largest, and all together. */
function allocated(act: () => void): { readonly largest: number; readonly total: number } {
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
