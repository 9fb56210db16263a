/**
 * What clients that are not let in are told.
 *
 * @module
 */

import { HoldfastError } from "../errors.ts";
import type { Dict } from "../wire/diset/python.ts";
import { failure, REFUSALS, unauthorizedResult } from "../wire/diset/results.ts";

/** Why a client is not let in where there are as many as may be. */
export function full(cause?: unknown): HoldfastError {
  return new HoldfastError("limit", REFUSALS.full, cause === undefined ? {} : { cause });
}

/**
 * What a client is told that is not let in.
 *
 * @param action What was about to be done for it.
 */
export function refusalResult(error: HoldfastError, action: string | undefined): Dict {
  if (error.code === "unauthorized") return unauthorizedResult();
  const isOurs = error.code === "internal" && action !== undefined;
  return failure(isOurs ? REFUSALS.failedServing(action, error.message) : error.message);
}
