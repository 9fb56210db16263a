/**
 * TLS by Bun's own `Bun.listen` and `Bun.connect`; by `node:tls` where a service's certificate is to be renewed, and
 * where clients are asked for one: Bun's own shows a service only the first of a chain.
 *
 * What Bun can't do: call off an attempt before TCP has answered; it comes to its end unseen. Nor does it tell a stream
 * that its peer ended from one whose end was cut off: both are a regular end.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { isIP } from "node:net";
import { setImmediate } from "node:timers";
import type { BunSocket, BunTls, Handlers, Role } from "./bun_api.ts";
import { ClientTrusts, readTrust } from "./client_trust.ts";
import { Gate } from "./gate.ts";
import { nodeNetwork } from "./node.ts";
import { checkService, NO_TICKETS, wasGood } from "./node_certificates.ts";
import { Outgoing } from "./outgoing.ts";
import { readIdentity } from "./pem.ts";
import {
  cancelled,
  connectError,
  listenError,
  noCommonProtocol,
  notRenewable,
  startError,
  streamError,
} from "./tls_errors.ts";
import type { ConnectOptions, Listener, ListenOptions, Network, Stream, StreamEvents } from "./transport.ts";

/**
 * Bun's own network.
 *
 * @returns The network; it holds nothing until it is used, which only Bun can do.
 */
export function bunNetwork(): Network {
  const bun = (globalThis as { Bun?: BunTls }).Bun;
  return {
    listen: async (options, accept) =>
      options.renewable === true || options.clientCertificates === true || options.listenTls === true
        ? await nodeNetwork().listen(options, accept)
        : listenBun(bun!, options, accept),
    connect: (options, events) => new Promise((resolve, reject) => connectBun(bun!, options, events, resolve, reject)),
  };
}

function listenBun(bun: BunTls, options: ListenOptions, accept: (stream: Stream) => StreamEvents): Listener {
  const { hostname, port, alpn, handshakes = Infinity, reusePort = false } = options;
  const { cert, key } = readIdentity(options.cert, options.key);
  /** Whose handshake is not done: nobody else knows them, so they end with the listener. */
  const shaking = new Set<BunSocket>();
  const socket = handlers((socket) => {
    if (shaking.size >= handshakes) {
      socket.data = { closed() {} };
      return socket.terminate();
    }
    const timer = setTimeout(() => socket.terminate(), options.handshakeTimeout);
    const settle = () => {
      clearTimeout(timer);
      shaking.delete(socket);
    };
    shaking.add(socket);
    socket.data = {
      handshake(success) {
        settle();
        if (!success) return socket.terminate();
        const stream = new BunStream(socket);
        stream.start(accept(stream));
      },
      closed: settle,
    };
  });
  const tls = { cert, key, ALPNProtocols: alpnList(alpn), secureOptions: NO_TICKETS };
  let listener: ReturnType<BunTls["listen"]>;
  try {
    listener = bun.listen({ hostname, port, reusePort, tls, socket });
  } catch (error) {
    throw listenError(error, options);
  }
  return {
    hostname: listener.hostname,
    port: listener.port,
    renew() {
      throw notRenewable("Bun");
    },
    close() {
      listener.stop();
      for (const socket of shaking) socket.terminate();
      return Promise.resolve();
    },
  };
}

const trusts = new ClientTrusts(readTrust);

const ofClients = handlers((socket) => socket.data.open?.(socket));

function connectBun(
  bun: BunTls,
  options: ConnectOptions,
  events: StreamEvents,
  resolve: (stream: Stream) => void,
  reject: (error: unknown) => void,
): void {
  const { hostname, port, alpn, signal } = options;
  if (signal?.aborted) return reject(cancelled(signal));
  const trust = trusts.of(options);
  let socket: BunSocket | undefined;
  let pending = true;
  const abort = () => fail(cancelled(signal!));
  function settle(): void {
    pending = false;
    signal?.removeEventListener("abort", abort);
  }
  function fail(error: unknown): void {
    if (!pending) return;
    settle();
    reject(error);
    socket?.terminate();
  }
  signal?.addEventListener("abort", abort, { once: true });

  const attempt: Role = {
    open(opening) {
      socket = opening;
      if (!pending) socket.terminate();
    },
    handshake(success, error) {
      // On success there may be an error all the same: one that this client was told to overlook.
      if (!success || error !== null) return fail(connectError(error ?? undefined, options));
      // It takes Bun some time to make one that can be read.
      const isGood = wasGood(hostname, socket!.getPeerX509Certificate().raw);
      const fault = isGood ? undefined : checkService(hostname, socket!.getPeerCertificate());
      if (fault !== undefined) return fail(connectError(fault, options));
      if (alpn.length > 0 && !socket!.alpnProtocol) return fail(noCommonProtocol(options));
      settle();
      const stream = new BunStream(socket!);
      resolve(stream);
      // Whoever awaits the stream comes first.
      setImmediate(() => stream.start(events));
    },
    closed: (error) => fail(connectError(error, options)),
  };
  const tls = {
    // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED can't take it back.
    rejectUnauthorized: true,
    ALPNProtocols: alpnList(alpn),
    // Only names may be asked for; an address is checked against the certificate all the same.
    ...(isIP(hostname) === 0 && { serverName: hostname }),
    ...trust,
  } as const;
  try {
    bun.connect({ hostname, port, tls, socket: ofClients, data: attempt })
      .catch((error: unknown) => fail(connectError(error, options)));
  } catch (error) {
    fail(startError(error, options));
  }
}

