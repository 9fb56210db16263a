/**
 * One line of a client's to a service of the original's: through the handshake, to its session.
 *
 * The service tells nothing of itself, so that the client's own definition has to be the service's. Nothing goes on
 * after a break: the next line begins a new session.
 *
 * @module
 */

import type { Attempt, OpenLine } from "../client_attempt.ts";
import { ClientLine } from "../client_line.ts";
import { ClientSession, type LinkOptions } from "../client_session.ts";
import { HoldfastError } from "../errors.ts";
import type { Translation } from "../translation.ts";
import type { Network } from "../transport/transport.ts";
import { Decoder, type FrameReceiver } from "../wire/diset/decoder.ts";
import { encodeFrame } from "../wire/diset/encoder.ts";
import { decodePayload } from "../wire/diset/encodings.ts";
import { readKeepAlive } from "../wire/diset/frames.ts";
import { connectResult, proposalResult, readConnectAnswer, readProposalAnswer } from "../wire/diset/handshake.ts";
import type { PyValue } from "../wire/diset/python.ts";
import { REFUSALS } from "../wire/diset/results.ts";
import type { MessageTable } from "../wire/diset/table.ts";
import type { Spoken } from "./client_options.ts";
import { Conversation, PLAIN_PACE } from "./conversation.ts";
import { answerTo, keepAliveOf } from "./keep_alive.ts";

/** What a client has for services of the original's. */
export interface DisetClient extends Spoken {
  /** The messages of its own definition. */
  readonly table: MessageTable;
  /** Streams without TLS. */
  readonly plain: Pick<Network, "connect">;
}
/** Bytes of randomness in the name that a client has if it is given none: as many as the original's. */
const IDENTITY_SIZE = 16;

const NO_TOKEN = new Uint8Array(0);

/**
 * Makes a line, and is let in.
 *
 * @returns The line. What arrives is handed out from the next turn of the event loop on.
 * @throws {HoldfastError} As `Network.connect`; what the service refused it with; `protocol`, `timeout`, `disconnected`.
 */
export async function openDisetLink(options: LinkOptions, diset: DisetClient, attempt: Attempt): Promise<OpenLine> {
  return await new DisetClientLink(options, diset, attempt).open();
}

class DisetClientLink extends ClientLine {
  readonly #diset: DisetClient;
  readonly #decoder: Decoder;
  readonly #identity: string;
  readonly #translation: Translation;
  #stage: "proposed" | "introduced" = "proposed";
  #conversation: Conversation | undefined;

  constructor(options: LinkOptions, diset: DisetClient, attempt: Attempt) {
    const isPlain = attempt.address.protocol === "dip";
    const identity = attempt.identity === "" ? randomIdentity() : attempt.identity;
    const receiver: FrameReceiver = { frame: (keepAlive, payload) => this.#frame(keepAlive, payload) };
    const decoder = new Decoder(receiver, options.limits.handshakeFrame);
    super(options, attempt, isPlain ? diset.plain : options.network, {
      decoder,
      alpn: [],
      pace: isPlain ? PLAIN_PACE : 0,
      keepAlive: keepAliveOf(identity, diset.encoding),
    });
    this.#diset = diset;
    this.#decoder = decoder;
    this.#identity = identity;
    this.#translation = attempt.translation!;
  }

  protected override begin(): void {
    const { service } = this.attempt.address;
    const proposal = { ...this.#diset.proposing, service, type: "Connection", action: "new" };
    this.#write(proposalResult(proposal));
  }

  /** What can't be read before anything else is most likely not DIRAC's at all. */
  protected override fail(error: HoldfastError): void {
    const isForeign = this.#stage === "proposed" && error.code === "protocol" && !error.remote;
    super.fail(isForeign ? foreign(this.attempt.address.url, error) : error);
  }

  /** The original's services take a closed connection for a client that has left. */
  protected override callOff(): undefined {}

  #frame(keepAlive: boolean, payload: Uint8Array): void {
    const { value } = decodePayload(payload, this.#diset.table.payload);
    if (keepAlive) return this.#answer(value);
    if (this.#stage === "proposed") this.#introduce(value);
    else this.#letIn(value);
  }

  #answer(value: PyValue): void {
    const pong = answerTo(readKeepAlive(value), this.#diset.encoding);
    if (pong !== undefined) this.pump.answer(pong);
  }

  #introduce(answer: PyValue): void {
    const { delegation } = this.#refusing(() => readProposalAnswer(answer));
    // What the original's client answers that does not delegate.
    if (delegation) this.#write(null);
    const { args } = this.options;
    const given = this.#diset.table.connect.encode(this.#translation.connectArguments(args));
    this.#stage = "introduced";
    this.#write(connectResult({ identity: this.#identity, args: given }));
  }

  #letIn(answer: PyValue): void {
    this.#refusing(() => readConnectAnswer(answer));
    const { clock, limits } = this.options;
    const conversation = new Conversation({
      ...this.#diset,
      clock,
      limit: limits.frame,
      name: this.#identity,
      overdue: (error) => this.fail(error),
      plain: this.attempt.address.protocol === "dip",
      pump: this.pump,
    });
    this.#conversation = conversation;
    const terms = {
      encoder: conversation.encoder,
      identity: this.#identity,
      peer: limits,
      server: this.attempt.address,
      resumable: false,
      token: NO_TOKEN,
      transportId: crypto.randomUUID(),
    };
    const session = new ClientSession(this.options, this.#translation, terms, this.attempt.events);
    this.letIn(session, true);
    conversation.begin(session.carrier.session, this.#decoder, "sends");
    this.carry(session);
  }

  protected override ended(): void {
    this.#conversation?.stop();
  }

  /** The service's refusals are known by their texts alone. */
  #refusing<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      const { message } = HoldfastError.from(error);
      if (message !== REFUSALS.unknownService(this.attempt.address.service)) throw error;
      throw new HoldfastError("unknown-service", message, { remote: true });
    }
  }

  #write(value: PyValue): void {
    this.pump.write(encodeFrame(value, this.#diset.encoding));
  }
}

function foreign(url: string, cause: HoldfastError): HoldfastError {
  return new HoldfastError(
    "protocol",
    `${url} does not speak DIRAC's protocol: ${cause.message} Check the address; a Holdfast service is at tls://, and `
      + 'speaks DIRAC\'s only with the option "diset".',
    { cause },
  );
}

function randomIdentity(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(IDENTITY_SIZE));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
