/**
 * One line of a client's: from the TCP connection, through the handshake, to its end.
 *
 * @module
 */

import { hashShape } from "../idl/canonical.ts";
import type { Definition } from "../idl/definition.ts";
import { DefinitionError, readDefinition } from "../idl/validate.ts";
import type { Attempt, OpenLine } from "./client_attempt.ts";
import { Renewal, type Shown } from "./client_credentials.ts";
import { ClientSession, type LinkOptions } from "./client_session.ts";
import { Pump } from "./connection.ts";
import { cancelled, HoldfastError } from "./errors.ts";
import { type Deferred, deferred } from "./promises.ts";
import type { Translation } from "./translation.ts";
import { ALPN, type StreamEvents } from "./transport/transport.ts";
import { Decoder } from "./wire/native/decoder.ts";
import { lastNumber, NativeFrames, unexpectedFrame } from "./wire/native/frames.ts";
import {
  encodeCallOff,
  encodeCredentials,
  encodeHello,
  encodeOpen,
  encodePing,
  KEEP_ALIVE,
  readRefuse,
  readWelcome,
  VERSION,
} from "./wire/native/handshake.ts";
import * as kinds from "./wire/native/kinds.ts";
import type { Reader } from "./wire/native/reader.ts";

/** Room for what stands around a definition in its frame, in bytes. */
const AROUND_DEFINITION = 16;

/**
 * A client that waits to be let in lets itself be heard after 1 ms, and each time after twice as long, up to this: by a
 * PONG that nobody asked for. A service on Deno can't switch off Nagle's algorithm: what it writes after TLS's session
 * tickets would wait 40 ms for TCP to acknowledge them, where nothing is sent that carries the acknowledgement. A PING
 * would not do: while its answer is not acknowledged, the service waits again.
 */
const LAST_NUDGE = 32;

/**
 * Makes a line, and is let in.
 *
 * @returns The line. What arrives is handed out from the next turn of
 * the event loop on, so that who waits for this can say first what it wants to hear.
 * @throws {HoldfastError} As {@link Network.connect}; what the service refused it with; `protocol`, `timeout`,
 * `disconnected`, `incompatible`.
 */
export async function openLink(options: LinkOptions, attempt: Attempt): Promise<OpenLine> {
  return await new ClientLink(options, attempt).open();
}

class ClientLink implements StreamEvents {
  readonly #options: LinkOptions;
  readonly #attempt: Attempt;
  readonly #decoder: Decoder;
  readonly #pump: Pump;
  readonly #connecting = new AbortController();
  #opened!: Deferred<OpenLine>;
  #over!: Deferred<void>;
  #translation: Translation | undefined;
  #definitionCame = false;
  /** Whether an OPEN has been sent. */
  #asked = false;
  #session: ClientSession | undefined;
  #ended = false;
  #shown: Shown = {};
  #renewal: Renewal | undefined;
  #isReplaced = false;
  #cleanUp: () => void = () => {};
  #stopNudging: () => void = () => {};

