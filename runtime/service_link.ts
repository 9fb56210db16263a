/**
 * One line to a service: from its first byte, through the handshake, to its end.
 *
 * ```
 * hello ──HELLO──▶ open ──OPEN──▶ connecting ──onConnect returns──▶ carrying ──▶ ended
 *   │               ├──OPEN, with a session to go on with──────────────▲           ▲
 *   └───────────────┴───────────────┴──refused, broken, too slow──────────────────┘
 * ```
 *
 * @module
 */

import { encodeDefinition, hashShape } from "../idl/canonical.ts";
import { unauthorized } from "./authorization.ts";
import { Pump } from "./connection.ts";
import { HoldfastError } from "./errors.ts";
import type { Link, ServerCore } from "./server_core.ts";
import { ServiceSession } from "./service_session.ts";
import type { SessionStore } from "./session_store.ts";
import type { Stream, StreamEvents } from "./transport/transport.ts";
import { lastNumber, unexpectedFrame } from "./wire/native/frames.ts";
import {
  encodeDefinitionFrame,
  encodeRefuse,
  encodeWelcome,
  type Former,
  readHello,
  readOpen,
  VERSION,
} from "./wire/native/handshake.ts";
import * as kinds from "./wire/native/kinds.ts";
import type { Reader } from "./wire/native/reader.ts";

/** Takes one stream through the handshake, and to its session. */
export class ServiceLink implements Link, StreamEvents {
  readonly #server: ServerCore;
  readonly #store: SessionStore<ServiceSession>;
  readonly #stream: Stream;
  readonly #pump: Pump;
  readonly #stopTimer: () => void;
  #stage: "hello" | "open" | "connecting" | "carrying" | "ended" = "hello";
  #passOver = false;
  #session: ServiceSession | undefined;

  constructor(server: ServerCore, store: SessionStore<ServiceSession>, stream: Stream) {
    this.#server = server;
    this.#store = store;
    this.#stream = stream;
    this.#pump = new Pump(this, server.limits.handshakeFrame, server.limits, server.clock, {
      fault: (error) => this.end(error),
      ended: (reason) => this.#broken(reason),
      stale: (stale) => this.#stage === "carrying" && this.#session!.stale(stale),
    });
    this.#stopTimer = server.clock.set(server.limits.handshakeTimeout, () => {
      this.end(new HoldfastError("timeout", "The handshake took too long."));
    });
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
    this.#server.shaking.delete(this);
    this.#server.attempts.failed(this.#stream.remote.hostname, error);
    this.#pump.write(encodeRefuse({ code: error.code, text: error.message }));
    this.#pump.end();
    this.#session?.carrier.session.disconnected(error);
  }

  stop(error: HoldfastError): void {
    if (this.#stage !== "carrying") this.end(error);
  }

  frame(kind: number, body: Reader): void {
    if (kind === kinds.PING) return this.#pump.pong(lastNumber(body));
    if (kind === kinds.PONG || kind >= kinds.OPTIONAL) return;
    if (kind === kinds.HELLO && this.#stage === "hello") return this.#hello(body);
    if (kind !== kinds.OPEN || this.#stage !== "open") throw unexpectedFrame(kind);
    if (!this.#passOver) return this.#open(body);
    this.#passOver = false;
  }

  #hello(body: Reader): void {
    const { versions, service, hash } = readHello(body);
    const { definition } = this.#server.table;
    if (!versions.includes(VERSION)) {
      throw new HoldfastError("protocol", `This service speaks version ${VERSION} of the protocol.`);
    }
    if (service !== definition.shape.service) {
      throw new HoldfastError("unknown-service", `There is no service ${JSON.stringify(service)} here.`);
    }
    if (!this.#server.authorization.connect) throw unauthorized();
    this.#stage = "open";
    if (hash !== undefined && equal(hash, hashShape(definition.shape))) return;
    this.#passOver = hash !== undefined;
    this.#pump.write(encodeDefinitionFrame(encodeDefinition(definition)));
  }

  #open(body: Reader): void {
    const server = this.#server;
    const { open, args } = readOpen(body, server.table);
    const identity = open.identity === "" ? crypto.randomUUID() : open.identity;
    const holder = this.#store.find(identity, open.former?.token);
    if (holder !== undefined && open.former !== undefined) {
      if (holder.carrier.session.isLate(open.former)) {
        throw new HoldfastError("timeout", "This came too late: its client is back over another line already.");
      }
      if (this.#resume(holder, open.former)) return;
    }
    server.attempts.check(this.#stream.remote.hostname);
    holder?.end(new HoldfastError("closed", "The same client has begun a new session."));
    const session = new ServiceSession(server, this.#store, this.#stream.remote, identity, open);
    this.#session = session;
    this.#stage = "connecting";
    // The session begins with the WELCOME: nothing of it is read before the handler has said yes.
    this.#pump.hold();
    void server.track(this.#connect(session, args));
  }

  /** Goes on with a session, also where another line is still believed to carry it. */
  #resume(session: ServiceSession, former: Former): boolean {
    if (!session.carrier.resumable || !session.carrier.session.canResume(former)) return false;
    session.carrier.cut();
    this.#carry(session, former);
    return true;
  }

  async #connect(session: ServiceSession, args: Record<string, unknown>): Promise<void> {
    const refusal = await session.admit(args);
    if (this.#stage !== "connecting") return;
    if (refusal !== undefined) return this.end(refusal);
    this.#carry(session);
    this.#pump.release();
  }

  #carry(session: ServiceSession, former?: Former): void {
    this.#stopTimer();
    this.#server.shaking.delete(this);
    this.#stage = "carrying";
    this.#session = session;
    const resumed = former && session.carrier.session.gap;
    this.#pump.write(encodeWelcome({ ...session.welcome, ...(resumed && { resumed }) }));
    session.carry(this.#pump, former);
  }

  #broken(reason: HoldfastError): void {
    this.#stopTimer();
    this.#server.links.delete(this);
    this.#server.shaking.delete(this);
    if (this.#stage === "carrying") this.#session!.broken(this.#pump, reason);
    else this.#session?.carrier.session.disconnected(reason);
    this.#stage = "ended";
    this.#server.checkIdle();
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
