/**
 * What the two sides of a connection keep about their conversation: which frames were sent, arrived, started, handled;
 * which requests are open. It does no I/O and knows no time: frames go in through {@link FrameSink}, frames come out
 * of the encoder, and what happens is told through {@link SessionEvents}.
 *
 * ```
 * open ──fail────────────▶ ended     CLOSE is the last frame of the output
 *   ├──CLOSE arrives────▶ ended
 *   ├──disconnected─────▶ ended     the line has broken for good
 *   └──resume───────────▶ open      what the peer lacks is sent again, over another line
 * ```
 *
 * @module
 */

import type { Exchange, Message } from "../../idl/definition.ts";
import { cancelled, HoldfastError, tellable } from "../errors.ts";
import { type Deferred, deferred, DONE, quiet } from "../promises.ts";
import type { Fault, Fields, FrameSink, Gap, Progress } from "../wire/wire.ts";
import { checkIsSent, sentBy } from "./direction.ts";
import { Incoming } from "./incoming.ts";
import { measure, type Measures } from "./measures.ts";
import { type Outcome, Outgoing } from "./outgoing.ts";
import { Requests } from "./requests.ts";
import { Sends } from "./sends.ts";
import { Traffic } from "./traffic.ts";
import type { SendOptions, ServedRequest, SessionOptions, SessionTerms } from "./types.ts";
import { notSent, verdictOn } from "./verdict.ts";

/** See the module's text. */
export class Session implements FrameSink {
  /** What goes over its lines. */
  readonly traffic: Traffic = new Traffic();
  readonly #terms: SessionTerms;
  readonly #outgoing: Outgoing;
  readonly #incoming: Incoming;
  readonly #requests: Requests;
  readonly #sends: Sends;
  #reason: HoldfastError | undefined;
  #outcome: Outcome | undefined;
  #idle: Deferred<void> | undefined;
  /** Whether it was told that there is output, since the last was taken. */
  #isDue = false;
  /** The message that was found last to be one that may be sent: most send the same again and again. */
  #sendable: Message | undefined;

  constructor({ disconnectSlow, encoder, events, limits, messages, peer, role, waits }: SessionOptions) {
    // A peer may say that it takes any amount, and then take nothing: its word alone does not bound what is sent.
    const window = Math.min(peer.window, limits.window);
    const requests = Math.min(peer.requests, limits.requests);
    const terms = { role, encoder, limits, disconnectSlow, messages, events, waits, window, requests };
    this.#terms = terms;
    this.#outgoing = new Outgoing(terms, this);
    this.#incoming = new Incoming(terms, this.#outgoing);
    this.#sends = new Sends(this.#outgoing, encoder, events);
    this.#requests = new Requests(terms, this.#outgoing);
  }

  /** Whether the peer's handlers may be waiting for those that wait for the answers to our requests. */
  get mayOvertake(): boolean {
    return this.#incoming.busy || this.#requests.serving > 0;
  }

