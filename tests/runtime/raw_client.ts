/**
 * A client without a session: it makes the handshake, writes what a test likes, and hears in words what it is told.
 *
 * @module
 */

import { hashShape } from "../../idl/canonical.ts";
import type { Definition } from "../../idl/definition.ts";
import { DEFAULT_LIMITS } from "../../runtime/limits.ts";
import { type Deferred, deferred } from "../../runtime/promises.ts";
import { ALPN, type Network, type Stream, type StreamEvents } from "../../runtime/transport/transport.ts";
import { Decoder } from "../../runtime/wire/native/decoder.ts";
import { NativeEncoder } from "../../runtime/wire/native/encoder.ts";
import { readFault } from "../../runtime/wire/native/frames.ts";
import { encodeHello, encodeOpen, readRefuse, VERSION } from "../../runtime/wire/native/handshake.ts";
import * as kinds from "../../runtime/wire/native/kinds.ts";
import type { Reader } from "../../runtime/wire/native/reader.ts";
import { MessageTable } from "../../runtime/wire/native/table.ts";

/** Where a {@link RawClient} connects to. */
export interface RawOptions {
  readonly network: Network;
  readonly port: number;
  readonly ca: string;
  readonly definition: Definition;
}

/** What its OPEN may say. */
export interface OpenWords {
  readonly identity?: string;
  readonly resumable?: boolean;
  readonly args?: Record<string, unknown>;
}

/** More than any limit that a test sets: this client keeps to none. */
const VAST = { frame: 2 ** 40, window: 2 ** 40, requests: 2 ** 40 };

/** See the module's text. */
export class RawClient implements StreamEvents {
  /** The kinds of the frames that arrived, in order; of a REFUSE and a CLOSE, the code too: `REFUSE limit`. */
  readonly heard: string[] = [];
  /** Resolved when the stream has ended. */
  readonly over: Deferred<void> = deferred();
  readonly table: MessageTable;
  #stream!: Stream;
  readonly #decoder: Decoder;
  readonly #waiting: { readonly words: RegExp; readonly done: Deferred<string> }[] = [];

  private constructor(definition: Definition) {
    this.table = new MessageTable(definition, DEFAULT_LIMITS);
    this.#decoder = new Decoder({ frame: (kind, body) => this.#hear(kind, body) }, 2 ** 30);
  }

  /** Makes a TLS connection, and says nothing. */
  static async connect({ network, port, ca, definition }: RawOptions): Promise<RawClient> {
    const client = new RawClient(definition);
    client.#stream = await network.connect({ hostname: "localhost", port, ca, alpn: [ALPN] }, client);
    return client;
  }

  /** Makes a TLS connection, and is let in. */
  static async join(options: RawOptions, words: OpenWords = {}): Promise<RawClient> {
    const client = await RawClient.connect(options);
    client.open(words);
    await client.hears(/WELCOME/);
    return client;
  }

  /** Says HELLO and OPEN. */
  open({ identity = "", resumable = false, args = {} }: OpenWords = {}): void {
    const { shape } = this.table.definition;
    this.write(encodeHello({ versions: [VERSION], service: shape.service, hash: hashShape(shape) }));
    this.write(encodeOpen({ limits: VAST, resumable, identity, declined: [] }, this.table.connect, args));
  }

  /** Writes any bytes. */
  write(bytes: Uint8Array): void {
    this.#stream.write(bytes);
  }

  /** Writes frames of a conversation. */
  say(write: (to: NativeEncoder) => void): void {
    const encoder = new NativeEncoder(this.table, 2 ** 40, false);
    write(encoder);
    for (let bytes = encoder.take(0); bytes !== undefined; bytes = encoder.take(0)) this.write(bytes);
  }

  /** Waits until something that fits has been heard; fails when the stream ends without. */
  hears(words: RegExp): Promise<string> {
    const found = this.heard.find((heard) => words.test(heard));
    if (found !== undefined) return Promise.resolve(found);
    const done = deferred<string>();
    this.#waiting.push({ words, done });
    return done.promise;
  }

  /** Ends the stream without a word. */
  destroy(): void {
    this.#stream.destroy();
  }

  data(chunk: Uint8Array): void {
    this.#decoder.push(chunk);
  }

  closed(): void {
    this.over.resolve();
    for (const { words, done } of this.#waiting) {
      done.reject(new Error(`It ended without ${words}, after ${this.heard.join(", ") || "nothing"}.`));
    }
  }

  #hear(kind: number, body: Reader): void {
    const name = Object.entries(kinds).find(([, value]) => value === kind)?.[0] ?? `kind ${kind}`;
    const fault = kind === kinds.REFUSE ? readRefuse(body) : kind === kinds.CLOSE ? readFault(body) : undefined;
    const words = fault === undefined ? name : `${name} ${fault.code}`;
    this.heard.push(words);
    for (const waiting of this.#waiting) if (waiting.words.test(words)) waiting.done.resolve(words);
    // Whoever is told that it is over leaves: a stream ends when both sides have ended it.
    if (fault !== undefined) this.#stream.close();
  }
}
