/**
 * The receiving half of a session: numbers what arrives, starts its handlers in order and not too many at once, and
 * knows how far it has come.
 *
 * @module
 */

import type { Message } from "../../idl/definition.ts";
import { HoldfastError } from "../errors.ts";
import type { Fields, Progress } from "../wire/wire.ts";
import type { Outgoing } from "./outgoing.ts";
import { type Parked, ParkedFrames } from "./parked.ts";
import { Running } from "./running.ts";
import type { SessionTerms } from "./types.ts";

/** See the module's text. */
export class Incoming {
  readonly #terms: SessionTerms;
  readonly #outgoing: Pick<Outgoing, "pendingRequests">;
  #received = 0;
  #lastRequest = 0;
  /** Made for the first that has to wait. */
  #parked: ParkedFrames | undefined;
  /** The handlers that run. */
  readonly running: Running = new Running();
  /** Whether there is progress to tell that was not told. */
  changed = false;

  constructor(terms: SessionTerms, outgoing: Pick<Outgoing, "pendingRequests">) {
    this.#terms = terms;
    this.#outgoing = outgoing;
  }

  /** Whether as many handlers run as may. */
  get busy(): boolean {
    return this.running.size >= this.#terms.limits.handlers;
  }

  /** Whether no handler runs and none waits to begin. */
  get isIdle(): boolean {
    return this.running.size + this.parked === 0;
  }

  /** How many frames have handlers that have not begun. */
  get parked(): number {
    return this.#parked?.length ?? 0;
  }

  /** How many bytes they have. */
  get parkedBytes(): number {
    return this.#parked === undefined ? 0 : this.#parked.messageBytes + this.#parked.requestBytes;
  }

  /** Of messages or of requests, whichever is more: how much of the window those fill that have not begun. From 0 on. */
  get crowding(): number {
    if (this.#parked === undefined) return 0;
    return Math.max(this.#parked.messageBytes, this.#parked.requestBytes) / this.#terms.limits.window;
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
    const { encoder, limits: { handlers, window } } = this.#terms;
    // Where nothing waits, nothing fills the window.
    const isFirst = this.parked === 0;
    if (!isFirst && (request === 0 ? this.#parked!.messageBytes : this.#parked!.requestBytes) >= window) {
      throw new HoldfastError("limit", `More than the window of ${window} bytes was sent.`);
    }
    const frame = ++this.#received;
    if (request > 0) this.#lastRequest = request;
    this.changed = true;
    if (isFirst && this.running.size < handlers && encoder.held < window) {
      this.running.add(frame);
      return frame;
    }
    (this.#parked ??= new ParkedFrames()).push({ message, request, frame, size, fields: fields.keep() });
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
    this.#parked!.shift(next);
    this.running.add(next.frame);
    this.changed = true;
    return next;
  }

  /** Forgets what waits: its handlers never begin. */
  clear(): void {
    this.#parked = undefined;
  }

  /** Holds no memory for what is not there. */
  rest(): void {
    if (this.parked === 0) this.#parked = undefined;
  }

  /** How far it has come. */
  progress(): Progress {
    this.changed = false;
    const request = this.#parked?.firstRequest;
    const next = this.#parked?.first;
    const started = next === undefined ? this.#received : next.frame - 1;
    const { low, ranges } = this.running.handled(started);
    const requests = request === undefined ? this.#lastRequest : request.request - 1;
    return { received: this.#received, started, requests, handled: low, ranges };
  }

  /** The frame that may begin now. */
  #next(): Parked | undefined {
    const parked = this.#parked;
    if (parked === undefined || parked.length === 0) return undefined;
    const { encoder, limits: { handlers, requests, window } } = this.#terms;
    if (encoder.held >= window) return undefined;
    // A handler that waits for the peer's answer does not count, for as many requests as may be open.
    const waiting = Math.min(this.#outgoing.pendingRequests, requests);
    if (this.running.size < handlers + waiting) return parked.first;
    // Beyond, all that run may be waiting for answers, while the peer's handlers wait for the answers to requests that
    // stand behind these messages: to get on at all, requests overtake them. Nothing else ever does.
    return waiting > 0 && this.running.size < handlers + 2 * requests ? parked.firstRequest : undefined;
  }
}
