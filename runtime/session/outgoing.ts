/**
 * The sending half of a session: numbers what is sent, keeps within the peer's window, and knows what became of it.
 *
 * A frame is
 * - *waiting* while the window or the number of open requests does not allow it: its bytes are held here,
 * - *sent* from when it has been numbered and stands in the encoder's output,
 * - *started* when the peer's handler has begun: then its bytes no longer fill the window,
 * - *handled* when the peer's handler is done.
 *
 * @module
 */

import { HoldfastError } from "../errors.ts";
import { type Deferred, deferred } from "../promises.ts";
import type { Progress } from "../wire/wire.ts";
import type { SessionTerms } from "./types.ts";
import { Unstarted } from "./unstarted.ts";
import type { Verdict } from "./verdict.ts";
import { type Overflow, WaitingFrames } from "./waiting.ts";

/** Who waits for a frame to be handled. */
interface Acknowledgement {
  readonly resolve: () => void;
  readonly reject: (error: HoldfastError) => void;
}

/** What became of the messages, requests and answers that a side has sent in a session. */
export interface Outcome {
  /** So many were handled by the peer. */
  readonly handled: number;
  /** So many were not, and never will be. */
  readonly notHandled: number;
  /** Of so many it can't be known: they had left when the connection broke. */
  readonly unknown: number;
}

/** What else of a session decides what may go. */
export interface Overtaking {
  /** Whether the peer's handlers may be waiting for those that wait for the answers to our requests. */
  readonly mayOvertake: boolean;
}

/** How far the peer is before it has said so. */
const NOTHING: Progress = { received: 0, started: 0, requests: 0, handled: 0, ranges: [] };

/** See the module's text. */
export class Outgoing {
  readonly #terms: SessionTerms;
  readonly #session: Overtaking;
  #sent = 0;
  #lastRequest = 0;
  /** What fills the peer's window, by the numbers of the frames. */
  readonly unstarted: Unstarted = new Unstarted();
  /** The requests among them, by the numbers of the requests; made for the first. */
  #unstartedRequests: Unstarted | undefined;
  #progress: Progress = NOTHING;
  /** Made when the first frame has to wait. */
  #waiting: WaitingFrames | undefined;
  /** In the order of the frames; made when somebody asks for the first. */
  #acknowledgements: Map<number, Acknowledgement> | undefined;
  #drained: Deferred<void> | undefined;
  /** The number of the last frame that was given to a stream. */
  #left = 0;
  /** The number of the last request among them. */
  #lastLeftRequest = 0;
  /** Requests sent and not answered. */
  openRequests = 0;

  constructor(terms: SessionTerms, session: Overtaking) {
    this.#terms = terms;
    this.#session = session;
  }

  /** How many frames wait to be sent. */
  get waiting(): number {
    return this.#waiting?.length ?? 0;
  }

  /** How many bytes they have. */
  get waitingBytes(): number {
    return this.#waiting?.bytes ?? 0;
  }

  /** How many messages have given way to newer ones. */
  get dropped(): number {
    return this.#waiting?.dropped ?? 0;
  }

  /** The number of the frame that was sent last. */
  get sent(): number {
    return this.#sent;
  }

  /** The last frame of which the peer has said that it has arrived. */
  get received(): number {
    return this.#progress.received;
  }

