/**
 * A client that speaks DISET byte by byte: it says what a test likes, and hears whole frames.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect as connectTcp, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { connect as connectTls, type ConnectionOptions } from "node:tls";
import { encodePayload, type Encoding } from "../../../runtime/wire/diset/encodings.ts";
import { messageResult } from "../../../runtime/wire/diset/frames.ts";
import { connectResult, type Proposal, proposalResult } from "../../../runtime/wire/diset/handshake.ts";
import { Dict, type PyValue } from "../../../runtime/wire/diset/python.ts";
import { success } from "../../../runtime/wire/diset/results.ts";

/** A frame with a JSON payload. */
export function json(payload: string): string {
  return `${Buffer.byteLength(payload)}:${payload}`;
}

/** What is missing is as the original's clients say it. */
export function proposal(words: Partial<Proposal> = {}): Proposal {
  return {
    service: "Framework/PingPong",
    setup: "Lab",
    vo: "labvo",
    type: "Connection",
    action: "new",
    credentials: "",
    version: "9.0.0a31",
    ...words,
  };
}

/** See the module's text. */
export class DisetPeer {
  readonly socket: Socket;
  readonly encoding: Encoding;
  /** Whether the other side has ended the line. */
  ended = false;
  #arrived: Buffer = Buffer.alloc(0);
  readonly #frames: string[] = [];
  #wake: () => void = () => {};

  constructor(socket: Socket, encoding: Encoding = "json") {
    this.socket = socket;
    this.encoding = encoding;
    socket.on("data", (chunk: Buffer) => this.#take(chunk));
    socket.on("end", () => this.#over());
    socket.on("close", () => this.#over());
    socket.on("error", () => this.#over());
  }

  /** Connects without TLS. */
  static async plain(port: number, encoding?: Encoding): Promise<DisetPeer> {
    const socket = connectTcp({ host: "localhost", port, noDelay: true });
    await once(socket, "connect");
    return new DisetPeer(socket, encoding);
  }

  /** Connects over TLS: without ALPN, as the original's clients do, unless told otherwise. */
  static async tls(port: number, options: ConnectionOptions, encoding?: Encoding): Promise<DisetPeer> {
    const socket = connectTls({ host: "localhost", port, ...options });
    await once(socket, "secureConnect");
    socket.setNoDelay(true);
    return new DisetPeer(socket, encoding);
  }

  /** Writes bytes as they are. */
  write(bytes: string | Uint8Array): void {
    if (!this.socket.destroyed) this.socket.write(bytes);
  }

  /** Writes a frame. */
  say(value: PyValue): void {
    const payload = encodePayload(value, this.encoding);
    this.write(Buffer.concat([Buffer.from(`${payload.length}:`), payload]));
  }

  propose(words: Partial<Proposal> = {}): void {
    this.say(proposalResult(proposal(words)));
  }

  introduce(identity = "raw-client", args: Dict = new Dict()): void {
    this.say(connectResult({ identity, args }));
  }

  /** Says a message. */
  message(name: string, values: readonly PyValue[], id?: PyValue): void {
    this.say(messageResult({ name, values, acknowledge: id !== undefined, id }));
  }

  /** Says a call's arguments. */
  args(...args: PyValue[]): void {
    this.say(success(args));
  }

  /** Comes in. */
  async join(words: Partial<Proposal> = {}, identity?: string, args?: Dict): Promise<void> {
    this.propose(words);
    await this.next();
    this.introduce(identity, args);
    await this.next();
  }

  /** The next frame, prefix included; "" when the line has ended. */
  async next(patience = 5_000): Promise<string> {
    const deadline = Date.now() + patience;
    while (this.#frames.length === 0 && !this.ended) {
      if (Date.now() > deadline) throw new Error("Nothing has come.");
      await Promise.race([new Promise<void>((resolve) => this.#wake = resolve), sleep(50)]);
    }
    return this.#frames.shift() ?? "";
  }

  /** The next frame that is no keep-alive. */
  async nextOther(): Promise<string> {
    let frame = await this.next();
    while (frame.startsWith("dka")) frame = await this.next();
    return frame;
  }

  /** What has come and was not asked for, until the line ends. */
  async rest(): Promise<string[]> {
    const frames = [];
    for (let frame = await this.next(); frame !== ""; frame = await this.next()) frames.push(frame);
    return frames;
  }

  [Symbol.dispose](): void {
    this.socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#arrived = Buffer.concat([this.#arrived, chunk]);
    while (true) {
      const head = /^(?:dka)?(\d+):/.exec(this.#arrived.subarray(0, 20).toString("latin1"));
      if (head === null) return;
      const size = head[0].length + Number(head[1]);
      if (this.#arrived.length < size) return;
      this.#frames.push(this.#arrived.subarray(0, size).toString("utf8"));
      this.#arrived = this.#arrived.subarray(size);
      this.#wake();
    }
  }

  #over(): void {
    this.ended = true;
    this.#wake();
  }
}
