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
 * @throws {CommandError} Where a file can't be read, or is of another kind, or a key lacks its certificate.
 */
export function trustOf({ ca, crl, cert, key, tokenFile, group }: TrustOptions): Trust {
  if (key !== undefined && cert === undefined) {
    throw new CommandError("--key is the private key of a certificate: give that, too, as --cert.", EXIT_USAGE);
  }
  const token = tokenFile !== undefined ? () => textOf(tokenFile).trim() : process.env["HOLDFAST_TOKEN"];
  if (tokenFile !== undefined) textOf(tokenFile);
  return {
    ...(ca !== undefined && { ca: pemOf(ca, "CERTIFICATE") }),
    ...(crl !== undefined && { crl: pemOf(crl, "X509 CRL") }),
    ...(cert !== undefined && { certificate: { cert: pemOf(cert, "CERTIFICATE"), key: keyOf(cert, key) } }),
    ...(token !== undefined && token !== "" && { token }),
    ...(group !== undefined && { group }),
  };
}

/** Reads a PEM file. Of a wrong one a client could not say which it was, since it gets the text alone. */
function pemOf(path: string, label: string): string {
  const text = textOf(path);
  if (text.includes(`-----BEGIN ${label}-----`)) return text;
  throw new CommandError(`${path} is the wrong file: it has no line '-----BEGIN ${label}-----'.`, EXIT_USAGE);
}

/** Reads the private key of a certificate: it may stand in the same file. */
function keyOf(cert: string, key: string | undefined): string {
  const path = key ?? cert;
  const text = textOf(path);
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)) return text;
  const where = key === undefined ? " Say by --key FILE which file has it." : "";
  throw new CommandError(
    `${path} has no private key: there is no line '-----BEGIN PRIVATE KEY-----'.${where}`,
    EXIT_USAGE,
  );
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