  constructor(options: LinkOptions, attempt: Attempt) {
    this.#options = options;
    this.#attempt = attempt;
    this.#translation = attempt.translation;
    const { clock, limits } = options;
    const firstLimit = Math.max(limits.definition + AROUND_DEFINITION, limits.handshakeFrame);
    this.#decoder = new Decoder(this, firstLimit);
    this.#pump = new Pump(this.#decoder, KEEP_ALIVE, limits, clock, {
      fault: (error) => this.#fail(error),
      ended: (reason) => this.#broken(reason),
      stale: (stale) => attempt.stale(stale),
    });
  }

  open(): Promise<OpenLine> {
    const { clock, limits } = this.#options;
    const { address, signal } = this.#attempt;
    this.#opened = deferred();
    const abort = () => this.#fail(cancelled(signal));
    const stopTimer = clock.set(limits.handshakeTimeout, () => {
      this.#fail(new HoldfastError("timeout", `${address.url} took too long to let this client in.`));
    });
    this.#cleanUp = () => {
      signal.removeEventListener("abort", abort);
      stopTimer();
      this.#stopNudging();
    };
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    else void this.#connect();
    return this.#opened.promise;
  }

  async #connect(): Promise<void> {
    const { ca, credentials, crl, network } = this.#options;
    const { hostname, port } = this.#attempt.address;
    const { signal } = this.#connecting;
    try {
      if (!credentials.isEmpty) this.#shown = await credentials.current();
      if (this.#ended) return;
      const { certificate } = this.#shown;
      const to = {
        hostname,
        port,
        alpn: [ALPN],
        signal,
        ...(ca !== undefined && { ca }),
        ...(crl !== undefined && { crl }),
        ...(certificate !== undefined && { certificate }),
      };
      const stream = await network.connect(to, this);
      this.#over = deferred();
      // It may have come in the moment in which it was called off.
      if (this.#ended) return stream.destroy();
      this.#pump.attach(stream);
      this.#hello();
    } catch (error) {
      this.#fail(HoldfastError.from(error));
    }
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
        return this.#welcome(body);
      case kinds.REFUSE: {
        const { code, text } = readRefuse(body);
        return this.#fail(new HoldfastError(code, text, { remote: true }));
      }
      case kinds.PING:
        return this.#pump.pong(lastNumber(body));
      case kinds.PONG:
        return;
      default:
        if (kind < kinds.OPTIONAL) throw unexpectedFrame(kind);
    }
  }

  #hello(): void {
    this.#nudge(1);
    const { service } = this.#attempt.address;
    const hash = this.#translation && hashShape(this.#translation.definition.shape);
    const { token, wanted } = this.#shown;
    this.#pump.write(
      encodeHello({
        versions: [VERSION],
        service,
        ...(hash && { hash }),
        ...(token && { token }),
        ...(wanted && { wanted }),
      }),
    );
    if (this.#translation !== undefined) this.#open(this.#translation);
  }

  #nudge(delay: number): void {
    if (delay > LAST_NUDGE) return;
    this.#stopNudging = this.#options.clock.set(delay, () => {
      this.#pump.write(encodePing(kinds.PONG, 0));
      this.#nudge(2 * delay);
    });
  }

  #definition(body: Reader): void {
    if (this.#definitionCame) throw unexpectedFrame(kinds.DEFINITION);
    this.#definitionCame = true;
    let definition: Definition;
    try {
      definition = readDefinition(body.raw(body.end - body.at), { bytes: this.#options.limits.definition });
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
    const { former, identity } = this.#attempt;
    const { frame, window, requests } = this.#options.limits;
    const { resumable } = this.#options;
    const open = { limits: { frame, window, requests }, resumable, identity, declined: translation.declined };
    const args = translation.connectArguments(this.#options.args);
    const resume = former?.former;
    this.#asked = true;
    this.#pump.write(encodeOpen({ ...open, ...(resume && { former: resume }) }, translation.table.connect, args));
  }

  #welcome(body: Reader): void {
    const { events, former } = this.#attempt;
    const translation = this.#translation;
    if (translation === undefined) throw unexpectedFrame(kinds.WELCOME);
    const welcome = readWelcome(body, translation.table);
    this.#cleanUp();
    const { resumed } = welcome;
    if (resumed === undefined) {
      this.#session = new ClientSession(this.#options, translation, welcome, events);
      this.#pump.hold();
      this.#options.clock.set(0, () => this.#pump.release());
    } else {
      if (former === undefined || !former.carrier.session.canResume(resumed)) {
        throw new HoldfastError("protocol", "The service goes on with a session that this client can't go on with.");
      }
      this.#session = former;
    }
    this.#renewal = this.#makeRenewal();
    this.#session.welcome(welcome, this.#renewal);
    const session = this.#session;
    this.#decoder.receiver = new NativeFrames(
      session.translation.table,
      session.carrier.session,
      (body) => session.credentials(body),
    );
    session.carrier.carry(this.#pump, resumed);
    this.#opened.resolve({ session, over: this.#over.promise });
  }

  #makeRenewal(): Renewal {
    const { clock, credentials, log } = this.#options;
    return new Renewal(credentials, this.#shown, clock, {
      token: (token) => this.#pump.write(encodeCredentials(token)),
      line: () => {
        // Where the session could not go on over another line, it ends with what it was begun with.
        if (!this.#attempt.resumes) return;
        this.#isReplaced = true;
        this.#pump.destroy();
      },
      failed: (error) => log({ level: "warning", message: "This client's credentials could not be renewed.", error }),
    });
  }

  #fail(error: HoldfastError): void {
    if (this.#session !== undefined) {
      if (this.#session.carrier.isCarriedBy(this.#pump)) this.#session.carrier.session.fail(error, 0);
      return;
    }
    if (this.#ended) return;
    this.#ended = true;
    this.#cleanUp();
    this.#connecting.abort(error);
    if (this.#asked && error.code === "cancelled") {
      // The service may just be letting this client in: it is to know that nobody comes.
      this.#pump.write(encodeCallOff({ code: error.code, text: "The client has called this off." }));
      this.#pump.end();
    } else {
      this.#pump.destroy();
    }
    this.#opened.reject(error);
  }

  #broken(cause: HoldfastError): void {
    this.#over.resolve();
    this.#renewal?.stop();
    const reason = this.#isReplaced
      ? new HoldfastError("disconnected", "The line is made again, with newer credentials.")
      : cause;
    if (this.#session === undefined) return this.#fail(reason);
    if (this.#session.carrier.release(this.#pump)) this.#attempt.broken(this.#session, reason);
  }
}
