/**
 * What clients show and whom they trust, made ready for TLS once: to do that for each connection takes about as long as
 * TLS's handshake.
 *
 * @module
 */

import { refuseProxyOnDeno } from "./node_certificates.ts";
import { checkAuthorities, checkRevocationLists, readIdentity } from "./pem.ts";
import type { ClientCertificate, ConnectOptions } from "./transport.ts";

/** What a client shows, and whom it trusts. */
export type ClientTrust = Pick<ConnectOptions, "ca" | "certificate" | "crl">;

/** So many are kept for each certificate, and as many for clients without one. */
const MOST_TRUSTS = 4;

/** Stands for the certificate of whoever has none. */
const NOBODY: ClientCertificate = { cert: "", key: "" };

interface Ready<T> {
  readonly ca: string | undefined;
  readonly crl: string | undefined;
  readonly cert: string;
  readonly key: string;
  readonly made: T;
}

/**
 * Keeps what was made, by the texts that it was made of; for no longer than somebody holds the certificate that has the
 * private key.
 */
export class ClientTrusts<T> {
  readonly #make: (trust: ClientTrust) => T;
  /** The oldest first. */
  readonly #ready = new WeakMap<ClientCertificate, Ready<T>[]>();

  /** @param make Makes it, from nothing but what it is given. What it throws is not kept. */
  constructor(make: (trust: ClientTrust) => T) {
    this.#make = make;
  }

  /**
   * What was made of the same texts, or is now.
   *
   * @throws What making it throws.
   */
  of(trust: ClientTrust): T {
    const { ca, certificate = NOBODY, crl } = trust;
    const { cert, key } = certificate;
    let ready = this.#ready.get(certificate);
    // Texts are compared, since whoever owns the object may have put others into it.
    const found = ready?.find((one) => one.ca === ca && one.crl === crl && one.cert === cert && one.key === key);
    if (found !== undefined) return found.made;
    const made = this.#make(trust);
    if (ready === undefined) this.#ready.set(certificate, ready = []);
    ready.push({ ca, crl, cert, key, made });
    if (ready.length > MOST_TRUSTS) ready.shift();
    return made;
  }
}

/** What TLS is told of it, on Node and on Bun. */
export interface TlsTrust {
  readonly ca?: string;
  readonly crl?: string[];
  readonly cert?: string;
  readonly key?: string;
}

/**
 * Reads what TLS is to be told.
 *
 * @throws {HoldfastError} `invalid-argument` where a text can't be read or used.
 */
export function readTrust({ ca, certificate, crl }: ClientTrust): TlsTrust {
  if (ca !== undefined) checkAuthorities(ca);
  const lists = crl === undefined ? undefined : checkRevocationLists(crl, ca);
  const own = certificate === undefined ? undefined : readIdentity(certificate.cert, certificate.key);
  if (own !== undefined) refuseProxyOnDeno(own.chain[0]!);
  return {
    ...(ca !== undefined && { ca }),
    ...(lists !== undefined && { crl: lists }),
    ...(own !== undefined && { cert: own.cert, key: own.key }),
  };
}
