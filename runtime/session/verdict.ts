/**
 * What is learned of frames when their session has ended.
 *
 * @module
 */

import { HoldfastError } from "../errors.ts";

/** What is learned of a frame, by its number: 0 for one that was never sent. */
export type Verdict = (frame: number) => HoldfastError;

/**
 * What is learned of each.
 *
 * @param reason Why the session has ended.
 * @param culprit The number of the frame that has caused that; 0 where none did.
 * @param hasLeft Whether a frame was given to a stream.
 */
export function verdictOn(reason: HoldfastError, culprit: number, hasLeft: (frame: number) => boolean): Verdict {
  // Most have nothing to learn of when a session ends: each is made for the first.
  let unknown: HoldfastError | undefined;
  let unsent: HoldfastError | undefined;
  return (frame) => {
    if (frame === 0 || !hasLeft(frame)) return unsent ??= notSent(reason);
    return frame === culprit ? reason : unknown ??= notKnown(reason);
  };
}

function notKnown(reason: HoldfastError): HoldfastError {
  return new HoldfastError(
    "disconnected",
    `The connection ended before it was known whether this was handled: ${reason.message}`,
    { cause: reason },
  );
}

/** What is learned of what is sent in a session that has ended. */
export function notSent(reason: HoldfastError): HoldfastError {
  return new HoldfastError("disconnected", `Not sent, since the connection has ended: ${reason.message}`, {
    cause: reason,
    unsent: true,
  });
}
