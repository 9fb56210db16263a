/**
 * A request without an answer, at either side: the one object that is kept for it.
 *
 * @module
 */

import type { Message } from "../../idl/definition.ts";
import type { HoldfastError } from "../errors.ts";
import { quiet } from "../promises.ts";
import type { ServedRequest } from "./types.ts";

const NEVER_WAITED = () => false;

/** A request of ours. */
export class OpenRequest {
  readonly request: number;
  /** What answers it. */
  readonly reply: Message;
  /** The number of its frame; 0 until it is sent. */
  frame = 0;
  /** Calls it off while it waits to be sent; `false` if it does not. */
  callOff: () => boolean = NEVER_WAITED;
  /** What its sender waits for. A rejection that nobody looks at does no harm. */
  readonly promise: Promise<Record<string, unknown>>;
  #settle!: (value: Record<string, unknown>) => void;
  #fail!: (error: HoldfastError) => void;
  #release: (() => void) | undefined;

  constructor(request: number, reply: Message) {
    this.request = request;
    this.reply = reply;
    this.promise = new Promise((resolve, reject) => {
      this.#settle = resolve;
      this.#fail = reject;
    });
  }

  /** Calls back when the signal is aborted before the request has been settled. */
  listen(signal: AbortSignal, abort: () => void): void {
    signal.addEventListener("abort", abort, { once: true });
    this.#release = () => signal.removeEventListener("abort", abort);
  }

  resolve(value: Record<string, unknown>): void {
    this.#release?.();
    this.#settle(value);
  }

  reject(error: HoldfastError): void {
    this.#release?.();
    // Only now: a promise that is resolved needs nobody to look at it.
    quiet(this.promise);
    this.#fail(error);
  }
}

/** A request of the peer's. */
export class Served implements ServedRequest {
  readonly request: number;
  readonly reply: Message;
  /** 0 until its handler begins. */
  frame = 0;
  /** Made when somebody asks for the signal: most handlers don't. */
  #controller: AbortController | undefined;
  #reason: HoldfastError | undefined;

  constructor(request: number, reply: Message) {
    this.request = request;
    this.reply = reply;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  /** It was called off, or its session has ended. */
  abort(reason: HoldfastError): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}
