/**
 * The other side of a line, played by a test: it writes any bytes, and reads frames.
 *
 * @module
 */

import { setImmediate } from "node:timers/promises";
import { isErrorCode } from "../../runtime/errors.ts";
import type { Stream, StreamEvents } from "../../runtime/transport/transport.ts";
import { Decoder } from "../../runtime/wire/native/decoder.ts";
import { readFault } from "../../runtime/wire/native/frames.ts";
import * as kinds from "../../runtime/wire/native/kinds.ts";
import { Reader } from "../../runtime/wire/native/reader.ts";

/** A frame that has arrived. */
export interface RawFrame {
  readonly kind: number;
  readonly body: Uint8Array;
}

/** See the module's text. */
export class RawPeer implements StreamEvents {
  /** All that has arrived. */
  readonly frames: RawFrame[] = [];
  /** Whether the line has ended. */
  ended = false;
  /** Whether it does not show that it is there. */
  isSilent = false;
  #stream: Stream | undefined;
  readonly #decoder: Decoder = new Decoder({
    frame: (kind, body) => this.#hear({ kind, body: body.raw(body.end - body.at) }),
  }, 2 ** 30);

  /** Takes over a line. */
  attach(stream: Stream): this {
    this.#stream = stream;
    return this;
  }

  data(chunk: Uint8Array): void {
    this.#decoder.push(chunk);
  }

  closed(): void {
    this.ended = true;
  }

  /** Writes bytes. */
  write(...parts: (Uint8Array | readonly number[])[]): this {
    for (const part of parts) if (part.length > 0) this.#stream!.write(Uint8Array.from(part));
    return this;
  }

  /** What asks whether it is there, before it is let in, it answers: a number beyond those of a watch on silence. */
  #hear(frame: RawFrame): void {
    const isAsked = frame.kind === kinds.PING && frame.body.length >= 5;
    if (isAsked && !this.isSilent) this.write(rawFrame(kinds.PONG, frame.body));
    else this.frames.push(frame);
  }

  /** Ends the line, politely or not. */
  leave(how: "close" | "destroy"): void {
    this.#stream?.[how]();
  }

  /** The frame of a kind, when it has arrived. */
  async frame(kind: number): Promise<Uint8Array> {
    for (;;) {
      const found = this.frames.find((frame) => frame.kind === kind);
      if (found !== undefined) return found.body;
      if (this.ended) throw new Error(`The line ended without a frame of kind ${kind}: ${this.told().join(", ")}`);
      await setImmediate();
    }
  }

  /** The code and the text with which the line was ended, when it has been. */
  async end(): Promise<
    { readonly kind: "REFUSE" | "CLOSE"; readonly code: string; readonly text: string } | undefined
  > {
    while (!this.ended) await setImmediate();
    const last = this.frames.at(-1);
    if (last?.kind !== kinds.REFUSE && last?.kind !== kinds.CLOSE) return undefined;
    const body = new Reader();
    body.reset(last.body, 0, last.body.length);
    const { code, text } = readFault(body);
    if (!isErrorCode(code)) throw new Error(`${code} is no code`);
    return { kind: last.kind === kinds.REFUSE ? "REFUSE" : "CLOSE", code, text };
  }

  /** The names of the frames that have arrived. */
  told(): string[] {
    const names = new Map(Object.entries(kinds).map(([name, kind]) => [kind as number, name]));
    return this.frames.map(({ kind }) => names.get(kind) ?? String(kind));
  }
}

/** A frame of any kind, with any body. */
export function rawFrame(kind: number, body: Uint8Array | readonly number[] = []): Uint8Array {
  const length: number[] = [];
  let left = body.length + 1;
  for (; left > 0x7f; left = Math.floor(left / 0x80)) length.push(left & 0x7f | 0x80);
  return Uint8Array.of(...length, left, kind, ...body);
}
