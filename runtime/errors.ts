/**
 * The one class of errors that the runtime throws, rejects with, and reads from the peer.
 *
 * @module
 */

/**
 * What went wrong, in a word that programs can rely on.
 *
 * | code | meaning |
 * | --- | --- |
 * | `invalid-argument` | the caller gave something that cannot be used: a URL, an option |
 * | `invalid-message` | a value does not have the shape that its definition asks for |
 * | `unknown-message` | the service's definition has no message of that name |
 * | `wrong-direction` | the message exists, but this side does not send it |
 * | `incompatible` | this side's definition and the peer's do not fit for that message |
 * | `no-handler` | nobody handles that message |
 * | `handler-failed` | the peer's handler threw |
 * | `refused` | the service did not let the client in |
 * | `unauthorized` | the service does not let this client do that |
 * | `expired` | the client's credentials have ended, and were not renewed |
 * | `no-credentials` | what gives this client its credentials has failed |
 * | `unknown-service` | no service of that name there |
 * | `identity-in-use` | somebody else has that identity now |
 * | `protocol` | the peer said what the protocol does not allow, or speaks another one |
 * | `limit` | a limit was passed |
 * | `unreachable` | no connection could be made |
 * | `certificate` | the peer's certificate is not to be trusted |
 * | `disconnected` | the connection ended before it was known what became of this |
 * | `dropped` | it was not sent: the peer reads too slowly, and a newer message took its place |
 * | `timeout` | it took longer than it may |
 * | `cancelled` | an `AbortSignal` or the peer called it off |
 * | `closed` | this side, or the peer's application, has closed the connection |
 * | `stopping` | the service is about to stop: it can be tried again |
 * | `internal` | the peer failed in a way that it does not tell; the number leads to its log |
 */
export type ErrorCode =
  | "invalid-argument"
  | "invalid-message"
  | "unknown-message"
  | "wrong-direction"
  | "incompatible"
  | "no-handler"
  | "handler-failed"
  | "refused"
  | "unauthorized"
  | "expired"
  | "no-credentials"
  | "unknown-service"
  | "identity-in-use"
  | "protocol"
  | "limit"
  | "unreachable"
  | "certificate"
  | "disconnected"
  | "dropped"
  | "timeout"
  | "cancelled"
  | "closed"
  | "stopping"
  | "internal";

const ERROR_CODES: Readonly<Record<ErrorCode, true>> = {
  "invalid-argument": true,
  "invalid-message": true,
  "unknown-message": true,
  "wrong-direction": true,
  "incompatible": true,
  "no-handler": true,
  "handler-failed": true,
  "refused": true,
  "unauthorized": true,
  expired: true,
  "no-credentials": true,
  "unknown-service": true,
  "identity-in-use": true,
  "protocol": true,
  "limit": true,
  "unreachable": true,
  "certificate": true,
  "disconnected": true,
  "dropped": true,
  "timeout": true,
  "cancelled": true,
  "closed": true,
  "stopping": true,
  "internal": true,
};

/** Whether a word is one of the {@link ErrorCode}s. */
export function isErrorCode(word: string): word is ErrorCode {
  return Object.hasOwn(ERROR_CODES, word);
}

/** A frame of a connection that died badly: what it was, never what it held. */
export interface LastFrame {
  /** Which way it went, seen from this side. */
  readonly direction: "received" | "sent";
  /**
   * What it was, by its name in `docs/protocol.md`: `MESSAGE`, `ACK`. One without a name shows its byte: `0x42`. Of DISET,
   * all are `FRAME` but for `KEEP-ALIVE`.
   */
  readonly kind: string;
  /** The number by which both sides count it, where frames of its kind are counted. */
  readonly number?: number;
  /** How long it was, in bytes, up to 4,194,303: longer ones show that. */
  readonly size: number;
  /** How long before the end it came or left, in milliseconds. */
  readonly ago: number;
}

