/**
 * Whether a client's certificates are to be believed, and whom they name.
 *
 * TLS has shown that the client holds the key of the first certificate, and nothing else. This is everything else. The
 * runtimes' own checks are not used, as they differ, and two of three take no proxies.
 *
 * @module
 */

import { HoldfastError } from "../errors.ts";
import type { Evidence } from "../principal.ts";
import { readChain } from "./chain.ts";
import { faultOfAuthority, faultOfClient, faultOfPurpose } from "./fitness.ts";
import { distinguishedName } from "./names.ts";
import { anchorsOf, checkNames, findPath, SignatureChecker, untrusted } from "./path.ts";
import { readAuthorities } from "./pem.ts";
import { readDelegation } from "./proxies.ts";
import { RevocationLists } from "./revocation.ts";

/** Whose certificates of clients a service believes. */
export interface ClientTrust {
  /**
   * Certificates of the authorities whose clients are let in: PEM, one or more. Each must be an authority's; it need not
   * have signed itself.
   */
  readonly ca: string;
  /**
   * Lists of certificates that those authorities have taken back: PEM, one or more. If there are any, every authority
   * between a client and one in `ca`, and that one, must have a current list: otherwise its clients are refused.
   */
  readonly crl?: string;
  /**
   * Whether X.509 proxies (RFC 3820) are taken: "full" takes those with all rights of their users, "limited" takes
   * limited ones as well, and says of them that they are. "none" unless given.
   */
  readonly proxies?: "none" | "full" | "limited";
}

/**
 * Decides on a client.
 *
 * @param chain The certificates that it has shown, its own first: DER. The order of the others does not matter, and those
 * that are not needed are passed over.
 * @param now Milliseconds since 1970.
 * @returns What they prove.
 * @throws {HoldfastError} `certificate` when they prove nothing. The text says why, for the service's log: it is not meant
 * for the client.
 */
export type ClientVerifier = (chain: readonly Uint8Array[], now: number) => Promise<Evidence>;

/**
 * Makes what decides on clients by their certificates.
 *
 * @param trust Whom to believe.
 * @returns What decides.
 * @throws {HoldfastError} `invalid-argument` when something in `trust` can't be used.
 */
export function createClientVerifier(trust: ClientTrust): ClientVerifier {
  const { proxies: taken = "none" } = trust;
  if (!["none", "full", "limited"].includes(taken)) {
    throw new HoldfastError("invalid-argument", `'proxies' is "${taken}": say "none", "full" or "limited".`);
  }
  const anchors = anchorsOf(readAuthorities(trust.ca));
  const lists = trust.crl === undefined ? undefined : new RevocationLists(trust.crl);

  function verify(ders: readonly Uint8Array[], now: number): Evidence {
    const chain = readChain(ders);
    const signatures = new SignatureChecker();
    if (taken === "none" && chain[0].extensions.proxy !== undefined) {
      throw untrusted(chain[0], "it is a proxy, and this service takes none");
    }
    const { end, proxies, limited, group } = readDelegation(chain, signatures, now);
    if (limited && taken !== "limited") {
      throw untrusted(chain[0], "it is a limited proxy, and this service takes full ones only");
    }
    const fault = faultOfClient(end, now);
    if (fault !== undefined) throw untrusted(end, fault);
    const path = findPath(end, {
      anchors,
      sent: chain,
      signatures,
      fault: (authority, below) => faultOfAuthority(authority, below, now) ?? faultOfPurpose(authority),
    });
    checkNames(path);
    lists?.check(path, now);
    let subject: string;
    let issuer: string;
    try {
      subject = distinguishedName(end.subject);
      issuer = distinguishedName(path[1]!.subject);
    } catch (error) {
      throw untrusted(end, (error as Error).message);
    }
    return {
      method: "certificate",
      subject,
      issuer,
      expires: Math.min(...[...proxies, ...path].map(({ notAfter }) => notAfter)),
      ...(group !== undefined && { group }),
      ...(limited && { limited }),
    };
  }

  return (chain, now) => new Promise((resolve) => resolve(verify(chain, now)));
}
