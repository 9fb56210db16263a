import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { describe, test } from "node:test";
import { parse } from "../../../../idl/mod.ts";
import { HoldfastError } from "../../../../runtime/errors.ts";
import { DEFAULT_LIMITS } from "../../../../runtime/limits.ts";
import { Decoder } from "../../../../runtime/wire/diset/decoder.ts";
import { DisetEncoder, encodeFrame } from "../../../../runtime/wire/diset/encoder.ts";
import {
  acknowledgementResult,
  DisetFrames,
  type DisetSink,
  messageResult,
} from "../../../../runtime/wire/diset/frames.ts";
import type { Dict, PyValue } from "../../../../runtime/wire/diset/python.ts";
import { failure } from "../../../../runtime/wire/diset/results.ts";
import { MessageTable } from "../../../../runtime/wire/diset/table.ts";
import type { Fields } from "../../../../runtime/wire/wire.ts";

const DEFINITION = parse(`
  Ping < id: int|long >
  Pong < id: int|long >
  Ask < > Answer < text: string >
  service Test/Frames { auth all receives Ping, Ask -> Answer sends Pong }
`);
const TABLE = new MessageTable(DEFINITION, DEFAULT_LIMITS);
const PING = TABLE.name("Ping")!;
const PONG = TABLE.name("Pong")!;
const ANSWER = TABLE.name("Answer")!;

/** A side that writes what it hears, and what it answers. */
function side(limit = 1000) {
  const heard: string[] = [];
  const kept: Fields[] = [];
  const encoder = new DisetEncoder({ table: TABLE, encoding: "json", limit, name: "me" });
  const sink: DisetSink = {
    onMessage(message, size, fields) {
      kept.push(fields.keep());
      heard.push(`${message.name} ${JSON.stringify(fields.read(message))} ${size}`);
    },
    onRequest: (request, message, size) => heard.push(`request ${request} ${message.name} ${size}`),
    onUnknown: (name) => heard.push(`unknown ${name}`),
    onProgress: ({ received, handled, ranges }) => heard.push(`progress ${received} ${handled} ${ranges.join()}`),
    onPong: () => heard.push("pong"),
    onClose: ({ code, text }, frame) => heard.push(`close ${code} ${text} ${frame}`),
  };
  const decoder = new Decoder(new DisetFrames(TABLE, "receives", sink, encoder), 10_000);
  const push = (bytes: Uint8Array) => decoder.push(bytes);
  return { heard, kept, encoder, push, hear: (text: string) => push(Buffer.from(text, "latin1")) };
}

function framed(json: string, prefix = ""): string {
  return `${prefix}${json.length}:${json}`;
}

function message(content: string): string {
  return framed(`{"OK": true, "Value": ${content}}`);
}

/** All that an encoder has, as if `sent` frames had been counted by its session. */
function taken(encoder: DisetEncoder, sent = 0): string[] {
  const frames: string[] = [];
  for (let bytes = encoder.take(sent); bytes !== undefined; bytes = encoder.take(sent)) {
    frames.push(Buffer.from(bytes).toString("latin1"));
  }
  return frames;
}

const PING_7 = message('{"request": true, "name": "Ping", "attrs": [false, [7]]}');
const ACK = (id: string) => message(`{"request": false, "id": ${id}, "result": {"OK": true, "Value": null}}`);

