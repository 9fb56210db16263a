/**
 * One side of a session in the model's hands: a real {@link Session} whose handlers end when they are told to, and whose
 * lines are the model's.
 *
 * @module
 */

import assert from "node:assert/strict";
import type { Message } from "../../../../idl/definition.ts";
import { type ErrorCode, HoldfastError } from "../../../../runtime/errors.ts";
import { Session } from "../../../../runtime/session/session.ts";
import type { SendOptions, ServedRequest } from "../../../../runtime/session/types.ts";
import { NativeEncoder } from "../../../../runtime/wire/native/encoder.ts";
import type { Fault, Fields } from "../../../../runtime/wire/wire.ts";
import { type Bounds, message, TALK } from "../pair.ts";
import type { Half, Thing } from "./half.ts";

/** Counts the frames that the outcome tells of. */
class CountingEncoder extends NativeEncoder {
  readonly #half: Half;

  constructor(half: Half, limit: number) {
    super(TALK, limit, true);
    this.#half = half;
  }

  override message(message: Message, value: unknown, acknowledge: boolean): number {
    const size = super.message(message, value, acknowledge);
    this.#half.frames++;
    return size;
  }

  override share(frame: Uint8Array): number {
    const size = super.share(frame);
    this.#half.frames++;
    return size;
  }

  override request(request: number, message: Message, value: unknown): number {
    const size = super.request(request, message, value);
    this.#half.frames++;
    return size;
  }

  override reply(request: number, message: Message, value: unknown): void {
    super.reply(request, message, value);
    this.#half.frames++;
  }

  override failure(request: number, fault: Fault): void {
    super.failure(request, fault);
    this.#half.frames++;
  }

  override cancel(request: number): void {
    super.cancel(request);
    this.#half.frames++;
  }
}

/** Counts what has been handled, and measures what waits to be. */
class CountingSession extends Session {
  /** What the peer sends; set once, before the first frame. */
  half!: Half;
  /** The sizes of frames whose handlers have not begun. */
  readonly parkedMessages: Map<number, number> = new Map();
  readonly parkedRequests: Map<number, number> = new Map();

  override handled(frame: number): void {
    if (this.reason === undefined) this.half.handled++;
    this.parkedRequests.delete(frame);
    super.handled(frame);
  }

  override onMessage(message: Message, size: number, fields: Fields): void {
    this.parkedMessages.set(this.gap.received + 1, size);
    super.onMessage(message, size, fields);
  }

  override onRequest(request: number, message: Message, size: number, fields: Fields): void {
    this.parkedRequests.set(this.gap.received + 1, size);
    super.onRequest(request, message, size, fields);
  }

  override onReply(request: number, fields: Fields): void {
    this.half.handled++;
    super.onReply(request, fields);
  }

  override onFailure(request: number, fault: Fault): void {
    this.half.handled++;
    super.onFailure(request, fault);
  }

  override onCancel(request: number): void {
    this.half.handled++;
    super.onCancel(request);
  }
}

/** A handler that runs. */
export interface Running {
  readonly thing: Thing;
  readonly frame: number;
  readonly served: ServedRequest | undefined;
}

/** More than the bytes of a frame beside its text. */
const AROUND_TEXT = 20;

/** What a session counts only while it is under way. */
const UNDER_WAY = [
  ...["unacknowledged", "unhandled", "windowUsed", "waiting", "waitingBytes", "held"] as const,
  ...["running", "parked", "parkedBytes", "requestsSent", "requestsReceived"] as const,
];

/** Room for what is kept beside counted frames, in bytes. */
const ACKS = 512;

/** What bounds one side, beside its limits. */
export interface PeerBounds extends Bounds {
  /** The longest text of a message that is sent to it, or that it sends. */
  readonly longestText: number;
  /** Whether it ends a session whose peer reads too slowly. */
  readonly disconnectSlow: boolean;
}

/** See the module's text. */
export class Peer {
  readonly session: CountingSession;
  readonly encoder: CountingEncoder;
  /** What it sends, and what it receives. */
  readonly sends: Half;
  readonly receives: Half;
  readonly running: Running[] = [];
  /** How often a line took bytes from it. */
  takes = 0;
  /** Whether its line has reason to ask it for bytes: the session has told it so, or something has arrived. */
  hasOutput = true;
  /** Whether it was told that its peer is about to stop. */
  leaving = false;
  /** Whether it waits for all to be handled, in order to leave: it sends nothing new then. */
  departing = false;
  /** Whether its process is gone: then nothing of it may be asked any more. */
  dead = false;
  /** For how many frames its session has said that they wait, and not yet that they don't. */
  waiting = 0;
  /** What went wrong where nobody could be told. */
  fault: unknown;
  readonly #bounds: PeerBounds;