  /** How much of the window what has not begun fills, or open requests of their limit: at 1, nothing more is taken. */
  get crowding(): number {
    return Math.max(this.#incoming.crowding, this.#requests.unanswered / this.#terms.limits.requests);
  }

  /** Why it has ended; `undefined` while it has not. */
  get reason(): HoldfastError | undefined {
    return this.#reason;
  }

  /**
   * Sends a message.
   *
   * @param encoded Its frame, where it was encoded before: for others, too.
   * @returns Settled when the message may go, or has been handled: as the options say. A rejection that nobody looks at
   * does no harm.
   * @throws {HoldfastError} At once, where the message can't be sent: `invalid-message`, `wrong-direction`, `limit`.
   */
  send(message: Message, value: unknown, options?: SendOptions, encoded?: Uint8Array): Promise<void> {
    if (message !== this.#sendable) {
      checkIsSent(this.#terms.role, message);
      this.#sendable = message;
    }
    if (this.#reason !== undefined) return quiet(Promise.reject(notSent(this.#reason)));
    const promise = options === undefined && encoded === undefined
      ? this.#sends.plain(message, value)
      : this.#sends.send(message, value, options, encoded);
    this.#output();
    if (this.#terms.disconnectSlow && this.#outgoing.waitingBytes > this.#terms.limits.backlog) {
      this.fail(new HoldfastError("limit", "This client reads too slowly what it is sent."), 0);
    }
    return promise;
  }

  /**
   * Sends a request.
   *
   * @returns Its reply. A rejection that nobody looks at does no harm.
   * @throws {HoldfastError} At once, as {@link Session.send}.
   */
  request(message: Message, value: unknown, signal?: AbortSignal): Promise<Record<string, unknown>> {
    const exchange = sentBy(this.#terms.role, message);
    if (exchange.reply === undefined) {
      throw new HoldfastError("wrong-direction", `${message.name} has no reply: use send().`);
    }
    if (this.#reason !== undefined) return quiet(Promise.reject(notSent(this.#reason)));
    if (signal?.aborted === true) return quiet(Promise.reject(cancelled(signal)));
    if (this.#outgoing.requestsFull && this.#requests.serving >= this.#terms.requests) {
      // To wait here could be for ever: each of the peer's requests may wait for one of ours, and the other way round.
      throw new HoldfastError(
        "limit",
        "Each side has as many requests open as may be: let handlers of requests send fewer requests of their own, or "
          + 'raise the limit "requests" on both sides.',
      );
    }
    const promise = this.#requests.send(message, exchange.reply, value, signal);
    this.#output();
    return promise;
  }

  /** A message has been handled. */
  handled(frame: number): void {
    if (this.#reason !== undefined) return;
    this.#incoming.done(frame);
    if (this.#idle !== undefined && this.#incoming.isIdle) this.#idle.resolve();
    this.#output();
  }

  /**
   * Answers a request.
   *
   * @throws {HoldfastError} `invalid-message` or `limit` where this can't be its reply: the request is still open then.
   */
  reply(served: ServedRequest, value: unknown): void {
    if (this.#reason !== undefined) return;
    this.#requests.reply(served, value);
    this.handled(served.frame);
  }

  /** Answers a request by an error. */
  refuse(served: ServedRequest, fault: Fault): void {
    if (this.#reason !== undefined) return;
    this.#requests.refuse(served.request, fault);
    this.handled(served.frame);
  }

  /** Resolved when the peer has handled all that was sent, or the session has ended. */
  drained(): Promise<void> {
    return this.#reason === undefined ? this.#outgoing.drained() : DONE;
  }

  /** Resolved when this side has handled all that arrived, or the session has ended. */
  idle(): Promise<void> {
    if (this.#reason !== undefined || this.#incoming.isIdle) return DONE;
    return (this.#idle ??= deferred()).promise;
  }

  /** What became of what was sent, as far as is known. */
  get outcome(): Outcome {
    return this.#outcome ?? this.#outgoing.outcome();
  }

  /** Both ends of the gap, as a handshake states them. */
  get gap(): Gap {
    return { received: this.#incoming.received, oldest: this.#terms.encoder.oldest };
  }

  /** How many messages were not sent, but gave way to newer ones. */
  get dropped(): number {
    return this.#outgoing.dropped;
  }

  /** How it stands, in numbers. */
  measure(): Measures {
    const { held, traffic } = this;
    const [outgoing, incoming, requests] = [this.#outgoing, this.#incoming, this.#requests];
    const { encoder: { pending }, window } = this.#terms;
    return measure({ outgoing, incoming, requests, traffic, held, pending, window });
  }

  /** How many bytes it holds for the peer. */
  get held(): number {
    return this.#terms.encoder.held + this.#outgoing.waitingBytes;
  }

  /** Whether both sides can give each other what they lack. */
  canResume(peer: Gap): boolean {
    return this.#reason === undefined && this.#outgoing.hasLeft(peer.received)
      && peer.received + 1 >= this.#terms.encoder.oldest && peer.oldest <= this.#incoming.received + 1;
  }

  /** Whether the peer has said since that more has arrived: then that comes late, from a line that it has left. */
  isLate(peer: Gap): boolean {
    return peer.received < this.#outgoing.received;
  }

  /** Goes on over another line: the output begins with what the peer lacks. */
  resume(peer: Gap): void {
    this.#terms.encoder.replay(peer.received, this.#outgoing.sent);
    this.#incoming.changed = true;
  }

  /**
   * Takes the bytes that are to be sent, after all that waits and may go on has gone on.
   *
   * @returns `undefined` when there is nothing: call it until then, since taking makes room for more.
   */
  take(): Uint8Array | undefined {
    this.#isDue = false;
    while (this.#reason === undefined) {
      const parked = this.#incoming.next();
      if (parked === undefined) break;
      this.#start(parked.message, parked.request, parked.frame, parked.fields);
    }
    // A handler that has begun may have ended the session.
    if (this.#reason === undefined) {
      this.#outgoing.sendWaiting();
      if (this.#incoming.changed) this.#terms.encoder.progress(this.#incoming.progress());
    }
    return this.#outgoing.take();
  }

  /** What was taken has left. */
  left(): void {
    const reached = this.#terms.encoder.reached();
    if (reached !== undefined && this.#reason === undefined) this.#outgoing.progress(reached);
  }

  /** Holds no memory for what is not there: for a session that has been silent for a while. */
  rest(): void {
    this.#outgoing.rest();
    this.#incoming.rest();
    this.#requests.rest();
  }

  /** Asks for a sign of life. */
  ping(token: number): void {
    if (this.#reason === undefined) this.#terms.encoder.ping(token);
  }

  /**
   * Ends the session because of an error that this side found, and tells the peer.
   *
   * @param error The error, as this side sees it.
   * @param frame The number of the peer's frame that caused it; 0 where none did.
   * @param told What the peer is told of it.
   */
  fail(error: HoldfastError, frame: number, told: Fault = { code: error.code, text: error.message }): void {
    if (this.#reason !== undefined) return;
    // What has been handled until here stays handled, and the peer is to know.
    this.#terms.encoder.progress(this.#incoming.progress());
    this.#terms.encoder.close(told, frame);
    // What stands before CLOSE in the output leaves with it, and may be handled.
    this.#outgoing.letGo();
    this.#end(error);
  }

  /** Tells the peer that this side is about to stop. */
  goAway(spread: number): void {
    if (this.#reason !== undefined) return;
    this.#terms.encoder.goAway(spread);
    this.#output();
  }

  /** The line has broken, for good. */
  disconnected(reason: HoldfastError): void {
    this.#end(reason);
  }

  onMessage(message: Message, size: number, fields: Fields): void {
    const exchange = this.#arriving(message);
    if (exchange === undefined) return;
    if (exchange.reply !== undefined) {
      throw new HoldfastError("protocol", `${message.name} is a request, and came as a message.`);
    }
    const frame = this.#incoming.accept(message, 0, size, fields);
    if (frame > 0) this.#start(message, 0, frame, fields);
  }

  onRequest(request: number, message: Message, size: number, fields: Fields): void {
    const exchange = this.#arriving(message);
    if (exchange === undefined) return;
    if (exchange.reply === undefined) {
      throw new HoldfastError("protocol", `${message.name} has no reply, and came as a request.`);
    }
    this.#requests.arrived(request, exchange.reply);
    const frame = this.#incoming.accept(message, request, size, fields);
    if (frame > 0) this.#start(message, request, frame, fields);
  }

  onUnknown(message: number | string): void {
    const which = typeof message === "number" ? `number ${message}` : JSON.stringify(message);
    const error = new HoldfastError("unknown-message", `The definition has no message ${which}.`);
    this.fail(error, this.#incoming.received + 1);
  }

  onReply(request: number, fields: Fields): void {
    this.#incoming.count();
    try {
      this.#requests.replied(request, fields);
    } catch (error) {
      this.fail(tellable(error), this.#incoming.received);
    }
  }

  onFailure(request: number, fault: Fault): void {
    this.#incoming.count();
    this.#requests.failed(request, new HoldfastError(fault.code, fault.text, { remote: true }));
  }

  onCancel(request: number): void {
    this.#incoming.count();
    this.#requests.cancelled(request);
  }

  onProgress(progress: Progress): void {
    this.#outgoing.progress(progress);
  }

  onPing(token: number): void {
    // Whoever asks without reading the answers gets no more of them.
    if (this.#terms.encoder.pending < this.#terms.limits.window) this.#terms.encoder.pong(token);
  }

  onPong(token: number): void {
    this.traffic.answered(token);
  }

  onGoAway(spread: number): void {
    if (this.#terms.role === "service") throw new HoldfastError("protocol", "A client does not send GOAWAY.");
    this.#terms.events.goingAway(spread);
  }

  onClose(fault: Fault, frame: number): void {
    this.#end(new HoldfastError(fault.code, fault.text, { remote: true }), frame);
  }

  #start(message: Message, request: number, frame: number, fields: Fields): void {
    let served: ServedRequest | undefined;
    if (request > 0) {
      served = this.#requests.serve(request, frame);
      // Called off before its turn.
      if (served === undefined) return this.handled(frame);
    }
    if (served === undefined) this.#terms.events.message(message, fields, frame);
    else this.#terms.events.request(message, fields, served);
  }

  /** Tells that there is output to take: once for a turn, not for each message. */
  #output(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#terms.events.output();
  }

  #arriving(message: Message): Exchange | undefined {
    const exchange = this.#terms.role === "service" ? message.receives : message.sends;
    if (exchange !== undefined) return exchange;
    const error = new HoldfastError(
      "wrong-direction",
      `${message.name} is not for a ${this.#terms.role} to receive.`,
    );
    this.fail(error, this.#incoming.received + 1);
    return undefined;
  }

  #end(reason: HoldfastError, culprit = 0): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#outcome = this.#outgoing.outcome();
    this.#incoming.clear();
    const verdict = verdictOn(reason, culprit, (frame) => this.#outgoing.hasLeft(frame));
    this.#outgoing.end(verdict);
    this.#requests.end(reason, verdict);
    this.#idle?.resolve();
    this.#terms.events.ended(reason);
  }
}
