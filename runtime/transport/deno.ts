/**
 * TLS by Deno's own `Deno.startTls` for clients; by `node:tls` for those that have a certificate to show or refuse
 * revoked ones, and for services.
 *
 * `Deno.listenTls` can't switch Nagle's algorithm off: with it, the second of two small writes waits for the peer's
 * system to acknowledge the first, which takes 40 ms, in TLS's handshake already. `node:tls` costs a service a quarter
 * more where each connection has one request open, and no more where there are many.
 *
 * What Deno can't do: a client's `ca` is trusted beside, not instead of, what Deno trusts by itself. A socket whose
 * handshake hangs, or whose peer does not read, is let go of at once, but the system's socket lasts until the peer gives
 * up. `node.ts` on Deno has none of this.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { Gate } from "./gate.ts";
import { nodeNetwork } from "./node.ts";
import { Outgoing } from "./outgoing.ts";
import { checkAuthorities } from "./pem.ts";
import { cancelled, connectError, noCommonProtocol, streamError } from "./tls_errors.ts";
import type { ConnectOptions, Network, Stream, StreamEvents } from "./transport.ts";

/** What is used of Deno: this file is also loaded where there is none. */
interface DenoTls {
  connect(options: { hostname: string; port: number; signal?: AbortSignal }): Promise<DenoTcp>;
  startTls(
    tcp: DenoTcp,
    options: { hostname: string; alpnProtocols: string[]; caCerts?: string[] },
  ): Promise<DenoConnection>;
}

interface DenoAddress {
  readonly hostname: string;
  readonly port: number;
}

interface DenoTcp {
  setNoDelay(on: boolean): void;
  close(): void;
}

interface DenoConnection {
  readonly remoteAddr: DenoAddress;
  handshake(): Promise<{ readonly alpnProtocol: string | null }>;
  read(into: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  closeWrite(): Promise<void>;
  close(): void;
}

/** Of a stream that is silent, or says little: an idle connection should cost next to nothing. */
const SMALL_BUFFER = 1024;
/** Of a stream that says much: one TLS record, since Deno gives no more at once. */
const LARGE_BUFFER = 16_384;
/** Bytes not yet taken by the system from which on a writer is asked to wait. */
const HIGH_WATER = 65_536;

/**
 * Deno's own network.
 *
 * @returns The network; it holds nothing until it is used, which only Deno can do.
 */
export function denoNetwork(): Network {
  const deno = (globalThis as { Deno?: DenoTls }).Deno;
  const node = nodeNetwork();
  return {
    listen: node.listen,
    connect: (options, events) =>
      options.certificate !== undefined || options.crl !== undefined
        ? node.connect(options, events)
        : connectDeno(deno!, options, events),
  };
}

async function connectDeno(deno: DenoTls, options: ConnectOptions, events: StreamEvents): Promise<Stream> {
  const { hostname, port, ca, alpn, signal } = options;
  if (signal?.aborted) throw cancelled(signal);
  const caCerts = ca === undefined ? undefined : checkAuthorities(ca);
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
  #isWriting = false;
  #writeError: unknown;
  #events: StreamEvents | undefined;

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

  write(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#state !== "open" || this.#writeError !== undefined) return undefined;
    this.#outgoing.push(bytes);
    if (!this.#isWriting) void this.#writeAll();
    return this.#outgoing.size < HIGH_WATER ? undefined : this.#room.wait();
  }

  close(): void {
    if (this.#state !== "open") return;
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

  #end(cause?: unknown): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#outgoing.clear();
    this.#room.open();
    release(this.#connection);
    setImmediate(() => this.#events!.closed(cause));
  }
}