  constructor(role: "service" | "client", bounds: PeerBounds, peer: Bounds, sends: Half, receives: Half) {
    this.sends = sends;
    this.receives = receives;
    this.#bounds = bounds;
    this.encoder = new CountingEncoder(sends, peer.frame);
    let ended = false;
    const begin = (value: Record<string, unknown>, frame: number, served: ServedRequest | undefined) => {
      assert.ok(!ended && !this.dead, "a handler began after the end");
      const { parkedMessages, parkedRequests } = this.session;
      (served === undefined ? parkedMessages : parkedRequests).delete(frame);
      // Only where both sides have handlers can these wait for one another, so that requests go ahead.
      const thing = receives.begin(value["id"] as number, value["text"], sends.things.size > 0);
      this.running.push({ thing, frame, served });
      assert.ok(this.running.length <= bounds.handlers + 2 * bounds.requests, "too many handlers run");
    };
    this.session = new CountingSession({
      role,
      encoder: this.encoder,
      limits: bounds,
      disconnectSlow: bounds.disconnectSlow,
      peer,
      messages: TALK,
      waits: () => {
        let waits = true;
        this.waiting++;
        return () => {
          assert.ok(waits, "it is told once that a frame waits no more");
          waits = false;
          this.waiting--;
        };
      },
      events: {
        message: (message, fields, frame) => begin(fields.read(message), frame, undefined),
        request: (message, fields, served) => begin(fields.read(message), served.frame, served),
        output: () => {
          this.hasOutput = true;
        },
        goingAway: () => {
          assert.ok(!ended);
          this.leaving = true;
        },
        ended: () => {
          assert.ok(!ended, "the end is told once");
          ended = true;
          // The goodbye.
          this.hasOutput = true;
        },
      },
    });
    this.session.half = receives;
  }

  /** Whether its session goes on. */
  get isOpen(): boolean {
    return !this.dead && this.session.reason === undefined;
  }

  /** Sends a message, or the frame of it that is for others, too. */
  send(id: number, text: string, options: Pick<SendOptions, "acknowledge" | "overflow">, encoded?: Uint8Array): void {
    if (this.departing) return;
    const { acknowledge = false, overflow = "wait" } = options;
    const controller = new AbortController();
    const thing = this.sends.add({ id, text, isRequest: false, acknowledge, overflow, controller, takes: this.takes });
    const { signal } = controller;
    this.#watch(thing, this.session.send(message("Note"), { id, text }, { ...options, signal }, encoded));
    // What it had to send has left with the goodbye, if that was too much for a peer that reads slowly.
    if (!this.isOpen) this.takes++;
  }

  /** Sends a request, if one more may be sent. */
  ask(id: number, text: string): void {
    if (this.departing) return;
    const controller = new AbortController();
    const kind = { isRequest: true, acknowledge: false, overflow: "wait" } as const;
    let reply: Promise<Record<string, unknown>>;
    try {
      reply = this.session.request(message("Ask"), { id, text }, controller.signal);
    } catch (error) {
      assert.equal((error as HoldfastError).code, "limit");
      return;
    }
    const thing = this.sends.add({ id, text, ...kind, controller, takes: this.takes });
    this.#watch(thing, reply, (value) => assert.equal(value?.["id"], id));
  }

  /** Calls off one of the things that nobody has been told of. */
  abort(choice: number): void {
    const pending = [...this.sends.things.values()].filter(({ told }) => told === "pending");
    const thing = pending[choice % pending.length];
    const { held } = this.session;
    thing?.controller.abort();
    // It waited, and does not any more: else its bytes are still held.
    if (this.session.held < held) this.sends.frames--;
  }

  /** Its line asks the other side for a sign of life. */
  ping(token: number): void {
    this.session.ping(token);
    this.hasOutput = true;
  }

  /** It ends its session; what it has to send leaves with the goodbye. */
  fail(code: ErrorCode, frame: number): void {
    if (this.isOpen) this.takes++;
    this.session.fail(new HoldfastError(code, "The model wants it so."), frame);
  }

  /** One of the handlers that run is done, or has failed. */
  finish(choice: number, how: "done" | "refused" | "threw"): void {
    const [running] = this.running.splice(choice % this.running.length, 1);
    if (running === undefined) return;
    const { frame, served, thing } = running;
    if (served === undefined) {
      thing.handler = how === "threw" ? "threw" : "done";
      if (how === "threw") this.fail("internal", frame);
      else this.session.handled(frame);
    } else {
      thing.handler = how === "done" ? "done" : "refused";
      if (how === "done") this.session.reply(served, { id: thing.id });
      else this.session.refuse(served, { code: "handler-failed", text: "No." });
    }
  }

  /** Its line has been silent for a while. */
  rest(): void {
    this.session.rest();
  }

  /** What it holds is within its bounds. */
  checkBounds(): void {
    const { longestText, requests, window } = this.#bounds;
    const largestFrame = longestText + AROUND_TEXT;
    for (const parked of [this.session.parkedMessages, this.session.parkedRequests]) {
      const size = [...parked.values()].reduce((sum, size) => sum + size, 0);
      assert.ok(size < window + largestFrame, `${size} bytes wait for a handler`);
    }
    // Both windows, and for each request an answer and a CANCEL; twice, since what is kept is let go in pieces.
    const most = 2 * (2 * (window + largestFrame) + 3 * requests * largestFrame) + ACKS;
    assert.ok(this.encoder.held <= most, `${this.encoder.held} bytes are kept, of ${most} that may be`);
  }

  /** Nothing is under way, and nothing is counted as if it were. */
  judgeRest(): void {
    const measures = this.session.measure();
    for (const what of UNDER_WAY) assert.equal(measures[what], 0, `${what} when all is done`);
    assert.equal(this.session.crowding, 0, "crowding when all is done");
  }

  #watch<T>(thing: Thing, promise: Promise<T>, check?: (value: T) => void): void {
    promise.then(
      (value) => {
        check?.(value);
        this.sends.tell(thing, "done");
      },
      (error) => this.sends.tell(thing, error),
    ).catch((fault) => this.fault ??= fault);
  }
}
