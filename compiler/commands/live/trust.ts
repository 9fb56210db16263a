/**
 * From options on the command line to a client's.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { readFileSync } from "node:fs";
import process from "node:process";
import type { ClientOptions } from "../../../mod.ts";
import { reason } from "../../files.ts";
import { CommandError, EXIT_USAGE } from "../../terminal.ts";
import type { TrustOptions } from "./options.ts";

/** Whom to trust, and what to show of oneself. */
export type Trust = Pick<ClientOptions, "ca" | "crl" | "certificate" | "token" | "group">;

/**
 * Makes a client's options.
 *
 * @throws {CommandError} Where a file can't be read, or a key lacks its certificate.
 */
export function trustOf({ ca, crl, cert, key, tokenFile, group }: TrustOptions): Trust {
  if (key !== undefined && cert === undefined) {
    throw new CommandError("--key is the private key of a certificate: give that, too, as --cert.", EXIT_USAGE);
  }
  const token = tokenFile !== undefined ? () => textOf(tokenFile).trim() : process.env["HOLDFAST_TOKEN"];
  if (tokenFile !== undefined) textOf(tokenFile);
  return {
    ...(ca !== undefined && { ca: textOf(ca) }),
    ...(crl !== undefined && { crl: textOf(crl) }),
    ...(cert !== undefined && { certificate: { cert: textOf(cert), key: textOf(key ?? cert) } }),
    ...(token !== undefined && token !== "" && { token }),
    ...(group !== undefined && { group }),
  };
}

/**
 * Reads a file as text.
 *
 * @throws {CommandError} If it can't be read, or is not UTF-8.
 */
export function textOf(path: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(readFileSync(path)));
  } catch (error) {
    const why = error instanceof TypeError ? "it is not UTF-8." : reason(error);
    throw new CommandError(`${path}: this can't be read: ${why}`);
  }
}
