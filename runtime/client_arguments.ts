/**
 * What is given to a client, looked at: not everybody has TypeScript to say what is wrong with it.
 *
 * @module
 */

import type { ClientOptions } from "./client_options.ts";
import { HoldfastError } from "./errors.ts";
import { checkFunctions, checkNames } from "./names.ts";
import { checkTelemetry } from "./telemetry/check.ts";

const KNOWN: Readonly<Record<keyof ClientOptions | "args" | "messages", true>> = {
  ca: true,
  crl: true,
  certificate: true,
  token: true,
  group: true,
  identity: true,
  diset: true,
  misfits: true,
  reconnect: true,
  resume: true,
  limits: true,
  log: true,
  telemetry: true,
  signal: true,
  network: true,
  clock: true,
  random: true,
  args: true,
  messages: true,
};

const NAMES = Object.keys(KNOWN);

/**
 * Checks what can be checked before anything is done with it.
 *
 * @throws {HoldfastError} `invalid-argument`
 */
export function checkOptions(options: ClientOptions): void {
  checkNames("A client", options, NAMES);
  checkFunctions(options, ["log", "random"]);
  checkTelemetry(options.telemetry);
  for (const name of ["ca", "crl", "group", "identity"] as const) {
    if (options[name] === undefined || typeof options[name] === "string") continue;
    throw new HoldfastError("invalid-argument", `The option "${name}" must be a text.`);
  }
}
