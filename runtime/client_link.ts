/**
 * One connection of a client's: from the TCP connection, through the handshake, to the end.
 *
 * @module
 */

import { hashShape } from "../idl/canonical.ts";
import type { Definition } from "../idl/definition.ts";
import { DefinitionError, readDefinition } from "../idl/validate.ts";
import type { Address } from "./address.ts";
import type { Clock } from "./clock.ts";
import { Pump } from "./connection.ts";
import { Dispatcher, type FindHandler, reporter } from "./dispatch.ts";
import { cancelled, HoldfastError } from "./errors.ts";
import type { Limits } from "./limits.ts";
import type { Log } from "./log.ts";
import { type Deferred, deferred } from "./promises.ts";
import { Session } from "./session/session.ts";
import type { Translation } from "./translation.ts";
import { ALPN, type Network, type Stream, type StreamEvents } from "./transport/transport.ts";
import { NativeEncoder } from "./wire/native/encoder.ts";
import { NativeFrames, readFault, unexpectedFrame } from "./wire/native/frames.ts";
import { encodeHello, encodeOpen, encodePing, readWelcome, VERSION, type Welcome } from "./wire/native/handshake.ts";
import * as kinds from "./wire/native/kinds.ts";
import type { Reader } from "./wire/native/reader.ts";

/** Room for what stands around a definition in its frame, in bytes. */
const AROUND_DEFINITION = 16;

/** What does not change from one connection of a client's to the next. */
export interface LinkOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly log: Log;
  readonly ca: string | undefined;
  /** The connect arguments. */
  readonly args: unknown;
  /** Finds the handler of a message that the service sends. */
  readonly find: (name: string, translation: Translation) => ReturnType<FindHandler>;
  /**
   * Compares a definition with the client's own.
   *
   * @throws {HoldfastError} `incompatible` where no connection is wanted then.
   */
  readonly translate: (definition: Definition) => Translation;
}

/** What one connection begins with, and who hears of it. */
export interface Attempt {
  readonly address: Address;
  /** The service's definition, as far as it is known. */
  readonly translation: Translation | undefined;
  readonly identity: string;
  /** The token of the last connection. */
  readonly token: Uint8Array | undefined;
  readonly signal: AbortSignal;
  /** The peer was asked for a sign of life, or has given one. */
  readonly stale: (stale: boolean) => void;
  /** An open connection has ended; called once, if {@link openLink} has resolved. */
  readonly ended: (reason: HoldfastError) => void;
}

/** An open connection. */
export interface OpenLink {
  readonly session: Session;
  readonly translation: Translation;
  readonly welcome: Welcome;
  /** Resolved when the stream has ended. */
  readonly over: Promise<void>;
}

/**
 * Connects, and is let in.
 *
 * @returns The connection. What arrives is handed out from the next turn of the event loop on, so that who waits for
 * this can say first what it wants to hear.
 * @throws {HoldfastError} As {@link Network.connect}; what the service refused it with; `protocol`, `timeout`,
 * `disconnected`, `incompatible`.
 */
export async function openLink(options: LinkOptions, attempt: Attempt): Promise<OpenLink> {
  const link = new ClientLink(options, attempt);
  const { address: { hostname, port }, signal } = attempt;
  const { ca, network } = options;
  const stream = await network.connect({ hostname, port, alpn: [ALPN], signal, ...(ca !== undefined && { ca }) }, link);
  return await link.open(stream);
}

class ClientLink implements StreamEvents {
  readonly #options: LinkOptions;
  readonly #attempt: Attempt;
  readonly #pump: Pump;
  #opened!: Deferred<OpenLink>;
  #over!: Deferred<void>;
  #translation: Translation | undefined;
  #definitionCame = false;
  #session: Session | undefined;
  #ended = false;
  #cleanUp: () => void = () => {};

