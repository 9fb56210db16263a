/**
 * One line of a client that speaks DISET: from its first byte, through the proposal, to its end.
 *
 * ```
 * proposal ──may connect──▶ arguments ──onConnect returns──▶ carrying ──▶ ended
 *    │                          ├──a call: answered──────────────────────────▲
 *    └──────────────────────────┴──refused, broken, too slow─────────────────┘
 * ```
 *
 * Where the original closes without a word, this side says why before it closes: the original's clients report it.
 *
 * @module
 */

import { Access } from "../access.ts";
import { originOf } from "../attempts.ts";
import { unauthorized } from "../authorization.ts";
import { Pump } from "../connection.ts";
import { type Identified, ownerOf } from "../credentials.ts";
import { HoldfastError, tellable } from "../errors.ts";
import type { Link, ServerCore } from "../server_core.ts";
import { ServiceEntrance } from "../service_entrance.ts";
import { ServiceSession } from "../service_session.ts";
import type { SessionStore } from "../session_store.ts";
import type { Stream, StreamEvents } from "../transport/transport.ts";
import { Decoder, type FrameReceiver } from "../wire/diset/decoder.ts";
import { decodePayload } from "../wire/diset/encodings.ts";
import { type KeepAliveFrame, readKeepAlive } from "../wire/diset/frames.ts";
import {
  ACTION_TYPES,
  type ConnectArguments,
  type Proposal,
  readCallArguments,
  readConnectArguments,
  readProposal,
} from "../wire/diset/handshake.ts";
import type { Dict, PyValue } from "../wire/diset/python.ts";
import { failure, REFUSALS, success } from "../wire/diset/results.ts";
import { answerCall } from "./calls.ts";
import { Conversation, PLAIN_PACE } from "./conversation.ts";
import { answerTo, keepAliveOf } from "./keep_alive.ts";
import { full, refusalResult } from "./refusals.ts";
import type { DisetService } from "./service.ts";

/** What a proposal may take, in bytes: as much as the original reads at once. */
const LONGEST_PROPOSAL = 16 * 1024;

/** What an identity may take, in UTF-16 code units. The original's have 32. */
const LONGEST_IDENTITY = 1024;

/** How many keep-alives are answered to one who is not let in, and up to which size, in bytes. */
const MOST_KEEP_ALIVES = 100;
const LONGEST_KEEP_ALIVE = 8 * 1024;

/** What a line is made with. */
export interface DisetLinkOptions {
  readonly server: ServerCore;
  readonly diset: DisetService;
  readonly store: SessionStore<ServiceSession>;
  readonly stream: Stream;
  /** Whether it is without TLS. */
  readonly plain: boolean;
  /** When it began, by the service's clock. */
  readonly since: number;
  /** Where clients reach the service. */
  readonly url: string;
}

/** Takes one stream to its session, or answers its call. */
export class DisetServiceLink implements Link, StreamEvents, FrameReceiver {
  readonly #options: DisetLinkOptions;
  readonly #decoder: Decoder;
  readonly #pump: Pump;
  readonly #entrance: ServiceEntrance;
  #stage: "proposal" | "identifying" | "arguments" | "connecting" | "carrying" | "ended" = "proposal";
  #proposal: Proposal | undefined;
  #access: Access | undefined;
  #session: ServiceSession | undefined;
  #conversation: Conversation | undefined;
  #keepAlives = 0;

