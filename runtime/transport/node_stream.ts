/**
 * A stream over a socket of `node:net`, with TLS or without.
 *
 * @module
 */

import type { Socket } from "node:net";
import { Gate } from "./gate.ts";
import type { Inlet } from "./inlet.ts";
import { streamError } from "./tls_errors.ts";
import type { Stream, StreamEvents } from "./transport.ts";

/** Where a socket has its stream. */
const STREAM: unique symbol = Symbol("stream");

/** A socket whose listeners find their stream by it: listeners of its own would cost each connection five closures. */
type StreamSocket = Socket & { [STREAM]?: NodeStream };

/** See the module's text. */
export class NodeStream implements Stream {
  readonly remote: Stream["remote"];
  readonly alpn: string | undefined;
  readonly certificates: readonly Uint8Array[];
  readonly #socket: Socket;
  readonly #source: Socket;
  /** Made when somebody has to wait. */
  #room: Gate | undefined;
  #open = true;
  #closed = false;
  #cause: unknown;
  #events: StreamEvents | undefined;

  /** @param source The socket below TLS, to be paused where TLS takes no notice of that: on Deno. */
  constructor(
    socket: StreamSocket,
    alpn: string | undefined,
    certificates: readonly Uint8Array[],
    source: Socket = socket,
  ) {
    this.#socket = socket;
    this.#source = source;
    this.alpn = alpn;
    this.certificates = certificates;
    this.remote = { hostname: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 };
    socket[STREAM] = this;
    socket.on("error", NodeStream.#onError);
    socket.on("drain", NodeStream.#onDrain);
    socket.on("end", NodeStream.#onEnd);
    socket.on("close", NodeStream.#onClose);
  }

  static #onError(this: StreamSocket, error: Error): void {
    this[STREAM]!.#cause = streamError(error);
    // Deno leaves it open where TLS can't read what arrives.
    this.destroy();
  }

  static #onDrain(this: StreamSocket): void {
    this[STREAM]!.#room?.open();
  }

  static #onEnd(this: StreamSocket): void {
    this.destroy();
  }

  static #onClose(this: StreamSocket): void {
    const stream = this[STREAM]!;
    stream.#closed = true;
    stream.#room?.open();
    // Before it has started, what arrived is still to be told.
    if (stream.#events !== undefined) stream.#end();
  }

  static #onData(this: StreamSocket, chunk: Uint8Array): void {
    this[STREAM]!.#data(chunk);
  }

  #data(chunk: Uint8Array): void {
    if (this.#open) this.#events!.data(chunk);
  }

  /**
   * Events are told from here on.
   *
   * @param inlet Where the socket puts what it reads, if it was made with one.
   */
  start(events: StreamEvents, inlet?: Inlet): void {
    this.#events = events;
    if (inlet !== undefined) inlet.open((chunk) => this.#data(chunk));
    else if (!this.#closed) this.#socket.on("data", NodeStream.#onData);
    if (this.#closed) this.#end();
  }

  #end(): void {
    this.#open = false;
    this.#events!.closed(this.#cause);
  }

  write(bytes: Uint8Array, left?: () => void): Promise<void> | undefined {
    if (!this.#open || this.#closed) return undefined;
    const whenLeft = left && ((error?: Error | null) => {
      if (error == null && this.#open) left();
    });
    if (this.#socket.write(bytes, whenLeft)) return undefined;
    return (this.#room ??= new Gate()).wait();
  }

  pause(): void {
    this.#source.pause();
  }

  resume(): void {
    this.#source.resume();
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#source.resume();
    // Unread bytes would make the system cut the stream off, so the rest is read until the peer ends it, too.
    this.#socket.end();
  }

  destroy(): void {
    this.#open = false;
    this.#socket.destroy();
  }
}
