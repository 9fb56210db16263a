/**
 * What the cases for transports work with: a network, who hears of a stream, and a pair of connected streams.
 *
 * @module
 */

import assert from "node:assert/strict";
import { HoldfastError } from "../../../runtime/errors.ts";
import { type Deferred, deferred } from "../../../runtime/promises.ts";
import {
  ALPN,
  type ConnectOptions,
  type Listener,
  type ListenOptions,
  type Network,
  type Stream,
  type StreamEvents,
} from "../../../runtime/transport/transport.ts";
import { type Scope, testCertificate } from "../../harness.ts";

/** A network to be tested, and what its runtime can't do. */
export interface Subject {
  readonly name: string;
  readonly network: Network;
  /** In memory there is no TLS and no peer that breaks the rules. */
  readonly tls: boolean;
  readonly lacks: {
    /** The system's socket stays until the peer gives up, if its handshake hangs. */
    readonly droppingSilentPeers?: true;
    /** It refuses X.509 proxies. */
    readonly proxies?: true;
    /** Why it can't be shown that no service is believed whose key is not for signing. */
    readonly keyUsage?: string;
  };
}

/** Hears what happens to a stream, and checks that it is told as the contract says. */
export class Ear implements StreamEvents {
  /** All that arrived. */
  bytes: Uint8Array = new Uint8Array();
  /** How often the stream ended: 0 or 1. */
  endings = 0;
  cause: unknown;
  /** Called after each chunk. */
  onData: () => void = () => {};
  readonly #chunks: Uint8Array[] = [];
  #size = 0;
  #waiting: { readonly count: number; readonly done: Deferred<Uint8Array> }[] = [];
  readonly #end: Deferred<unknown> = deferred();

  data(chunk: Uint8Array): void {
    assert.equal(this.endings, 0, "no data after the end");
    assert.ok(chunk.length > 0, "no empty chunk");
    this.#chunks.push(chunk.slice());
    this.#size += chunk.length;
    const ready = this.#waiting.filter(({ count }) => this.#size >= count);
    if (ready.length > 0) {
      this.#waiting = this.#waiting.filter((waiting) => !ready.includes(waiting));
      for (const { done } of ready) done.resolve(this.#gather());
    }
    this.onData();
  }

  closed(cause?: unknown): void {
    this.endings++;
    assert.equal(this.endings, 1, "ended once");
    this.cause = cause;
    if (cause !== undefined) assertCode(cause, "disconnected");
    this.#gather();
    for (const { done } of this.#waiting) done.reject(new Error("ended before that much had arrived", { cause }));
    this.#end.resolve(cause);
  }

  /** Waits until that many bytes have arrived in all; gives back what has. */
  received(count: number): Promise<Uint8Array> {
    if (this.#size >= count) return Promise.resolve(this.#gather());
    const done = deferred<Uint8Array>();
    this.#waiting.push({ count, done });
    return done.promise;
  }

  /** How many bytes have arrived. */
  get size(): number {
    return this.#size;
  }

  /** Waits for the end; gives back its cause. */
  end(): Promise<unknown> {
    return this.#end.promise;
  }

  #gather(): Uint8Array {
    if (this.bytes.length !== this.#size) {
      const all = new Uint8Array(this.#size);
      let at = 0;
      for (const chunk of this.#chunks) {
        all.set(chunk, at);
        at += chunk.length;
      }
      this.bytes = all;
    }
    return this.bytes;
  }
}

/** A listener, and the streams that it accepts. */
export interface Service {
  readonly listener: Listener;
  /** Waits for the next stream that nobody has waited for. */
  next(): Promise<{ readonly stream: Stream; readonly ear: Ear }>;
}

/** Listens until the test ends. */
export async function listen(
  t: Scope,
  { network }: Subject,
  options: Partial<ListenOptions> = {},
  accepted: (stream: Stream, ear: Ear) => void = () => {},
): Promise<Service> {
  const { cert, key } = await testCertificate();
  const streams: { stream: Stream; ear: Ear }[] = [];
  const waiting: Deferred<{ stream: Stream; ear: Ear }>[] = [];
  const listener = await t.network(network).listen({
    hostname: "127.0.0.1",
    port: 0,
    cert,
    key,
    alpn: [ALPN],
    handshakeTimeout: 10_000,
    ...options,
  }, (stream) => {
    const ear = new Ear();
    t.cleanup(() => stream.destroy());
    accepted(stream, ear);
    const next = waiting.shift();
    if (next === undefined) streams.push({ stream, ear });
    else next.resolve({ stream, ear });
    return ear;
  });
  t.cleanup(() => listener.close());
  return {
    listener,
    next() {
      const stream = streams.shift();
      if (stream !== undefined) return Promise.resolve(stream);
      const next = deferred<{ stream: Stream; ear: Ear }>();
      waiting.push(next);
      return next.promise;
    },
  };
}

/** Connects until the test ends. Trusts the tests' authority, unless told otherwise: with `ca: undefined`, none. */
export async function connect(
  t: Scope,
  { network }: Subject,
  options: Omit<Partial<ConnectOptions>, "ca"> & { readonly port: number; readonly ca?: string | undefined },
  ear: StreamEvents = new Ear(),
): Promise<Stream> {
  const { ca, ...others } = { ca: (await testCertificate()).ca, ...options };
  const to = { hostname: "127.0.0.1", alpn: [ALPN], ...others, ...(ca !== undefined && { ca }) };
  const stream = await t.network(network).connect(to, ear);
  t.cleanup(() => stream.destroy());
  return stream;
}

/** Two ends of a stream. */
export interface Pair {
  readonly client: Stream;
  readonly clientEar: Ear;
  readonly service: Stream;
  readonly serviceEar: Ear;
}

/** Connects a client with a service; `through` is what stands between them. */
export async function pair(
  t: Scope,
  subject: Subject,
  through: (port: number) => Promise<number> | number = (port) => port,
): Promise<Pair> {
  const { listener, next } = await listen(t, subject);
  const clientEar = new Ear();
  const client = await connect(t, subject, { port: await through(listener.port) }, clientEar);
  const { stream: service, ear: serviceEar } = await next();
  return { client, clientEar, service, serviceEar };
}

/** Bytes that tell where they belong: no two stretches of the same length are alike for long. */
export function pattern(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let at = 0; at < length; at++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
    bytes[at] = state >>> 16;
  }
  return bytes;
}

/** Not with `deepEqual`: it would take minutes to print megabytes. */
export function assertSame(got: Uint8Array, wanted: Uint8Array): void {
  assert.equal(got.length, wanted.length, "length");
  const at = got.findIndex((byte, index) => byte !== wanted[index]);
  assert.equal(at, -1, `differs from byte ${at} on`);
}

/** Holdfast's own error, with this code and a text that says what to do. */
export function assertCode(error: unknown, code: string): void {
  assert.ok(error instanceof HoldfastError, String(error));
  assert.equal(error.code, code, error.message);
}

/** The promise must reject with an error of that code, a cause, and a text of whole sentences. */
export async function assertRejects(promise: Promise<unknown>, code: string): Promise<HoldfastError> {
  try {
    await promise;
  } catch (error) {
    assertCode(error, code);
    assert.match((error as Error).message, /^\S.*[^.]\.$/);
    return error as HoldfastError;
  }
  assert.fail(`resolved instead of rejecting with '${code}'`);
}
