/**
 * What is given as `telemetry`, looked at.
 *
 * @module
 */

import { HoldfastError } from "../errors.ts";
import type { Telemetry } from "./telemetry.ts";

/**
 * Checks that it is one: the API itself is easily given in its place.
 *
 * @throws {HoldfastError} `invalid-argument`
 */
export function checkTelemetry(telemetry: Telemetry | undefined): void {
  if (telemetry === undefined || typeof telemetry?.session === "function" && typeof telemetry.line === "function") {
    return;
  }
  throw new HoldfastError("invalid-argument", 'The option "telemetry" must watch: openTelemetry(api) makes what does.');
}