  /** Requests without an answer, sent or waiting. */
  get pendingRequests(): number {
    return this.openRequests + (this.#waiting?.requests ?? 0);
  }

  /** Whether one more request would have to wait for an answer to another. */
  get requestsFull(): boolean {
    return this.pendingRequests >= this.#terms.requests;
  }

  /** Numbers a frame that waits for nothing: it has just been written to the encoder. */
  count(): number {
    return ++this.#sent;
  }

  /**
   * Sends the frame that has just been written to the encoder, if it may go now.
   *
   * @param size Its size, in bytes.
   * @param request The request's number, or 0 for a message.
   * @returns Its number, or 0: then call {@link Outgoing.wait}.
   */
  admit(size: number, request: number): number {
    const waiting = this.#waiting;
    const isFirst = waiting === undefined || waiting.length === 0;
    if (!this.#mayGo(request > 0, isFirst, isFirst || waiting.requests === 0)) return 0;
    return this.#take(size, request);
  }

  /**
   * Takes the frame that was not admitted back from the encoder, and sends it when it may go.
   *
   * @param size As for {@link Outgoing.admit}.
   * @param request As there.
   * @param sent Called when it has been sent, with its number.
   * @param failed Called when it never will be.
   * @param overflow What may become of it while it waits.
   * @returns Calls it off: `false` if it does not wait any more.
   */
  wait(
    size: number,
    request: number,
    sent: (frame: number) => void,
    failed: (error: HoldfastError) => void,
    overflow?: Overflow,
  ): () => boolean {
    this.#waiting ??= new WaitingFrames(this.#terms.limits.backlog, this.#terms.waits);
    return this.#waiting.push({ bytes: this.#terms.encoder.takeBack(size), request, sent, failed }, overflow);
  }

  /** Sends what waits, as far as it may go now. */
  sendWaiting(): void {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      this.#waiting!.shift(next);
      this.#terms.encoder.append(next.bytes);
      next.sent(this.#take(next.bytes.length, next.request));
    }
  }

  /** Whether nothing waits to be sent, the peer has handled all that was sent, and all requests have their answers. */
  get isDrained(): boolean {
    return this.waiting === 0 && this.#progress.handled === this.#sent && this.openRequests === 0;
  }

  /** Resolved when nothing waits to be sent and the peer has handled all that was sent, or the session has ended. */
  drained(): Promise<void> {
    const { promise } = this.#drained ??= deferred();
    this.#checkDrained();
    return promise;
  }

  /** Asks to be told when a frame has been handled: the one that was sent last. */
  acknowledge(frame: number, acknowledgement: Acknowledgement): void {
    (this.#acknowledgements ??= new Map()).set(frame, acknowledgement);
  }

  /**
   * Takes in how far the peer has come.
   *
   * @throws {HoldfastError} `protocol` when it says what can't be.
   */
  progress(progress: Progress): void {
    const last = this.#progress;
    // Not more than has left: who reads nothing could otherwise guess what is sent, and free the window for more.
    if (progress.received > this.#left || progress.requests > this.#lastLeftRequest) {
      throw new HoldfastError("protocol", "An ACK names what was never sent.");
    }
    if (progress.started > progress.received || progress.handled > progress.started) {
      throw new HoldfastError("protocol", "An ACK says that more was handled than started, or started than received.");
    }
    const goesBack = progress.received < last.received || progress.started < last.started
      || progress.handled < last.handled || progress.requests < last.requests;
    if (goesBack) throw new HoldfastError("protocol", "An ACK takes back what an earlier one said.");
    this.#progress = progress;
    this.#terms.encoder.forget(progress.received);
    this.unstarted.started(progress.started);
    this.#unstartedRequests?.started(progress.requests);
    this.#settleHandled(progress);
    this.#checkDrained();
  }

  /** Takes the bytes for the stream. */
  take(): Uint8Array | undefined {
    const bytes = this.#terms.encoder.take(this.#sent);
    if (bytes !== undefined) this.letGo();
    return bytes;
  }

  /** What has become of all that was sent, as far as is known. */
  outcome(): Outcome {
    const { handled: low, ranges } = this.#progress;
    let handled = low;
    for (let i = 0; i < ranges.length; i += 2) handled += ranges[i + 1]! - ranges[i]! + 1;
    const unsent = this.#sent - this.#left;
    return { handled, notHandled: unsent + this.waiting, unknown: this.#left - handled };
  }

  /** All that was sent leaves now: there is no telling any more whether it does. */
  letGo(): void {
    this.#left = this.#sent;
    this.#lastLeftRequest = this.#lastRequest;
  }

  /** Whether a frame was given to a stream: it may have arrived. */
  hasLeft(frame: number): boolean {
    return frame <= this.#left;
  }

  /**
   * The session has ended: settles all who wait for something.
   *
   * @param verdict What those learn who wait for a frame, by its number: 0 for one that was never sent.
   */
  end(verdict: Verdict): void {
    for (const { failed } of this.#waiting?.drain() ?? []) failed(verdict(0));
    for (const [frame, { reject }] of this.#acknowledgements ?? []) reject(verdict(frame));
    this.#acknowledgements = undefined;
    this.#drained?.resolve();
  }

  /** Holds no memory for what is not there. */
  rest(): void {
    this.#terms.encoder.rest();
    if (this.#acknowledgements?.size === 0) this.#acknowledgements = undefined;
  }

  #settleHandled({ handled, ranges }: Progress): void {
    if (this.#acknowledgements === undefined) return;
    const highest = ranges.at(-1) ?? handled;
    let range = 0;
    for (const [frame, { resolve }] of this.#acknowledgements) {
      if (frame > highest) return;
      while (range < ranges.length && ranges[range + 1]! < frame) range += 2;
      if (frame > handled && frame < ranges[range]!) continue;
      this.#acknowledgements.delete(frame);
      resolve();
    }
  }

  #checkDrained(): void {
    if (!this.isDrained) return;
    this.#drained?.resolve();
    this.#drained = undefined;
  }

  /** The frame that may go now. */
  #next() {
    if (this.#waiting === undefined || this.#waiting.length === 0) return undefined;
    const { first, firstRequest } = this.#waiting;
    if (first === undefined) return undefined;
    if (this.#mayGo(first === firstRequest, true, first === firstRequest)) return first;
    return firstRequest !== undefined && this.#mayGo(true, false, true) ? firstRequest : undefined;
  }

  /**
   * Whether a frame may go: in its turn while the window is not full. Where the peer's handlers may be waiting for it,
   * a request also goes ahead of messages, while those that it has not started do not fill a window.
   */
  #mayGo(isRequest: boolean, isFirst: boolean, isFirstRequest: boolean): boolean {
    const { requests, window } = this.#terms;
    if (isRequest && this.openRequests >= requests) return false;
    if (isFirst && this.unstarted.bytes < window) return true;
    const requestBytes = this.#unstartedRequests?.bytes ?? 0;
    return isRequest && isFirstRequest && requestBytes < window && this.#session.mayOvertake;
  }

  #take(size: number, request: number): number {
    const frame = ++this.#sent;
    this.unstarted.push(frame, size);
    if (request > 0) {
      this.openRequests++;
      this.#lastRequest = request;
      (this.#unstartedRequests ??= new Unstarted()).push(request, size);
    }
    return frame;
  }
}
