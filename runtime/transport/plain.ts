/**
 * TCP without TLS, by `node:net`, which all runtimes have: for the original's protocol alone, where a service or a
 * client asks for it by name.
 *
 * @module
 */

import { connect, createServer, type Socket } from "node:net";
import { listening } from "./listening.ts";
import { NodeStream } from "./node_stream.ts";
import { opening } from "./opening.ts";
import { cancelled, startError } from "./tls_errors.ts";
import type { ConnectOptions, Listener, ListenOptions, Stream, StreamEvents } from "./transport.ts";

/** Where to listen: a stream without TLS shows no certificate, and agrees on no protocol. */
export type PlainListenOptions = Pick<ListenOptions, "hostname" | "port">;

/** Where to connect to. */
export type PlainConnectOptions = Pick<ConnectOptions, "hostname" | "port" | "signal">;

/** Listens and connects as a `Network` does, but for TLS. */
export interface PlainNetwork {
  /** As `Network.listen`. */
  listen(options: PlainListenOptions, accept: (stream: Stream) => StreamEvents): Promise<Omit<Listener, "renew">>;
  /** As `Network.connect`. */
  connect(options: PlainConnectOptions, events: StreamEvents): Promise<Stream>;
}

/**
 * The network without TLS.
 *
 * @returns The network; it holds nothing until it is used.
 */
export function plainNetwork(): PlainNetwork {
  return { listen, connect: open };
}

function listen(
  { hostname, port }: PlainListenOptions,
  accept: (stream: Stream) => StreamEvents,
): Promise<Omit<Listener, "renew">> {
  let isListening = true;
  const server = createServer({ noDelay: true }, (socket: Socket) => {
    if (!isListening) return void socket.destroy();
    const stream = new NodeStream(socket, undefined, []);
    stream.start(accept(stream));
  });
  return listening(server, { host: hostname, port }, () => isListening = false);
}

async function open(options: PlainConnectOptions, events: StreamEvents): Promise<Stream> {
  const { hostname, port, signal } = options;
  if (signal?.aborted) throw cancelled(signal);
  let socket: Socket;
  try {
    socket = connect({ host: hostname, port, noDelay: true });
  } catch (error) {
    throw startError(error, options);
  }
  return await opening(socket, { to: options, event: "connect", check: () => undefined }, events);
}
