/**
 * The result dictionary that every frame carries, and the texts of the errors that the original's clients know.
 *
 * @module
 */

import { HoldfastError } from "../../errors.ts";
import { Dict, isTrue, itemsOf, type PyValue } from "./python.ts";

/** A result that says that something went wrong. */
export interface ErrorResult {
  readonly ok: false;
  /** 0 where there is none. */
  readonly number: number;
  readonly message: string;
  /** Where it went wrong, for those who know the peer's code; the original sends it when it refuses a proposal. */
  readonly callStack?: readonly string[];
}

/** A result. */
export type Result = { readonly ok: true; readonly value: PyValue } | ErrorResult;

/** The texts of errors, as the original writes them. */
export const REFUSALS = {
  full: "Maximum number of connections reached",
  invalidProposal: "Invalid action proposal",
  unknownService: (service: string): string => `${service} is not up in this server`,
  unknownActionType: (type: string): string => `${type} is not a known action type`,
  unknownConnectionMethod: (method: string): string => `Invalid connection method ${method}`,
  unknownMethod: (method: string): string => `Unknown method ${method}`,
  argumentCount: (count: number): string => `Expected ${count} arguments`,
  argumentType: (place: number): string => `Invalid type for argument ${place}`,
  failedServing: (action: string, text: string): string => `Server error while serving ${action}: ${text}`,
} as const;

/** The number of {@link unauthorizedResult}. */
export const UNAUTHORIZED = 1111;

/** A success. */
export function success(value: PyValue = null): Dict {
  return Dict.of([["OK", true], ["Value", value]]);
}

/** An error. What is no Unicode in its text is replaced: no error is to fail since a peer's words stand in it. */
export function failure(message: string, number = 0): Dict {
  return Dict.of([["OK", false], ["Errno", number], ["Message", message.toWellFormed()]]);
}

/** The error for who may not do that. */
export function unauthorizedResult(): Dict {
  return failure(`Unauthorized query ( ${UNAUTHORIZED} : Unauthorized query)`, UNAUTHORIZED);
}

/**
 * Reads a result.
 *
 * @param value What a payload holds.
 * @throws {HoldfastError} `protocol` if it is no result.
 */
export function readResult(value: PyValue | undefined): Result {
  const dict = value instanceof Dict ? value : undefined;
  const ok = dict?.get("OK");
  if (dict !== undefined && ok !== undefined && isTrue(ok)) {
    const result = dict.get("Value");
    if (result !== undefined) return { ok: true, value: result };
  } else if (dict !== undefined && ok !== undefined) {
    const message = dict.get("Message");
    const number = dict.get("Errno");
    const callStack = itemsOf(dict.get("CallStack"))?.filter((line) => typeof line === "string");
    if (typeof message === "string") {
      const known = typeof number === "number" ? number : 0;
      return { ok: false, number: known, message, ...(callStack && { callStack }) };
    }
  }
  throw new HoldfastError(
    "protocol",
    "A payload is no result: neither a success with a value nor an error with a text.",
  );
}

/**
 * Reads a result that has to be a success.
 *
 * @param value What a payload holds.
 * @returns The success's value.
 * @throws {HoldfastError} `protocol` if it is no result; what the peer says went wrong, if it is an error.
 */
export function expectSuccess(value: PyValue): PyValue {
  const result = readResult(value);
  if (result.ok) return result.value;
  throw remoteError(result);
}

/** Makes an error of what the peer says. The original tells kinds apart by a number, where it does. */
export function remoteError({ number, message }: ErrorResult): HoldfastError {
  return new HoldfastError(number === UNAUTHORIZED ? "unauthorized" : "refused", message, { remote: true });
}
