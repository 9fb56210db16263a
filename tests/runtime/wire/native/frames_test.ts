/**
 * Every frame, by the documented bytes: `frames.json`, which others may test against too.
 */

import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { HoldfastError } from "../../../../runtime/errors.ts";
import { Decoder } from "../../../../runtime/wire/native/decoder.ts";
import { NativeEncoder } from "../../../../runtime/wire/native/encoder.ts";
import { NativeFrames } from "../../../../runtime/wire/native/frames.ts";
import * as kinds from "../../../../runtime/wire/native/kinds.ts";
import type { FrameSink } from "../../../../runtime/wire/wire.ts";
import { FRAMES, fromHex, read, toHex, VECTORS, write } from "./vocabulary.ts";

describe("documented frames are written and read", () => {
  for (const { title, frame, fields, hex } of VECTORS.accepted) {
    test(title, () => {
      assert.equal(toHex(write(frame, fields)), hex);
      assert.deepEqual(read(frame, fromHex(hex)), [fields]);
    });
  }

  test("each kind of frame is among them", () => {
    const documented = VECTORS.accepted.map(({ hex }) => parts(fromHex(hex))[0]);
    const { OPTIONAL: _optional, ...all } = kinds;
    assert.deepEqual(new Set(documented), new Set(Object.values(all).filter((kind) => typeof kind === "number")));
  });
});

describe("other frames are refused", () => {
  for (const { title, frame, hex, code } of VECTORS.refused) {
    test(`${frame}: ${title}`, () => {
      assert.throws(() => read(frame, fromHex(hex)), { name: "HoldfastError", code });
    });
  }
});

describe("frames that are cut off", () => {
  test("are not heard of while bytes are missing: every prefix of every frame", () => {
    for (const { frame, hex } of VECTORS.accepted) {
      const bytes = fromHex(hex);
      for (let length = 0; length < bytes.length; length++) {
        assert.deepEqual(read(frame, bytes.slice(0, length)), [], `${frame}, ${length} bytes`);
      }
    }
  });

  test("are refused when their length says that this was all: every prefix of every body", () => {
    for (const { frame, hex, title } of VECTORS.accepted) {
      // A DEFINITION goes on to its end, wherever that is: what is in it is judged elsewhere. So do the ranges of ACK.
      if (frame === "DEFINITION") continue;
      const [kind, body] = parts(fromHex(hex));
      for (let length = 0; length < body.length; length++) {
        const cut = join(kind, body.slice(0, length));
        try {
          const heard = read(frame, cut);
          assert.ok(frame === "ACK" && heard[0].ranges.length < 2, `${title}: ${length} bytes of its body are taken`);
        } catch (error) {
          assert.ok(error instanceof HoldfastError, `${title}: ${error}`);
        }
      }
    }
  });
});

test("any change to any frame is taken, or refused with a HoldfastError, and nothing else", () => {
  const vector = fc.constantFrom(...VECTORS.accepted);
  const change = fc.record({ at: fc.nat(200), byte: fc.nat(255), how: fc.constantFrom("set", "insert", "remove") });
  fc.assert(
    fc.property(vector, fc.array(change, { minLength: 1, maxLength: 4 }), ({ frame, hex }, changes) => {
      const [kind, body] = parts(fromHex(hex));
      const changed = [...body];
      for (const { at, byte, how } of changes) {
        const place = at % (changed.length + 1);
        changed.splice(place, how === "insert" ? 0 : 1, ...(how === "remove" ? [] : [byte]));
      }
      try {
        read(frame, join(kind, Uint8Array.from(changed)));
      } catch (error) {
        if (!(error instanceof HoldfastError)) throw error;
        assert.ok(["protocol", "limit", "invalid-message"].includes(error.code), error.code);
      }
    }),
    { numRuns: 5000 },
  );
});

