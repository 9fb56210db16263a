/**
 * Bare frames over Deno's own TLS.
 *
 * @module
 */

import type { Frames, Socket } from "./frames.ts";
import type { Accept, Transport } from "./transport.ts";

/** What is used of Deno. */
interface Deno {
  listenTls(options: { hostname: string; port: number; cert: string; key: string }): Listener;
  connect(options: { hostname: string; port: number }): Promise<{ setNoDelay(on: boolean): void }>;
  startTls(tcp: unknown, options: { hostname: string; caCerts: string[] }): Promise<Connection>;
}

interface Listener extends AsyncIterable<Connection> {
  readonly addr: { readonly port: number };
}

interface Connection {
  handshake(): Promise<unknown>;
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  close(): void;
}

/** Of a connection that says little, and one that says much: Deno gives no more at once. */
const SMALL = 1024;
const LARGE = 16_384;

class DenoSocket implements Socket {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) at += await this.#connection.write(at === 0 ? bytes : bytes.subarray(at));
  }

  close(): void {
    this.#connection.close();
  }

  async read(frames: Frames): Promise<void> {
    let buffer = new Uint8Array(SMALL);
    for (;;) {
      const count = await this.#connection.read(buffer).catch(() => null);
      if (count === null) return;
      frames.data(count === buffer.length ? buffer : buffer.subarray(0, count));
      if (count === SMALL) buffer = new Uint8Array(LARGE);
    }
  }
}

async function accepted(connection: Connection, accept: Accept): Promise<void> {
  const isOpen = await connection.handshake().then(() => true, () => false);
  if (!isOpen) return;
  const socket = new DenoSocket(connection);
  void socket.read(accept(socket));
}

/** See the module's text. */
export const denoTransport: Transport = {
  listen({ cert, key }, accept) {
    const listener = deno().listenTls({ hostname: "localhost", port: 0, cert, key });
    const acceptAll = async () => {
      for await (const connection of listener) void accepted(connection, accept);
    };
    void acceptAll();
    return Promise.resolve(listener.addr.port);
  },

  async connect({ port, ca }, accept) {
    // Not `connectTls`: it leaves Nagle's algorithm on.
    const tcp = await deno().connect({ hostname: "localhost", port });
    tcp.setNoDelay(true);
    const connection = await deno().startTls(tcp, { hostname: "localhost", caCerts: [ca] });
    await connection.handshake();
    const socket = new DenoSocket(connection);
    const frames = accept(socket);
    void socket.read(frames);
    return frames;
  },
};

function deno(): Deno {
  return (globalThis as unknown as { Deno: Deno }).Deno;
}