/** What a {@link HoldfastError} may carry beside its code and text. */
export interface HoldfastErrorOptions {
  /** What led to it. */
  readonly cause?: unknown;
  /** `true` if the peer said so, `false` (the default) if this side found it. */
  readonly remote?: boolean;
  /** `true` if what was to be sent never left, and never will. */
  readonly unsent?: boolean;
}

/**
 * An error of Holdfast's.
 *
 * @example
 * ```ts
 * import { connect, HoldfastError } from "holdfast";
 *
 * try {
 *   await connect("tls://localhost:1/Framework/PingPong");
 * } catch (error) {
 *   console.log(error instanceof HoldfastError && error.code === "unreachable");
 * }
 * ```
 */
export class HoldfastError extends Error {
  /** Always `HoldfastError`. */
  override readonly name = "HoldfastError";
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  /** Whether the peer said so; otherwise this side found it. */
  readonly remote: boolean;
  /** Whether what was to be sent never left, and never will: so the peer has not handled it. */
  readonly unsent: boolean;
  /**
   * What came and went last, the oldest first, where this is why a connection died that should not have: the peer
   * broke the protocol, went silent, or was cut off in the midst. Absent from all other errors; those that tell what
   * became of a message have it in their `cause`.
   */
  declare readonly frames?: readonly LastFrame[];

  /**
   * Makes an error.
   *
   * @param code What went wrong, for programs.
   * @param message What went wrong and what to do, for people.
   * @param options What led to it, and who found it.
   */
  constructor(code: ErrorCode, message: string, options: HoldfastErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.remote = options.remote ?? false;
    this.unsent = options.unsent ?? false;
  }

  /**
   * Makes one of whatever was thrown.
   *
   * @param thrown Anything.
   * @returns `thrown` itself if it is one; else one with the code `internal` that has `thrown` as its cause.
   */
  static from(thrown: unknown): HoldfastError {
    if (thrown instanceof HoldfastError) return thrown;
    return new HoldfastError("internal", thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
  }
}

/**
 * Makes an error that the peer may be told of whatever was thrown: what is not Holdfast's own keeps its text to itself.
 *
 * @param thrown Anything.
 */
export function tellable(thrown: unknown): HoldfastError {
  if (thrown instanceof HoldfastError) return thrown;
  return new HoldfastError("internal", "Something failed that should not have.", { cause: thrown });
}

/** With these, a connection does not end as it should. */
const BAD_ENDS: ReadonlySet<ErrorCode> = new Set([
  "disconnected",
  "internal",
  "invalid-message",
  "limit",
  "protocol",
  "timeout",
  "unknown-message",
  "wrong-direction",
]);

/**
 * Puts a connection's last frames into the error of its end, where that was a bad one and they are not there yet.
 *
 * @param reason Why it has ended.
 * @param frames What came and went last.
 */
export function explain(reason: HoldfastError, frames: () => readonly LastFrame[]): void {
  if (!BAD_ENDS.has(reason.code) || reason.frames !== undefined) return;
  const value = frames();
  if (value.length > 0) Object.defineProperty(reason, "frames", { value, enumerable: true });
}

/** The error of whoever called something off. */
export function cancelled(signal: AbortSignal): HoldfastError {
  return new HoldfastError("cancelled", "Called off by its signal.", { cause: signal.reason });
}

/**
 * What a handler throws to tell the peer what went wrong. Its text crosses the wire; that of any other error does not:
 * the peer learns of those as `internal`, with a number that stands in this side's log.
 *
 * @example
 * ```ts
 * import { Failure } from "holdfast";
 *
 * function submit(job: { retries: number }): void {
 *   if (job.retries > 10) throw new Failure("At most 10 retries, please.");
 * }
 *
 * try {
 *   submit({ retries: 11 });
 * } catch (error) {
 *   console.log(error instanceof Failure);
 * }
 * ```
 */
export class Failure extends HoldfastError {
  /**
   * Makes a failure.
   *
   * @param message What went wrong and what to do, for whoever uses the peer.
   */
  constructor(message: string) {
    super("handler-failed", message);
  }
}