test("any bytes at all are taken, or refused with a HoldfastError, and nothing else", () => {
  const frame = fc.constantFrom(...new Set(VECTORS.accepted.map(({ frame }) => frame)));
  fc.assert(
    fc.property(frame, fc.uint8Array({ maxLength: 100 }), (frame, bytes) => {
      try {
        read(frame, bytes);
      } catch (error) {
        if (!(error instanceof HoldfastError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

test("NativeFrames passes over kinds that it doesn't know from 0x80 on, and hears what follows", () => {
  const ping = write("PING", { token: 7 });
  for (const kind of [0x80, 0xc0, 0xff]) {
    assert.deepEqual(read("PING", Uint8Array.of(4, kind, 1, 2, 3, ...ping)), [{ token: 7 }]);
  }
});

test("NativeFrames tells of a message's number that the definition doesn't have", () => {
  assert.deepEqual(read("MESSAGE", Uint8Array.of(3, 0x10, 99, 0)), [{ unknown: 99 }]);
  assert.deepEqual(read("REQUEST", Uint8Array.of(4, 0x11, 1, 99, 0)), [{ unknown: 99 }]);
});

test("NativeFrames keeps a frame's trace context with its fields, and gives it to no other frame", () => {
  const { hex, fields } = VECTORS.accepted.find(({ frame }) => frame === "TRACED_MESSAGE")!;
  const traces: unknown[] = [];
  const sink = {
    onMessage: (_message, _size, fields) => void traces.push(fields.trace, fields.keep().trace),
  } as FrameSink;
  const frames = new NativeFrames(FRAMES, sink);
  const decoder = new Decoder(frames, 1000);
  decoder.push(Uint8Array.of(...fromHex(hex), ...write("MESSAGE", fields)));
  assert.deepEqual(traces, [fields.trace, fields.trace, undefined, undefined]);
});

test("NativeFrames reads an unknown code as `internal`", () => {
  const bytes = write("CLOSE", { code: "no-such-code", text: "Hm.", frame: 0 });
  assert.deepEqual(read("CLOSE", bytes), [{ code: "internal", text: "Hm.", frame: 0 }]);
});

describe("NativeEncoder", () => {
  const encoder = (limit = 1_000_000) => new NativeEncoder(FRAMES, limit, false);
  const PING = FRAMES.name("Ping")!;
  const JOB = FRAMES.name("Job")!;

  test("appends nothing of a message that it refuses", () => {
    const to = encoder(300);
    to.message(PING, { id: 1 });
    assert.throws(() => to.message(PING, { id: "one" }), { code: "invalid-message" });
    assert.throws(() => to.request(1, JOB, { name: "a", priority: 0.5 }), { code: "invalid-message" });
    assert.throws(() => to.reply(1, JOB, { name: "x".repeat(300) }), { code: "limit", message: /raise/ });
    to.message(PING, { id: 2 });
    assert.equal(toHex(to.take(0)!), "0310000203100004");
  });

  test("takes frames up to the peer's limit, and no longer ones", () => {
    for (const limit of [256, 0x3fff, 0x4000, 0x1fffff, 0x200000]) {
      const to = encoder(limit);
      // Kind, number, bits, and a string with a length of two or three bytes.
      const most = limit - 3 - (limit < 0x4000 + 5 ? 2 : 3);
      to.message(JOB, { name: "x".repeat(most) });
      const bytes = to.take(0)!;
      assert.equal(bytes.length, limit + (limit < 0x4000 ? 2 : limit < 0x200000 ? 3 : 4));
      assert.equal(read("MESSAGE", bytes).length, 1);
      assert.throws(() => to.message(JOB, { name: "x".repeat(most + 1) }), { code: "limit" });
      assert.equal(to.pending, 0);
    }
  });

  test("cuts texts and ranges to what the peer takes, and texts to 4096 units at the most", () => {
    const ranges = Array.from({ length: 2000 }, (_, i) => 3 * (i >> 1) + 3 + (i & 1));
    for (const limit of [256, 300, 1000]) {
      const to = encoder(limit);
      to.close({ code: "wrong-direction", text: "😀".repeat(5000) }, Number.MAX_SAFE_INTEGER);
      to.failure(Number.MAX_SAFE_INTEGER, { code: "wrong-direction", text: "€".repeat(5000) });
      to.progress({ received: 2 ** 50, started: 2 ** 50, requests: 2 ** 50, handled: 1, ranges });
      const [close, failure, ack] = read("CLOSE", to.take(0)!);
      assert.match(close.text, /^(😀)+�?$/u);
      assert.match(failure.text, /^€+$/);
      assert.deepEqual(ack.ranges[0], [3, 4]);
      assert.ok(ack.ranges.length < 1000);
    }
    const to = encoder();
    to.close({ code: "closed", text: "x".repeat(100_000) }, 0);
    assert.equal(read("CLOSE", to.take(0)!)[0].text.length, 4096);
  });

  test("writes no more ranges than may be read", () => {
    const to = encoder();
    const ranges = Array.from({ length: 50_000 }, (_, i) => 3 * (i >> 1) + 3 + (i & 1));
    to.progress({ received: 200_000, started: 200_000, requests: 0, handled: 1, ranges });
    assert.equal(read("ACK", to.take(0)!)[0].ranges.length, 10_000);
  });

  test("leaves out of a trace context a state that is too long, or no ASCII", () => {
    const { fields } = VECTORS.accepted.find(({ frame }) => frame === "TRACED_MESSAGE")!;
    for (const [state, told] of [["a".repeat(512), "a".repeat(512)], ["a".repeat(513), ""], ["é", ""]] as const) {
      const bytes = write("TRACED_MESSAGE", { ...fields, trace: { ...fields.trace, state } });
      assert.equal(read("TRACED_MESSAGE", bytes)[0].trace.state, told);
    }
  });

  test("takes back what was written last, and appends it later", () => {
    const to = encoder();
    to.message(PING, { id: 1 });
    const position = to.pending;
    const taken = to.takeBack(to.message(PING, { id: 2 }));
    assert.equal(to.pending, position);
    to.message(PING, { id: 3 });
    to.append(taken);
    assert.equal(toHex(to.take(0)!), "031000020310000603100004");
    assert.equal(to.take(0), undefined);
  });

  test("never changes what was taken", () => {
    const to = encoder();
    to.message(PING, { id: 1 });
    const taken = to.take(0)!;
    const before = toHex(taken);
    for (let id = 0; id < 1000; id++) to.message(PING, { id });
    to.take(0);
    to.ping(1);
    assert.equal(toHex(taken), before);
  });
});

/** The kind of a frame, and its body. */
function parts(bytes: Uint8Array): [number, Uint8Array] {
  const at = bytes.findIndex((byte) => byte < 0x80) + 1;
  return [bytes[at]!, bytes.slice(at + 1)];
}

/** A frame of a kind and a body. */
function join(kind: number, body: Uint8Array): Uint8Array {
  const length = body.length + 1;
  return Uint8Array.of(...(length < 0x80 ? [length] : [length & 0x7f | 0x80, length >> 7]), kind, ...body);
}
