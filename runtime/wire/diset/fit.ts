/**
 * A service or a client that is to speak the original's protocol refuses a definition that can't be said there when it
 * starts, rather than one message or the other later.
 *
 * @module
 */

import type { Shape } from "../../../idl/definition.ts";
import { misfits } from "../../../idl/diset.ts";
import { HoldfastError } from "../../errors.ts";

/**
 * Checks that a definition can be said in the original's protocol.
 *
 * @param shape A valid definition's shape.
 * @throws {HoldfastError} `invalid-argument`, with all that can't be.
 */
export function requireFit(shape: Shape): void {
  const found = misfits(shape);
  if (found.length === 0) return;
  const list = found.map((misfit) => `\n- ${misfit}`).join("");
  throw new HoldfastError("invalid-argument", `DIRAC's protocol can't say all of ${shape.service}:${list}`);
}