  constructor(options: DisetLinkOptions) {
    this.#options = options;
    const { diset, plain, server, since, store, stream } = options;
    const { deadlines, limits } = server;
    this.#decoder = new Decoder(this, Math.min(limits.handshakeFrame, LONGEST_PROPOSAL));
    const keepAlive = keepAliveOf(diset.broker, diset.encoding);
    const events = {
      fault: (error: HoldfastError) => this.#fault(error),
      ended: (reason: HoldfastError) => this.#broken(reason),
      stale: (stale: boolean) => void (this.#stage === "carrying" && this.#session!.stale(stale)),
    };
    this.#pump = new Pump(this.#decoder, keepAlive, limits, deadlines, events, plain ? PLAIN_PACE : 0);
    this.#entrance = new ServiceEntrance(server, store, stream, this, since);
    this.#pump.attach(stream);
  }

  data(chunk: Uint8Array): void {
    this.#pump.data(chunk);
  }

  closed(cause?: unknown): void {
    this.#pump.closed(cause);
  }

  end(error: HoldfastError): void {
    if (this.#stage === "ended") return;
    if (this.#stage === "carrying") return this.#session!.end(error);
    const isCalling = this.#stage === "connecting" || this.#stage === "arguments";
    this.#stage = "ended";
    this.#pump.explain(error);
    this.#entrance.refused(error, this.#access?.principal);
    // What the client itself has said went wrong, it knows.
    if (!error.remote) this.#say(refusalResult(error, isCalling ? this.#proposal?.action : undefined));
    this.#pump.end();
    this.#session?.carrier.session.disconnected(error);
  }

  stop(error: HoldfastError): void {
    if (this.#stage !== "carrying") this.end(error);
  }

  frame(keepAlive: boolean, payload: Uint8Array): void {
    if (keepAlive && payload.length > LONGEST_KEEP_ALIVE) return;
    const { value } = decodePayload(payload, this.#options.diset.table.payload);
    if (keepAlive) this.#answer(readKeepAlive(value));
    else if (this.#stage === "proposal") this.#propose(readProposal(value));
    else if (this.#stage === "arguments") this.#take(value);
  }

  #answer(frame: KeepAliveFrame): void {
    if (++this.#keepAlives > MOST_KEEP_ALIVES) {
      throw new HoldfastError("protocol", "There were too many keep-alives before anything else.");
    }
    const pong = answerTo(frame, this.#options.diset.encoding);
    if (pong !== undefined) this.#pump.answer(pong);
  }

  #say(result: Dict): void {
    this.#pump.write(this.#options.diset.frame(result));
  }

  /** To the original, whatever can't be read of a proposal is one and the same. */
  #fault(error: HoldfastError): void {
    if (this.#stage !== "proposal") return this.end(error);
    this.end(new HoldfastError("protocol", REFUSALS.invalidProposal, { cause: error }));
  }

  #propose(proposal: Proposal): void {
    const { diset, stream } = this.#options;
    const { credentials, service, type } = proposal;
    this.#proposal = proposal;
    this.#stage = "identifying";
    if (service !== diset.name) throw new HoldfastError("unknown-service", REFUSALS.unknownService(service));
    if (!ACTION_TYPES.includes(type)) throw new HoldfastError("refused", REFUSALS.unknownActionType(type));
    if (typeof credentials !== "string" && stream.certificates.length > 0) {
      // Who has shown nothing is nobody, for whomever it says to speak.
      throw unauthorized(new HoldfastError("unauthorized", "Nobody may speak for others here."));
    }
    const wanted = typeof credentials === "string" && credentials !== "" ? credentials : undefined;
    const identified = this.#entrance.identify(undefined, wanted);
    if (!(identified instanceof Promise)) return this.#identified(identified);
    this.#pump.hold();
    void this.#identify(identified);
  }

  async #identify(pending: Promise<Identified>): Promise<void> {
    try {
      const identified = await this.#entrance.ask(pending);
      if (this.#stage !== "identifying") return;
      this.#identified(identified);
    } catch (error) {
      return this.end(tellable(error));
    }
    this.#pump.release();
  }

  #identified(identified: Identified): void {
    const { authorization, limits, views } = this.#options.server;
    this.#entrance.checkIsCurrent(identified);
    const rights = authorization.rights(identified.principal);
    this.#access = new Access(identified, rights, views.of(rights));
    this.#entrance.checkMayConnect(rights);
    this.#say(success());
    // The original knows that type, and has nothing to do with it.
    if (this.#proposal!.type === "Message") return this.#served();
    this.#stage = "arguments";
    this.#decoder.limit = limits.handshakeFrame;
  }

  #take(value: PyValue): void {
    const { action, type } = this.#proposal!;
    const access = this.#access!;
    if (type === "Connection") {
      if (action !== "new") throw new HoldfastError("refused", REFUSALS.unknownConnectionMethod(action));
      return this.#open(access, readConnectArguments(value));
    }
    const args = readCallArguments(value);
    this.#entrance.checkIsCurrent(access.identified);
    const { diset: { name, since }, url } = this.#options;
    const isCall = type === "RPC";
    this.#say(
      isCall
        ? answerCall({ name, since, url }, access.principal, action, args)
        : failure(REFUSALS.unknownMethod(action)),
    );
    this.#served();
  }

  #served(): void {
    this.#stage = "ended";
    this.#entrance.served();
    this.#pump.end();
  }

  #open(access: Access, { args, identity: given }: ConnectArguments): void {
    const { diset, plain, server, store, stream: { remote } } = this.#options;
    if (given.length > LONGEST_IDENTITY || !given.isWellFormed()) {
      throw new HoldfastError("invalid-message", REFUSALS.argumentType(0));
    }
    const table = diset.tableOf(access.view);
    const values = table.connect.decode(args);
    this.#entrance.checkIsCurrent(access.identified);
    const identity = given === "" ? crypto.randomUUID() : given;
    server.attempts.check(remote.hostname);
    this.#takeOver(ownerOf(access.principal), identity);
    const { encoding, broker } = diset;
    const conversation = new Conversation({
      clock: server.clock,
      encoding,
      limit: server.limits.frame,
      name: broker,
      overdue: (error) => this.end(error),
      plain,
      pump: this.#pump,
      table,
    });
    this.#conversation = conversation;
    const { setup, version, vo } = this.#proposal!;
    const claims = { setup, ...(vo !== undefined && { vo }), ...(version !== undefined && { version }) };
    let session: ServiceSession;
    try {
      session = new ServiceSession(server, store, { access, identity, remote, diset: claims }, {
        declined: diset.requests,
        encoder: conversation.encoder,
        peer: server.limits,
        resumable: false,
        wire: diset,
      });
    } catch (cause) {
      throw tellable(cause).code === "limit" ? full(cause) : cause;
    }
    this.#session = session;
    this.#stage = "connecting";
    this.#pump.hold();
    void server.track(this.#connect(session, conversation, values));
  }

  /**
   * Ends the session that the client had, if it had one. The original's clients come back at once under their old name,
   * while their old line may not have been found broken yet.
   *
   * @throws {HoldfastError} `identity-in-use` where it may be the session of another: of those who have not shown who
   * they are, only one from the same address who speaks DISET, too, is believed to be the same.
   */
  #takeOver(owner: string, identity: string): void {
    const { diset, store, stream: { remote } } = this.#options;
    const former = store.get(owner, identity);
    if (former === undefined) return;
    const isSame = owner !== "" || former.wire === diset && originOf(former.address) === originOf(remote.hostname);
    if (!isSame) throw new HoldfastError("identity-in-use", "Another client has this name now: choose another one.");
    former.end(new HoldfastError("closed", "The same client has begun a new session."));
  }

  async #connect(
    session: ServiceSession,
    conversation: Conversation,
    args: Record<string, unknown>,
  ): Promise<void> {
    const refused = await this.#entrance.ask(session.admit(args));
    if (this.#stage !== "connecting") return;
    if (refused !== undefined) return this.end(refused);
    this.#entrance.passed();
    this.#stage = "carrying";
    this.#say(success());
    conversation.begin(session.carrier.session, this.#decoder, "receives");
    session.carry(this.#pump);
    this.#pump.release();
  }

  #broken(reason: HoldfastError): void {
    this.#conversation?.stop();
    const isCarrying = this.#stage === "carrying";
    this.#stage = "ended";
    if (isCarrying) this.#session!.broken(this.#pump, reason);
    else this.#session?.carrier.session.disconnected(reason);
    this.#entrance.gone();
  }
}
