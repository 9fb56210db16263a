/**
 * A network inside the process: for tests, and for a client and a service that live together. No TLS: the service's
 * certificate and host names are not looked at, a port alone says where to connect to. What a client shows arrives as
 * it would through TLS, and its key must belong to it.
 *
 * It is as strict as a real one may be: every event comes in a later turn of the event loop, a chunk's memory is wiped
 * after the call that gave it out, and bytes are read only when they leave. So code that relies on more than the
 * contract fails here first.
 *
 * @module
 */

import { setImmediate } from "node:timers";
import { HoldfastError } from "../errors.ts";
import { Gate } from "./gate.ts";
import { readIdentity } from "./pem.ts";
import type {
  ClientCertificate,
  ConnectOptions,
  Listener,
  ListenOptions,
  Network,
  Stream,
  StreamEvents,
} from "./transport.ts";

/** How bytes travel through a {@link memoryNetwork}. */
export interface MemoryNetworkOptions {
  /**
   * Bytes in each chunk that arrives: what was written is split and put together to this size; only what is left at the
   * end of a turn may be shorter. Without it, all that is there arrives together, up to 64 KiB.
   */
  readonly chunkSize?: number;
  /** Bytes on their way in one direction from which on `write` gives back a promise. 64 KiB unless told otherwise. */
  readonly highWater?: number;
}

/** Bytes that one direction of a stream carries in one turn of the event loop. */
const TURN = 65_536;
/** Where the ports that the system gives away begin. */
const FIRST_FREE_PORT = 49_152;
const WIPED = 0xee;

type Accept = (stream: Stream) => StreamEvents;

/**
 * Makes a network of its own, which starts empty.
 *
 * @param options How bytes travel.
 * @returns The network: whoever is to meet must be given the same one.
 */
export function memoryNetwork(options: MemoryNetworkOptions = {}): Network {
  const listeners = new Map<number, { readonly options: ListenOptions; readonly accept: Accept }>();
  let lastPort = FIRST_FREE_PORT - 1;

  function freePort(): number {
    do {
      lastPort = lastPort === 65_535 ? FIRST_FREE_PORT : lastPort + 1;
    } while (listeners.has(lastPort));
    return lastPort;
  }

  function open(to: ConnectOptions, events: StreamEvents): Stream {
    const shown = to.certificate === undefined ? [] : chainOf(to.certificate);
    const service = listeners.get(to.port);
    if (service === undefined) {
      throw new HoldfastError(
        "unreachable",
        `Nobody listens on port ${to.port} of this in-memory network. Start the service first, on the same network.`,
      );
    }
    const alpn = agree(service.options.alpn, to.alpn);
    const near = new MemoryStream({ hostname: to.hostname, port: to.port }, alpn, options);
    const far = new MemoryStream({ hostname: "memory", port: freePort() }, alpn, options);
    if (service.options.clientCertificates === true) far.certificates = shown;
    near.peer = far;
    far.peer = near;
    near.events = events;
    far.events = service.accept(far);
    return near;
  }

  return {
    listen(options, accept): Promise<Listener> {
      const port = options.port === 0 ? freePort() : options.port;
      if (listeners.has(port)) {
        return Promise.reject(
          new HoldfastError("invalid-argument", `Port ${port} is taken. Choose another one, or 0 for any free one.`),
        );
      }
      const service = { options, accept };
      listeners.set(port, service);
      return Promise.resolve({
        hostname: options.hostname,
        port,
        renew() {},
        close() {
          if (listeners.get(port) === service) listeners.delete(port);
          return Promise.resolve();
        },
      });
    },

    connect(to, events): Promise<Stream> {
      return new Promise((resolve, reject) => {
        const { signal } = to;
        const abort = () =>
          reject(new HoldfastError("cancelled", "Connecting was called off.", { cause: signal?.reason }));
        if (signal?.aborted) return abort();
        signal?.addEventListener("abort", abort, { once: true });
        setImmediate(() => {
          signal?.removeEventListener("abort", abort);
          if (signal?.aborted) return;
          try {
            resolve(open(to, events));
          } catch (error) {
            reject(error);
          }
        });
      });
    },
  };
}

