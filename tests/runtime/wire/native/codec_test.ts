/**
 * What holds of the native wire's two codecs beside what holds on every wire.
 */

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { Writer } from "../../../../runtime/wire/native/writer.ts";
import { CODEC_KINDS, codecOf, read, write } from "./subject.ts";

for (const kind of CODEC_KINDS) {
  describe(kind.title, () => {
    test("RecordCodec.encode can be tried again after a failure, with what was before it kept", () => {
      const codec = codecOf(kind, [{ name: "value", type: { type: "list", items: { type: "string" } } }]).message(
        "Job",
      );
      const writer = new Writer(8);
      codec.encode(writer, { value: ["a"] });
      const mark = writer.at - writer.start;
      assert.throws(() => codec.encode(writer, { value: ["long enough for another buffer", 5] }));
      writer.at = writer.start + mark;
      codec.encode(writer, { value: ["b"] });
      assert.deepEqual([...writer.take()!], [1, 1, 97, 1, 1, 98]);
    });

    test("RecordCodec.decode says where bytes are wrong", () => {
      const codec = codecOf(kind, [{ name: "labels", type: { type: "map", values: { type: "ref", name: "Level" } } }]);
      const bytes = write(codec, { labels: { x: "info" } });
      bytes[bytes.length - 1] = 9;
      assert.throws(() => read(codec, bytes), {
        code: "invalid-message",
        message: 'Job.labels["x"]: expected one of "debug", "info", "warning", got number 9',
      });
    });
  });
}
