/**
 * The documented frames, `frames.json`, and how this implementation writes and reads each.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import { parse } from "../../../../mod.ts";
import { DEFAULT_LIMITS } from "../../../../runtime/limits.ts";
import { Decoder } from "../../../../runtime/wire/native/decoder.ts";
import { NativeEncoder } from "../../../../runtime/wire/native/encoder.ts";
import { lastNumber, NativeFrames } from "../../../../runtime/wire/native/frames.ts";
import * as handshake from "../../../../runtime/wire/native/handshake.ts";
import type { Reader } from "../../../../runtime/wire/native/reader.ts";
import { MessageTable } from "../../../../runtime/wire/native/table.ts";
import type { Fields, FrameSink } from "../../../../runtime/wire/wire.ts";

/** What stands in a frame. */
// deno-lint-ignore no-explicit-any
export type FrameFields = any;

interface Vectors {
  readonly msg: string;
  readonly accepted: readonly Vector[];
  readonly refused: readonly (Omit<Vector, "fields"> & { readonly code: string })[];
}

/** One documented frame. */
export interface Vector {
  readonly title: string;
  readonly frame: string;
  readonly fields: FrameFields;
  readonly hex: string;
}

/** See `frames.json`. */
export const VECTORS: Vectors = JSON.parse(readFileSync(new URL("./frames.json", import.meta.url), "utf8"));

/** The messages of its definition. */
export const FRAMES: MessageTable = new MessageTable(parse(VECTORS.msg), DEFAULT_LIMITS);

/** Bytes as hexadecimal digits. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

/** The bytes of hexadecimal digits. */
export function fromHex(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, "hex"));
}

const HANDSHAKE: {
  readonly [frame: string]: readonly [(fields: FrameFields) => Uint8Array, (body: Reader) => FrameFields];
} = {
  HELLO: [
    (fields) => handshake.encodeHello({ ...fields, ...(fields.hash && { hash: fromHex(fields.hash) }) }),
    (body) => {
      const hello = handshake.readHello(body);
      return { ...hello, ...(hello.hash && { hash: toHex(hello.hash) }) };
    },
  ],
  DEFINITION: [
    ({ json }) => handshake.encodeDefinitionFrame(new TextEncoder().encode(json)),
    (body) => ({ json: new TextDecoder().decode(body.raw(body.end - body.at)) }),
  ],
  OPEN: [
    ({ args, ...open }) =>
      handshake.encodeOpen(
        {
          ...open,
          ...(open.nonce && { nonce: fromHex(open.nonce) }),
          ...(open.former && { former: { ...open.former, token: fromHex(open.former.token) } }),
        },
        FRAMES.connect,
        args,
      ),
    (body) => {
      const { open, args } = handshake.readOpen(body, FRAMES);
      const { former, nonce } = open;
      return {
        ...open,
        ...(nonce && { nonce: toHex(nonce) }),
        ...(former && { former: { ...former, token: toHex(former.token) } }),
        args: { ...args },
      };
    },
  ],
  WELCOME: [
    (welcome) => handshake.encodeWelcome({ ...welcome, token: fromHex(welcome.token) }),
    (body) => {
      const welcome = handshake.readWelcome(body, FRAMES);
      return { ...welcome, token: toHex(welcome.token) };
    },
  ],
  CREDENTIALS: [
    ({ token }) => handshake.encodeCredentials(token),
    (body) => ({ token: handshake.readCredentials(body) }),
  ],
  EXPIRY: [({ expiresIn }) => handshake.encodeExpiry(expiresIn), (body) => ({ expiresIn: lastNumber(body) })],
  REFUSE: [handshake.encodeRefuse, handshake.readRefuse],
};

const CONVERSATION: { readonly [frame: string]: (to: NativeEncoder, fields: FrameFields) => void } = {
  MESSAGE: (to, { message, value }) => to.message(FRAMES.name(message)!, value),
  REQUEST: (to, { request, message, value }) => to.request(request, FRAMES.name(message)!, value),
  TRACED_MESSAGE: (to, { trace, message, value }) => {
    to.trace = trace;
    to.message(FRAMES.name(message)!, value);
  },
  TRACED_REQUEST: (to, { trace, request, message, value }) => {
    to.trace = trace;
    to.request(request, FRAMES.name(message)!, value);
  },
  REPLY: (to, { request, message, value }) => to.reply(request, FRAMES.name(message)!, value),
  FAILURE: (to, { request, code, text }) => to.failure(request, { code, text }),
  CANCEL: (to, { request }) => to.cancel(request),
  ACK: (to, { ranges, ...marks }) => to.progress({ ...marks, ranges: ranges.flat() }),
  PING: (to, { token }) => to.ping(token),
  PONG: (to, { token }) => to.pong(token),
  GOAWAY: (to, { spread }) => to.goAway(spread),
  CLOSE: (to, { code, text, frame }) => to.close({ code, text }, frame),
};

/** Writes a frame. */
export function write(frame: string, fields: FrameFields): Uint8Array {
  const isHandshake = HANDSHAKE[frame];
  if (isHandshake !== undefined) return isHandshake[0](fields);
  const encoder = new NativeEncoder(FRAMES, DEFAULT_LIMITS.frame, false);
  CONVERSATION[frame]!(encoder, fields);
  return encoder.take(0)!;
}

/** The trace context of a frame that has one. */
function traced(fields: Fields): FrameFields {
  return fields.trace && { trace: fields.trace };
}

/**
 * Reads bytes as whole frames: those of the handshake where `frame` is one, else those of the conversation.
 *
 * @returns The fields of each.
 */
export function read(frame: string, bytes: Uint8Array): FrameFields[] {
  const heard: FrameFields[] = [];
  const sink: FrameSink = {
    onMessage: (message, _size, fields) =>
      heard.push({ ...traced(fields), message: message.name, value: { ...fields.read(message) } }),
    onRequest: (request, message, _size, fields) =>
      heard.push({ ...traced(fields), request, message: message.name, value: { ...fields.read(message) } }),
    onUnknown: (number) => heard.push({ unknown: number }),
    onReply: (request, fields) =>
      heard.push({ request, message: "Accepted", value: { ...fields.read(FRAMES.name("Accepted")!) } }),
    onFailure: (request, fault) => heard.push({ request, ...fault }),
    onCancel: (request) => heard.push({ request }),
    onProgress: ({ ranges, ...marks }) =>
      heard.push({ ...marks, ranges: ranges.flatMap((first, i) => i % 2 === 0 ? [[first, ranges[i + 1]]] : []) }),
    onPing: (token) => heard.push({ token }),
    onPong: (token) => heard.push({ token }),
    onGoAway: (spread) => heard.push({ spread }),
    onClose: (fault, frame) => heard.push({ ...fault, frame }),
  };
  const isHandshake = HANDSHAKE[frame];
  const receiver = isHandshake === undefined
    ? new NativeFrames(FRAMES, sink)
    : { frame: (_kind: number, body: Reader) => void heard.push(isHandshake[1](body)) };
  const decoder = new Decoder(receiver, DEFAULT_LIMITS.frame);
  decoder.push(bytes);
  return heard;
}
