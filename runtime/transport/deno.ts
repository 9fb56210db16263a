/**
 * TLS by Deno's own `Deno.startTls` for clients, and by `node:tls` for those that have a certificate to show or refuse
 * revoked ones; by `node:tls` for services, and by `Deno.listenTls` for those that ask for that.
 *
 * `Deno.listenTls` can't switch Nagle's algorithm off: with it, the second of two small writes waits for the peer's
 * system to acknowledge the first, which takes 40 ms, in TLS's handshake already. `node:tls` costs a service a quarter
 * more where each connection has one request open, no more where there are many, and twice the memory where it is silent.
 *
 * What Deno can't do: a client's `ca` is trusted beside, not instead of, what Deno trusts by itself. A socket whose
 * handshake hangs, or whose peer does not read, is let go of at once, but the system's socket lasts until the peer gives
 * up. `node.ts` on Deno has none of this.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { ClientTrusts } from "./client_trust.ts";
import type { DenoConnection, DenoListener, DenoTcp, DenoTls } from "./deno_api.ts";
import { Gate } from "./gate.ts";
import { nodeNetwork } from "./node.ts";
import { refuseProxyOnDeno } from "./node_certificates.ts";
import { Outgoing } from "./outgoing.ts";
import { checkAuthorities, readIdentity } from "./pem.ts";
import {
  cancelled,
  connectError,
  listenError,
  noCommonProtocol,
  notRenewable,
  onlyByNode,
  streamError,
} from "./tls_errors.ts";
import type { ConnectOptions, Listener, ListenOptions, Network, Stream, StreamEvents } from "./transport.ts";

/** Of a stream that is silent, or says little: an idle connection should cost next to nothing. */
const SMALL_BUFFER = 1024;
/** Of a stream that says much: one TLS record, since Deno gives no more at once. */
const LARGE_BUFFER = 16_384;
/** Bytes not yet taken by the system from which on a writer is asked to wait. */
const HIGH_WATER = 65_536;
/** How long to wait, in milliseconds, when the system refuses to accept: it has no descriptor left, say. */
const ACCEPT_PAUSE = 100;

/**
 * Deno's own network.
 *
 * @returns The network; it holds nothing until it is used, which only Deno can do.
 */
export function denoNetwork(): Network {
  const deno = (globalThis as { Deno?: DenoTls }).Deno;
  const node = nodeNetwork();
  return {
    listen: async (options, accept) =>
      options.listenTls === true ? listenDeno(deno!, options, accept) : await node.listen(options, accept),
    connect: (options, events) =>
      options.certificate !== undefined || options.crl !== undefined
        ? node.connect(options, events)
        : connectDeno(deno!, options, events),
  };
}

function listenDeno(
  deno: DenoTls,
  options: ListenOptions,
  accept: (stream: Stream) => StreamEvents,
): Listener {
  const { hostname, port, alpn, handshakes = Infinity } = options;
  if (options.renewable === true || options.clientCertificates === true) throw onlyByNode();
  const { cert, key, chain } = readIdentity(options.cert, options.key);
  refuseProxyOnDeno(chain[0]!);
  let listener: DenoListener;
  try {
    listener = deno.listenTls({
      hostname,
      port,
      cert,
      key,
      alpnProtocols: [...alpn],
      reusePort: options.reusePort ?? false,
    });
  } catch (error) {
    throw listenError(error, options);
  }
  /** Whose handshake is not done: nobody else knows them, so they end with the listener. */
  const shaking = new Set<DenoConnection>();
  let listening = true;

  async function acceptAll(): Promise<void> {
    while (listening) {
      try {
        const connection = await listener.accept();
        if (shaking.size >= handshakes) release(connection);
        else void shakeHands(connection);
      } catch {
        if (listening) await new Promise((resolve) => setTimeout(resolve, ACCEPT_PAUSE));
      }
    }
  }

  async function shakeHands(connection: DenoConnection): Promise<void> {
    shaking.add(connection);
    const timer = setTimeout(() => connection.close(), options.handshakeTimeout);
    let alpn: string | null;
    try {
      ({ alpnProtocol: alpn } = await connection.handshake());
    } catch {
      return release(connection);
    } finally {
      clearTimeout(timer);
      shaking.delete(connection);
    }
    if (!listening) return release(connection);
    const stream = new DenoStream(connection, alpn);
    stream.start(accept(stream));
  }

  void acceptAll();
  return {
    hostname: listener.addr.hostname,
    port: listener.addr.port,
    renew() {
      throw notRenewable("Deno");
    },
    close() {
      if (!listening) return Promise.resolve();
      listening = false;
      listener.close();
      for (const connection of shaking) release(connection);
      return Promise.resolve();
    },
  };
}

const authorities = new ClientTrusts(({ ca }) => ca === undefined ? undefined : checkAuthorities(ca));

