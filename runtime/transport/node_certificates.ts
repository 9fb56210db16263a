/**
 * What `node:tls` has to be told, and asked, about certificates so that it comes to the same on every runtime.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { constants, type X509Certificate } from "node:crypto";
import {
  checkServerIdentity,
  type DetailedPeerCertificate,
  type PeerCertificate,
  type TlsOptions,
  type TLSSocket,
} from "node:tls";
import { readChain } from "../certificates/chain.ts";
import { faultOfAuthority } from "../certificates/fitness.ts";
import { anchorsOf, findPath, SignatureChecker } from "../certificates/path.ts";
import { readAuthorities } from "../certificates/pem.ts";
import { RevocationLists } from "../certificates/revocation.ts";
import { maySign } from "./key_usage.ts";
import { noProxies } from "./tls_errors.ts";

/** Whether this runs on Deno, whose `node:tls` differs in what is to be done here. */
export const IS_DENO: boolean = "Deno" in globalThis;

/**
 * No client can resume its TLS session, but on Deno, which passes over this. Ours never do, and to make tickets for it
 * takes time of each connection.
 */
export const NO_TICKETS: number = constants.SSL_OP_NO_TICKET;

/**
 * How a service uses TLS, beside what it shows. None lets a client begin anew in the middle, which only Node's would,
 * with TLS 1.2: who the client is must stay as it was.
 *
 * Whom a service that asks for certificates lets in, it says itself: `authorized` is not looked at, which Deno sets for
 * every client that resumes its TLS session. OpenSSL forgets in such a session all but the first of a chain, so none must
 * be resumed: without tickets, Node and Bun have nowhere to keep them. Deno keeps the chain with the session.
 *
 * @param clientCertificates Whether it asks.
 */
export function serviceOptions(clientCertificates: boolean): TlsOptions {
  return {
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION | NO_TICKETS,
    // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED does not matter.
    ...(clientCertificates && { requestCert: true, rejectUnauthorized: false }),
  };
}

/** Of so many services is remembered that their certificate was good. */
const MOST_SERVICES = 16;

/** Their certificates, in DER, and the names that they were good for; the oldest first. */
const goodServices: { readonly hostname: string; readonly certificate: Uint8Array }[] = [];

/** The extension of an X.509 proxy, its identifier and the word that it is critical: DER. */
const CRITICAL_PROXY = Uint8Array.of(6, 8, 0x2b, 6, 1, 5, 5, 7, 1, 14, 1, 1, 0xff);

/**
 * What a client has shown: all of it, as it came.
 *
 * @param socket The service's end. To be asked once: Node takes the chain out of the connection.
 * @returns Its certificate and the chain behind it: DER. `undefined` if something among them can't be read.
 */
export function certificatesOf(socket: TLSSocket): Uint8Array[] | undefined {
  try {
    return IS_DENO ? chainOnDeno(socket) : chain(socket);
  } catch {
    return undefined;
  }
}

function chain(socket: TLSSocket): Uint8Array[] {
  // Not `getPeerCertificate`: it passes over what is not the issuer of the one before, and adds issuers of its own.
  const found: Uint8Array[] = [];
  for (let one = socket.getPeerX509Certificate(); one !== undefined; one = one.issuerCertificate) {
    found.push(new Uint8Array(one.raw));
  }
  return found;
}

function chainOnDeno(socket: TLSSocket): Uint8Array[] {
  // Not `getPeerX509Certificate`: it knows of one issuer only. Here, this one has them all, as they came.
  const found: Uint8Array[] = [];
  let one: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (one?.raw !== undefined) {
    found.push(new Uint8Array(one.raw));
    // One that signed itself is its own issuer.
    one = one.issuerCertificate === one ? undefined : one.issuerCertificate;
  }
  return found;
}

/**
 * Checks what not every runtime checks of a service's certificate: that it is for its name, by the names that
 * certificates have for that, not by its subject, where Node and Bun would look too if there were none (RFC 9525 has
 * done away with it); and that its key is for signing, which is what it does in the handshake.
 *
 * @param hostname The name or address that the client has.
 * @param certificate The service's own.
 * @returns What is wrong, if something is.
 */
export function checkService(hostname: string, certificate: PeerCertificate): Error | undefined {
  if (wasGood(hostname, certificate.raw)) return undefined;
  const misnamed = checkServerIdentity(hostname, { ...certificate, subject: {} as PeerCertificate["subject"] });
  if (misnamed !== undefined) return misnamed;
  try {
    if (!maySign(certificate.raw)) return distrust("its key is not for signing (keyUsage)");
  } catch (error) {
    return distrust((error as Error).message);
  }
  goodServices.push({ hostname, certificate: certificate.raw });
  if (goodServices.length > MOST_SERVICES) goodServices.shift();
  return undefined;
}

/**
 * Whether {@link checkService} has found nothing wrong before. That depends on the two alone, not on the time either.
 *
 * @param hostname The name or address that the client has.
 * @param certificate The service's own: DER.
 */
export function wasGood(hostname: string, certificate: Uint8Array): boolean {
  return goodServices.some((one) => one.hostname === hostname && Buffer.compare(one.certificate, certificate) === 0);
}

/** An error with a code as OpenSSL's reasons not to trust a certificate have it. */
function distrust(why: string): Error {
  return Object.assign(new Error(why), { code: "CERT_REJECTED" });
}

/**
 * Looks a service's certificate up in the lists of what its authorities have taken back: on Deno, which reads the lists
 * that it is given and passes over them. Node and Bun look into them during the handshake.
 *
 * @param socket The client's end, its handshake done: the certificate is good otherwise.
 * @param ca The authorities that are trusted: PEM.
 * @param crl The lists: PEM.
 * @throws {HoldfastError} `certificate` when it or one behind it was revoked, or when that is not to be known.
 */
export function checkRevocationOnDeno(socket: TLSSocket, ca: string, crl: string): void {
  const now = Date.now();
  const [own, ...sent] = readChain(chainOnDeno(socket));
  const path = findPath(own, {
    anchors: anchorsOf(readAuthorities(ca)),
    sent,
    signatures: new SignatureChecker(),
    fault: (authority, below) => faultOfAuthority(authority, below, now),
  });
  new RevocationLists(crl).check(path, now);
}

/**
 * Refuses to show an X.509 proxy (RFC 3820) on Deno: its TLS would, in words that say nothing.
 *
 * @param certificate What is to be shown.
 * @throws {HoldfastError} `invalid-argument` on Deno, if it is one.
 */
export function refuseProxyOnDeno(certificate: X509Certificate): void {
  if (IS_DENO && certificate.raw.includes(CRITICAL_PROXY)) throw noProxies();
}
