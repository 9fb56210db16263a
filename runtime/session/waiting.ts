/**
 * The frames of a session that wait to be sent, in order; requests can be found before the messages ahead of them.
 *
 * @module
 */

import type { HoldfastError } from "../errors.ts";
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

/** A place in the line. */
interface Place {
  readonly order: number;
  readonly isRequest: boolean;
  /** Gone when it was called off: to take it out of the middle would take a time that grows with the line. */
  frame: WaitingFrame | undefined;
}

/** See the module's text. */
export class WaitingFrames {
  readonly #messages = new Queue<Place>();
  readonly #requests = new Queue<Place>();
  #joined = 0;
  /** How many wait. */
  length = 0;
  /** How many of them are requests. */
  requests = 0;

  /**
   * Lines a frame up.
   *
   * @returns Calls it off: `false` if it does not wait any more.
   */
  push(frame: WaitingFrame): () => boolean {
    const place: Place = { order: ++this.#joined, isRequest: frame.request > 0, frame };
    (place.isRequest ? this.#requests : this.#messages).push(place);
    this.length++;
    if (place.isRequest) this.requests++;
    return () => {
      if (place.frame === undefined) return false;
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
    this.length = this.requests = 0;
    return frames;
  }

  #leave(place: Place): void {
    place.frame = undefined;
    this.length--;
    if (place.isRequest) this.requests--;
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
