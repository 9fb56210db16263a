/**
 * The receiving half of a session: numbers what arrives, starts its handlers in order and not too many at once, and
 * knows how far it has come.
 *
 * @module
 */

import type { Message } from "../../idl/definition.ts";
import { HoldfastError } from "../errors.ts";
import { Queue } from "../queue.ts";
import type { Fields, Progress } from "../wire/wire.ts";
import { Marks } from "./marks.ts";

/** A frame whose handler has not begun. */
interface Parked {
  readonly message: Message;
  /** The request's number, or 0 for a message. */
  readonly request: number;
  readonly frame: number;
  readonly size: number;
  /** Still as bytes: what they say may take much more room. */
  readonly fields: Fields;
}

/** Begins to handle a frame; must not throw. */
export type Start = (message: Message, request: number, frame: number, fields: Fields) => void;

/** See the module's text. */
export class Incoming {
  readonly #window: number;
  readonly #start: Start;
  readonly #mayStart: (running: number) => boolean;
  #received = 0;
  readonly #parked = new Queue<Parked>();
  #parkedBytes = 0;
  readonly #handled = new Marks();
  #running = 0;
  #starting = false;
  /** Whether there is progress to tell that was not told. */
  changed = false;

  /**
   * @param window How many bytes may wait to be started.
   * @param mayStart Whether one more handler may begin, besides those that run.
   * @param start Begins to handle a frame.
   */
  constructor(window: number, mayStart: (running: number) => boolean, start: Start) {
    this.#window = window;
    this.#mayStart = mayStart;
    this.#start = start;
  }

  /** How many handlers run. */
  get running(): number {
    return this.#running;
  }

  /** The number of the frame that arrived last. */
  get received(): number {
    return this.#received;
  }

  /** Numbers a frame that waits for nothing, and is handled at once. */
  count(): void {
    this.#handled.add(++this.#received);
    this.changed = true;
  }

  /**
   * Takes in a message (`request` is 0) or a request.
   *
   * @throws {HoldfastError} `limit` when the peer sends although the window is full.
   */
  accept(message: Message, request: number, size: number, fields: Fields): void {
    if (this.#parkedBytes >= this.#window) {
      throw new HoldfastError("limit", `More than the window of ${this.#window} bytes was sent.`);
    }
    const frame = ++this.#received;
    this.changed = true;
    if (this.#parked.length === 0 && !this.#starting && this.#mayStart(this.#running)) {
      this.#running++;
      this.#start(message, request, frame, fields);
      return;
    }
    this.#parked.push({ message, request, frame, size, fields: fields.keep() });
    this.#parkedBytes += size;
  }

  /** A handler is done, in whatever way. */
  done(frame: number): void {
    this.#running--;
    this.#handled.add(frame);
    this.changed = true;
    this.startParked();
  }

  /** Begins what waits, as far as it may begin now. */
  startParked(): void {
    // A handler that is done before its call returns comes back here: the outer loop goes on for it.
    if (this.#starting) return;
    this.#starting = true;
    for (let next = this.#parked.peek(); next !== undefined; next = this.#parked.peek()) {
      if (!this.#mayStart(this.#running)) break;
      this.#parked.shift();
      this.#parkedBytes -= next.size;
      this.#running++;
      this.changed = true;
      this.#start(next.message, next.request, next.frame, next.fields);
    }
    this.#starting = false;
  }

  /** Forgets what waits: its handlers never begin. */
  clear(): void {
    this.#parked.drain();
    this.#parkedBytes = 0;
  }

  /** How far it has come. */
  progress(): Progress {
    this.changed = false;
    const next = this.#parked.peek();
    return {
      received: this.#received,
      started: next === undefined ? this.#received : next.frame - 1,
      handled: this.#handled.low,
      ranges: this.#handled.ranges,
    };
  }
}
