/**
 * Bare frames over Bun's own TLS.
 *
 * @module
 */

import type { Frames, Socket } from "./frames.ts";
import type { Accept, Transport } from "./transport.ts";

/** What is used of Bun. */
interface Bun {
  listen(options: { hostname: string; port: number; tls: object; socket: Handlers }): { readonly port: number };
  connect(options: { hostname: string; port: number; tls: object; socket: Handlers }): Promise<unknown>;
}

interface BunSocket {
  data: { readonly socket: BareSocket; readonly frames: Frames };
  /** Gives back how many bytes were taken. */
  write(bytes: Uint8Array): number;
  end(): void;
}

interface Handlers {
  handshake(socket: BunSocket, success: boolean, error: Error | null): void;
  data(socket: BunSocket, chunk: Uint8Array): void;
  drain(socket: BunSocket): void;
  error(socket: BunSocket, error: Error): void;
}

class BareSocket implements Socket {
  readonly #socket: BunSocket;
  #rest: Uint8Array | undefined;
  #written: (() => void) | undefined;

  constructor(socket: BunSocket) {
    this.#socket = socket;
  }

  write(bytes: Uint8Array): Promise<void> | undefined {
    const count = Math.max(0, this.#socket.write(bytes));
    if (count === bytes.length) return undefined;
    this.#rest = bytes.subarray(count);
    return new Promise((resolve) => this.#written = resolve);
  }

  drain(): void {
    if (this.#rest === undefined) return;
    const count = Math.max(0, this.#socket.write(this.#rest));
    this.#rest = count === this.#rest.length ? undefined : this.#rest.subarray(count);
    if (this.#rest === undefined) this.#written!();
  }

  close(): void {
    this.#socket.end();
  }
}

/** What to do with sockets; `opened` learns of each whose handshake is done. */
function handlers(accept: Accept, opened: (frames: Frames) => void, failed: (error: Error) => void): Handlers {
  return {
    handshake(bunSocket, success, error) {
      // A service is told of an error, too: that its client has no certificate.
      if (!success) return failed(error ?? new Error("The TLS handshake failed."));
      const socket = new BareSocket(bunSocket);
      bunSocket.data = { socket, frames: accept(socket) };
      opened(bunSocket.data.frames);
    },
    data: (socket, chunk) => socket.data.frames.data(chunk),
    drain: (socket) => socket.data?.socket.drain(),
    error: (_socket, error) => failed(error),
  };
}

/** See the module's text. */
export const bunTransport: Transport = {
  listen({ cert, key }, accept) {
    const socket = handlers(accept, () => {}, () => {});
    return Promise.resolve(bun().listen({ hostname: "localhost", port: 0, tls: { cert, key }, socket }).port);
  },

  connect: ({ port, ca }, accept) =>
    new Promise((resolve, reject) => {
      const tls = { ca, serverName: "localhost", rejectUnauthorized: true };
      const socket = handlers(accept, resolve, reject);
      bun().connect({ hostname: "localhost", port, tls, socket }).catch(reject);
    }),
};

function bun(): Bun {
  return (globalThis as unknown as { Bun: Bun }).Bun;
}
