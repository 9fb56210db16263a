/**
 * From a certificate to an authority that is trusted (RFC 5280 6).
 *
 * The client chooses what it sends, so nothing that it sends may lead around in circles or take long: every certificate is
 * visited once, and signatures are checked so many times and no more.
 *
 * @module
 */

import { HoldfastError } from "../errors.ts";
import type { Certificate } from "./certificate.ts";
import { breachOf } from "./general_names.ts";
import { describeName, isNameOfProxy, isSameName, keyOfName, lastCommonName } from "./names.ts";
import { faultOfAlgorithm, isSignedBy, readPublicKey } from "./signature.ts";

/** Authorities that are trusted, by the keys of their names. */
export type Anchors = ReadonlyMap<string, readonly Certificate[]>;

/** How many signatures may be checked for one chain. One that is in order has ten at the most. */
const MOST_SIGNATURES = 32;

/** Checks who has signed certificates, up to a number. */
export class SignatureChecker {
  #left = MOST_SIGNATURES;

  /**
   * Looks at whether an issuer of the right name has issued a certificate.
   *
   * @param certificate The certificate.
   * @param issuer Who may have issued it.
   * @returns What speaks against it; `undefined` if nothing does.
   * @throws {HoldfastError} `certificate` when that was asked too often.
   */
  fault({ subject, extensions, signed }: Certificate, issuer: Certificate): string | undefined {
    const algorithm = faultOfAlgorithm(signed);
    if (algorithm !== undefined) return `of ${describeName(subject)}, ${algorithm}`;
    const { authorityKey } = extensions;
    const { subjectKey } = issuer.extensions;
    // Where both name the key, that of another is told without a look at the signature.
    if (authorityKey === undefined || subjectKey === undefined || authorityKey === subjectKey) {
      if (--this.#left < 0) throw new HoldfastError("certificate", "The certificates lead to too many others.");
      try {
        if (isSignedBy(signed, readPublicKey(issuer.publicKey))) return undefined;
      } catch (error) {
        return (error as Error).message;
      }
    }
    return `its key has not signed ${describeName(subject)}`;
  }
}

/** Authorities that are trusted, to be found by their names. */
export function anchorsOf(certificates: readonly Certificate[]): Anchors {
  const anchors = new Map<string, Certificate[]>();
  for (const certificate of certificates) {
    const key = keyOfName(certificate.subject);
    anchors.set(key, [...anchors.get(key) ?? [], certificate]);
  }
  return anchors;
}

/** How to go on from a certificate to those that may have issued it. */
export interface Surroundings {
  readonly anchors: Anchors;
  /** What the peer has sent. */
  readonly sent: readonly Certificate[];
  readonly signatures: SignatureChecker;
  /** What is wrong with an authority; `undefined` if nothing is. */
  readonly fault: (authority: Certificate, below: number) => string | undefined;
}

/**
 * Finds the shortest path to an authority that is trusted, over those that may issue certificates.
 *
 * @param end The end entity's certificate.
 * @param surroundings What there is to find.
 * @returns All certificates, the end entity's first, the trusted authority's last.
 * @throws {HoldfastError} `certificate` when there is none.
 */
export function findPath(end: Certificate, { anchors, sent, signatures, fault }: Surroundings): readonly Certificate[] {
  const seen = new Set([end]);
  const dismissed: string[] = [];
  const queue: Certificate[][] = [[end]];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const last = path.at(-1)!;
    const below = path.slice(1).filter(({ subject, issuer }) => !isSameName(subject, issuer)).length;
    const trusted = anchors.get(keyOfName(last.issuer)) ?? [];
    const others = sent.filter((one) => !seen.has(one) && isSameName(one.subject, last.issuer));
    for (const issuer of [...trusted, ...others]) {
      const wrong = fault(issuer, below) ?? signatures.fault(last, issuer);
      if (wrong !== undefined) {
        dismissed.push(`${describeName(issuer.subject)} can't be the issuer: ${wrong}`);
        continue;
      }
      if (trusted.includes(issuer)) return [...path, issuer];
      seen.add(issuer);
      queue.push([...path, issuer]);
    }
    if (trusted.length + others.length === 0) {
      dismissed.push(`its issuer ${describeName(last.issuer)} is neither trusted nor among the certificates sent`);
    }
  }
  throw untrusted(end, oldProxy(end) ?? dismissed.slice(0, 3).join("; "));
}

/**
 * Checks all names in a path against what the authorities above them say.
 *
 * @throws {HoldfastError} `certificate` when one is not allowed.
 */
export function checkNames(path: readonly Certificate[]): void {
  path.forEach(({ extensions: { constraints } }, place) => {
    if (constraints === undefined) return;
    path.slice(0, place).forEach(({ subject, issuer, extensions: { names = [] } }, below) => {
      // An authority that has a new key issues to itself; its own name is not what is constrained.
      if (below > 0 && isSameName(subject, issuer)) return;
      const breach = breachOf({ subject, names }, constraints);
      if (breach !== undefined) throw untrusted(path[0]!, breach);
    });
  });
}

/** The error that refuses a certificate. */
export function untrusted({ subject }: Certificate, why: string): HoldfastError {
  return new HoldfastError("certificate", `The certificate of ${describeName(subject)} is not believed: ${why}.`);
}

function oldProxy({ subject, issuer }: Certificate): string | undefined {
  if (!isNameOfProxy(subject, issuer) || !/^(limited )?proxy$/.test(lastCommonName(subject) ?? "")) return undefined;
  return "it is a proxy from before RFC 3820, of Globus 2";
}
