/**
 * The frames of a session that wait to be sent, in order; requests can be found before the messages ahead of them, and
 * messages that said so when they were sent give way to newer ones.
 *
 * @module
 */

import { HoldfastError } from "../errors.ts";
import { Queue } from "../queue.ts";

/** A frame that waits to be sent. */
export interface WaitingFrame {
  readonly bytes: Uint8Array;
  /** The request's number, or 0 for a message. */
  readonly request: number;
  /** Called when it has been sent, with its number. */
  readonly sent: (frame: number) => void;
  /** Called when it never will be. */
  readonly failed: (error: HoldfastError) => void;
}

/**
 * What becomes of a message that can't go at once:
 *
 * - "wait": it goes when it may;
 * - "drop-oldest": the same; but when too much waits, the oldest of those that said this are dropped;
 * - `latest`: it takes the place of the one that waits under the same key, which is dropped.
 */
export type Overflow = "wait" | "drop-oldest" | { readonly latest: string };

/** A place in the line. */
interface Place {
  readonly order: number;
  readonly isRequest: boolean;
  /** Whether it is dropped where more waits than the backlog. */
  readonly mayDrop: boolean;
  /** Under which only the latest waits. */
  readonly key: string | undefined;
  /** Gone when it was called off: to take it out of the middle would take a time that grows with the line. */
  frame: WaitingFrame | undefined;
}

/** See the module's text. */
export class WaitingFrames {
  readonly #messages = new Queue<Place>();
  readonly #requests = new Queue<Place>();
  readonly #backlog: number;
  readonly #waits: (() => () => void) | undefined;
  /** Those that may be dropped, the oldest first. */
  readonly #droppable = new Queue<Place>();
  #droppableBytes = 0;
  readonly #latest = new Map<string, Place>();
  #joined = 0;
  /** How many wait. */
  length = 0;
  /** How many of them are requests. */
  requests = 0;
  /** How many bytes they have. */
  bytes = 0;
  /** How many have given way to newer ones. */
  dropped = 0;

  /**
   * @param backlog How many bytes may wait that may be dropped.
   * @param waits As in `SessionOptions`.
   */
  constructor(backlog: number, waits?: () => () => void) {
    this.#backlog = backlog;
    this.#waits = waits;
  }

  /**
   * Lines a frame up.
   *
   * @param frame The frame.
   * @param overflow What may become of it; not for requests.
   * @returns Calls it off: `false` if it does not wait any more.
   */
  push(frame: WaitingFrame, overflow: Overflow = "wait"): () => boolean {
    if (this.#waits === undefined) return this.#push(frame, overflow);
    const waited = this.#waits();
    const sent = (number: number): void => {
      waited();
      frame.sent(number);
    };
    const failed = (error: HoldfastError): void => {
      waited();
      frame.failed(error);
    };
    const callOff = this.#push({ ...frame, sent, failed }, overflow);
    return () => {
      const isOff = callOff();
      if (isOff) waited();
      return isOff;
    };
  }

  #push(frame: WaitingFrame, overflow: Overflow): () => boolean {
    const mayDrop = overflow === "drop-oldest";
    const place = typeof overflow === "object"
      ? this.#replace(frame, overflow.latest)
      : this.#append(frame, mayDrop, undefined);
    if (mayDrop) this.#dropBefore(place);
    return () => {
      if (place.frame !== frame) return false;
      this.#leave(place);
      return true;
    };
  }

  /** The frame that has waited longest. */
  get first(): WaitingFrame | undefined {
    const message = head(this.#messages);
    const request = head(this.#requests);
    return ((message?.order ?? Infinity) < (request?.order ?? Infinity) ? message : request)?.frame;
  }

  /** The request that has waited longest. */
  get firstRequest(): WaitingFrame | undefined {
    return head(this.#requests)?.frame;
  }

  /** Takes out `first` or `firstRequest`. */
  shift(frame: WaitingFrame): void {
    this.#leave((frame.request > 0 ? this.#requests : this.#messages).shift()!);
  }

  /** Takes all out. */
  drain(): WaitingFrame[] {
    const places = [...this.#messages.drain(), ...this.#requests.drain()];
    const frames = places.flatMap(({ frame }) => frame === undefined ? [] : frame);
    for (const place of places) place.frame = undefined;
    this.#droppable.drain();
    this.#latest.clear();
    this.length =
      this.requests =
      this.bytes =
      this.#droppableBytes =
        0;
    return frames;
  }

  #append(frame: WaitingFrame, mayDrop: boolean, key: string | undefined): Place {
    const place: Place = { order: ++this.#joined, isRequest: frame.request > 0, mayDrop, key, frame };
    (place.isRequest ? this.#requests : this.#messages).push(place);
    this.length++;
    this.bytes += frame.bytes.length;
    if (place.isRequest) this.requests++;
    if (key !== undefined) this.#latest.set(key, place);
    return place;
  }

  #replace(frame: WaitingFrame, key: string): Place {
    const place = this.#latest.get(key);
    if (place?.frame === undefined) return this.#append(frame, false, key);
    const older = place.frame;
    this.bytes += frame.bytes.length - older.bytes.length;
    place.frame = frame;
    this.#drop(older);
    return place;
  }

  /** Drops the oldest until the backlog holds the rest, among them the latest. */
  #dropBefore(latest: Place): void {
    this.#droppable.push(latest);
    this.#droppableBytes += latest.frame!.bytes.length;
    for (let oldest = head(this.#droppable)!; oldest !== latest; oldest = head(this.#droppable)!) {
      if (this.#droppableBytes <= this.#backlog) return;
      const frame = oldest.frame!;
      this.#leave(oldest);
      this.#drop(frame);
    }
  }

  #drop(frame: WaitingFrame): void {
    this.dropped++;
    frame.failed(
      new HoldfastError("dropped", "Not sent: the peer reads too slowly, and a newer message took its place.", {
        unsent: true,
      }),
    );
  }

  #leave(place: Place): void {
    const { length } = place.frame!.bytes;
    place.frame = undefined;
    this.bytes -= length;
    if (place.mayDrop) this.#droppableBytes -= length;
    this.length--;
    if (place.isRequest) this.requests--;
    if (place.key !== undefined) this.#latest.delete(place.key);
  }
}

/** The first place that was not called off; those before it are dropped. */
function head(queue: Queue<Place>): Place | undefined {
  let place = queue.peek();
  while (place !== undefined && place.frame === undefined) {
    queue.shift();
    place = queue.peek();
  }
  return place;
}