describe("DisetFrames.frame", () => {
  test("tells of messages, and acknowledges those with an id, whatever it is", () => {
    const { heard, encoder, hear } = side();
    hear(PING_7);
    hear(message('{"request": true, "name": "Ping", "attrs": [true, [8]]}'));
    assert.deepEqual(taken(encoder), [], "the flag alone asks for nothing");
    for (const id of ['"my:0"', "42", "null", "[1]"]) {
      hear(message(`{"request": true, "name": "Ping", "attrs": [false, [9]], "id": ${id}}`));
      assert.deepEqual(taken(encoder), [ACK(id)]);
    }
    assert.equal(heard[0], `Ping {"id":7} ${PING_7.length}`);
    assert.equal(heard.length, 6);
  });

  test("acknowledges before it looks: an unknown name, too", () => {
    const { heard, encoder, hear } = side();
    hear(message('{"request": true, "name": "Nope", "attrs": [true, [1]], "id": "a:0"}'));
    assert.deepEqual(taken(encoder), [ACK('"a:0"')]);
    assert.deepEqual(heard, ["unknown Nope"]);
  });

  test("takes every way to write a message that the original takes", () => {
    const contents = [
      '{"request": 1, "name": "Ping", "attrs": [false, [1]]}',
      '{"request": "yes", "name": "Ping", "attrs": ["yes", [1]]}',
      '{"request": true, "name": "Ping", "attrs": [false, [1], "x"]}',
      '{"request": true, "name": "Ping", "attrs": [false, [1, 2, 3]]}',
      '{"attrs":[false,[true]],"name":"Ping","request":true}',
    ];
    const { heard, hear } = side();
    for (const content of contents) hear(message(content));
    assert.equal(heard.filter((line) => line.startsWith('Ping {"id":1}')).length, contents.length);
  });

  test("numbers requests, which have none here, and takes attrs for missing where there are none", () => {
    const { heard, hear } = side();
    hear(message('{"request": true, "name": "Ask"}'));
    hear(message('{"request": true, "name": "Ask", "attrs": [false, []]}'));
    assert.deepEqual(heard.map((line) => line.replace(/ \d+$/, "")), ["request 1 Ask", "request 2 Ask"]);
  });

  test("refuses what is neither message nor acknowledgement", () => {
    const contents = [
      "null",
      "[]",
      "{}",
      '{"name": "Ping", "attrs": [false, [1]]}',
      '{"request": true, "attrs": [false, [1]]}',
      '{"request": true, "name": 1, "attrs": [false, [1]]}',
      '{"request": true, "name": "Ping", "attrs": {}}',
      '{"request": true, "name": "Ping", "attrs": [false]}', // the original forgets this one, and stays
      '{"request": true, "name": "Ping", "attrs": [false, {}]}',
      '{"request": false, "result": {"OK": true, "Value": null}}',
      '{"request": false, "id": "a:0"}',
      '{"request": false, "id": "a:0", "result": "fine"}',
    ];
    for (const content of contents) {
      const { heard, hear } = side();
      assert.throws(() => hear(message(content)), { code: "protocol" }, content);
      assert.deepEqual(heard, []);
    }
    // The original's listener dies of this one, and all connections with it.
    assert.throws(() => side().hear(framed("[1, 2]")), { code: "protocol" });
  });

  test("leaves it to the reader of the fields to refuse values", () => {
    for (
      const [values, text] of [["[]", "expected 1 values, got 0"], ['["x"]', "expected an int"], [
        "[9.0]",
        "the float 9.0",
      ]]
    ) {
      const { hear } = side();
      const content = `{"request": true, "name": "Ping", "attrs": [false, ${values}]}`;
      assert.throws(
        () => hear(message(content)),
        (error) => error instanceof HoldfastError && error.code === "invalid-message" && error.message.includes(text!),
      );
    }
    assert.throws(() => side().hear(message('{"request": true, "name": "Ping"}')), { code: "invalid-message" });
  });

  test("answers keep-alives with their own id, and tells of answers", () => {
    const { heard, encoder, hear } = side();
    for (const id of ['"x0"', "7"]) {
      hear(framed(`{"OK": true, "Value": {"id": ${id}, "kaping": true}}`, "dka"));
      assert.deepEqual(taken(encoder), [framed(`{"OK": true, "Value": {"id": ${id}, "kaping": false}}`, "dka")]);
    }
    hear(framed('{"OK": true, "Value": {"id": "whoever", "kaping": false}}', "dka"));
    assert.deepEqual(heard, ["pong"]);
    for (
      const json of [
        '{"OK": true, "Value": {"kaping": true}}',
        '{"OK": true, "Value": {"id": "x"}}',
        '{"OK": true, "Value": 1}',
      ]
    ) {
      assert.throws(() => hear(framed(json, "dka")), { code: "protocol" });
    }
    assert.throws(() => hear(framed('{"OK": false, "Message": "x"}', "dka")), { remote: true });
  });

  test("answers no more keep-alives of who does not read the answers", () => {
    const { encoder, hear } = side(200);
    for (let i = 0; i < 100; i++) hear(framed('{"OK": true, "Value": {"id": "x", "kaping": true}}', "dka"));
    assert.ok(taken(encoder).length < 10);
  });

  test("takes an error for the end, with what the peer says", () => {
    const { heard, hear } = side();
    hear(framed('{"OK": false, "Errno": 0, "Message": "oops"}'));
    assert.deepEqual(heard, ["close refused oops 0"]);
  });

  test("keeps fields as bytes of their own", () => {
    const { kept, push } = side();
    const chunk = Buffer.from(PING_7);
    push(chunk);
    chunk.fill(0);
    assert.deepEqual(kept[0]!.read(PING), { id: 7 });
    assert.deepEqual(kept[0]!.keep().read(PING), { id: 7 });
  });
});

