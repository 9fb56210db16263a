/**
 * One line to a service: from its first byte, through the handshake, to its end.
 *
 * ```
 * hello ──HELLO──▶ identifying ──may connect──▶ open ──OPEN──▶ connecting ──onConnect returns──▶ carrying ──▶ ended
 *   │                    │                        ├──OPEN, with a session to go on with─────────────▲           ▲
 *   └────────────────────┴────────────────────────┴───────────────┴──refused, broken, too slow─────────────────┘
 * ```
 *
 * Between `open` and what follows it stands `knocking`, where the OPEN is about a session that there is, and does not go
 * on with it by its token: it may have come late, over a line that its client has left. So the client is to show that it
 * is there.
 *
 * @module
 */

import { Access } from "./access.ts";
import { Pump, type PumpEvents } from "./connection.ts";
import { type Identified, ownerOf } from "./credentials.ts";
import { HoldfastError, tellable } from "./errors.ts";
import { canGoOn, FROM_THE_START, isUnanswered } from "./going_on.ts";
import type { Service } from "./monitoring/snapshot.ts";
import type { Principal } from "./principal.ts";
import type { Link, ServerCore } from "./server_core.ts";
import { ServiceEntrance } from "./service_entrance.ts";
import { ServiceSession } from "./service_session.ts";
import type { Stream, StreamEvents } from "./transport/transport.ts";
import { Decoder, type FrameReceiver } from "./wire/native/decoder.ts";
import { NativeEncoder } from "./wire/native/encoder.ts";
import { lastNumber, NativeFrames, unexpectedFirst, unexpectedFrame } from "./wire/native/frames.ts";
import {
  encodeDefinitionFrame,
  encodePing,
  encodeRefuse,
  encodeWelcome,
  type Former,
  KEEP_ALIVE,
  type Open,
  readHello,
  readOpen,
  VERSION,
} from "./wire/native/handshake.ts";
import * as kinds from "./wire/native/kinds.ts";
import type { Reader } from "./wire/native/reader.ts";
import type { Gap } from "./wire/wire.ts";

/** Takes one stream through the handshake, and to its session. */
export class ServiceLink implements Link, StreamEvents, PumpEvents, FrameReceiver {
  readonly #server: ServerCore;
  readonly #monitor: Service | undefined;
  /** What the client is served; the service's own, until it is known who asks for what. */
  #service: Service;
  readonly #stream: Stream;
  readonly #decoder: Decoder;
  readonly #pump: Pump;
  /** Until the client has come in. */
  #entrance: ServiceEntrance | undefined;
  #stage: "hello" | "identifying" | "open" | "knocking" | "connecting" | "carrying" | "ended" = "hello";
  #principal: Principal | undefined;
  #access: Access | undefined;
  #passOver = false;
  /** Why the service itself is not for this line, where it is not. */
  #refusal: HoldfastError | undefined;
  #session: ServiceSession | undefined;

