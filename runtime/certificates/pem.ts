/**
 * Files of certificates and lists: PEM.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { HoldfastError } from "../errors.ts";
import { readCertificate } from "./certificate.ts";
import type { Certificate } from "./certificate.ts";
import { faultOfSigner } from "./fitness.ts";
import { describeName } from "./names.ts";
import { readPublicKey } from "./signature.ts";

/**
 * Reads all blocks of a kind; what stands around them is passed over.
 *
 * @param pem The text.
 * @param label What stands after `BEGIN`.
 * @param what How to call it.
 * @param read Reads one.
 * @throws {HoldfastError} `invalid-argument` when there is none, or one can't be read.
 */
export function readPem<T>(pem: string, label: string, what: string, read: (der: Uint8Array) => T): T[] {
  const blocks = [
    ...pem.matchAll(new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]*)-----END ${label}-----`, "g")),
  ];
  if (blocks.length === 0 || blocks.length !== pem.split(`-----BEGIN ${label}-----`).length - 1) {
    throw new HoldfastError(
      "invalid-argument",
      `${what} can't be read. Give the text of a PEM file, not its name: it has a line '-----BEGIN ${label}-----'.`,
    );
  }
  return blocks.map(([, base64], index) => {
    try {
      return read(Buffer.from(base64!, "base64"));
    } catch (cause) {
      const which = `${what}: number ${index + 1} of ${blocks.length}`;
      throw new HoldfastError("invalid-argument", `${which} can't be used: ${(cause as Error).message}.`, { cause });
    }
  });
}

/**
 * Reads the certificates of authorities that are to be trusted.
 *
 * @throws {HoldfastError} `invalid-argument` when there is none, or one that could never be used.
 */
export function readAuthorities(pem: string): Certificate[] {
  return readPem(pem, "CERTIFICATE", "The authorities to trust ('ca')", (der) => {
    const certificate = readCertificate(der);
    const who = describeName(certificate.subject);
    const fault = faultOfSigner(certificate);
    if (fault !== undefined) throw new Error(`${who}: ${fault}`);
    readPublicKey(certificate.publicKey);
    return certificate;
  });
}
