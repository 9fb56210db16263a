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
 * | `unknown-service` | no service of that name there |
 * | `identity-in-use` | somebody else has that identity now |
 * | `protocol` | the peer said what the protocol does not allow, or speaks another one |
 * | `limit` | a limit was passed |
 * | `unreachable` | no connection could be made |
 * | `certificate` | the peer's certificate is not to be trusted |
 * | `disconnected` | the connection ended before it was known what became of this |
 * | `timeout` | it took longer than it may |
 * | `cancelled` | an `AbortSignal` or the peer called it off |
 * | `closed` | this side has closed |
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
  | "unknown-service"
  | "identity-in-use"
  | "protocol"
  | "limit"
  | "unreachable"
  | "certificate"
  | "disconnected"
  | "timeout"
  | "cancelled"
  | "closed"
  | "internal";

/** What a {@link HoldfastError} may carry beside its code and text. */
export interface HoldfastErrorOptions {
  /** What led to it. */
  readonly cause?: unknown;
  /** `true` if the peer said so, `false` (the default) if this side found it. */
  readonly remote?: boolean;
}

/**
 * An error of Holdfast's. Throw one in a handler to have its text shown to the peer: any other error crosses the wire
 * as `internal` and a number only.
 *
 * @example
 * ```ts
 * import { HoldfastError } from "holdfast";
 *
 * const error = new HoldfastError("handler-failed", "The queue is full. Try again in a minute.");
 * console.log(`${error.code}: ${error.message}`);
 * ```
 */
export class HoldfastError extends Error {
  override readonly name = "HoldfastError";
  /** What went wrong, for programs. */
  readonly code: ErrorCode;
  /** Whether the peer said so; otherwise this side found it. */
  readonly remote: boolean;

  /**
   * @param code What went wrong, for programs.
   * @param message What went wrong and what to do, for people.
   * @param options What led to it, and who found it.
   */
  constructor(code: ErrorCode, message: string, options: HoldfastErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.remote = options.remote ?? false;
  }
}