/** A client's certificate and its chain: DER. */
function chainOf({ cert, key }: ClientCertificate): Uint8Array[] {
  return readIdentity(cert, key).chain.map(({ raw }) => new Uint8Array(raw));
}

/** What TLS does: the service's first choice that the client has, too; none where either says nothing. */
function agree(service: readonly string[], client: readonly string[]): string | undefined {
  if (service.length === 0 || client.length === 0) return undefined;
  const agreed = service.find((name) => client.includes(name));
  if (agreed !== undefined) return agreed;
  throw new HoldfastError(
    "protocol",
    `The service speaks ${service.join(", ")}, this client ${client.join(", ")}. Connect to a service that speaks one `
      + `of the client's protocols.`,
  );
}

/** One end. It owns the bytes on their way to the other end, and delivers them. */
class MemoryStream implements Stream {
  readonly remote: Stream["remote"];
  readonly alpn: string | undefined;
  certificates: readonly Uint8Array[] = [];
  peer!: MemoryStream;
  events!: StreamEvents;
  readonly #chunkSize: number;
  readonly #highWater: number;
  #state: "open" | "closing" | "closed" = "open";
  /** Written, not yet delivered; of the first one, `#taken` bytes have been. */
  #queue: Uint8Array[] = [];
  #taken = 0;
  #size = 0;
  #turnIsDue = false;
  /** Whether nothing is to arrive at this end. */
  #isPaused = false;
  readonly #room: Gate = new Gate();
  /** Waits for what was written to have left. */
  #left: (() => void) | undefined;

  constructor(remote: Stream["remote"], alpn: string | undefined, options: MemoryNetworkOptions) {
    this.remote = remote;
    this.alpn = alpn;
    this.#chunkSize = options.chunkSize ?? TURN;
    this.#highWater = options.highWater ?? TURN;
  }

  write(bytes: Uint8Array, left?: () => void): Promise<void> | undefined {
    if (this.#state !== "open") return undefined;
    this.#left = left;
    this.#queue.push(bytes);
    this.#size += bytes.length;
    this.#schedule();
    return this.#size < this.#highWater ? undefined : this.#room.wait();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    if (this.peer.#state !== "closed") this.peer.#schedule();
  }

  close(): void {
    if (this.#state !== "open") return;
    this.#state = "closing";
    this.resume();
    this.#schedule();
  }

  destroy(): void {
    if (this.#state === "closed") return;
    this.#end(undefined);
    this.peer.#end(new HoldfastError("disconnected", "The other end of the in-memory stream was destroyed."));
  }

  #schedule(): void {
    if (this.#turnIsDue) return;
    this.#turnIsDue = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#turnIsDue = false;
    if (this.peer.#isPaused && this.#size > 0) return;
    for (let left = TURN; left > 0 && this.#size > 0 && !this.peer.#isPaused;) {
      const chunk = this.#take(Math.min(this.#chunkSize, this.#size));
      left -= chunk.length;
      if (this.peer.#state === "open") this.peer.events.data(chunk);
      chunk.fill(WIPED);
    }
    if (this.#state === "closed") return;
    if (this.#size < this.#highWater) this.#room.open();
    // A peer that pauses lets it go on by itself.
    if (this.#size > 0) return this.peer.#isPaused ? undefined : this.#schedule();
    const left = this.#left;
    this.#left = undefined;
    left?.();
    if (this.#size > 0) return;
    if (this.#state === "closing") {
      this.#end(undefined);
      this.peer.#end(undefined);
    }
  }

  #take(count: number): Uint8Array {
    const chunk = new Uint8Array(count);
    let filled = 0;
    while (filled < count) {
      const first = this.#queue[0]!;
      const part = first.subarray(this.#taken, this.#taken + count - filled);
      chunk.set(part, filled);
      filled += part.length;
      this.#taken += part.length;
      if (this.#taken === first.length) {
        this.#queue.shift();
        this.#taken = 0;
      }
    }
    this.#size -= count;
    return chunk;
  }

  #end(cause: unknown): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    this.#queue = [];
    this.#taken = this.#size = 0;
    this.#left = undefined;
    this.#room.open();
    // In a turn of its own, and after `accept` or `connect` has given the stream out, even if it was ended there.
    setImmediate(() => this.events.closed(cause));
  }
}
