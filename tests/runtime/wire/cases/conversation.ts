/**
 * What one side of a conversation writes, as the other hears it: on every wire.
 *
 * @module
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { parse } from "../../../../idl/mod.ts";
import { HoldfastError } from "../../../../runtime/errors.ts";
import type { FrameEncoder } from "../../../../runtime/wire/wire.ts";
import { seeded } from "../../../seed.ts";
import type { Side, WireSubject } from "../subject.ts";

const DEFINITION = parse(`
  Pong < id: int|long >
  News < text: string, more?: map<any> >
  service Test/Conversation { auth all sends Pong, News }
`);
const [PONG, NEWS] = ["Pong", "News"].map((name) => DEFINITION.shape.messages.find((one) => one.name === name)!);

/** Declares the tests. */
export function conversationCases(subject: WireSubject): void {
  const begin = (limit = 1_000, keep = false): Side => subject.conversation(DEFINITION, limit, keep);

  /** All that waits to be taken: the session has numbered as many messages. */
  function taken(encoder: FrameEncoder, sent: number): Buffer {
    const chunks: Uint8Array[] = [];
    for (let bytes = encoder.take(sent); bytes !== undefined; bytes = encoder.take(sent)) chunks.push(bytes);
    return Buffer.concat(chunks);
  }

  /** Some messages, as bytes. */
  function some(): Buffer {
    const { encoder } = begin();
    encoder.message(PONG!, { id: 2n ** 80n }, false);
    encoder.message(NEWS!, { text: "ä🙂", more: { a: [null, { b: "c" }] } }, true);
    return taken(encoder, 2);
  }

  describe("FrameEncoder", () => {
    test("what it writes is heard, in order, with its values", () => {
      const { encoder, decoder, heard } = begin();
      encoder.message(PONG!, { id: -1 }, false);
      encoder.message(NEWS!, { text: "ä🙂" }, true);
      encoder.message(PONG!, { id: 10n ** 40n }, false);
      const { pending } = encoder;
      const bytes = taken(encoder, 3);
      assert.equal(bytes.length, pending);
      assert.equal(encoder.pending, 0);
      assert.equal(encoder.take(3), undefined);
      decoder.push(bytes);
      assert.deepEqual(heard, [["Pong", { id: -1 }], ["News", { text: "ä🙂" }], ["Pong", { id: 10n ** 40n }]]);
    });

    test("what is heard can be kept: the bytes that it came in may change", () => {
      const { encoder, decoder, heard } = begin(1_000, true);
      encoder.message(NEWS!, { text: "first" }, false);
      encoder.message(PONG!, { id: 2 }, false);
      const chunk = taken(encoder, 2);
      decoder.push(chunk);
      chunk.fill(0xee);
      assert.deepEqual(heard.map((read) => (read as () => unknown)()), [["News", { text: "first" }], ["Pong", {
        id: 2,
      }]]);
    });

    test("appends nothing of a message that it refuses, and goes on", () => {
      const { encoder, decoder, heard } = begin(300);
      encoder.message(PONG!, { id: 1 }, false);
      const { pending } = encoder;
      assert.throws(() => encoder.message(PONG!, { id: 1.5 }, true), { code: "invalid-message", message: /Pong\.id/ });
      assert.throws(() => encoder.message(NEWS!, { text: "x".repeat(300) }, false), { code: "limit", message: /300/ });
      assert.equal(encoder.pending, pending);
      encoder.message(PONG!, { id: 2 }, false);
      decoder.push(taken(encoder, 2));
      assert.deepEqual(heard, [["Pong", { id: 1 }], ["Pong", { id: 2 }]]);
    });

    test("takes back what it wrote last, and appends it later", () => {
      const { encoder, decoder, heard } = begin();
      encoder.message(PONG!, { id: 1 }, false);
      const position = encoder.pending;
      const size = encoder.message(PONG!, { id: 2 }, false);
      assert.equal(encoder.pending, position + size);
      const back = encoder.takeBack(size);
      assert.equal(encoder.pending, position);
      encoder.message(PONG!, { id: 3 }, false);
      encoder.append(back);
      decoder.push(taken(encoder, 3));
      assert.deepEqual(heard, [1, 3, 2].map((id) => ["Pong", { id }]));
    });

    test("shares a message that was written for another peer, unless it is too long for this one", () => {
      const other = begin();
      other.encoder.message(NEWS!, { text: "x".repeat(200) }, false);
      const frame = taken(other.encoder, 1);
      for (const [limit, shared] of [[1_000, true], [200, false]] as const) {
        const { encoder, decoder, heard } = begin(limit);
        if (shared) encoder.share(frame);
        else assert.throws(() => encoder.share(frame), { code: "limit", message: /200/ });
        assert.equal(encoder.pending, shared ? frame.length : 0);
        decoder.push(taken(encoder, 1));
        assert.equal(heard.length, shared ? 1 : 0);
      }
    });

    test("never changes what was taken", () => {
      const { encoder } = begin();
      encoder.message(PONG!, { id: 1 }, false);
      const first = encoder.take(1)!;
      const before = Buffer.from(first);
      for (let id = 0; id < 1_000; id++) encoder.message(PONG!, { id }, false);
      taken(encoder, 1_001);
      assert.deepEqual(Buffer.from(first), before);
    });
  });

  test("nothing is heard of a frame while bytes of it are missing", () => {
    const bytes = some();
    for (let length = 0; length < bytes.length; length++) {
      const { decoder, heard } = begin();
      decoder.push(bytes.subarray(0, length));
      assert.ok(heard.length < 2, `${length} of ${bytes.length} bytes`);
      assert.equal(heard.length === 0, decoder.kept === length);
    }
  });

  test("any change to frames is taken, or refused with a HoldfastError, and nothing else", () => {
    const original = some();
    const change = fc.record({
      at: fc.nat(original.length - 1),
      cut: fc.nat(2),
      put: fc.uint8Array({ maxLength: 2 }),
    });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = [...original];
        for (const { at, cut, put } of changes) bytes.splice(at, cut, ...put);
        const { decoder } = begin();
        try {
          decoder.push(Uint8Array.from(bytes));
        } catch (error) {
          if (!(error instanceof HoldfastError)) throw error;
          assert.ok(["protocol", "limit", "invalid-message"].includes(error.code), error.code);
        }
      }),
      seeded(`${subject.title}, changed frames`, 2_000),
    );
  });
}