describe("DisetEncoder", () => {
  test("gives its frames one by one, with a length that is theirs", () => {
    const { encoder } = side();
    encoder.message(PONG, { id: 2n ** 80n });
    encoder.ping(3);
    const frames = [
      message('{"request": true, "name": "Pong", "attrs": [false, [1208925819614629174706176]]}'),
      framed('{"OK": true, "Value": {"id": "me3", "kaping": true}}', "dka"),
    ];
    assert.equal(encoder.pending, frames.join("").length);
    assert.equal(encoder.held, encoder.pending);
    assert.deepEqual(taken(encoder, 1), frames);
    assert.equal(encoder.pending, 0);
  });

  test("takes back what it wrote last, and appends it later with its id", () => {
    const { encoder, heard, hear } = side();
    encoder.message(PONG, { id: 1 });
    const position = encoder.pending;
    const waiting = encoder.takeBack(encoder.message(PONG, { id: 2 }, true));
    assert.equal(encoder.pending, position);
    encoder.message(PONG, { id: 3 });
    encoder.append(waiting);
    const frames = taken(encoder, 3);
    assert.deepEqual(frames.map((frame) => /\[(\d)\]/.exec(frame)![1]), ["1", "3", "2"]);
    assert.match(frames[2]!, /"attrs": \[true, \[2\]\], "id": "me:0"/);
    assert.deepEqual(encoder.reached(), { received: 3, started: 3, requests: 0, handled: 2, ranges: [] });
    hear(ACK('"me:0"'));
    assert.deepEqual(heard, ["progress 3 3 "]);
  });

  test("knows what has left and waits for its acknowledgement", () => {
    const { encoder, heard, hear } = side();
    for (let i = 1; i <= 7; i++) encoder.message(PONG, { id: i }, i === 2 || i === 3 || i === 6);
    encoder.acknowledge("not counted");
    assert.equal(encoder.reached().received, 0);
    const frames = taken(encoder, 7);
    assert.equal(frames.length, 8);
    assert.deepEqual(encoder.reached(), { received: 7, started: 7, requests: 0, handled: 1, ranges: [4, 5, 7, 7] });
    hear(ACK('"me:2"'));
    hear(ACK('"me:0"'));
    hear(ACK('"me:0"'));
    hear(ACK('"nobody:9"'));
    hear(ACK("[1]"));
    assert.deepEqual(heard, ["progress 7 1 4,7", "progress 7 2 4,7"]);
    const refusal = encodeFrame(acknowledgementResult("me:1", failure("not today")), "json");
    hear(Buffer.from(refusal).toString("latin1"));
    assert.equal(heard.at(-1), "close refused not today 3");
  });

  test("refuses a value that is none, or too long, and appends nothing then", () => {
    const { encoder } = side(100);
    assert.throws(() => encoder.message(PONG, { id: 1.5 }, true), { code: "invalid-message", message: /Pong\.id/ });
    assert.throws(() => encoder.message(PONG, { id: 10n ** 50n }), { code: "limit", message: /100/ });
    assert.throws(() => encoder.share(Buffer.from(`101:${"x".repeat(101)}`)), { code: "limit" });
    assert.equal(encoder.pending, 0);
    encoder.message(PONG, { id: 1 }, true);
    assert.match(taken(encoder, 1)[0]!, /"me:0"/, "no id was used up");
  });

  test("sends a reply as a message, and refuses to send a request", () => {
    const { encoder } = side();
    encoder.reply(1, ANSWER, { text: "é" });
    assert.deepEqual(taken(encoder, 1), [
      message('{"request": true, "name": "Answer", "attrs": [false, ["\\u00e9"]]}'),
    ]);
    assert.throws(() => encoder.request(1, TABLE.name("Ask")!, {}), { code: "incompatible", message: /Answer/ });
  });

  test("closes with an error that the peer reports, and says nothing where nothing went wrong", () => {
    const { encoder } = side();
    encoder.close({ code: "closed", text: "enough" }, 0);
    encoder.close({ code: "stopping", text: "restart" }, 0);
    encoder.progress({ received: 1, started: 1, requests: 0, handled: 1, ranges: [] });
    encoder.goAway(1000);
    assert.deepEqual(taken(encoder), []);
    encoder.close({ code: "handler-failed", text: "no more of these" }, 3);
    encoder.close({ code: "unauthorized", text: "whatever" }, 3);
    encoder.failure(1, { code: "handler-failed", text: "x" });
    assert.deepEqual(taken(encoder), [
      framed('{"OK": false, "Errno": 0, "Message": "no more of these"}'),
      framed('{"OK": false, "Errno": 1111, "Message": "Unauthorized query ( 1111 : Unauthorized query)"}'),
      framed('{"OK": false, "Errno": 0, "Message": "x"}'),
    ]);
  });

  test("shares a frame as it is", () => {
    const { encoder } = side();
    const frame = Buffer.from(PING_7);
    encoder.share(frame);
    assert.deepEqual(taken(encoder, 1), [PING_7]);
  });
});

test("messageResult has the keys in the original's order", () => {
  const result = messageResult({ name: "Ping", values: [1], acknowledge: true, id: "a" }).get("Value") as Dict;
  const keys = [...result].map(([key]) => key) as PyValue[];
  assert.deepEqual(keys, ["request", "name", "attrs", "id"]);
});
