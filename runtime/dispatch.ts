/**
 * From a message that has its turn to the handler, and back: what the handler returns or throws becomes what the peer
 * learns.
 *
 * @module
 */

import type { Message } from "../idl/definition.ts";
import { Failure, HoldfastError, tellable } from "./errors.ts";
import type { Log } from "./log.ts";
import { DONE } from "./promises.ts";
import type { Session } from "./session/session.ts";
import type { ServedRequest } from "./session/types.ts";
import type { Fault, Fields } from "./wire/wire.ts";

/** What a handler is told of a request, beside the request. */
export interface Call {
  /** Aborted when the peer calls the request off, or the connection ends. */
  readonly signal: AbortSignal;
}

/** Handles one kind of message; what it returns answers a request. */
export type AnyHandler = (value: Record<string, unknown>, call: Call | undefined) => unknown;

/** Whose messages and requests are handled. */
export interface Handlers {
  /** What the peer may do now. What is there never changes: if it may do more or less, another value is. */
  readonly rights: unknown;
  /** Finds the handler of a message; one that was found stays. */
  find(name: string): AnyHandler | undefined;
  /** Makes of an error what the peer may know; `what` names what failed. */
  report(error: unknown, what: string): Fault;
  /** Why the peer may not send a message, if it may not. */
  refusal(name: string): HoldfastError | undefined;
}

/** What is told of a handler's end: a session, or who watches one. */
export type Answers = Pick<Session, "fail" | "handled" | "refuse" | "reply">;

/** Has messages and requests handled that have their turn. */
export interface Handling {
  message(to: Answers, message: Message, fields: Fields, frame: number): void;
  request(to: Answers, message: Message, fields: Fields, served: ServedRequest): void;
}

const NONE: never[] = [];

/** Hands the messages of one session to their handlers. */
export class Dispatcher implements Handling {
  readonly #handlers: Handlers;
  /** Those that were found, by the numbers of their messages, for as long as the peer may do the same. */
  #found: (AnyHandler | undefined)[] = NONE;
  #rights: unknown;

  /** @param handlers Whose; they are not asked again for a message, while the peer may do the same. */
  constructor(handlers: Handlers) {
    this.#handlers = handlers;
  }

  /** Handles a message. An error ends the session. What the peer may not send is not read. */
  message(session: Answers, message: Message, fields: Fields, frame: number): void {
    const handler = this.#handler(message);
    if (typeof handler !== "function") return session.fail(handler, frame);
    let value: Record<string, unknown>;
    try {
      value = fields.read(message);
    } catch (error) {
      return session.fail(tellable(error), frame);
    }
    let pending: Promise<unknown> | undefined;
    try {
      pending = promiseOf(handler(value, undefined));
    } catch (error) {
      return this.#failMessage(session, message, frame, error);
    }
    if (pending === undefined) session.handled(frame);
    else this.#settleMessage(session, message, frame, pending);
  }

  /** Handles a request. An error is its answer, but for one of the bytes that it came as. */
  request(session: Answers, message: Message, fields: Fields, served: ServedRequest): void {
    const handler = this.#handler(message);
    if (typeof handler !== "function") return session.refuse(served, { code: handler.code, text: handler.message });
    let value: Record<string, unknown>;
    try {
      value = fields.read(message);
    } catch (error) {
      return session.fail(tellable(error), served.frame);
    }
    let result: unknown;
    let pending: Promise<unknown> | undefined;
    try {
      result = handler(value, served);
      pending = promiseOf(result);
    } catch (error) {
      return this.#failRequest(session, message, served, error);
    }
    if (pending === undefined) this.#reply(session, message, served, result);
    else this.#settleRequest(session, message, served, pending);
  }

  // What follows is apart from the two above, where no closure is made for a handler that is done when it returns.

  #settleMessage(session: Answers, message: Message, frame: number, pending: Promise<unknown>): void {
    pending.then(() => session.handled(frame), (error) => this.#failMessage(session, message, frame, error));
  }

  #settleRequest(session: Answers, message: Message, served: ServedRequest, pending: Promise<unknown>): void {
    pending.then(
      (result) => this.#reply(session, message, served, result),
      (error) => this.#failRequest(session, message, served, error),
    );
  }

  #reply(session: Answers, message: Message, served: ServedRequest, result: unknown): void {
    try {
      session.reply(served, result);
    } catch (error) {
      this.#failRequest(session, message, served, error);
    }
  }

  #failMessage(session: Answers, message: Message, frame: number, error: unknown): void {
    const told = this.#handlers.report(error, message.name);
    session.fail(handlerFailed(message, told, error), frame, told);
  }

  #failRequest(session: Answers, message: Message, served: ServedRequest, error: unknown): void {
    session.refuse(served, this.#handlers.report(error, message.name));
  }

  /** The handler of a message, or why there is none for it. */
  #handler(message: Message): AnyHandler | HoldfastError {
    const { rights } = this.#handlers;
    if (rights !== this.#rights) {
      this.#rights = rights;
      this.#found = NONE;
    }
    return this.#found[message.number] ?? this.#look(message);
  }

  #look(message: Message): AnyHandler | HoldfastError {
    const { name, number } = message;
    const refusal = this.#handlers.refusal(name);
    if (refusal !== undefined) return refusal;
    const handler = this.#handlers.find(name);
    if (handler === undefined) return noHandler(message);
    // Just as long as it has to be: every connection has one.
    if (number >= this.#found.length) this.#found = [...this.#found, ...new Array(number + 1 - this.#found.length)];
    this.#found[number] = handler;
    return handler;
  }
}

/**
 * Makes of an error what the peer may know: only one made to be shown crosses the wire with its text; any other is
 * `internal`, and a number under which the log has it.
 *
 * @param transportId Of which connection the log speaks.
 * @param what Names what failed.
 */
export function reportError(log: Log, transportId: string | undefined, error: unknown, what: string): Fault {
  if (error instanceof Failure || isNoHandler(error)) return { code: error.code, text: error.message };
  const incident = crypto.randomUUID().slice(0, 8);
  const about = transportId === undefined ? {} : { transportId };
  log({ level: "error", message: `The handler of ${what} failed.`, incident, error, ...about });
  return { code: "internal", text: `Internal error ${incident}. Whoever runs the other side finds it in the log.` };
}

/** Whether something is to be awaited. */
export function isPending(value: unknown): value is PromiseLike<unknown> {
  // What most sends give back is done: who returns it is not waited for, which would cost more than all the rest.
  return value !== DONE && typeof value === "object" && value !== null && "then" in value
    && typeof value.then === "function";
}

/** A promise of what a handler gave back, if that is to be awaited. One that is not a promise may settle twice. */
function promiseOf(result: unknown): Promise<unknown> | undefined {
  return isPending(result) ? Promise.resolve(result) : undefined;
}

/** Whether it was found here, rather than by a peer that the handler asked, that nobody handles something. */
function isNoHandler(error: unknown): error is HoldfastError {
  return error instanceof HoldfastError && error.code === "no-handler" && !error.remote;
}

function noHandler(message: Message): HoldfastError {
  return new HoldfastError("no-handler", `Nobody handles ${message.name} here.`);
}

/** What this side knows of an error of its own handler's: all of it. */
function handlerFailed({ name }: Message, told: Fault, cause: unknown): HoldfastError {
  const text = cause instanceof Error ? cause.message : String(cause);
  return new HoldfastError(told.code, `The handler of ${name} failed: ${text}`, { cause });
}
