/**
 * One line of a client's to a service of ours: through the handshake, to its session.
 *
 * @module
 */

import { hashShape } from "../idl/canonical.ts";
import type { Definition } from "../idl/definition.ts";
import { DefinitionError, readDefinition } from "../idl/validate.ts";
import type { Attempt, OpenLine } from "./client_attempt.ts";
import { Renewal, type Shown } from "./client_credentials.ts";
import { ClientLine } from "./client_line.ts";
import { ClientSession, type LinkOptions } from "./client_session.ts";
import { HoldfastError } from "./errors.ts";
import type { Translation } from "./translation.ts";
import { ALPN } from "./transport/transport.ts";
import { Decoder, type FrameReceiver } from "./wire/native/decoder.ts";
import { NativeEncoder } from "./wire/native/encoder.ts";
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
  type Welcome,
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
export function openLink(options: LinkOptions, attempt: Attempt): Promise<OpenLine> {
  return new ClientLink(options, attempt).open();
}

class ClientLink extends ClientLine {
  readonly #decoder: Decoder;
  #translation: Translation | undefined;
  #definitionCame = false;
  /** Whether an OPEN has been sent. */
  #asked = false;
  #shown: Shown = {};
  #renewal: Renewal | undefined;
  #isReplaced = false;
  #stopNudging: () => void = () => {};

  constructor(options: LinkOptions, attempt: Attempt) {
    const { definition, handshakeFrame } = options.limits;
    const receiver: FrameReceiver = { frame: (kind, body) => this.#frame(kind, body) };
    const decoder = new Decoder(receiver, Math.max(definition + AROUND_DEFINITION, handshakeFrame));
    super(options, attempt, options.network, { decoder, keepAlive: KEEP_ALIVE, alpn: [ALPN] });
    this.#decoder = decoder;
    this.#translation = attempt.translation;
  }

  #frame(kind: number, body: Reader): void {
    switch (kind) {
      case kinds.DEFINITION:
        return this.#definition(body);
      case kinds.WELCOME:
        return this.#welcome(body);
      case kinds.REFUSE: {
        const { code, text } = readRefuse(body);
        return this.fail(new HoldfastError(code, text, { remote: true }));
      }
      case kinds.PING:
        return this.pump.pong(lastNumber(body));
      case kinds.PONG:
        return;
      default:
        if (kind < kinds.OPTIONAL) throw unexpectedFrame(kind);
    }
  }

  protected override begin(shown: Shown): void {
    this.#shown = shown;
    this.#nudge(1);
    const { service } = this.attempt.address;
    const open = this.#firstOpen();
    const hash = this.#translation && hashShape(this.#translation.definition.shape);
    const { token, wanted } = shown;
    const hello = encodeHello({
      versions: [VERSION],
      service,
      ...(hash && { hash }),
      ...(token && { token }),
      ...(wanted && { wanted }),
    });
    this.pump.write(open === undefined ? hello : concat(hello, open));
  }

  /** The OPEN that leaves with the HELLO, where a definition is known. */
  #firstOpen(): Uint8Array | undefined {
    if (this.#translation !== undefined) return this.#open(this.#translation);
    const { known, limits, translate } = this.options;
    const definition = known?.of(this.attempt.address, this.#shown, limits.definition);
    if (definition === undefined) return undefined;
    const translation = translate(definition);
    try {
      const open = this.#open(translation);
      this.#translation = translation;
      return open;
    } catch {
      // The connect arguments may be for the definition that the service has by now: it is to tell.
      return undefined;
    }
  }

  #nudge(delay: number): void {
    if (delay > LAST_NUDGE) return;
    this.#stopNudging = this.options.clock.set(delay, () => {
      this.pump.write(encodePing(kinds.PONG, 0));
      this.#nudge(2 * delay);
    });
  }

  #definition(body: Reader): void {
    if (this.#definitionCame) throw unexpectedFrame(kinds.DEFINITION);
    this.#definitionCame = true;
    let definition: Definition;
    const size = body.end - body.at;
    try {
      definition = readDefinition(body.raw(size), { bytes: this.options.limits.definition });
    } catch (cause) {
      if (!(cause instanceof DefinitionError)) throw cause;
      throw new HoldfastError("protocol", `The service's definition can't be used: ${cause.message}`, { cause });
    }
    const { service } = this.attempt.address;
    if (definition.shape.service !== service) {
      throw new HoldfastError("protocol", `The service's definition is that of ${definition.shape.service}.`);
    }
    this.options.known?.remember(this.attempt.address, this.#shown, { definition, size });
    this.#translation = this.options.translate(definition);
    this.pump.write(this.#open(this.#translation));
  }

  /** The OPEN for a definition. */
  #open(translation: Translation): Uint8Array {
    const { former, identity, nonce } = this.attempt;
    const { frame: longest, window, requests } = this.options.limits;
    const { resumable, telemetry } = this.options;
    const traces = telemetry?.traces === true;
    const open = {
      limits: { frame: longest, window, requests },
      resumable,
      traces,
      identity,
      nonce,
      declined: translation.declined,
    };
    const args = translation.connectArguments(this.options.args);
    const resume = former?.former;
    const frame = encodeOpen({ ...open, ...(resume && { former: resume }) }, translation.table.connect, args);
    this.#asked = true;
    return frame;
  }

  #welcome(body: Reader): void {
    const { former } = this.attempt;
    const translation = this.#translation;
    if (translation === undefined) throw unexpectedFrame(kinds.WELCOME);
    const welcome = readWelcome(body, translation.table);
    const { resumed } = welcome;
    if (resumed !== undefined && former?.carrier.session.canResume(resumed) !== true) {
      throw new HoldfastError("protocol", "The service goes on with a session that this client can't go on with.");
    }
    const session = resumed === undefined ? this.#newSession(translation, welcome) : former!;
    this.letIn(session, resumed === undefined);
    if (this.options.credentials.renewal !== undefined) this.#renewal = this.#makeRenewal();
    session.welcome(welcome, this.#renewal);
    this.#decoder.receiver = new NativeFrames(session.translation.table, session.carrier.session, {
      shown: (body) => session.credentials(body),
    });
    this.carry(session, resumed);
  }

  #newSession(translation: Translation, { identity, limits, token, traces, transportId }: Welcome): ClientSession {
    const { resumable } = this.options;
    const terms = {
      encoder: new NativeEncoder(translation.table, limits.frame, resumable, traces),
      identity,
      peer: limits,
      server: this.attempt.address,
      resumable,
      token,
      transportId,
    };
    return new ClientSession(this.options, translation, terms, this.attempt.events);
  }

  #makeRenewal(): Renewal {
    const { clock, credentials, log } = this.options;
    return new Renewal(credentials, this.#shown, clock, {
      token: (token) => this.pump.write(encodeCredentials(token)),
      line: () => {
        // Where the session could not go on over another line, it ends with what it was begun with.
        if (!this.attempt.resumes) return;
        this.#isReplaced = true;
        this.pump.destroy();
      },
      failed: (error) => log({ level: "warning", message: "This client's credentials could not be renewed.", error }),
    });
  }

  protected override callOff(): Uint8Array | undefined {
    if (!this.#asked) return undefined;
    return encodeCallOff({ code: "cancelled", text: "The client has called this off." });
  }

  protected override settled(): void {
    this.#stopNudging();
  }

  protected override ended(): void {
    this.#renewal?.stop();
  }

  protected override reasonOf(cause: HoldfastError): HoldfastError {
    if (!this.#isReplaced) return cause;
    return new HoldfastError("disconnected", "The line is made again, with newer credentials.");
  }
}

/** Two frames for one write. */
function concat(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}
