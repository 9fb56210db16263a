/**
 * Certificates and keys are looked at before a runtime gets them: one says nothing of what it can't read, another only
 * when the first client comes.
 *
 * @module
 */

import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { HoldfastError } from "../errors.ts";

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const PRIVATE_KEY = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^-]+-----END \1-----/;
const REVOCATION_LIST = /-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g;

/** A certificate and its key, in the one form that every runtime reads. */
export interface Identity {
  /** The certificate, its chain behind it, and nothing else: PEM. */
  readonly cert: string;
  /** The key as PKCS #8: PEM. */
  readonly key: string;
  /** The certificate itself, then its chain. */
  readonly chain: readonly X509Certificate[];
}

/**
 * Reads what a service shows its clients, or a client its service. Both texts may have more in them than they are asked
 * for: the file of an X.509 proxy, say, which has certificate, key and chain, may stand for both.
 *
 * @param cert The certificate, its chain behind it: PEM.
 * @param key The private key: PEM.
 * @returns The two, without whatever else is there.
 * @throws {HoldfastError} `invalid-argument` when one can't be read, or when they don't belong together.
 */
export function readIdentity(cert: string, key: string): Identity {
  if (kindOf(cert) === "key" && kindOf(key) === "certificate") {
    throw new HoldfastError(
      "invalid-argument",
      "The certificate ('cert') and the private key ('key') seem to be swapped: 'cert' is a private key, and 'key' a "
        + "certificate.",
    );
  }
  const chain = certificates(cert, "The certificate ('cert')");
  const privateKey = readKey(key);
  if (!chain[0]!.checkPrivateKey(privateKey)) {
    throw new HoldfastError(
      "invalid-argument",
      "The private key ('key') does not belong to the certificate ('cert'). Give the two that were made together; the "
        + "certificate that the key is for comes first in its file.",
    );
  }
  return {
    cert: joined(cert.match(CERTIFICATE)!),
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    chain,
  };
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

/**
 * Checks the lists of what authorities have taken back.
 *
 * @param crl The lists: PEM.
 * @param ca The authorities that were given, if any were.
 * @returns Each list's own PEM text.
 * @throws {HoldfastError} `invalid-argument` when there is none, when one can't be read, or when nobody has said whose
 * lists are to be believed.
 */
export function checkRevocationLists(crl: string, ca: string | undefined): string[] {
  const lists = crl.match(REVOCATION_LIST) ?? [];
  try {
    if (lists.length === 0) throw new Error("It has no such line.");
    createSecureContext({ crl: lists });
  } catch (cause) {
    throw new HoldfastError(
      "invalid-argument",
      "The lists of revoked certificates ('crl') can't be read. Give the text of a PEM file, not its name: it has a "
        + "line '-----BEGIN X509 CRL-----'.",
      { cause },
    );
  }
  if (ca !== undefined) return lists;
  throw new HoldfastError(
    "invalid-argument",
    "The lists of revoked certificates ('crl') are of use only beside the authorities that made them. Give those, too "
      + "('ca').",
  );
}

function readKey(pem: string): KeyObject {
  try {
    return createPrivateKey(PRIVATE_KEY.exec(pem)?.[0] ?? "");
  } catch {
    // The runtime's error is not handed on: it is about a secret, and might quote it.
    throw new HoldfastError(
      "invalid-argument",
      "The private key ('key') can't be read. Give the text of a PEM file, without a passphrase: it has a line "
        + "'-----BEGIN PRIVATE KEY-----'.",
    );
  }
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

function joined(blocks: readonly string[]): string {
  return `${blocks.join("\n")}\n`;
}
