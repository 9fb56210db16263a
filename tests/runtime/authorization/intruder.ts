/**
 * A caller without Holdfast's client: it holds which definition it likes, and sends what it may not.
 *
 * @module
 */

import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { setImmediate } from "node:timers/promises";
import { hashShape } from "../../../idl/canonical.ts";
import type { Definition } from "../../../mod.ts";
import { DEFAULT_LIMITS } from "../../../runtime/limits.ts";
import { ALPN, type Stream } from "../../../runtime/transport/transport.ts";
import { readFault } from "../../../runtime/wire/native/frames.ts";
import { encodeHello, encodeOpen, readWelcome, VERSION, type Welcome } from "../../../runtime/wire/native/handshake.ts";
import * as kinds from "../../../runtime/wire/native/kinds.ts";
import { Reader } from "../../../runtime/wire/native/reader.ts";
import { MessageTable } from "../../../runtime/wire/native/table.ts";
import { Writer } from "../../../runtime/wire/native/writer.ts";
import { rawFrame, RawPeer } from "../raw_peer.ts";
import type { Caller } from "./callers.ts";
import type { Hall } from "./matrix.ts";

/** How the service has answered. */
export type Answer =
  | { readonly kind: "CLOSE"; readonly code: string; readonly text: string }
  | { readonly kind: "FAILURE"; readonly code: string; readonly text: string }
  | { readonly kind: "handled" };

/** See the module's text. */
export class Intruder {
  readonly peer: RawPeer;
  readonly welcome: Welcome;
  readonly #table: MessageTable;
  #requests = 0;
  #pings = 0;

  private constructor(peer: RawPeer, welcome: Welcome, table: MessageTable) {
    this.peer = peer;
    this.welcome = welcome;
    this.#table = table;
  }

  /**
   * Is let in.
   *
   * @param hall Where.
   * @param caller As whom.
   * @param whole What the service serves: the intruder knows it from elsewhere.
   * @param isToldView Whether it lets itself be told what it may know; else it says that it holds the whole.
   */
  static async enter(hall: Hall, caller: Caller, whole: Definition, isToldView: boolean): Promise<Intruder> {
    const table = new MessageTable(whole, DEFAULT_LIMITS);
    const peer = new RawPeer();
    const { ca, network, server } = hall;
    const { certificate, group, token } = caller;
    const to = { hostname: "localhost", port: server.port, alpn: [ALPN], ca, ...(certificate && { certificate }) };
    const stream: Stream = await network.connect(to, peer);
    peer.attach(stream);
    peer.write(encodeHello({
      versions: [VERSION],
      service: whole.shape.service,
      ...(!isToldView && { hash: hashShape(whole.shape) }),
      ...(token !== undefined && { token }),
      ...(group !== undefined && { wanted: group }),
    }));
    if (isToldView) await peer.frame(kinds.DEFINITION);
    const opening = { limits: DEFAULT_LIMITS, resumable: false, identity: "", declined: [] };
    peer.write(encodeOpen(opening, table.connect, {}));
    const welcome = readWelcome(readerOf(await peer.frame(kinds.WELCOME)), table);
    return new Intruder(peer, welcome, table);
  }

  /** All bytes that it has been sent, as text that can be searched. */
  get wire(): string {
    return this.peer.frames.map(({ body }) => Buffer.from(body).toString("latin1")).join("\n");
  }

  /** Sends a message that there is, whatever it was told. */
  async message(name: string, value: object): Promise<Answer> {
    const { body, number } = this.#encode(name, value);
    return await this.#answer(rawFrame(kinds.MESSAGE, [...varint(number), ...body]));
  }

  /** Sends a request that there is, whatever it was told. */
  async request(name: string, value: object): Promise<Answer> {
    const { body, number } = this.#encode(name, value);
    return await this.#answer(rawFrame(kinds.REQUEST, [...varint(++this.#requests), ...varint(number), ...body]));
  }

  /** Sends what nobody knows: a message or a request of any number. */
  async number(kind: typeof kinds.MESSAGE | typeof kinds.REQUEST, number: number): Promise<Answer> {
    const request = kind === kinds.REQUEST ? varint(++this.#requests) : [];
    return await this.#answer(rawFrame(kind, [...request, ...varint(number), 0, 0]));
  }

  leave(): void {
    this.peer.leave("destroy");
  }

  numberOf(name: string): number {
    return this.#table.name(name)!.number;
  }

  #encode(name: string, value: object): { readonly body: Uint8Array; readonly number: number } {
    const message = this.#table.name(name)!;
    const writer = new Writer();
    this.#table.codec(message).encode(writer, value);
    return { body: writer.bytes.slice(0, writer.at), number: message.number };
  }

  /** What was sent is handled before the PING behind it, whose answer comes unless the session has ended. */
  async #answer(frame: Uint8Array): Promise<Answer> {
    const { frames } = this.peer;
    const before = frames.length;
    this.peer.write(frame, rawFrame(kinds.PING, varint(++this.#pings)));
    for (;;) {
      const news = frames.slice(before);
      const close = news.find(({ kind }) => kind === kinds.CLOSE);
      if (close !== undefined) {
        this.peer.leave("close");
        const { code, text } = readFault(readerOf(close.body));
        return { kind: "CLOSE", code, text };
      }
      const answered = news.some(({ kind }) => kind === kinds.PONG);
      const failure = news.find(({ kind }) => kind === kinds.FAILURE);
      if (answered && failure !== undefined) {
        const reader = readerOf(failure.body);
        assert.equal(reader.varint(), this.#requests);
        const { code, text } = readFault(reader);
        return { kind: "FAILURE", code, text };
      }
      if (answered) return { kind: "handled" };
      assert.ok(!this.peer.ended, `The line ended after ${this.peer.told().join(", ")}.`);
      await setImmediate();
    }
  }
}

function readerOf(body: Uint8Array): Reader {
  const reader = new Reader();
  reader.reset(body, 0, body.length);
  return reader;
}

function varint(value: number): number[] {
  const writer = new Writer();
  writer.varint(value);
  return [...writer.bytes.subarray(0, writer.at)];
}
