/**
 * Bare frames over `node:tls`, which all three runtimes have.
 *
 * @module
 */

import type { AddressInfo } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";
import type { Frames, Socket } from "./frames.ts";
import type { Accept, Transport } from "./transport.ts";

/** Gives a socket its frames. */
function attach(socket: TLSSocket, accept: Accept): Frames {
  socket.setNoDelay(true);
  socket.on("error", () => {});
  const bare: Socket = {
    write: (bytes) => new Promise((resolve) => socket.write(bytes, resolve)),
    close: () => socket.end(),
  };
  const frames = accept(bare);
  socket.on("data", (chunk: Uint8Array) => frames.data(chunk));
  return frames;
}

/** See the module's text. */
export const nodeTransport: Transport = {
  listen: ({ cert, key }, accept) =>
    new Promise((resolve, reject) => {
      const server = createServer({ cert, key, minVersion: "TLSv1.3" }, (socket) => void attach(socket, accept));
      server.on("error", reject);
      server.listen(0, "localhost", 4096, () => resolve((server.address() as AddressInfo).port));
    }),

  connect: ({ port, ca }, accept) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: "localhost", port, ca, servername: "localhost" });
      socket.once("error", reject);
      socket.once("secureConnect", () => resolve(attach(socket, accept)));
    }),
};