  constructor(options: LinkOptions, attempt: Attempt) {
    this.#options = options;
    this.#attempt = attempt;
    this.#translation = attempt.translation;
    const { clock, limits } = options;
    const firstLimit = Math.max(limits.definition + AROUND_DEFINITION, limits.handshakeFrame);
    this.#pump = new Pump(this, firstLimit, limits, clock, {
      fault: (error) => this.#fail(error),
      ended: (reason) => this.#broken(reason),
      stale: (stale) => attempt.stale(stale),
    });
  }

  open(stream: Stream): Promise<OpenLink> {
    const { clock, limits } = this.#options;
    const { address, signal } = this.#attempt;
    this.#opened = deferred();
    this.#over = deferred();
    const abort = () => this.#fail(cancelled(signal));
    const stopTimer = clock.set(limits.handshakeTimeout, () => {
      this.#fail(new HoldfastError("timeout", `${address.url} took too long to let this client in.`));
    });
    this.#cleanUp = () => {
      signal.removeEventListener("abort", abort);
      stopTimer();
    };
    this.#pump.attach(stream);
    signal.addEventListener("abort", abort);
    try {
      if (signal.aborted) abort();
      else this.#hello();
    } catch (error) {
      this.#fail(HoldfastError.from(error));
    }
    return this.#opened.promise;
  }

  data(chunk: Uint8Array): void {
    this.#pump.data(chunk);
  }

  closed(cause?: unknown): void {
    this.#pump.closed(cause);
  }

  frame(kind: number, body: Reader): void {
    switch (kind) {
      case kinds.DEFINITION:
        return this.#definition(body);
      case kinds.WELCOME:
        return this.#welcome(readWelcome(body));
      case kinds.REFUSE: {
        const { code, text } = readFault(body);
        return this.#fail(new HoldfastError(code, text, { remote: true }));
      }
      case kinds.PING:
        return this.#pump.write(encodePing(kinds.PONG, body.varint()));
      case kinds.PONG:
        return;
      default:
        throw unexpectedFrame(kind);
    }
  }

  #hello(): void {
    const { service } = this.#attempt.address;
    const hash = this.#translation && hashShape(this.#translation.definition.shape);
    this.#pump.write(encodeHello({ versions: [VERSION], service, ...(hash && { hash }) }));
    if (this.#translation !== undefined) this.#open(this.#translation);
  }

  #definition(body: Reader): void {
    if (this.#definitionCame) throw unexpectedFrame(kinds.DEFINITION);
    this.#definitionCame = true;
    let definition: Definition;
    try {
      definition = readDefinition(body.raw(body.end - body.at));
    } catch (cause) {
      if (!(cause instanceof DefinitionError)) throw cause;
      throw new HoldfastError("protocol", `The service's definition can't be used: ${cause.message}`, { cause });
    }
    const { service } = this.#attempt.address;
    if (definition.shape.service !== service) {
      throw new HoldfastError("protocol", `The service's definition is that of ${definition.shape.service}.`);
    }
    this.#translation = this.#options.translate(definition);
    this.#open(this.#translation);
  }

  #open(translation: Translation): void {
    const { identity, token } = this.#attempt;
    const { frame, window, requests } = this.#options.limits;
    const open = { limits: { frame, window, requests }, identity, declined: translation.declined };
    const args = translation.connectArguments(this.#options.args);
    this.#pump.write(encodeOpen({ ...open, ...(token && { token }) }, translation.table.connect, args));
  }

  #welcome(welcome: Welcome): void {
    const { clock, find, limits, log } = this.#options;
    const translation = this.#translation;
    if (translation === undefined) throw unexpectedFrame(kinds.WELCOME);
    this.#cleanUp();
    const dispatcher = new Dispatcher(
      (name) => find(name, translation),
      reporter(log, () => welcome.transportId),
    );
    const session: Session = new Session({
      role: "client",
      encoder: new NativeEncoder(translation.table, welcome.limits.frame),
      limits,
      peer: welcome.limits,
      message: (name) => translation.table.name(name),
      events: {
        message: (message, value, frame) => dispatcher.message(session, message, value, frame),
        request: (message, value, served) => dispatcher.request(session, message, value, served),
        output: () => this.#pump.schedule(),
        pong: () => {},
        ended: (reason) => {
          this.#pump.end();
          this.#attempt.ended(reason);
        },
      },
    });
    this.#session = session;
    this.#pump.hold();
    this.#pump.carry(session, new NativeFrames(translation.table, session));
    this.#opened.resolve({ session, translation, welcome, over: this.#over.promise });
    clock.set(0, () => this.#pump.release());
  }

  #fail(error: HoldfastError): void {
    if (this.#session !== undefined) return this.#session.fail(error, 0);
    if (this.#ended) return;
    this.#ended = true;
    this.#cleanUp();
    this.#pump.destroy();
    this.#opened.reject(error);
  }

  #broken(reason: HoldfastError): void {
    this.#over.resolve();
    if (this.#session !== undefined) this.#session.disconnected(reason);
    else this.#fail(reason);
  }
}
