/**
 * From what Holdfast throws to how a command ends.
 *
 * @module
 */

import { type ErrorCode, HoldfastError } from "../../../mod.ts";
import {
  CommandError,
  EXIT_FAILED,
  EXIT_PROBLEMS,
  EXIT_REFUSED,
  EXIT_SERVICE,
  EXIT_TIMEOUT,
  EXIT_UNAUTHORIZED,
  EXIT_USAGE,
} from "../../terminal.ts";
import type { Input } from "./input.ts";

const EXIT_CODES: Readonly<Record<ErrorCode, number>> = {
  "invalid-argument": EXIT_USAGE,
  "invalid-message": EXIT_PROBLEMS,
  "unknown-message": EXIT_PROBLEMS,
  "wrong-direction": EXIT_PROBLEMS,
  incompatible: EXIT_PROBLEMS,
  limit: EXIT_PROBLEMS,
  unreachable: EXIT_FAILED,
  certificate: EXIT_FAILED,
  disconnected: EXIT_FAILED,
  stopping: EXIT_FAILED,
  closed: EXIT_FAILED,
  cancelled: EXIT_FAILED,
  dropped: EXIT_FAILED,
  "no-credentials": EXIT_UNAUTHORIZED,
  unauthorized: EXIT_UNAUTHORIZED,
  expired: EXIT_UNAUTHORIZED,
  refused: EXIT_REFUSED,
  "unknown-service": EXIT_REFUSED,
  "identity-in-use": EXIT_REFUSED,
  timeout: EXIT_TIMEOUT,
  "handler-failed": EXIT_SERVICE,
  "no-handler": EXIT_SERVICE,
  internal: EXIT_SERVICE,
  protocol: EXIT_SERVICE,
};

/** Control characters but the line feed, and marks that turn the direction of writing: a service chooses its texts. */
// deno-lint-ignore no-control-regex
const UNPRINTABLE = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g;

/**
 * Makes text of a service's fit for a terminal.
 *
 * @param text Any.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, "\ufffd");
}

/** Makes of an error about a value one that shows it in the text that the value came from; leaves any other as it is. */
export function explained(error: unknown, blame: Input["blame"]): unknown {
  const isOfValue = error instanceof HoldfastError && error.code === "invalid-message" && !error.remote;
  return isOfValue ? blame(error) : error;
}

/**
 * Runs something that talks to a service; what Holdfast throws there ends the command as `docs/cli.md` says.
 *
 * @throws {CommandError}
 */
export async function talking<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    const text = printable(error.message);
    throw new CommandError(
      error.code === "certificate" ? `${text} To trust another authority: --ca FILE.` : text,
      EXIT_CODES[error.code],
    );
  }
}
