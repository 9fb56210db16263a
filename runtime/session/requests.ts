/**
 * The requests of a session, in both directions. Each gets exactly one answer: a reply or a failure.
 *
 * Numbers rise in each direction and are never used again. A late answer to a number that was issued is passed over;
 * one to a number that never was ends the connection.
 *
 * @module
 */

import type { Message } from "../../idl/definition.ts";
import { cancelled, HoldfastError, tellable } from "../errors.ts";
import { deferred, quiet } from "../promises.ts";
import type { Fault, Fields, FrameEncoder } from "../wire/wire.ts";
import type { Outgoing, Verdict } from "./outgoing.ts";
import type { ServedRequest } from "./types.ts";

/** What {@link Requests} are made with. */
export interface RequestsOptions {
  /** Numbers the frames. */
  readonly outgoing: Outgoing;
  /** Where they go. */
  readonly encoder: FrameEncoder;
  /** How many requests of the peer's may be open. */
  readonly limit: number;
  /** Called when there is output without a call of the session's. */
  readonly output: () => void;
}

/** A request of ours without an answer. */
interface OpenRequest {
  readonly reply: Message;
  /** The number of its frame; 0 until it is sent. */
  frame: number;
  readonly resolve: (value: Record<string, unknown>) => void;
  readonly reject: (error: HoldfastError) => void;
}

/** A request of the peer's without an answer. */
class Served implements ServedRequest {
  readonly request: number;
  readonly frame: number;
  readonly reply: Message;
  /** Made when somebody asks for the signal: most handlers don't. */
  #controller: AbortController | undefined;
  #reason: HoldfastError | undefined;

  constructor(request: number, frame: number, reply: Message) {
    this.request = request;
    this.frame = frame;
    this.reply = reply;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  abort(reason: HoldfastError): void {
    this.#reason = reason;
    this.#controller?.abort(reason);
  }
}

/** See the module's text. */
export class Requests {
  readonly #options: RequestsOptions;
  readonly #open = new Map<number, OpenRequest>();
  #lastSent = 0;
  /** Those of the peer; without a {@link Served} until their handler begins. */
  readonly #served = new Map<number, Served | undefined>();
  #lastArrived = 0;
  /** How many requests of the peer's are being handled and have no answer. */
  serving = 0;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /**
   * Sends a request of ours.
   *
   * @throws {HoldfastError} `invalid-message` or `limit` where it can't be sent.
   */
  send(
    message: Message,
    reply: Message,
    value: unknown,
    signal: AbortSignal | undefined,
  ): Promise<Record<string, unknown>> {
    const { encoder, outgoing, output } = this.#options;
    const request = this.#lastSent + 1;
    const position = encoder.pending;
    encoder.request(request, message, value);
    this.#lastSent = request;
    const { promise, resolve, reject } = deferred<Record<string, unknown>>();
    let callOff = () => false;
    const abort = () => {
      if (callOff()) {
        this.#open.delete(request);
      } else {
        // It stays open until the peer has answered, which it does for a cancelled request too.
        encoder.cancel(request);
        outgoing.count();
      }
      // Either there is a frame to send, or others have waited for this one to go first.
      output();
      reject(cancelled(signal!));
    };
    const release = () => signal?.removeEventListener("abort", abort);
    const entry: OpenRequest = {
      reply,
      frame: 0,
      resolve: (value) => (release(), resolve(value)),
      reject: (error) => (release(), reject(error)),
    };
    this.#open.set(request, entry);
    entry.frame = outgoing.admit(position, request);
    if (entry.frame === 0) {
      callOff = outgoing.wait(position, request, (frame) => entry.frame = frame, entry.reject);
    }
    signal?.addEventListener("abort", abort, { once: true });
    return quiet(promise);
  }

  /**
   * An answer to a request of ours.
   *
   * @throws {HoldfastError} `protocol` for a request that never was; `invalid-message` for a reply of a wrong shape.
   */
  replied(request: number, fields: Fields): void {
    const entry = this.#answered(request);
    if (entry === undefined) return;
    let value: Record<string, unknown>;
    try {
      value = fields.read(entry.reply);
    } catch (error) {
      const wrong = tellable(error);
      entry.reject(wrong);
      throw wrong;
    }
    entry.resolve(value);
  }

  /**
   * A request of ours has failed.
   *
   * @throws {HoldfastError} `protocol` for a request that never was.
   */
  failed(request: number, error: HoldfastError): void {
    this.#answered(request)?.reject(error);
  }

  /**
   * A request of the peer's has arrived.
   *
   * @throws {HoldfastError} `protocol` when its number does not rise; `limit` when it is one too many.
   */
  arrived(request: number): void {
    if (request <= this.#lastArrived) {
      throw new HoldfastError("protocol", `Request ${request} comes after request ${this.#lastArrived}.`);
    }
    const { limit } = this.#options;
    if (this.#served.size >= limit) throw new HoldfastError("limit", `More than ${limit} requests are open.`);
    this.#lastArrived = request;
    this.#served.set(request, undefined);
  }

  /** Whether the peer has called the request off before its turn. */
  wasCancelled(request: number): boolean {
    return !this.#served.has(request);
  }

  /** The handler of a request of the peer's begins. */
  serve(request: number, frame: number, reply: Message): ServedRequest {
    const served = new Served(request, frame, reply);
    this.#served.set(request, served);
    this.serving++;
    return served;
  }

  /**
   * The peer calls a request off: that is its answer.
   *
   * @throws {HoldfastError} `protocol` for a request that never was.
   */
  cancelled(request: number): void {
    if (request > this.#lastArrived) {
      throw new HoldfastError("protocol", `A CANCEL names request ${request}, which never was.`);
    }
    if (!this.#served.has(request)) return;
    const error = new HoldfastError("cancelled", "The request was called off.");
    const served = this.#served.get(request);
    this.refuse(request, { code: error.code, text: error.message });
    served?.abort(error);
  }

  /**
   * Answers a request of the peer's, if that has not been done.
   *
   * @throws {HoldfastError} `invalid-message` or `limit` where this can't be its reply.
   */
  reply(served: ServedRequest, value: unknown): void {
    if (!this.#served.has(served.request)) return;
    const { encoder, outgoing } = this.#options;
    encoder.reply(served.request, served.reply, value);
    outgoing.count();
    this.#forget(served.request);
  }

  /** Answers a request of the peer's by an error, if that has not been done. */
  refuse(request: number, fault: Fault): void {
    if (!this.#served.has(request)) return;
    this.#forget(request);
    const { encoder, outgoing } = this.#options;
    encoder.failure(request, fault);
    outgoing.count();
  }

  /**
   * The session has ended: settles all requests.
   *
   * @param reason Why.
   * @param verdict What is learned of our requests, by the numbers of their frames.
   */
  end(reason: HoldfastError, verdict: Verdict): void {
    for (const { frame, reject } of this.#open.values()) reject(verdict(frame));
    this.#open.clear();
    for (const served of this.#served.values()) served?.abort(reason);
    this.#served.clear();
  }

  #forget(request: number): void {
    if (this.#served.get(request) !== undefined) this.serving--;
    this.#served.delete(request);
  }

  #answered(request: number): OpenRequest | undefined {
    const entry = this.#open.get(request);
    if (request > this.#lastSent || entry?.frame === 0) {
      throw new HoldfastError("protocol", `An answer to request ${request}, which never was.`);
    }
    if (entry === undefined) return undefined;
    this.#open.delete(request);
    this.#options.outgoing.openRequests--;
    return entry;
  }
}
