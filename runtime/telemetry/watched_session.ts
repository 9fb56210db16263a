/**
 * A session that is watched. It is another class than one that is not, so that the latter pays nothing.
 *
 * @module
 */

import type { Message } from "../../idl/definition.ts";
import type { Answers, Handling } from "../dispatch.ts";
import { type HoldfastError, tellable } from "../errors.ts";
import { Session } from "../session/session.ts";
import type { SendOptions, ServedRequest, SessionOptions } from "../session/types.ts";
import type { Fault, FrameEncoder, TraceContext } from "../wire/wire.ts";
import type { Operation, SessionTelemetry } from "./telemetry.ts";

/** Tells what it sends, and tells the peer in the course of what. */
export class WatchedSession extends Session {
  readonly #encoder: FrameEncoder;
  readonly #telemetry: SessionTelemetry;

  constructor(options: SessionOptions, telemetry: SessionTelemetry) {
    super(options);
    this.#encoder = options.encoder;
    this.#telemetry = telemetry;
  }

  override send(message: Message, value: unknown, options?: SendOptions, encoded?: Uint8Array): Promise<void> {
    const trace = this.#told(this.#telemetry.sends(message.name));
    // What was encoded for others does not tell it.
    return this.#telling(trace, () => super.send(message, value, options, trace === undefined ? encoded : undefined));
  }

  override request(message: Message, value: unknown, signal?: AbortSignal): Promise<Record<string, unknown>> {
    const operation = this.#telemetry.requests(message.name);
    const end = (error: unknown) => operation.end(tellable(error).code);
    try {
      const reply = this.#telling(this.#told(operation.trace), () => super.request(message, value, signal));
      reply.then(() => operation.end(), end);
      return reply;
    } catch (error) {
      end(error);
      throw error;
    }
  }

  #told(trace: TraceContext | undefined): TraceContext | undefined {
    return this.#encoder.takesTraces === true ? trace : undefined;
  }

  #telling<T>(trace: TraceContext | undefined, send: () => T): T {
    if (trace === undefined) return send();
    this.#encoder.trace = trace;
    try {
      return send();
    } finally {
      this.#encoder.trace = undefined;
    }
  }
}

/** Who handles what arrives, and is watched. */
export function watchedHandling(handling: Handling, telemetry: SessionTelemetry): Handling {
  return {
    message(session, message, fields, frame) {
      const operation = telemetry.handles(message.name, false, fields.trace);
      operation.run(() => handling.message(new WatchedAnswers(session, operation), message, fields, frame));
    },
    request(session, message, fields, served) {
      const operation = telemetry.handles(message.name, true, fields.trace);
      operation.run(() => handling.request(new WatchedAnswers(session, operation), message, fields, served));
    },
  };
}

/** What a handler's end leads to, which ends its operation first: the session may end by it. */
class WatchedAnswers implements Answers {
  readonly #session: Answers;
  readonly #operation: Operation;

  constructor(session: Answers, operation: Operation) {
    this.#session = session;
    this.#operation = operation;
  }

  handled(frame: number): void {
    this.#operation.end();
    this.#session.handled(frame);
  }

  fail(error: HoldfastError, frame: number, told?: Fault): void {
    this.#operation.end(error.code);
    this.#session.fail(error, frame, told);
  }

  reply(served: ServedRequest, value: unknown): void {
    // One that can't be the reply is refused next.
    this.#session.reply(served, value);
    this.#operation.end();
  }

  refuse(served: ServedRequest, fault: Fault): void {
    this.#operation.end(fault.code);
    this.#session.refuse(served, fault);
  }
}
