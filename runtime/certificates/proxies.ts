/**
 * X.509 proxies (RFC 3820): certificates that a user signs with the key of its own certificate, or of another proxy, and
 * whoever has the proxy's key may act in the user's name.
 *
 * @module
 */

import { EXTENSION, USAGE } from "./certificate.ts";
import type { Certificate, ProxyInfo } from "./certificate.ts";
import { printable } from "./der.ts";
import { faultOfClient } from "./fitness.ts";
import { describeName, isNameOfProxy, isSameName } from "./names.ts";
import { untrusted } from "./path.ts";
import type { SignatureChecker } from "./path.ts";

const INHERIT_ALL = "1.3.6.1.5.5.7.21.1";
const INDEPENDENT = "1.3.6.1.5.5.7.21.2";
/** Globus's: all rights but those to start something in the user's name. */
const LIMITED = "1.3.6.1.4.1.3536.1.1.1.9";

const GROUP = /^[\x21-\x7e]{1,255}$/;

/** What proxies hand on, and of whom. */
export interface Delegation {
  /** The certificate of the user. */
  readonly end: Certificate;
  /** The proxies, the latest first; none if the client shows the user's certificate itself. */
  readonly proxies: readonly Certificate[];
  readonly limited: boolean;
  readonly group: string | undefined;
}

/**
 * Goes from the certificate that a client shows to that of the user behind it, and checks all proxies on the way.
 *
 * @param chain What the client shows.
 * @param signatures Checks signatures.
 * @param now Milliseconds since 1970.
 * @throws {HoldfastError} `certificate` when one is not as it must be.
 */
export function readDelegation(
  chain: readonly [Certificate, ...Certificate[]],
  signatures: SignatureChecker,
  now: number,
): Delegation {
  const proxies: Certificate[] = [];
  let limited = false;
  let group: string | undefined;
  let [end] = chain;
  for (let info = end.extensions.proxy; info !== undefined; info = end.extensions.proxy) {
    const signer = findSigner(end, chain, signatures);
    const fault = faultOfProxy(end, info, signer, proxies.length) ?? faultOfClient(end, now);
    if (fault !== undefined) throw untrusted(end, fault);
    limited ||= info.language === LIMITED;
    // The one next to the user: who was given a proxy for one group can't make itself one for another.
    group = groupOf(end) ?? group;
    proxies.push(end);
    end = signer;
  }
  return { end, proxies, limited, group };
}

function findSigner(proxy: Certificate, chain: readonly Certificate[], signatures: SignatureChecker): Certificate {
  const named = chain.filter((one) => one !== proxy && isSameName(one.subject, proxy.issuer));
  const faults: string[] = [];
  for (const signer of named) {
    const fault = signatures.fault(proxy, signer);
    if (fault === undefined) return signer;
    faults.push(`${describeName(signer.subject)} can't have made it: ${fault}`);
  }
  throw untrusted(
    proxy,
    `it is a proxy, and ${faults[0] ?? `the certificate of ${describeName(proxy.issuer)} was not sent with it`}`,
  );
}

function faultOfProxy(proxy: Certificate, info: ProxyInfo, signer: Certificate, after: number): string | undefined {
  const { critical, all, usages = 0 } = proxy.extensions;
  if (!critical.has(EXTENSION.proxyCertInfo)) return "it is a proxy whose proxyCertInfo is not critical";
  if (!isNameOfProxy(proxy.subject, signer.subject)) {
    return "it is a proxy whose name is not that of its issuer and one CN more";
  }
  if ((usages & USAGE.keyCertSign) !== 0) return "it is a proxy whose key claims to sign certificates (keyUsage)";
  if (all.has(EXTENSION.subjectAltName) || all.has(EXTENSION.issuerAltName)) return "it is a proxy with further names";
  if (after > (info.pathLength ?? Infinity)) {
    return `it is a proxy that allows ${info.pathLength} further ones, not ${after} (pCPathLenConstraint)`;
  }
  return faultOfPolicy(info);
}

function faultOfPolicy({ language, hasPolicy }: ProxyInfo): string | undefined {
  if (language === INDEPENDENT) return "it is a proxy with none of the rights of its user (independent)";
  if (language !== INHERIT_ALL && language !== LIMITED) return `it is a proxy by a policy not known here, ${language}`;
  return hasPolicy ? "it is a proxy with rules beside its policy, which has none" : undefined;
}

function groupOf(proxy: Certificate): string | undefined {
  const { group } = proxy.extensions;
  if (group === undefined || GROUP.test(group)) return group;
  throw untrusted(proxy, `it is a proxy for a group that can't be one, "${printable(group)}"`);
}
