/**
 * Certificates for development: a service has something to show on loopback, and a client has something to trust.
 *
 * The authority lives for one call only. Its private key is never exported, so nobody can make it sign anything else,
 * and a client that was told to trust it trusts this one service certificate and no other.
 *
 * @module
 */

// What @peculiar/x509 is built on needs this before it is loaded.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { isIP } from "node:net";
import { domainToASCII } from "node:url";

/** What a development certificate should say. */
export interface DevelopmentCertificateOptions {
  /** The host names and IP addresses that the service is reached by: `localhost`, `127.0.0.1` and `::1` unless given. */
  readonly names?: readonly string[];
  /** For how long it is valid, in days: 90 unless given, 825 at most. */
  readonly days?: number;
  /** From when on it is valid: an hour ago unless given, so that a clock that lags behind does not matter. */
  readonly notBefore?: Date;
}

/** A development certificate: three texts in PEM. */
export interface DevelopmentCertificate {
  /** The authority's certificate: what a client must be told to trust. */
  readonly ca: string;
  /** The service's certificate, signed by that authority. */
  readonly cert: string;
  /** The service certificate's private key. */
  readonly key: string;
}

/** The names of a service that only this machine can reach. */
export const LOOPBACK_NAMES: readonly string[] = ["localhost", "127.0.0.1", "::1"];

/** How long a development certificate is valid unless asked otherwise, in days. */
export const DEFAULT_DAYS = 90;

/** Some systems (Apple's) trust no certificate that is valid for longer, in days. */
export const MAX_DAYS = 825;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const KEY = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" } as const;
const ORGANIZATION = "Holdfast development (not for production)";

/**
 * Makes a certificate for a service under development, and a certificate authority that nothing trusts by itself.
 *
 * @param options The names, and for how long.
 * @returns The authority's certificate, the service's, and the service's private key.
 * @throws {TypeError} When there is no name, or one that is neither a host name nor an IP address.
 * @throws {RangeError} When `days` is not a whole number from 1 to 825, or `notBefore` is not a valid date.
 */
export async function developmentCertificate(
  options: DevelopmentCertificateOptions = {},
): Promise<DevelopmentCertificate> {
  const names = (options.names ?? LOOPBACK_NAMES).map(generalName);
  if (names.length === 0) throw new TypeError("A certificate needs at least one host name or IP address.");
  const days = options.days ?? DEFAULT_DAYS;
  if (!Number.isInteger(days) || days < 1 || days > MAX_DAYS) {
    throw new RangeError(`A development certificate is valid for 1 to ${MAX_DAYS} whole days, not ${days}.`);
  }
  const notBefore = options.notBefore ?? new Date(Date.now() - HOUR);
  if (Number.isNaN(notBefore.getTime())) throw new RangeError("'notBefore' is not a valid date.");
  const notAfter = new Date(notBefore.getTime() + days * DAY);
  const validity = { notBefore, notAfter, signingAlgorithm: SIGNATURE };

  const authorityKeys = await crypto.subtle.generateKey(KEY, false, ["sign", "verify"]);
  const authority = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    name: [{ CN: ["Holdfast development CA"] }, { O: [ORGANIZATION] }],
    keys: authorityKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(authorityKeys.publicKey),
    ],
  });

  const serviceKeys = await crypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
  const service = await x509.X509CertificateGenerator.create({
    ...validity,
    subject: [{ CN: ["Holdfast development service"] }, { O: [ORGANIZATION] }],
    issuer: authority.subjectName,
    publicKey: serviceKeys.publicKey,
    signingKey: authorityKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names),
      await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey),
      await x509.SubjectKeyIdentifierExtension.create(serviceKeys.publicKey),
    ],
  });

  const privateKey = await crypto.subtle.exportKey("pkcs8", serviceKeys.privateKey);
  return {
    ca: text(authority.toString("pem")),
    cert: text(service.toString("pem")),
    key: text(x509.PemConverter.encode(privateKey, "PRIVATE KEY")),
  };
}

/** A PEM block as a text file. */
function text(pem: string): string {
  return `${pem.trimEnd()}\n`;
}

/** An address, or a host name in the form that certificates use (`*.` may stand in front). */
function generalName(name: string): { type: "ip" | "dns"; value: string } {
  switch (isIP(name)) {
    case 4:
      return { type: "ip", value: name };
    case 6:
      if (!name.includes("%")) return { type: "ip", value: new URL(`http://[${name}]`).hostname.slice(1, -1) };
      break;
    default: {
      const ascii = domainToASCII(name.replace(/^\*\./, ""));
      if (
        /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/.test(ascii)
      ) {
        return { type: "dns", value: name.startsWith("*.") ? `*.${ascii}` : ascii };
      }
    }
  }
  throw new TypeError(`'${name}' is neither a host name nor an IP address. Write it as in 'localhost' or '127.0.0.1'.`);
}
