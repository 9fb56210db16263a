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
import type { Fault, Fields } from "../wire/wire.ts";
import { Numbered } from "./numbered.ts";
import { OpenRequest, Served } from "./open_request.ts";
import type { Outgoing } from "./outgoing.ts";
import type { ServedRequest, SessionTerms } from "./types.ts";
import type { Verdict } from "./verdict.ts";

/** See the module's text. */
export class Requests {
  readonly #terms: SessionTerms;
  readonly #outgoing: Outgoing;
  /** Made for the first, as the other is. */
  #open: Numbered<OpenRequest> | undefined;
  #lastSent = 0;
  /** Those of the peer that have no answer. */
  #served: Numbered<Served> | undefined;
  #lastArrived = 0;
  /** What answers the request that was sent, or arrived, last. */
  #reply: Message | undefined;
  /** How many requests of the peer's are being handled and have no answer. */
  serving = 0;

  /** @param outgoing Numbers the frames. */
  constructor(terms: SessionTerms, outgoing: Outgoing) {
    this.#terms = terms;
    this.#outgoing = outgoing;
  }

  /** How many requests of the peer's have no answer. */
  get unanswered(): number {
    return this.#served?.size ?? 0;
  }

  /**
   * Sends a request of ours.
   *
   * @param reply The name of what answers it.
   * @throws {HoldfastError} `invalid-message` or `limit` where it can't be sent.
   */
  send(
    message: Message,
    reply: string,
    value: unknown,
    signal: AbortSignal | undefined,
  ): Promise<Record<string, unknown>> {
    const { encoder } = this.#terms;
    const request = this.#lastSent + 1;
    const size = encoder.request(request, message, value);
    this.#lastSent = request;
    const entry = new OpenRequest(request, this.#message(reply));
    (this.#open ??= new Numbered()).add(entry);
    entry.frame = this.#outgoing.admit(size, request);
    if (entry.frame === 0) {
      entry.callOff = this.#outgoing.wait(
        size,
        request,
        (frame) => entry.frame = frame,
        (error) => entry.reject(error),
      );
    }
    if (signal !== undefined) entry.listen(signal, () => this.#callOff(entry, signal));
    return entry.promise;
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
   * @param reply The name of what answers it.
   * @throws {HoldfastError} `protocol` when its number does not rise; `limit` when it is one too many.
   */
  arrived(request: number, reply: string): void {
    if (request <= this.#lastArrived) {
      throw new HoldfastError("protocol", `Request ${request} comes after request ${this.#lastArrived}.`);
    }
    const { requests: limit } = this.#terms.limits;
    if (this.unanswered >= limit) throw new HoldfastError("limit", `More than ${limit} requests are open.`);
    this.#lastArrived = request;
    (this.#served ??= new Numbered()).add(new Served(request, this.#message(reply)));
  }

  /**
   * The handler of a request of the peer's begins.
   *
   * @returns Nothing where the peer has called it off before its turn.
   */
  serve(request: number, frame: number): Served | undefined {
    const served = this.#served?.get(request);
    if (served === undefined) return undefined;
    served.frame = frame;
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
    const served = this.#served?.get(request);
    if (served === undefined) return;
    const error = new HoldfastError("cancelled", "The request was called off.");
    this.refuse(request, { code: error.code, text: error.message });
    served.abort(error);
  }

  /**
   * Answers a request of the peer's, if that has not been done.
   *
   * @throws {HoldfastError} `invalid-message` or `limit` where this can't be its reply.
   */
  reply(served: ServedRequest, value: unknown): void {
    if (this.#served?.get(served.request) === undefined) return;
    const { encoder } = this.#terms;
    encoder.reply(served.request, served.reply, value);
    this.#outgoing.count();
    this.#forget(served.request);
  }

  /** Answers a request of the peer's by an error, if that has not been done. */
  refuse(request: number, fault: Fault): void {
    if (!this.#forget(request)) return;
    const { encoder } = this.#terms;
    encoder.failure(request, fault);
    this.#outgoing.count();
  }

  /**
   * The session has ended: settles all requests.
   *
   * @param reason Why.
   * @param verdict What is learned of our requests, by the numbers of their frames.
   */
  end(reason: HoldfastError, verdict: Verdict): void {
    for (const entry of this.#open?.drain() ?? []) entry.reject(verdict(entry.frame));
    for (const served of this.#served?.drain() ?? []) served.abort(reason);
  }

  /** Holds no memory for requests that are not there. */
  rest(): void {
    if (this.#open?.size === 0) this.#open = undefined;
    if (this.#served?.size === 0) this.#served = undefined;
  }

  /** What answers a request: as a rule the same again, so that comparing its name costs less than to look it up. */
  #message(name: string): Message {
    if (this.#reply?.name !== name) this.#reply = this.#terms.messages.name(name)!;
    return this.#reply;
  }

  #callOff(entry: OpenRequest, signal: AbortSignal): void {
    const { encoder, events } = this.#terms;
    if (entry.callOff()) {
      this.#open?.delete(entry.request);
    } else {
      // It stays open until the peer has answered, which it does for a cancelled request too.
      encoder.cancel(entry.request);
      this.#outgoing.count();
    }
    // Either there is a frame to send, or others have waited for this one to go first.
    events.output();
    entry.reject(cancelled(signal));
  }

  #forget(request: number): boolean {
    const served = this.#served?.delete(request);
    if (served === undefined) return false;
    if (served.frame > 0) this.serving--;
    return true;
  }

  #answered(request: number): OpenRequest | undefined {
    const entry = this.#open?.get(request);
    if (request > this.#lastSent || entry?.frame === 0) {
      throw new HoldfastError("protocol", `An answer to request ${request}, which never was.`);
    }
    if (entry === undefined) return undefined;
    this.#open?.delete(request);
    this.#outgoing.openRequests--;
    return entry;
  }
}
