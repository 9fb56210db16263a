/**
 * One client, as the service sees it: from the first byte, through the handshake, to the end.
 *
 * ```
 * hello ──HELLO──▶ open ──OPEN──▶ connecting ──onConnect returns──▶ connected ──▶ ended
 *   └──────────────────┴──────────────┴──refused, broken, too slow──▶ ended
 * ```
 *
 * @module
 */

import { encodeDefinition, hashShape } from "../idl/canonical.ts";
import { Pump } from "./connection.ts";
import { Dispatcher, type Reporter, reporter } from "./dispatch.ts";
import { HoldfastError } from "./errors.ts";
import { type Deferred, deferred } from "./promises.ts";
import { Connection } from "./server_connection.ts";
import { hashToken, type Link, type ServerCore } from "./server_core.ts";
import { Session } from "./session/session.ts";
import type { Stream, StreamEvents } from "./transport/transport.ts";
import { NativeEncoder } from "./wire/native/encoder.ts";
import { NativeFrames, unexpectedFrame } from "./wire/native/frames.ts";
import {
  encodeDefinitionFrame,
  encodePing,
  encodeRefuse,
  encodeWelcome,
  type Open,
  readHello,
  readOpen,
  TOKEN_SIZE,
  VERSION,
} from "./wire/native/handshake.ts";
import * as kinds from "./wire/native/kinds.ts";
import type { Reader } from "./wire/native/reader.ts";

/** Takes one stream through the handshake, and keeps its session. */
export class ServiceLink implements Link, StreamEvents {
  readonly #server: ServerCore;
  readonly #stream: Stream;
  readonly #pump: Pump;
  readonly #report: Reporter;
  readonly #stopTimer: () => void;
  #stage: "hello" | "open" | "connecting" | "connected" | "ended" = "hello";
  #passOver = false;
  #session: Session | undefined;
  #connection: Connection | undefined;
  #streamEnded = false;
  /** How many of the application's callbacks run: `onConnect`, `onDrop`. */
  #callbacks = 0;
  readonly #over: Deferred<void> = deferred();
  /** Resolved when all that belongs to it is over: the stream has ended and `onDrop` has run. */
  readonly over: Promise<void> = this.#over.promise;
  /** The hash of the token with which the same client may replace this connection. */
  tokenHash: Uint8Array | undefined;

  constructor(server: ServerCore, stream: Stream) {
    this.#server = server;
    this.#stream = stream;
    this.#report = reporter(server.log, () => this.#connection?.transportId);
    this.#pump = new Pump(this, server.limits.handshakeFrame, server.limits, server.clock, {
      fault: (error) => this.end(error),
      ended: (reason) => this.#broken(reason),
      stale: () => {},
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

  /** Ends whatever stage it is in, and tells the client why. */
  end(error: HoldfastError): void {
    if (this.#stage === "ended") return;
    if (this.#stage === "connected") return this.#session!.fail(error, 0);
    this.#pump.write(encodeRefuse({ code: error.code, text: error.message }));
    if (this.#session !== undefined) return this.#session.disconnected(error);
    this.#stage = "ended";
    this.#pump.end();
  }

  frame(kind: number, body: Reader): void {
    if (kind === kinds.PING) return this.#pump.write(encodePing(kinds.PONG, body.varint()));
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
    this.#stage = "open";
    if (hash !== undefined && equal(hash, hashShape(definition.shape))) return;
    this.#passOver = hash !== undefined;
    this.#pump.write(encodeDefinitionFrame(encodeDefinition(definition)));
  }

  #open(body: Reader): void {
    const server = this.#server;
    const { open, args } = readOpen(body, server.table.connect);
    const identity = open.identity === "" ? crypto.randomUUID() : open.identity;
    server.claim(identity, open.token, this);
    this.#stage = "connecting";
    const session = this.#makeSession(open);
    const ids = { transportId: crypto.randomUUID(), identity, remote: this.#stream.remote };
    const connection = new Connection(ids, session, server.table, open.declined);
    this.#session = session;
    this.#connection = connection;
    // The session begins with the WELCOME: nothing of it is read before the handler has said yes.
    this.#pump.hold();
    void this.#connect(connection, session, args);
  }

  async #connect(connection: Connection, session: Session, args: Record<string, unknown>): Promise<void> {
    this.#callbacks++;
    try {
      await this.#server.onConnect?.(connection, args);
    } catch (error) {
      const { code, text } = this.#report(error, "onConnect");
      this.#connection = undefined;
      this.end(new HoldfastError(code === "handler-failed" ? "refused" : code, text));
    }
    this.#callbacks--;
    this.#stopTimer();
    if (session.reason === undefined) this.#welcome(connection, session);
    else if (this.#connection !== undefined) await this.#drop(connection, session.reason);
    this.#finish();
  }

  #welcome(connection: Connection, session: Session): void {
    const { limits: { frame, window, requests }, table } = this.#server;
    const { transportId, identity } = connection;
    const token = crypto.getRandomValues(new Uint8Array(TOKEN_SIZE));
    this.tokenHash = hashToken(token);
    this.#stage = "connected";
    this.#server.connections.set(transportId, connection);
    this.#pump.write(encodeWelcome({ limits: { frame, window, requests }, transportId, identity, token }));
    this.#pump.carry(session, new NativeFrames(table, session));
    this.#pump.release();
  }

  #makeSession(open: Open): Session {
    const { limits, table, find } = this.#server;
    const dispatcher = new Dispatcher((name) => {
      const handler = find(name);
      return handler && ((value, call) => handler(value, this.#connection!, call));
    }, this.#report);
    const session: Session = new Session({
      role: "service",
      encoder: new NativeEncoder(table, open.limits.frame),
      limits,
      peer: open.limits,
      message: (name) => table.name(name),
      events: {
        message: (message, value, frame) => dispatcher.message(session, message, value, frame),
        request: (message, value, served) => dispatcher.request(session, message, value, served),
        output: () => this.#pump.schedule(),
        pong: () => {},
        ended: (reason) => this.#sessionEnded(reason),
      },
    });
    return session;
  }

  #sessionEnded(reason: HoldfastError): void {
    const wasConnected = this.#stage === "connected";
    this.#stage = "ended";
    this.#server.releaseIdentity(this.#connection?.identity, this);
    this.#pump.end();
    if (wasConnected) void this.#drop(this.#connection!, reason);
  }

  #broken(reason: HoldfastError): void {
    this.#streamEnded = true;
    this.#stopTimer();
    if (this.#session === undefined) this.#stage = "ended";
    else this.#session.disconnected(reason);
    this.#finish();
  }

  /** Runs `onDrop`: once, for each connection whose `onConnect` has returned. */
  async #drop(connection: Connection, reason: HoldfastError): Promise<void> {
    this.#callbacks++;
    try {
      await this.#server.onDrop?.(connection, reason);
    } catch (error) {
      this.#report(error, "onDrop");
    }
    this.#callbacks--;
    this.#server.connections.delete(connection.transportId);
    this.#finish();
  }

  #finish(): void {
    if (this.#callbacks > 0 || !this.#streamEnded) return;
    this.#server.links.delete(this);
    this.#over.resolve();
  }
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}
