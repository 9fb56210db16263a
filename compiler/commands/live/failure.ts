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
import type { TrustOptions } from "./options.ts";

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
 * Tells what came and went last over a connection that died as it should not.
 *
 * @param error Its error, or one that came of that.
 * @returns Lines to stand behind the error's text; "" where nothing is known.
 */
export function lastFrames(error: HoldfastError): string {
  for (let one: unknown = error; one instanceof HoldfastError; one = one.cause) {
    if (one.frames === undefined) continue;
    const rows = one.frames.map(({ ago, direction, kind, number, size }) => [
      direction.padEnd(8),
      `${kind} ${number ?? ""}`.padEnd(20),
      `${size} bytes`.padStart(13),
      `${ago} ms before`.padStart(18),
    ]);
    return ["", "what came and went last:", ...rows.map((row) => `  ${row.join(" ")}`)].join("\n");
  }
  return "";
}

/**
 * Runs something that talks to a service; what Holdfast throws there ends the command as `docs/cli.md` says.
 *
 * @throws {CommandError}
 */
export async function talking<T>({ verbose }: TrustOptions, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (!(error instanceof HoldfastError)) throw error;
    const hint = error.code === "certificate" ? " To trust another authority: --ca FILE." : "";
    const frames = verbose ? lastFrames(error) : "";
    throw new CommandError(`${printable(error.message)}${hint}${frames}`, EXIT_CODES[error.code]);
  }
}
