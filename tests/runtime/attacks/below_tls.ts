/**
 * What TLS is made of, byte by byte: first messages of any version, and TCP lines that say, keep and change bytes.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { once } from "node:events";
import { connect, createServer, type Socket } from "node:net";
import type { Scope } from "../../harness.ts";

/** A TCP line and all that has arrived on it. */
export interface TcpLine {
  readonly socket: Socket;
  /** What has arrived. */
  bytes(): Buffer;
  /** Resolved when the line has ended. */
  readonly ended: Promise<void>;
}

function keep(scope: Scope, socket: Socket): TcpLine {
  const chunks: Uint8Array[] = [];
  socket.on("data", (chunk: Uint8Array) => void chunks.push(Uint8Array.from(chunk)));
  // Whoever is cut off hears of it by "close".
  socket.on("error", () => {});
  socket.on("end", () => socket.end());
  scope.cleanup(() => socket.destroy());
  const ended = new Promise<void>((resolve) => void socket.once("close", () => resolve()));
  return { socket, bytes: () => Buffer.concat(chunks), ended };
}

/** Makes a TCP line to a port of this machine, and says something. */
export async function say(scope: Scope, port: number, bytes: Uint8Array): Promise<TcpLine> {
  const socket = connect(port, "localhost");
  const line = keep(scope, socket);
  if (socket.connecting) await once(socket, "connect");
  if (bytes.length > 0) socket.write(bytes);
  return line;
}

/** Listens on TCP. */
export async function listen(
  scope: Scope,
  accept: (line: TcpLine) => void,
): Promise<{ readonly port: number; readonly lines: TcpLine[] }> {
  const lines: TcpLine[] = [];
  const server = createServer((socket) => {
    const line = keep(scope, socket);
    lines.push(line);
    accept(line);
  });
  server.listen(0, "localhost");
  await once(server, "listening");
  scope.cleanup(() => new Promise((resolve) => server.close(resolve)));
  return { port: (server.address() as { port: number }).port, lines };
}

/** A TCP proxy that may change what a client says. */
export async function proxy(
  scope: Scope,
  port: number,
  change: (chunk: Buffer, at: number) => Uint8Array = (chunk) => chunk,
): Promise<{ readonly port: number; readonly lines: TcpLine[] }> {
  return await listen(scope, ({ socket }) => {
    const onward = connect(port, "localhost");
    let at = 0;
    onward.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      onward.write(change(Buffer.from(chunk), at));
      at += chunk.length;
    });
    onward.on("data", (chunk: Uint8Array) => void socket.write(chunk));
    socket.on("close", () => onward.destroy());
    onward.on("close", () => socket.destroy());
    scope.cleanup(() => onward.destroy());
  });
}

const u16 = (value: number) => [value >> 8, value & 0xff];
const sized = (bytes: readonly number[]) => [...u16(bytes.length), ...bytes];
const extension = (type: number, bytes: readonly number[]) => [...u16(type), ...sized(bytes)];

/** A record of TLS that holds one message of a handshake. */
function record(version: number, type: number, body: readonly number[]): Uint8Array {
  return Uint8Array.from([0x16, ...u16(Math.min(version, 0x0301)), ...sized([type, 0, ...sized(body)])]);
}

/** The versions by the numbers that they have on the wire. */
export const VERSIONS = { "SSL 3.0": 0x0300, "TLS 1.0": 0x0301, "TLS 1.1": 0x0302, "TLS 1.2": 0x0303 } as const;

/** The first message of a client whose newest version is this one, with what each version knows of ciphers. */
export function clientHello(version: number): Uint8Array {
  const ciphers = [0xc02b, 0xc02f, 0xc009, 0xc013, 0xc00a, 0xc014, 0x002f, 0x0035];
  const host = [...new TextEncoder().encode("localhost")];
  return record(version, 1, [
    ...u16(version),
    ...new Array<number>(32).fill(7),
    0,
    ...sized(ciphers.flatMap(u16)),
    ...[1, 0],
    ...sized([
      ...extension(0, sized([0, ...sized(host)])),
      ...extension(10, sized([0x001d, 0x0017].flatMap(u16))),
      ...extension(11, [1, 0]),
      ...extension(13, sized([0x0403, 0x0804, 0x0401, 0x0203, 0x0201].flatMap(u16))),
      ...extension(23, []),
      ...extension(0xff01, [0]),
    ]),
  ]);
}

/** The answer of a service that knows nothing newer than this. */
export function serverHello(version: number): Uint8Array {
  const body = [...u16(version), ...new Array<number>(32).fill(9), 0, ...u16(0xc009), 0];
  return record(version, 2, [...body, ...sized(extension(0xff01, [0]))]);
}
