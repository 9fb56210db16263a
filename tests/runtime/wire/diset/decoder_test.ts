import fc from "fast-check";
import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { beginsAsDiset, Decoder, type FrameReceiver } from "../../../../runtime/wire/diset/decoder.ts";
import { encodeHello } from "../../../../runtime/wire/native/handshake.ts";
import { seeded } from "../../../seed.ts";
import { recordedFrames } from "./captures.ts";

/** A decoder, and what it was heard of. */
function listen(limit = 1000): [Decoder, string[]] {
  const heard: string[] = [];
  const receiver: FrameReceiver = {
    frame(keepAlive, payload, size) {
      heard.push(`${keepAlive ? "keep-alive" : "frame"} ${Buffer.from(payload).toString("latin1")} ${size}`);
    },
  };
  const decoder = new Decoder(receiver, limit);
  return [decoder, heard];
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

/** Pushes copies that are wiped afterwards: what a decoder keeps must be its own. */
function push(decoder: Decoder, text: string, size = Math.max(1, text.length)): void {
  for (let at = 0; at < text.length; at += size) {
    const chunk = bytesOf(text.slice(at, at + size));
    decoder.push(chunk);
    chunk.fill(0xee);
  }
}

describe("Decoder.push", () => {
  test("hears of any frames, cut anywhere", () => {
    const payload = fc.string({
      unit: fc.integer({ min: 0, max: 255 }).map((unit) => String.fromCharCode(unit)),
      minLength: 1,
      maxLength: 200,
    });
    const frames = fc.array(fc.tuple(fc.boolean(), payload));
    fc.assert(
      fc.property(frames, fc.array(fc.integer({ min: 1, max: 300 })), (frames, cuts) => {
        const [decoder, heard] = listen();
        let stream = frames.map(([ka, payload]) => `${ka ? "dka" : ""}${payload.length}:${payload}`).join("");
        for (const cut of cuts) {
          push(decoder, stream.slice(0, cut));
          stream = stream.slice(cut);
        }
        push(decoder, stream);
        const told = frames.map(([ka, payload]) =>
          `${ka ? "keep-alive" : "frame"} ${payload} ${payload.length + String(payload.length).length + (ka ? 4 : 1)}`
        );
        assert.deepEqual(heard, told);
        assert.equal(decoder.kept, 0);
      }),
      seeded("diset decoder", 200),
    );
  });

  test("takes every length that Python's int() takes, up to nine bytes", () => {
    for (const length of ["2", "+2", " 2", "02", "2 ", "0_2", "\n2", "\t\v\f\r2", "000000002"]) {
      for (const prefix of ["", "dka"]) {
        for (const size of [1, 100]) {
          const [decoder, heard] = listen();
          push(decoder, `${prefix}${length}:ab1:c`, size);
          assert.equal(heard.length, 2, JSON.stringify(length));
        }
      }
    }
  });

  test("refuses what is no length, as soon as that is known", () => {
    const texts = [
      ":",
      "-",
      "a",
      "G",
      "0:",
      "+:",
      "00:",
      "_2:",
      "2_:",
      "2__3:",
      "+ 2:",
      "2+:",
      "dk:",
      "dkb",
      "dka:",
      "dka-",
    ];
    for (const text of [...texts, "0000000002", "         1", "dka0000000002"]) {
      for (const size of [1, 100]) {
        const [decoder, heard] = listen();
        push(decoder, text.slice(0, -1), size);
        assert.throws(() => push(decoder, text.at(-1)!), { code: "protocol" }, text);
        assert.deepEqual(heard, []);
      }
    }
  });

  test("refuses a length beyond the limit as soon as it is known", () => {
    const [exact, heard] = listen(300);
    push(exact, `300:${"x".repeat(300)}`);
    assert.equal(heard.length, 1);
    for (const size of [1, 100]) {
      const [decoder] = listen(300);
      assert.throws(() => push(decoder, "301:", size), { code: "limit", message: /300/ });
    }
    const [huge] = listen(300);
    assert.throws(() => push(huge, "999999999:"), { code: "limit" });
  });

  test("takes a time that grows with what arrives, however small the chunks", () => {
    const [decoder, heard] = listen(2 ** 30);
    const begin = performance.now();
    push(decoder, "2000000:");
    const one = Uint8Array.of(1);
    for (let i = 0; i < 2_000_000; i++) decoder.push(one);
    assert.equal(heard.length, 1);
    assert.ok(performance.now() - begin < 10_000);
  });
});

describe("beginsAsDiset", () => {
  test("knows every recorded frame, by its first bytes", () => {
    for (const { bytes, note, place } of recordedFrames()) {
      if (note.startsWith("not a frame")) continue;
      const colon = bytes.indexOf(0x3a);
      for (let i = 0; i <= colon; i++) assert.equal(beginsAsDiset(bytes.subarray(0, i)), undefined, place);
      for (let i = colon + 1; i < colon + 4; i++) assert.equal(beginsAsDiset(bytes.subarray(0, i)), true, place);
    }
  });

  test("takes no first frame of the native protocol for DISET, whatever its length", () => {
    for (let length = 1; length < 1000; length++) {
      const hello = encodeHello({ versions: [1], service: "s".repeat(length) });
      const begin = [1, 2, 3, 4].map((count) => beginsAsDiset(hello.subarray(0, count)));
      assert.ok(begin.includes(false) && !begin.includes(true), `a name of ${length} characters`);
    }
  });

  test("takes neither TLS nor HTTP for DISET", () => {
    assert.equal(beginsAsDiset(Uint8Array.of(0x16, 3, 1)), false);
    assert.equal(beginsAsDiset(bytesOf("GET / HTTP/1.1")), false);
    assert.equal(beginsAsDiset(bytesOf("0123456789")), false);
    assert.equal(beginsAsDiset(bytesOf("dkx")), false);
    assert.equal(beginsAsDiset(bytesOf("dka:")), false);
  });
});
