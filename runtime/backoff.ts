/**
 * How long to wait before trying again.
 *
 * @module
 */

import { HoldfastError } from "./errors.ts";

/** Delays in milliseconds. */
export interface Backoff {
  /** The upper bound of the first delay. */
  readonly first: number;
  /** The upper bound of any delay. */
  readonly most: number;
}

/**
 * Checks delays.
 *
 * @throws {HoldfastError} `invalid-argument` where they can't be used.
 */
export function checkBackoff({ first, most }: Backoff): void {
  if (first >= 1 && most >= first && most < Infinity) return;
  throw new HoldfastError(
    "invalid-argument",
    `The delays of "reconnect" are ${first} and ${most} ms: the first is 1 at the least, and the most no less than that.`,
  );
}

/** The delays that hold where nothing else is said. */
export const DEFAULT_BACKOFF: Backoff = { first: 100, most: 30_000 };

/**
 * The delay before an attempt: exponential with full jitter, so that a thousand clients that lost the same service do
 * not come back together. The jitter is drawn after the bound has been applied (else all late delays were the same),
 * and no delay is zero.
 *
 * @param attempt How many attempts have failed before: 1 for the first delay.
 * @param backoff The bounds.
 * @param random A number from 0 (inclusive) to 1 (exclusive).
 * @returns Milliseconds, from 1 to `backoff.most`.
 */
export function backoffDelay(attempt: number, backoff: Backoff, random: number): number {
  // 2 ** 1024 is Infinity, and 0 times that no number.
  const bound = Math.min(backoff.most, backoff.first * 2 ** Math.min(attempt - 1, 1000));
  return Math.max(1, Math.round(random * bound));
}
