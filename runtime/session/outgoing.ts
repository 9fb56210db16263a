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
import { Queue } from "../queue.ts";
import type { FrameEncoder, Progress } from "../wire/wire.ts";
import { isMarked } from "./marks.ts";

/** A frame that waits to be sent. */
interface Waiting {
  readonly bytes: Uint8Array;
  readonly isRequest: boolean;
  /** Called when it has been sent, with its number. */
  readonly sent: (frame: number) => void;
  /** Called when it never will be. */
  readonly failed: (error: HoldfastError) => void;
}

/** Who waits for a frame to be handled. */
interface Acknowledgement {
  readonly resolve: () => void;
  readonly reject: (error: HoldfastError) => void;
}

/** See the module's text. */
export class Outgoing {
  readonly #encoder: FrameEncoder;
  readonly #window: number;
  readonly #maxRequests: number;
  #sent = 0;
  /** Number and size, in turn, of each frame that fills the window. */
  readonly #unstarted = new Queue<number>();
  #unstartedBytes = 0;
  #progress: Progress = { received: 0, started: 0, handled: 0, ranges: [] };
  readonly #waiting = new Queue<Waiting>();
  #waitingRequests = 0;
  readonly #acknowledgements = new Map<number, Acknowledgement>();
  #drained: Deferred<void> | undefined;
  /** Requests sent and not answered. */
  openRequests = 0;

  /**
   * @param encoder Where frames go.
   * @param window How many bytes the peer takes before it has started them.
   * @param maxRequests How many requests the peer takes before it has answered them.
   */
  constructor(encoder: FrameEncoder, window: number, maxRequests: number) {
    this.#encoder = encoder;
    this.#window = Math.max(1, window);
    this.#maxRequests = Math.max(1, maxRequests);
  }

  /** Requests without an answer, sent or waiting. */
  get pendingRequests(): number {
    return this.openRequests + this.#waitingRequests;
  }

  /** Whether one more request would have to wait for an answer to another. */
  get requestsFull(): boolean {
    return this.pendingRequests >= this.#maxRequests;
  }

  /** Numbers a frame that waits for nothing: it has just been written to the encoder. */
  count(): number {
    return ++this.#sent;
  }

  /**
   * Sends the frame that has just been written to the encoder behind `position`, if it may go now.
   *
   * @returns Its number, or 0: then call {@link Outgoing.wait}.
   */
  admit(position: number, isRequest: boolean): number {
    if (this.#waiting.length > 0 || !this.#mayGo(isRequest)) return 0;
    return this.#take(this.#encoder.pending - position, isRequest);
  }

  /**
   * Takes the frame behind `position` back from the encoder, and sends it when it may go.
   *
   * @returns Calls it off: `false` if it has been sent.
   */
  wait(
    position: number,
    isRequest: boolean,
    sent: (frame: number) => void,
    failed: (error: HoldfastError) => void,
  ): () => boolean {
    const frame: Waiting = { bytes: this.#encoder.takeBack(position), isRequest, sent, failed };
    this.#waiting.push(frame);
    if (isRequest) this.#waitingRequests++;
    return () => {
      const found = this.#waiting.remove((other) => other === frame).length > 0;
      if (found && isRequest) this.#waitingRequests--;
      return found;
    };
  }

  /** Resolved when nothing waits to be sent and the peer has handled all that was sent, or the session has ended. */
  drained(): Promise<void> {
    this.#drained ??= deferred();
    this.#checkDrained();
    return this.#drained.promise;
  }

  /** Asks to be told when a frame has been handled. */
  acknowledge(frame: number, acknowledgement: Acknowledgement): void {
    this.#acknowledgements.set(frame, acknowledgement);
  }

  /**
   * Takes in how far the peer has come.
   *
   * @throws {HoldfastError} `protocol` when it says what can't be.
   */
  progress(progress: Progress): void {
    const last = this.#progress;
    if (progress.received > this.#sent) {
      throw new HoldfastError("protocol", `An ACK names frame ${progress.received}; the last one was ${this.#sent}.`);
    }
    const goesBack = progress.received < last.received || progress.started < last.started
      || progress.handled < last.handled;
    if (goesBack) throw new HoldfastError("protocol", "An ACK takes back what an earlier one said.");
    this.#progress = progress;
    while ((this.#unstarted.peek() ?? Infinity) <= progress.started) {
      this.#unstarted.shift();
      this.#unstartedBytes -= this.#unstarted.shift()!;
    }
    for (const [frame, { resolve }] of this.#acknowledgements) {
      if (frame > progress.handled && progress.ranges.length === 0) break;
      if (!isMarked(frame, progress.handled, progress.ranges)) continue;
      this.#acknowledgements.delete(frame);
      resolve();
    }
    this.sendWaiting();
    this.#checkDrained();
  }

  /** Sends what waits, as far as it may go now. */
  sendWaiting(): void {
    for (let next = this.#waiting.peek(); next !== undefined; next = this.#waiting.peek()) {
      if (!this.#mayGo(next.isRequest)) return;
      this.#waiting.shift();
      if (next.isRequest) this.#waitingRequests--;
      this.#encoder.append(next.bytes);
      next.sent(this.#take(next.bytes.length, next.isRequest));
    }
  }

  /**
   * The session has ended: settles all who wait for something.
   *
   * @param unsent What those learn whose frame was never sent.
   * @param unknown What those learn whose frame was sent, and may have been handled.
   * @param culprit The frame that ended the session, if one did, and what those learn who wait for it.
   */
  end(unsent: HoldfastError, unknown: HoldfastError, culprit?: { frame: number; error: HoldfastError }): void {
    for (const { failed } of this.#waiting.drain()) failed(unsent);
    for (const [frame, { reject }] of this.#acknowledgements) {
      reject(culprit?.frame === frame ? culprit.error : unknown);
    }
    this.#acknowledgements.clear();
    this.#drained?.resolve();
  }

  #checkDrained(): void {
    if (this.#waiting.length === 0 && this.#progress.handled === this.#sent) this.#drained?.resolve();
  }

  #mayGo(isRequest: boolean): boolean {
    return this.#unstartedBytes < this.#window && !(isRequest && this.openRequests >= this.#maxRequests);
  }

  #take(size: number, isRequest: boolean): number {
    const frame = this.count();
    this.#unstarted.push(frame);
    this.#unstarted.push(size);
    this.#unstartedBytes += size;
    if (isRequest) this.openRequests++;
    return frame;
  }
}
