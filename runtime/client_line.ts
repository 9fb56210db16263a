/**
 * One line of a client's, whatever it speaks: from the TCP connection to its end.
 *
 * @module
 */

import type { Attempt, OpenLine } from "./client_attempt.ts";
import type { Shown } from "./client_credentials.ts";
import type { ClientSession, LinkOptions } from "./client_session.ts";
import { Pump } from "./connection.ts";
import { Deadlines } from "./deadlines.ts";
import { cancelled, HoldfastError } from "./errors.ts";
import { type Deferred, deferred } from "./promises.ts";
import type { Network, StreamEvents } from "./transport/transport.ts";
import type { FrameDecoder, Gap, KeepAlive } from "./wire/wire.ts";

/** What a line speaks. */
export interface Speech {
  /** Cuts what arrives into frames. */
  readonly decoder: FrameDecoder;
  /** The frames by which the line shows that it is alive. */
  readonly keepAlive: KeepAlive;
  /** Protocols to agree on inside TLS. */
  readonly alpn: readonly string[];
  /** Where frames have to leave one by one: as for {@link Pump}. */
  readonly pace?: number;
}

/** Takes a line through its handshake, as its wire has it, and to its session. */
export abstract class ClientLine implements StreamEvents {
  protected readonly options: LinkOptions;
  protected readonly attempt: Attempt;
  protected readonly pump: Pump;
  readonly #alpn: readonly string[];
  readonly #network: Pick<Network, "connect">;
  readonly #connecting = new AbortController();
  #opened!: Deferred<OpenLine>;
  #over!: Deferred<void>;
  #session: ClientSession | undefined;
  #ended = false;
  #cleanUp: () => void = () => {};

  constructor(options: LinkOptions, attempt: Attempt, network: Pick<Network, "connect">, speech: Speech) {
    this.options = options;
    this.attempt = attempt;
    this.#network = network;
    this.#alpn = speech.alpn;
    const events = {
      fault: (error: HoldfastError) => this.fail(error),
      ended: (reason: HoldfastError) => this.#broken(reason),
      stale: (stale: boolean) => attempt.stale(stale),
    };
    const deadlines = new Deadlines(options.clock);
    this.pump = new Pump(speech.decoder, speech.keepAlive, options.limits, deadlines, events, speech.pace);
  }

  /** Says the first word. */
  protected abstract begin(shown: Shown): void;

  /** The last frame before this client leaves a service that may just be letting it in. */
  protected abstract callOff(): Uint8Array | undefined;

  /** The handshake is over, in whatever way. */
  protected settled(): void {}

  /** The line has ended. */
  protected ended(): void {}

  /** Why the line has ended. */
  protected reasonOf(cause: HoldfastError): HoldfastError {
    return cause;
  }

  /** Connects, and goes through the handshake. */
  open(): Promise<OpenLine> {
    const { clock, limits } = this.options;
    const { address, signal } = this.attempt;
    this.#opened = deferred();
    const abort = () => this.fail(cancelled(signal));
    const stopTimer = clock.set(limits.handshakeTimeout, () => {
      this.fail(new HoldfastError("timeout", `${address.url} took too long to let this client in.`));
    });
    this.#cleanUp = () => {
      signal.removeEventListener("abort", abort);
      stopTimer();
      this.settled();
    };
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    else void this.#connect();
    return this.#opened.promise;
  }

  async #connect(): Promise<void> {
    const { ca, credentials, crl } = this.options;
    const { hostname, port } = this.attempt.address;
    const { signal } = this.#connecting;
    try {
      const shown = credentials.isEmpty ? {} : await credentials.current();
      if (this.#ended) return;
      const { certificate } = shown;
      const to = {
        hostname,
        port,
        alpn: this.#alpn,
        signal,
        ...(ca !== undefined && { ca }),
        ...(crl !== undefined && { crl }),
        ...(certificate !== undefined && { certificate }),
      };
      const stream = await this.#network.connect(to, this);
      this.#over = deferred();
      // It may have come in the moment in which it was called off.
      if (this.#ended) return stream.destroy();
      this.pump.attach(stream);
      this.begin(shown);
    } catch (error) {
      this.fail(HoldfastError.from(error));
    }
  }

  data(chunk: Uint8Array): void {
    this.pump.data(chunk);
  }

  closed(cause?: unknown): void {
    this.pump.closed(cause);
  }

  /**
   * The service has let this client in.
   *
   * @param session Its session.
   * @param isNew Whether it begins: what arrives is told from the next turn on then.
   */
  protected letIn(session: ClientSession, isNew: boolean): void {
    this.#cleanUp();
    this.#session = session;
    if (!isNew) return;
    this.pump.hold();
    this.options.clock.set(0, () => this.pump.release());
  }

  /** From here on, the line carries the session; whoever owns the decoder has its frames go there. */
  protected carry(session: ClientSession, resumed?: Gap): void {
    session.carrier.carry(this.pump, resumed);
    this.#opened.resolve({ session, over: this.#over.promise });
  }

  /** Ends the line, or the session that it carries. */
  protected fail(error: HoldfastError): void {
    if (this.#session !== undefined) {
      if (this.#session.carrier.isCarriedBy(this.pump)) this.#session.carrier.session.fail(error, 0);
      return;
    }
    if (this.#ended) return;
    this.#ended = true;
    this.pump.explain(error);
    this.#cleanUp();
    this.#connecting.abort(error);
    const last = error.code === "cancelled" ? this.callOff() : undefined;
    if (last === undefined) {
      this.pump.destroy();
    } else {
      this.pump.write(last);
      this.pump.end();
    }
    this.#opened.reject(error);
  }

  #broken(cause: HoldfastError): void {
    this.#over.resolve();
    this.ended();
    const reason = this.reasonOf(cause);
    if (this.#session === undefined) return this.fail(reason);
    if (this.#session.carrier.release(this.pump)) this.attempt.broken(this.#session, reason);
  }
}
