/**
 * The receiving half of a session: numbers what arrives, starts its handlers in order and not too many at once, and
 * knows how far it has come.
 *
 * @module
 */

import type { Message } from "../../idl/definition.ts";
import { HoldfastError } from "../errors.ts";
import type { Limits } from "../limits.ts";
import { Queue } from "../queue.ts";
import type { Fields, FrameEncoder, Progress } from "../wire/wire.ts";
import type { Outgoing } from "./outgoing.ts";
import { Running } from "./running.ts";

/** A frame whose handler has not begun. */
export interface Parked {
  readonly message: Message;
  /** The request's number, or 0 for a message. */
  readonly request: number;
  readonly frame: number;
  readonly size: number;
  /** Still as bytes: what they say may take much more room. */
  readonly fields: Fields;
}

/** What an {@link Incoming} is made with. */
export interface IncomingOptions {
  readonly limits: Pick<Limits, "window" | "handlers" | "requests">;
  /** What this side sends: no handler begins while the peer does not read, or acknowledge, what others wrote. */
  readonly encoder: Pick<FrameEncoder, "held">;
  readonly outgoing: Pick<Outgoing, "pendingRequests">;
}

/** See the module's text. */
export class Incoming {
  readonly #options: IncomingOptions;
  #received = 0;
  #lastRequest = 0;
  readonly #messages = new Queue<Parked>();
  #messageBytes = 0;
  readonly #requests = new Queue<Parked>();
  #requestBytes = 0;
  /** The handlers that run. */
  readonly running: Running = new Running();
  /** Whether there is progress to tell that was not told. */
  changed = false;

  constructor(options: IncomingOptions) {
    this.#options = options;
  }

  /** Whether as many handlers run as may. */
  get busy(): boolean {
    return this.running.size >= this.#options.limits.handlers;
  }

  /** Whether no handler runs and none waits to begin. */
  get isIdle(): boolean {
    return this.running.size + this.#messages.length + this.#requests.length === 0;
  }

  /** How many frames have handlers that have not begun. */
  get parked(): number {
    return this.#messages.length + this.#requests.length;
  }

  /** How many bytes they have. */
  get parkedBytes(): number {
    return this.#messageBytes + this.#requestBytes;
  }

  /** Of messages or of requests, whichever is more: how much of the window those fill that have not begun. From 0 on. */
  get crowding(): number {
    return Math.max(this.#messageBytes, this.#requestBytes) / this.#options.limits.window;
  }

  /** The number of the frame that arrived last. */
  get received(): number {
    return this.#received;
  }

  /** Numbers a frame that waits for nothing, and is handled at once. */
  count(): void {
    this.#received++;
    this.changed = true;
  }

  /**
   * Takes in a message (`request` is 0) or a request.
   *
   * @returns Its number if its handler begins now; 0 if that has to wait for {@link Incoming.next}.
   * @throws {HoldfastError} `limit` when the peer sends although the window is full.
   */
  accept(message: Message, request: number, size: number, fields: Fields): number {
    const { encoder, limits: { handlers, window } } = this.#options;
    // Where nothing waits, nothing fills the window.
    const isFirst = this.#messages.length + this.#requests.length === 0;
    if (!isFirst && (request === 0 ? this.#messageBytes : this.#requestBytes) >= window) {
      throw new HoldfastError("limit", `More than the window of ${window} bytes was sent.`);
    }
    const frame = ++this.#received;
    if (request > 0) this.#lastRequest = request;
    this.changed = true;
    if (isFirst && this.running.size < handlers && encoder.held < window) {
      this.running.add(frame);
      return frame;
    }
    const parked = { message, request, frame, size, fields: fields.keep() };
    if (request === 0) {
      this.#messages.push(parked);
      this.#messageBytes += size;
    } else {
      this.#requests.push(parked);
      this.#requestBytes += size;
    }
    return 0;
  }

  /** A handler is done, in whatever way. */
  done(frame: number): void {
    this.running.delete(frame);
    this.changed = true;
  }

  /** Takes out what waits and begins now: the caller begins its handler. */
  next(): Parked | undefined {
    const next = this.#next();
    if (next === undefined) return undefined;
    if (next.request === 0) {
      this.#messages.shift();
      this.#messageBytes -= next.size;
    } else {
      this.#requests.shift();
      this.#requestBytes -= next.size;
    }
    this.running.add(next.frame);
    this.changed = true;
    return next;
  }

  /** Forgets what waits: its handlers never begin. */
  clear(): void {
    this.#messages.drain();
    this.#requests.drain();
  }

  /** How far it has come. */
  progress(): Progress {
    this.changed = false;
    const request = this.#requests.peek();
    const next = Math.min(this.#messages.peek()?.frame ?? Infinity, request?.frame ?? Infinity);
    const started = Math.min(this.#received, next - 1);
    const { low, ranges } = this.running.handled(started);
    const requests = request === undefined ? this.#lastRequest : request.request - 1;
    return { received: this.#received, started, requests, handled: low, ranges };
  }

  /** The frame that may begin now. */
  #next(): Parked | undefined {
    if (this.#messages.length + this.#requests.length === 0) return undefined;
    const message = this.#messages.peek();
    const request = this.#requests.peek();
    const first = (message?.frame ?? Infinity) < (request?.frame ?? Infinity) ? message : request;
    const { encoder, limits: { handlers, requests, window }, outgoing } = this.#options;
    if (encoder.held >= window) return undefined;
    // A handler that waits for the peer's answer does not count, for as many requests as may be open.
    const waiting = Math.min(outgoing.pendingRequests, requests);
    if (this.running.size < handlers + waiting) return first;
    // Beyond, all that run may be waiting for answers, while the peer's handlers wait for the answers to requests that
    // stand behind these messages: to get on at all, requests overtake them. Nothing else ever does.
    return waiting > 0 && this.running.size < handlers + 2 * requests ? request : undefined;
  }
}
