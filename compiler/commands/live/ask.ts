/**
 * Asking a service for its definition.
 *
 * @module
 */

import { type Definition, describe } from "../../../mod.ts";
import { talking } from "./failure.ts";
import type { TrustOptions } from "./options.ts";
import { checkNative } from "./own_definition.ts";
import { trustOf } from "./trust.ts";

/**
 * Asks a service for its definition.
 *
 * @throws {CommandError} What to tell the user; or the signal's reason.
 */
export async function ask(url: string, trust: TrustOptions, signal: AbortSignal): Promise<Definition> {
  checkNative(url, "tells its definition");
  return await talking(trust, async () => {
    try {
      return await describe(url, { ...trustOf(trust), signal });
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
    }
  });
}
