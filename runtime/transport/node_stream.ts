/**
 * A stream over a socket of `node:net`, with TLS or without.
 *
 * @module
 */

import type { Socket } from "node:net";
import { Gate } from "./gate.ts";
import { streamError } from "./tls_errors.ts";
import type { Stream, StreamEvents } from "./transport.ts";

/** See the module's text. */
export class NodeStream implements Stream {
  readonly remote: Stream["remote"];
  readonly alpn: string | undefined;
  readonly certificates: readonly Uint8Array[];
  readonly #socket: Socket;
  readonly #source: Socket;
  readonly #room: Gate = new Gate();
  #open = true;
  #closed = false;
  #cause: unknown;
  #events: StreamEvents | undefined;

  /** @param source The socket below TLS, to be paused where TLS takes no notice of that: on Deno. */
  constructor(socket: Socket, alpn: string | undefined, certificates: readonly Uint8Array[], source: Socket = socket) {
    this.#socket = socket;
    this.#source = source;
    this.alpn = alpn;
    this.certificates = certificates;
    this.remote = { hostname: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 };
    socket.on("error", (error) => {
      this.#cause = streamError(error);
      // Deno leaves it open where TLS can't read what arrives.
      socket.destroy();
    });
    socket.on("drain", () => this.#room.open());
    socket.on("end", () => socket.destroy());
    socket.on("close", () => {
      this.#open = false;
      this.#closed = true;
      this.#room.open();
      this.#events?.closed(this.#cause);
    });
  }

  /** Events are told from here on. */
  start(events: StreamEvents): void {
    this.#events = events;
    if (this.#closed) return events.closed(this.#cause);
    this.#socket.on("data", (chunk: Uint8Array) => {
      if (this.#open) events.data(chunk);
    });
  }

  write(bytes: Uint8Array, left?: () => void): Promise<void> | undefined {
    if (!this.#open) return undefined;
    const whenLeft = left && ((error?: Error | null) => {
      if (error == null && this.#open) left();
    });
    if (this.#socket.write(bytes, whenLeft)) return undefined;
    return this.#room.wait();
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
