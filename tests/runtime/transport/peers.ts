/**
 * Peers that break the rules, and lines that break: on plain TCP.
 *
 * @module
 */

import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import type { Scope } from "../../harness.ts";

/** A TCP server, until the test ends; gives back its port. */
export async function tcpServer(t: Scope, serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.cleanup(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A TCP client, until the test ends. */
export async function tcpClient(t: Scope, port: number): Promise<Socket> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  socket.on("error", () => {});
  t.cleanup(() => socket.destroy());
  await once(socket, "connect");
  return socket;
}

/** Waits until the other end is gone, politely or not. */
export function gone(socket: Socket): Promise<void> {
  socket.resume();
  return new Promise((resolve) => {
    socket.once("end", resolve);
    socket.once("close", () => resolve());
  });
}

/** A line between a client and a service. */
export interface Line {
  /** Where the client connects to. */
  readonly port: number;
  /** Nothing passes any more: whoever writes finds the system's buffers full after a while. */
  stall(): void;
  /** All passes again. */
  resume(): void;
  /** Ends the client's end as a system does whose process has died: without a word of TLS. */
  endClient(): void;
  /** Breaks the client's end. */
  resetClient(): void;
}

/** Lays a line to a service, until the test ends. For one client. */
export async function line(t: Scope, servicePort: number): Promise<Line> {
  let client!: Socket;
  const service = connect({ port: servicePort, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
  service.on("error", () => client?.destroy());
  t.cleanup(() => service.destroy());
  await once(service, "connect");
  const port = await tcpServer(t, (socket) => {
    client = socket;
    relay(client, service);
    relay(service, client);
    client.on("close", () => service.destroy());
    service.on("close", () => client.destroy());
  });
  return {
    port,
    stall() {
      client.pause();
      service.pause();
    },
    resume() {
      client.resume();
      service.resume();
    },
    endClient() {
      service.pause();
      client.end();
    },
    resetClient: () => void client.resetAndDestroy(),
  };
}

function relay(from: Socket, to: Socket): void {
  from.on("data", (chunk) => {
    if (to.write(chunk)) return;
    from.pause();
    to.once("drain", () => from.resume());
  });
  from.on("end", () => to.end());
}
