/**
 * A peer without a session: it writes any frames, and reads what it is sent.
 *
 * @module
 */

import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import { Decoder } from "../../../runtime/wire/native/decoder.ts";
import { NativeEncoder } from "../../../runtime/wire/native/encoder.ts";
import { NativeFrames } from "../../../runtime/wire/native/frames.ts";
import type { FrameSink, Progress } from "../../../runtime/wire/wire.ts";
import { type Bounds, message, Side, TALK } from "./pair.ts";

/** The bytes of frames. */
export function frames(write: (to: NativeEncoder) => void): Uint8Array {
  const encoder = new NativeEncoder(TALK, DEFAULT_LIMITS.frame, false);
  write(encoder);
  return encoder.take(0) ?? new Uint8Array(0);
}

/** An ACK that says what is given, and nothing of the rest. */
export function ack(progress: Partial<Progress>): Uint8Array {
  return frames((to) => to.progress({ received: 0, started: 0, requests: 0, handled: 0, ranges: [], ...progress }));
}

/** Says in words what frames say: `MESSAGE Note 1`, `REPLY 3 7`, `FAILURE 3 internal`, `CLOSE limit 5`, … */
export function tell(bytes: readonly Uint8Array[]): string[] {
  const told: string[] = [];
  const sink: FrameSink = {
    onMessage: (message, _size, fields) => told.push(`MESSAGE ${message.name} ${fields.read(message)["id"]}`),
    onRequest: (request, message, _size, fields) =>
      told.push(`REQUEST ${request} ${message.name} ${fields.read(message)["id"]}`),
    onUnknown: (number) => told.push(`UNKNOWN ${number}`),
    onReply: (request, fields) => told.push(`REPLY ${request} ${fields.read(message("Told"))["id"]}`),
    onFailure: (request, fault) => told.push(`FAILURE ${request} ${fault.code}`),
    onCancel: (request) => told.push(`CANCEL ${request}`),
    onProgress: ({ received, started, requests, handled, ranges }) =>
      told.push(`ACK ${[received, started, requests, handled, ...ranges].join(" ")}`),
    onPing: (token) => told.push(`PING ${token}`),
    onPong: (token) => told.push(`PONG ${token}`),
    onGoAway: (spread) => told.push(`GOAWAY ${spread}`),
    onClose: (fault, frame) => told.push(`CLOSE ${fault.code} ${frame}`),
  };
  const decoder = new Decoder(new NativeFrames(TALK, sink), Infinity);
  for (const chunk of bytes) decoder.push(chunk);
  return told;
}

/** One session, whose peer is played by a test. */
export class Alone extends Side {
  constructor(role: "service" | "client" = "service", own: Partial<Bounds> = {}, peer: Partial<Bounds> = {}) {
    super(role, { ...DEFAULT_LIMITS, ...own }, { ...DEFAULT_LIMITS, ...peer });
  }

  /** The peer sends frames. */
  hear(write: (to: NativeEncoder) => void): void {
    this.push(frames(write));
  }

  /** The peer reads all that it is sent. */
  told(): string[] {
    this.take();
    return tell(this.wire.splice(0));
  }

  /** How many bytes wait to be read by the peer. */
  get unread(): number {
    return this.wire.reduce((size, bytes) => size + bytes.length, 0);
  }
}