  /**
   * @param service What is served.
   * @param monitor What else is, to whoever may watch that.
   * @param since When the line began, by the service's clock.
   */
  constructor(service: Service, monitor: Service | undefined, stream: Stream, since: number) {
    const { core: server, sessions: store } = service;
    this.#server = server;
    this.#service = service;
    this.#monitor = monitor;
    this.#stream = stream;
    this.#decoder = new Decoder(this, server.limits.handshakeFrame);
    this.#pump = new Pump(this.#decoder, KEEP_ALIVE, server.limits, server.deadlines, this);
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
    if (this.#stage === "carrying") {
      // A line that another one took over from has no say any more.
      if (this.#session!.carrier.isCarriedBy(this.#pump)) this.#session!.end(error);
      return;
    }
    this.#stage = "ended";
    this.#pump.explain(error);
    this.#entrance!.refused(error, this.#principal);
    this.#pump.write(encodeRefuse({ code: error.code, text: error.message }));
    this.#pump.end();
    this.#session?.carrier.session.disconnected(error);
  }

  /** The service has no room for it, but for who is to watch it. */
  onlyToWatch(refusal: HoldfastError): void {
    this.#refusal = refusal;
  }

  stop(error: HoldfastError): void {
    if (this.#stage !== "carrying") this.end(error);
  }

  frame(kind: number, body: Reader): void {
    if (kind === kinds.PING) return this.#pump.pong(lastNumber(body));
    if (kind === kinds.PONG && this.#stage === "knocking") return this.#entrance!.answered(lastNumber(body));
    if (kind === kinds.CLOSE && (this.#stage === "open" || this.#stage === "knocking")) {
      throw new HoldfastError("cancelled", "The client has called this off.");
    }
    if (kind === kinds.PONG || kind >= kinds.OPTIONAL) return;
    if (kind === kinds.HELLO && this.#stage === "hello") return this.#hello(body);
    if (this.#stage === "hello") throw unexpectedFirst(kind);
    if (kind !== kinds.OPEN || this.#stage !== "open") throw unexpectedFrame(kind);
    if (!this.#passOver) return this.#open(body);
    this.#passOver = false;
  }

  #hello(body: Reader): void {
    const { versions, service, hash, token, wanted } = readHello(body);
    if (!versions.includes(VERSION)) {
      throw new HoldfastError("protocol", `This service speaks version ${VERSION} of the protocol.`);
    }
    if (this.#refusal !== undefined && isCalled(service, this.#service)) throw this.#refusal;
    this.#stage = "identifying";
    const identified = this.#entrance!.identify(token, wanted);
    if (!(identified instanceof Promise)) return this.#identified(identified, service, hash);
    this.#pump.hold();
    void this.#identify(identified, service, hash);
  }

  async #identify(pending: Promise<Identified>, service: string, hash: Uint8Array | undefined): Promise<void> {
    try {
      const identified = await this.#entrance!.ask(pending);
      if (this.#stage !== "identifying") return;
      this.#identified(identified, service, hash);
    } catch (error) {
      return this.end(tellable(error));
    }
    this.#pump.release();
  }

  #identified(identified: Identified, service: string, hash: Uint8Array | undefined): void {
    const entrance = this.#entrance!;
    entrance.checkIsCurrent(identified);
    this.#principal = identified.principal;
    this.#choose(service, identified.principal);
    const { authorization, views } = this.#service.core;
    const rights = authorization.rights(identified.principal);
    const held = hash && views.held(hash, rights);
    this.#access = new Access(identified, rights, held ?? views.of(rights));
    entrance.checkMayConnect(rights);
    this.#stage = "open";
    if (held !== undefined) return;
    this.#passOver = hash !== undefined;
    this.#pump.write(encodeDefinitionFrame(this.#access.view.json));
  }

  /**
   * Finds what the client asks for. Not before it is known who that is: to whoever may not watch the service, a monitor
   * is to look like any other name that nobody has, also by the time that the answer takes.
   *
   * @throws {HoldfastError} `unknown-service`
   */
  #choose(name: string, principal: Principal): void {
    if (isCalled(name, this.#service)) return;
    const monitor = this.#monitor !== undefined && isCalled(name, this.#monitor) ? this.#monitor : undefined;
    if (monitor?.core.authorization.rights(principal).connect !== true) {
      const cause = monitor && new HoldfastError("unauthorized", "No rule lets it watch the service.");
      throw new HoldfastError("unknown-service", `There is no service ${JSON.stringify(name)} here.`, { cause });
    }
    this.#service = monitor;
  }

  #open(body: Reader): void {
    const { open, args } = readOpen(body, this.#access!.view.table);
    this.#enter(open, args, false);
  }

  /** @param isThere Whether the client has answered since its OPEN has arrived. */
  #enter(open: Open, args: Record<string, unknown>, isThere: boolean): void {
    const { core: server, sessions: store } = this.#service;
    const access = this.#access!;
    this.#entrance!.checkIsCurrent(access.identified);
    const identity = open.identity === "" ? crypto.randomUUID() : open.identity;
    const holder = store.find(ownerOf(access.principal), identity, open);
    if (holder?.proof === "token") {
      if (holder.session.carrier.session.isLate(open.former!)) {
        throw new HoldfastError("timeout", "This came too late: its client is back over another line already.");
      }
      if (this.#resume(holder.session, open.former!)) return;
    }
    if (holder !== undefined && !isThere) {
      this.#stage = "knocking";
      return this.#pump.write(encodePing(kinds.PING, this.#entrance!.knock(() => this.#enter(open, args, true))));
    }
    if (holder?.proof === "nonce" && isUnanswered(holder.session) && this.#resume(holder.session)) return;
    server.attempts.check(this.#stream.remote.hostname);
    holder?.session.end(new HoldfastError("closed", "The same client has begun a new session."));
    const resumable = server.resumable && open.resumable;
    const session = new ServiceSession(server, store, {
      access,
      identity,
      nonce: open.nonce,
      remote: this.#stream.remote,
    }, {
      declined: open.declined,
      encoder: new NativeEncoder(access.view.table, open.limits.frame, resumable, open.traces),
      peer: open.limits,
      resumable,
      wire: server.native,
    });
    this.#session = session;
    this.#stage = "connecting";
    // The session begins with the WELCOME: nothing of it is read before the handler has said yes.
    this.#pump.hold();
    void server.track(this.#connect(session, args));
  }

  /**
   * Goes on with a session, also where another line is still believed to carry it.
   *
   * @param former How far its client has come; without it, the client does not know of the session, and begins with it.
   */
  #resume(session: ServiceSession, former?: Former): boolean {
    const gap = former ?? FROM_THE_START;
    const access = this.#access!;
    if (!canGoOn(session, access, gap)) return false;
    session.carrier.cut();
    session.credentials.renew(access.identified, access.rights);
    this.#carry(session, gap, former !== undefined);
    return true;
  }

  async #connect(session: ServiceSession, args: Record<string, unknown>): Promise<void> {
    const refusal = await this.#entrance!.ask(session.admit(args));
    if (this.#stage !== "connecting") return;
    if (refusal !== undefined) return this.end(refusal);
    this.#carry(session);
    this.#pump.release();
  }

  /**
   * @param gap What the client lacks, where the session has begun before.
   * @param isKnown Whether the client knows that it has.
   */
  #carry(session: ServiceSession, gap?: Gap, isKnown = false): void {
    this.#entrance!.passed();
    // A monitor's lines are the service's, too: it has places of its own for them.
    this.#service.core.links.add(this);
    // Of the handshake, nothing is held as long as the line.
    this.#entrance = this.#access = this.#principal = undefined;
    this.#stage = "carrying";
    this.#session = session;
    const resumed = isKnown && session.carrier.session.gap;
    this.#pump.write(encodeWelcome({ ...session.welcome, ...(resumed && { resumed }) }));
    this.#decoder.receiver = new NativeFrames(session.access.view.table, session.carrier.session, session);
    session.carry(this.#pump, gap);
  }

  /** What arrived can't be used. */
  fault(error: HoldfastError): void {
    this.end(error);
  }

  /** The client was asked for a sign of life, or has given one. */
  stale(stale: boolean): void {
    if (this.#stage === "carrying") this.#session!.stale(stale);
  }

  /** The stream has ended. */
  ended(reason: HoldfastError): void {
    const isCarrying = this.#stage === "carrying";
    this.#stage = "ended";
    if (isCarrying) this.#session!.broken(this.#pump, reason);
    else this.#session?.carrier.session.disconnected(reason);
    if (this.#entrance !== undefined) return this.#entrance.gone();
    this.#server.lost(this);
    this.#service.core.lost(this);
  }
}

function isCalled(name: string, { core }: Service): boolean {
  return core.table.definition.shape.service === name;
}
