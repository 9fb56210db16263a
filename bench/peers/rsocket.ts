/**
 * rsocket-js over TLS, with messages written by msgpackr: a channel for questions and answers, which is faster by far
 * than a request for each, and a stream for what is pushed.
 *
 * @module
 */

import { Packr } from "msgpackr";
import { Buffer } from "node:buffer";
import type { AddressInfo, ListenOptions, NetConnectOpts, Server, Socket } from "node:net";
import { connect, createServer } from "node:tls";
import { type OnNextSubscriber, type OnTerminalSubscriber, RSocketConnector, RSocketServer } from "rsocket-core";
import { TcpClientTransport } from "rsocket-tcp-client";
import { TcpServerTransport } from "rsocket-tcp-server";
import { type Candidate, messageOf } from "../candidates/candidate.ts";

/** A stream takes any number of messages. */
const ALL = 0x7fff_ffff;

/** Bytes that the socket has not taken, from which on a sender should wait. */
const HIGH_WATER = 65_536;

const ignore = { onError() {}, onComplete() {}, onNext() {}, onExtension() {}, request() {}, cancel() {} };

/** Records of the same fields are written without their names, once both sides have seen one. */
function format(): { write(message: unknown): Buffer; read(data: Buffer): unknown } {
  const writer = new Packr({ sequential: true });
  const reader = new Packr({ sequential: true });
  return { write: (message) => Buffer.from(writer.pack(message)), read: (data) => reader.unpack(data) };
}

/** See the module's text. */
export const candidate: Candidate = {
  async serve({ kind, cert, key }) {
    const server = createServer({ cert, key });
    server.on("tlsClientError", () => {});
    let socket: Socket | undefined;
    server.on("secureConnection", (opened) => {
      opened.setNoDelay(true);
      socket ??= opened;
    });
    // The transport waits for the TCP connection, and takes that for the stream.
    const secure = {
      addListener: (event: string, listener: (...args: unknown[]) => void) =>
        server.on(event === "connection" ? "secureConnection" : event, listener),
      removeListener: (event: string, listener: (...args: unknown[]) => void) => server.off(event, listener),
      listen: (options: ListenOptions) => server.listen(options),
      close: () => server.close(),
    };
    let subscriber: (OnNextSubscriber & OnTerminalSubscriber) | undefined;
    const pushFormat = format();
    const rsocket = new RSocketServer({
      transport: new TcpServerTransport({
        listenOptions: { port: 0, host: "localhost" },
        socketCreator: () => secure as unknown as Server,
      }),
      acceptor: {
        accept() {
          const { write, read } = format();
          return Promise.resolve({
            requestChannel(_payload, _count, _isCompleted, subscriber) {
              subscriber.request(ALL);
              return { ...ignore, onNext: ({ data }) => subscriber.onNext({ data: write(read(data!)) }, false) };
            },
            requestStream(_payload, _count, given) {
              subscriber ??= given;
              return { request() {}, cancel() {}, onExtension() {} };
            },
          });
        },
      },
    });
    await rsocket.bind();
    return {
      port: (server.address() as AddressInfo).port,
      told: 0,
      push(id) {
        subscriber!.onNext({ data: pushFormat.write(messageOf(kind, id)) }, false);
        if (socket!.writableLength < HIGH_WATER) return undefined;
        return new Promise((resolve) => socket!.once("drain", resolve));
      },
    };
  },

  async connect({ kind, port, ca, answered, pushed }) {
    const socketCreator = () => connect({ port, host: "localhost", ca }).setNoDelay(true);
    const connectionOptions: NetConnectOpts = { port, host: "localhost" };
    const transport = new TcpClientTransport({ connectionOptions, socketCreator });
    const rsocket = await new RSocketConnector({ transport, fragmentation: {} }).connect();
    const { write, read } = format();
    const { read: readPushed } = format();
    // It holds back what may not go yet.
    const asks = rsocket.requestChannel({ data: Buffer.alloc(0) }, ALL, false, {
      ...ignore,
      onNext: ({ data }) => answered(read(data!)),
    });
    rsocket.requestStream({ data: Buffer.alloc(0) }, ALL, {
      ...ignore,
      onNext({ data }) {
        readPushed(data!);
        pushed();
      },
    });
    return {
      ask: (id) => asks.onNext({ data: write(messageOf(kind, id)) }, false),
      close: () => rsocket.close(),
    };
  },
};
