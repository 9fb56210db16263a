/**
 * The frames whose handlers have not begun, since others run: messages and requests, which may overtake them.
 *
 * @module
 */

import type { Message } from "../../idl/definition.ts";
import { Queue } from "../queue.ts";
import type { Fields } from "../wire/wire.ts";

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

/** See the module's text. */
export class ParkedFrames {
  readonly #messages = new Queue<Parked>();
  readonly #requests = new Queue<Parked>();
  /** How many bytes the messages have. */
  messageBytes = 0;
  /** How many bytes the requests have. */
  requestBytes = 0;

  /** How many there are. */
  get length(): number {
    return this.#messages.length + this.#requests.length;
  }

  /** The one that came first. */
  get first(): Parked | undefined {
    const message = this.#messages.peek();
    const request = this.#requests.peek();
    return (message?.frame ?? Infinity) < (request?.frame ?? Infinity) ? message : request;
  }

  /** The request that came first. */
  get firstRequest(): Parked | undefined {
    return this.#requests.peek();
  }

  /** Adds one behind the others. */
  push(parked: Parked): void {
    if (parked.request === 0) {
      this.#messages.push(parked);
      this.messageBytes += parked.size;
    } else {
      this.#requests.push(parked);
      this.requestBytes += parked.size;
    }
  }

  /** Takes out {@link ParkedFrames.first} or {@link ParkedFrames.firstRequest}. */
  shift({ request, size }: Parked): void {
    if (request === 0) {
      this.#messages.shift();
      this.messageBytes -= size;
    } else {
      this.#requests.shift();
      this.requestBytes -= size;
    }
  }
}
