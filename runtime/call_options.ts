/**
 * What is given with a call of a client's or a connection's, looked at: an option that is passed over because of its
 * spelling may be one that protects. A call without options pays nothing for that.
 *
 * @module
 */

import { HoldfastError } from "./errors.ts";
import { checkNames } from "./names.ts";
import type { SendOptions } from "./session/types.ts";

const SEND: readonly (keyof SendOptions)[] = ["acknowledge", "signal", "overflow"];
const SIGNAL: readonly string[] = ["signal"];

/**
 * Checks how something is to be sent.
 *
 * @throws {HoldfastError} `invalid-argument`
 */
export function checkSendOptions(options: SendOptions | undefined): void {
  if (options === undefined) return;
  checkNames("send()", options, SEND);
  const { acknowledge, overflow } = options;
  if (acknowledge !== undefined && typeof acknowledge !== "boolean") {
    throw new HoldfastError("invalid-argument", 'The option "acknowledge" must be true or false.');
  }
  checkOverflow(overflow);
}

/**
 * Checks what is to become of a message that can't go at once.
 *
 * @throws {HoldfastError} `invalid-argument`
 */
export function checkOverflow(overflow: SendOptions["overflow"]): void {
  if (overflow === undefined || overflow === "wait" || overflow === "drop-oldest") return;
  if (typeof overflow?.latest === "string") return;
  throw new HoldfastError(
    "invalid-argument",
    'The option "overflow" must be "wait", "drop-oldest" or { latest: KEY }, with a text for a key.',
  );
}

/**
 * The signal among the options of a call that has no other.
 *
 * @param what The call.
 * @throws {HoldfastError} `invalid-argument` where there is another.
 */
export function signalOf(
  what: string,
  options: { readonly signal?: AbortSignal } | undefined,
): AbortSignal | undefined {
  if (options === undefined) return undefined;
  checkNames(what, options, SIGNAL);
  return options.signal;
}
