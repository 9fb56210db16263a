/**
 * Lists of certificates that their authorities have taken back (RFC 5280 5).
 *
 * Where there are lists, every authority in a path must have a current one: what can't be known is taken for a no.
 *
 * @module
 */

import { listExtensions, serialOf, USAGE } from "./certificate.ts";
import type { Certificate } from "./certificate.ts";
import { decode, encoded, hexadecimal, Integer, Sequence, sequence, time, untagged, UTCTime } from "./der.ts";
import type { Node } from "./der.ts";
import { describeName, keyOfName, readName } from "./names.ts";
import { untrusted } from "./path.ts";
import { readPem } from "./pem.ts";
import { faultOfAlgorithm, isSignedBy, readPublicKey, readSigned } from "./signature.ts";
import type { Signed } from "./signature.ts";

/** One list. */
interface RevocationList {
  readonly signed: Signed;
  /** The key of its issuer's name. */
  readonly issuer: string;
  /** Milliseconds since 1970. */
  readonly thisUpdate: number;
  /** Milliseconds since 1970. */
  readonly nextUpdate: number;
  /** Serial numbers: hexadecimal. */
  readonly revoked: ReadonlySet<string>;
  /** Which keys have signed it, and which have not: it is long, and one look is enough. */
  readonly signers: Map<string, boolean>;
}

/** Says that a list covers only part of what its issuer has issued. */
const PARTIAL: readonly string[] = ["2.5.29.27", "2.5.29.28"];

/** Each entry of a list is up to ten values of ASN.1, and lists have some hundred thousand at the most. */
const MOST_VALUES = 5_000_000;

/** Lists, ready to look something up in them. */
export class RevocationLists {
  readonly #byIssuer = new Map<string, RevocationList[]>();

  /**
   * Reads lists.
   *
   * @param pem The lists: PEM.
   * @throws {HoldfastError} `invalid-argument` when there is none, or one that could never be used.
   */
  constructor(pem: string) {
    const lists = readPem(pem, "X509 CRL", "The lists of certificates that were taken back ('crl')", readList);
    for (const list of lists) this.#byIssuer.set(list.issuer, [...this.#byIssuer.get(list.issuer) ?? [], list]);
  }

  /**
   * Looks up every certificate of a path but the last, whom its reader trusts.
   *
   * @param path Certificates, each issued by the next.
   * @param now Milliseconds since 1970.
   * @throws {HoldfastError} `certificate` when one was taken back, or an authority has no current list.
   */
  check(path: readonly Certificate[], now: number): void {
    path.slice(0, -1).forEach((certificate, place) => {
      const issuer = path[place + 1]!;
      const lists = this.#listsOf(issuer, now);
      if (lists.some(({ revoked }) => revoked.has(certificate.serial))) {
        throw untrusted(
          path[0]!,
          place === 0
            ? "its issuer has taken it back"
            : `${describeName(certificate.subject)} was taken back by its issuer`,
        );
      }
      if (lists.length > 0) return;
      const isKnown = this.#byIssuer.has(keyOfName(issuer.subject));
      throw untrusted(
        path[0]!,
        isKnown
          ? `no list of ${describeName(issuer.subject)} in 'crl' is current and signed by it: get it anew`
          : `there is no list of ${describeName(issuer.subject)} in 'crl'`,
      );
    });
  }

  #listsOf(issuer: Certificate, now: number): RevocationList[] {
    const { usages = USAGE.cRLSign } = issuer.extensions;
    if ((usages & USAGE.cRLSign) === 0) return [];
    const lists = this.#byIssuer.get(keyOfName(issuer.subject)) ?? [];
    return lists.filter((list) => list.thisUpdate <= now && now <= list.nextUpdate && isListOf(list, issuer));
  }
}

function isListOf({ signed, signers }: RevocationList, { publicKey }: Certificate): boolean {
  const signer = hexadecimal(publicKey);
  const known = signers.get(signer);
  if (known !== undefined) return known;
  const isSigned = isSignedBy(signed, readPublicKey(publicKey));
  signers.set(signer, isSigned);
  return isSigned;
}

function readList(der: Uint8Array): RevocationList {
  const { signed, body } = readSigned(decode(der, MOST_VALUES));
  body.takeIf(Integer);
  const algorithm = encoded(body.take(Sequence));
  const issuer = readName(body.take(Sequence));
  const thisUpdate = time(body.take(UTCTime));
  const nextUpdate = body.takeIf(UTCTime);
  const entries = body.takeIf(Sequence);
  const extensions = body.takeTagged(0);
  body.end();
  if (hexadecimal(algorithm) !== signed.algorithmDer) throw new Error("it names two different algorithms of signature");
  const fault = faultOfAlgorithm(signed);
  if (fault !== undefined) throw new Error(fault);
  if (nextUpdate === undefined) throw new Error("it does not say when the next one comes (nextUpdate)");
  refuseCritical(extensions === undefined ? [] : listExtensions(untagged(extensions)));
  return {
    signed,
    issuer: keyOfName(issuer),
    thisUpdate,
    nextUpdate: time(nextUpdate),
    revoked: new Set(entries === undefined ? [] : sequence(entries).rest().map(readEntry)),
    signers: new Map(),
  };
}

function readEntry(node: Node): string {
  const fields = sequence(node);
  const serial = serialOf(fields.take(Integer));
  fields.take(UTCTime);
  const extensions = fields.takeIf(Sequence);
  fields.end();
  if (extensions !== undefined) refuseCritical(listExtensions(extensions));
  return serial;
}

/** No critical extension of a list or an entry can be passed over: each changes what the list means. */
function refuseCritical(extensions: ReturnType<typeof listExtensions>): void {
  for (const { id, critical } of extensions) {
    if (PARTIAL.includes(id)) {
      throw new Error("it covers only a part of what its issuer has issued, which is not understood");
    }
    if (critical) throw new Error(`it has the critical extension ${id}, which is not understood here`);
  }
}