async function connectDeno(deno: DenoTls, options: ConnectOptions, events: StreamEvents): Promise<Stream> {
  const { hostname, port, alpn, signal } = options;
  if (signal?.aborted) throw cancelled(signal);
  const caCerts = authorities.of(options);
  let open: DenoTcp | DenoConnection | undefined;
  const abort = () => open && release(open);
  signal?.addEventListener("abort", abort, { once: true });
  try {
    // Not `connectTls`: it leaves Nagle's algorithm on.
    const tcp = await deno.connect({ hostname, port, ...(signal && { signal }) });
    open = tcp;
    tcp.setNoDelay(true);
    const connection = await deno.startTls(tcp, { hostname, alpnProtocols: [...alpn], ...(caCerts && { caCerts }) });
    open = connection;
    const { alpnProtocol } = await connection.handshake();
    if (alpn.length > 0 && alpnProtocol === null) throw noCommonProtocol(options);
    signal?.throwIfAborted();
    const stream = new DenoStream(connection, alpnProtocol);
    // Whoever awaits the stream comes first.
    setImmediate(() => stream.start(events));
    return stream;
  } catch (error) {
    if (open) release(open);
    throw signal?.aborted ? cancelled(signal) : connectError(error, options);
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/** Closes what may be closed already. */
function release(connection: DenoTcp | DenoConnection): void {
  try {
    connection.close();
  } catch {
    // It was.
  }
}

function isUnexpectedEnd(error: unknown): boolean {
  return error instanceof Error && error.name === "UnexpectedEof";
}

class DenoStream implements Stream {
  readonly remote: Stream["remote"];
  readonly alpn: string | undefined;
  readonly certificates: readonly Uint8Array[] = [];
  readonly #connection: DenoConnection;
  readonly #outgoing: Outgoing = new Outgoing();
  readonly #room: Gate = new Gate();
  #state: "open" | "closing" | "closed" = "open";
  /** Shut while nothing is to be read. */
  readonly #reading: Gate = new Gate();
  #isPaused = false;
  #isWriting = false;
  #writeError: unknown;
  #events: StreamEvents | undefined;
  /** Waits for what was written to have left. */
  #left: (() => void) | undefined;

  constructor(connection: DenoConnection, alpn: string | null) {
    this.#connection = connection;
    this.remote = { hostname: connection.remoteAddr.hostname, port: connection.remoteAddr.port };
    this.alpn = alpn ?? undefined;
  }

  /** Events are told from here on. */
  start(events: StreamEvents): void {
    this.#events = events;
    void this.#readAll(events);
  }

  write(bytes: Uint8Array, left?: () => void): Promise<void> | undefined {
    if (this.#state !== "open" || this.#writeError !== undefined) return undefined;
    this.#left = left;
    this.#outgoing.push(bytes);
    if (!this.#isWriting) void this.#writeAll();
    return this.#outgoing.size < HIGH_WATER ? undefined : this.#room.wait();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#reading.open();
  }

  close(): void {
    if (this.#state !== "open") return;
    this.resume();
    this.#state = "closing";
    if (!this.#isWriting) void this.#writeAll();
  }

  destroy(): void {
    this.#end();
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    try {
      while (this.#outgoing.size > 0) {
        const count = await this.#connection.write(this.#outgoing.front());
        if (this.#state === "closed") return;
        this.#outgoing.taken(count);
        if (this.#outgoing.size < HIGH_WATER) this.#room.open();
        if (this.#outgoing.size === 0) this.#haveLeft();
      }
      // What still comes is read until the peer ends the stream, too: unread, it would make the system cut it off.
      if (this.#state === "closing") await this.#connection.closeWrite();
    } catch (error) {
      // What the peer said before it went may still be there: the stream ends where reading ends.
      this.#writeError = error;
    } finally {
      this.#isWriting = false;
    }
  }

  async #readAll(events: StreamEvents): Promise<void> {
    let buffer = new Uint8Array(SMALL_BUFFER);
    while (this.#state !== "closed") {
      if (this.#isPaused) await this.#reading.wait();
      let count: number | null;
      try {
        count = await this.#connection.read(buffer);
      } catch (error) {
        // Who was told of the end first may leave without a word.
        return this.#end(this.#state === "closing" && isUnexpectedEnd(error) ? undefined : streamError(error));
      }
      if (count === null) {
        const error = this.#writeError;
        return this.#end(error === undefined ? undefined : streamError(error));
      }
      if (this.#state === "open") events.data(buffer.subarray(0, count));
      // Much at once: more is likely to come. Little: a quiet stream gives the large buffer back at its next byte.
      if (count === buffer.length && count < LARGE_BUFFER) buffer = new Uint8Array(LARGE_BUFFER);
      else if (count <= SMALL_BUFFER && buffer.length > SMALL_BUFFER) buffer = new Uint8Array(SMALL_BUFFER);
    }
  }

  #haveLeft(): void {
    const left = this.#left;
    this.#left = undefined;
    left?.();
  }

  #end(cause?: unknown): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#outgoing.clear();
    this.#room.open();
    this.resume();
    release(this.#connection);
    setImmediate(() => this.#events!.closed(cause));
  }
}
