/**
 * What a certificate must be by itself, whoever has signed it: for a client's, and for an authority's.
 *
 * @module
 */

import { EXTENSION, USAGE } from "./certificate.ts";
import type { Certificate } from "./certificate.ts";
import { readPublicKey } from "./signature.ts";

const CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
const ANY_PURPOSE = "2.5.29.37.0";

/** By which proxies were told before RFC 3820. */
const DRAFT_PROXY = "1.3.6.1.4.1.3536.1.222";

/**
 * Extensions that are acted upon, or (certificate policies) need not be, as no policy is asked for. The others are
 * refused where they are critical.
 */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.basicConstraints,
  EXTENSION.keyUsage,
  EXTENSION.extKeyUsage,
  EXTENSION.subjectAltName,
  EXTENSION.nameConstraints,
  EXTENSION.certificatePolicies,
  EXTENSION.proxyCertInfo,
]);

/**
 * Looks at a certificate that a client shows: an end entity's, or a proxy.
 *
 * @returns What is wrong with it; `undefined` if nothing is.
 */
export function faultOfClient(certificate: Certificate, now: number): string | undefined {
  const { isAuthority, usages } = certificate.extensions;
  if (isAuthority === true) return "it is the certificate of an authority, not of a client";
  if (usages !== undefined && (usages & USAGE.digitalSignature) === 0) return "its key is not for signing (keyUsage)";
  return faultOfAny(certificate, now) ?? faultOfPurpose(certificate);
}

/**
 * Looks at the certificate of an authority.
 *
 * @param certificate The certificate.
 * @param below How many authorities stand between it and the end entity; those that have issued to themselves don't count.
 * @param now Milliseconds since 1970.
 * @returns What is wrong with it; `undefined` if nothing is.
 */
export function faultOfAuthority(certificate: Certificate, below: number, now: number): string | undefined {
  const { pathLength = Infinity } = certificate.extensions;
  if (below > pathLength) return `it allows ${pathLength} authorities below it, not ${below} (pathLenConstraint)`;
  return faultOfSigner(certificate) ?? faultOfAny(certificate, now);
}

/** Looks at whether a certificate may sign others at all. */
export function faultOfSigner({ extensions }: Certificate): string | undefined {
  if (extensions.proxy !== undefined) return "it is a proxy, not an authority";
  if (extensions.isAuthority !== true) return "it is not the certificate of an authority (basicConstraints)";
  const { usages = USAGE.keyCertSign } = extensions;
  if ((usages & USAGE.keyCertSign) === 0) return "its key is not for signing certificates (keyUsage)";
  return undefined;
}

/** Looks at what a certificate is for. */
export function faultOfPurpose({ extensions: { purposes } }: Certificate): string | undefined {
  if (purposes === undefined || purposes.includes(CLIENT_AUTH) || purposes.includes(ANY_PURPOSE)) return undefined;
  return "it is not for clients (extKeyUsage lacks clientAuth)";
}

function faultOfAny({ extensions, notBefore, notAfter, publicKey }: Certificate, now: number): string | undefined {
  if (extensions.critical.has(DRAFT_PROXY)) return "it is a proxy from before RFC 3820, of Globus 3";
  const strange = [...extensions.critical].find((id) => !UNDERSTOOD.has(id));
  if (strange !== undefined) return `it has the critical extension ${strange}, which is not understood here`;
  if (now < notBefore) return `it is not valid before ${new Date(notBefore).toISOString()}`;
  if (now > notAfter) return `it has expired: ${new Date(notAfter).toISOString()}`;
  try {
    readPublicKey(publicKey);
  } catch (error) {
    return (error as Error).message;
  }
  return undefined;
}