function handlers(open: (socket: BunSocket) => void): Handlers {
  return {
    open,
    handshake: (socket, success, error) => socket.data.handshake?.(success, error),
    data: (socket, chunk) => socket.data.data?.(chunk),
    drain: (socket) => socket.data.drain?.(),
    close: (socket, error) => socket.data.closed(error),
    error(socket, error) {
      // The system's, or TLS's of bytes that it can't read: the peer's fault, and nobody else's.
      if ("errno" in error) return socket.data.closed(error);
      // What a handler throws comes back here, too, and would go unseen.
      queueMicrotask(() => {
        throw error;
      });
    },
  };
}

const NO_CERTIFICATES: readonly Uint8Array[] = [];

/** As it stands in the TLS message: each name, which is ASCII, behind its length. */
function alpnList(names: readonly string[]): Uint8Array {
  return Buffer.from(names.map((name) => String.fromCharCode(name.length) + name).join(""), "latin1");
}

class BunStream implements Stream, Role {
  readonly remote: Stream["remote"];
  readonly alpn: string | undefined;
  readonly certificates: readonly Uint8Array[] = NO_CERTIFICATES;
  readonly #socket: BunSocket;
  /** What the system did not take at once, and who waits for it to; made when it is needed first. */
  #outgoing: Outgoing | undefined;
  #room: Gate | undefined;
  #state: "open" | "closing" | "closed" = "open";
  /** Whether this side has ended the stream. */
  #deaf = false;
  #events: StreamEvents | undefined;
  /** Waits for what was written to have left. */
  #left: (() => void) | undefined;
  /** What arrived before anybody could hear of it. */
  #early: Uint8Array[] | undefined;

  constructor(socket: BunSocket) {
    this.#socket = socket;
    // A peer may have gone by now.
    this.remote = { hostname: socket.remoteAddress ?? "", port: socket.remotePort ?? 0 };
    this.alpn = socket.alpnProtocol || undefined;
    socket.data = this;
  }

  /** Events are told from here on. */
  start(events: StreamEvents): void {
    this.#events = events;
    const early = this.#early ?? [];
    this.#early = undefined;
    for (const chunk of early) this.data(chunk);
  }

  write(bytes: Uint8Array, left?: () => void): Promise<void> | undefined {
    if (this.#state !== "open") return undefined;
    let rest = bytes;
    this.#left = left;
    if (this.#isClear) {
      const count = Math.max(0, this.#socket.write(bytes));
      if (count === bytes.length) {
        if (left !== undefined) setImmediate(() => this.#haveLeft());
        return undefined;
      }
      rest = bytes.subarray(count);
    }
    (this.#outgoing ??= new Outgoing()).push(rest);
    return (this.#room ??= new Gate()).wait();
  }

  pause(): void {
    if (this.#state === "open") this.#socket.pause();
  }

  resume(): void {
    if (this.#state === "open") this.#socket.resume();
  }

  close(): void {
    if (this.#state !== "open") return;
    this.#socket.resume();
    this.#state = "closing";
    this.#deaf = true;
    if (this.#isClear) this.#socket.shutdown();
  }

  destroy(): void {
    if (this.#state === "closed") return;
    this.#deaf = true;
    this.closed();
    this.#socket.terminate();
  }

  data(chunk: Uint8Array): void {
    if (this.#events === undefined) (this.#early ??= []).push(chunk);
    else if (!this.#deaf) this.#events.data(chunk);
  }

  drain(): void {
    const outgoing = this.#outgoing;
    if (outgoing === undefined || outgoing.size === 0) return;
    while (outgoing.size > 0) {
      const next = outgoing.front();
      const count = Math.max(0, this.#socket.write(next));
      outgoing.taken(count);
      if (count < next.length) return;
    }
    this.#room?.open();
    this.#haveLeft();
    // What still comes is read until the peer ends the stream, too: unread, it would make the system cut it off.
    if (this.#state === "closing") this.#socket.shutdown();
  }

  closed(error?: Error): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#left = undefined;
    this.#outgoing = undefined;
    this.#room?.open();
    const cause = error === undefined ? undefined : streamError(error);
    setImmediate(() => this.#events!.closed(cause));
  }

  /** Whether the system has taken all that was written. */
  get #isClear(): boolean {
    return this.#outgoing === undefined || this.#outgoing.size === 0;
  }

  #haveLeft(): void {
    const left = this.#left;
    this.#left = undefined;
    left?.();
  }
}
