/**
 * Certificates and keys are looked at before a runtime gets them: one says nothing of what it can't read, another only
 * when the first client comes.
 *
 * @module
 */

import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { HoldfastError } from "../errors.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/**
 * Checks what a service shows its clients.
 *
 * @param cert The certificate, its chain behind it: PEM.
 * @param key The private key: PEM.
 * @throws {HoldfastError} `invalid-argument` when one can't be read, or when they don't belong together.
 */
export function checkIdentity(cert: string, key: string): void {
  if (kindOf(cert) === "key" && kindOf(key) === "certificate") {
    throw new HoldfastError(
      "invalid-argument",
      "The certificate ('cert') and the private key ('key') seem to be swapped: 'cert' is a private key, and 'key' a "
        + "certificate.",
    );
  }
  const [own] = certificates(cert, "The certificate ('cert')");
  let privateKey: KeyObject;
  try {
    privateKey = createPrivateKey(key);
  } catch (cause) {
    throw new HoldfastError(
      "invalid-argument",
      "The private key ('key') can't be read. Give the text of a PEM file, without a passphrase: it has a line "
        + "'-----BEGIN PRIVATE KEY-----'.",
      { cause },
    );
  }
  if (own!.checkPrivateKey(privateKey)) return;
  throw new HoldfastError(
    "invalid-argument",
    "The private key ('key') does not belong to the certificate ('cert'). Give the two that were made together; the "
      + "service's own certificate comes first in its file.",
  );
}

/**
 * Checks the authorities that a client is told to trust.
 *
 * @param ca Their certificates: PEM.
 * @returns Each certificate's own PEM text.
 * @throws {HoldfastError} `invalid-argument` when there is none, or one can't be read.
 */
export function checkAuthorities(ca: string): string[] {
  certificates(ca, "The authorities to trust ('ca')");
  return ca.match(CERTIFICATE)!;
}

/** What a PEM text holds, if that is one of the two and not the other. */
function kindOf(pem: string): "certificate" | "key" | undefined {
  const hasCertificate = pem.match(CERTIFICATE) !== null;
  if (hasCertificate === PRIVATE_KEY.test(pem)) return undefined;
  return hasCertificate ? "certificate" : "key";
}

function certificates(pem: string, what: string): X509Certificate[] {
  try {
    const found = (pem.match(CERTIFICATE) ?? []).map((block) => new X509Certificate(block));
    if (found.length > 0) return found;
  } catch (cause) {
    throw unreadable(what, cause);
  }
  throw unreadable(what, undefined);
}

function unreadable(what: string, cause: unknown): HoldfastError {
  return new HoldfastError(
    "invalid-argument",
    `${what} can't be read. Give the text of a PEM file, not its name: it has a line '-----BEGIN CERTIFICATE-----'.`,
    cause === undefined ? {} : { cause },
  );
}
