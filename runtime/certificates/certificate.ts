/**
 * Certificates (RFC 5280 4.1) and those of their extensions that matter here.
 *
 * What is read here is not yet to be believed.
 *
 * @module
 */

import {
  BitString,
  Boolean,
  content,
  count,
  decode,
  encoded,
  hexadecimal,
  Integer,
  latin1,
  ObjectIdentifier,
  OctetString,
  Sequence,
  sequence,
  time,
  truth,
  untagged,
  UTCTime,
} from "./der.ts";
import type { Node } from "./der.ts";
import { readGeneralName, readNameConstraints } from "./general_names.ts";
import type { GeneralName, NameConstraints } from "./general_names.ts";
import { readName } from "./names.ts";
import type { Name } from "./names.ts";
import { readSigned } from "./signature.ts";
import type { Signed } from "./signature.ts";

/** What a certificate says. */
export interface Certificate {
  readonly der: Uint8Array;
  readonly signed: Signed;
  /** Hexadecimal. */
  readonly serial: string;
  readonly issuer: Name;
  readonly subject: Name;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  /** Milliseconds since 1970. */
  readonly notAfter: number;
  /** The public key as `SubjectPublicKeyInfo`: DER. */
  readonly publicKey: Uint8Array;
  readonly extensions: Extensions;
}

/** What the extensions of a certificate say; what it does not have is absent. */
export interface Extensions {
  /** Whether it is an authority's. */
  isAuthority?: boolean;
  /** How many authorities may stand below this one. */
  pathLength?: number;
  /** What its key may do: {@link USAGE}. */
  usages?: number;
  /** What it is for, by identifiers. */
  purposes?: readonly string[];
  names?: readonly GeneralName[];
  constraints?: NameConstraints;
  /** The identifier of its key: hexadecimal. */
  subjectKey?: string;
  /** The identifier of the key that has signed it: hexadecimal. */
  authorityKey?: string;
  /** What makes it an X.509 proxy. */
  proxy?: ProxyInfo;
  /** DIRAC's group. */
  group?: string;
  /** The identifiers of all extensions. */
  readonly all: Set<string>;
  /** The identifiers of those that are critical. */
  readonly critical: Set<string>;
}

/** RFC 3820 3.8. */
export interface ProxyInfo {
  /** How many proxies may come after this one. */
  readonly pathLength: number | undefined;
  /** By which rules the rights are handed on: an identifier. */
  readonly language: string;
  /** Whether there are rules beside. */
  readonly hasPolicy: boolean;
}

/** Bits of `keyUsage`, in its first byte. */
export const USAGE = { digitalSignature: 0x80, keyCertSign: 0x04, cRLSign: 0x02 } as const;

/** Identifiers of extensions. */
export const EXTENSION = {
  subjectKeyIdentifier: "2.5.29.14",
  keyUsage: "2.5.29.15",
  subjectAltName: "2.5.29.17",
  issuerAltName: "2.5.29.18",
  basicConstraints: "2.5.29.19",
  nameConstraints: "2.5.29.30",
  certificatePolicies: "2.5.29.32",
  authorityKeyIdentifier: "2.5.29.35",
  extKeyUsage: "2.5.29.37",
  proxyCertInfo: "1.3.6.1.5.5.7.1.14",
  diracGroup: "1.2.42.42",
} as const;

/** How each extension is read into the others' company. */
const READERS: Readonly<Record<string, (value: Node, into: Extensions) => void>> = {
  [EXTENSION.basicConstraints]: (value, into) => {
    const fields = sequence(value);
    into.isAuthority = truth(fields.takeIf(Boolean));
    const length = fields.takeIf(Integer);
    fields.end();
    if (length !== undefined) into.pathLength = count(length);
  },
  [EXTENSION.keyUsage]: (value, into) => {
    if (!(value instanceof BitString)) throw new Error("its key usage is not a string of bits");
    // The first byte tells how many bits of the last are none.
    into.usages = content(value)[1] ?? 0;
  },
  [EXTENSION.extKeyUsage]: (value, into) => {
    into.purposes = sequence(value).rest().map(identifier);
  },
  [EXTENSION.subjectAltName]: (value, into) => {
    into.names = sequence(value).rest().map(readGeneralName);
  },
  [EXTENSION.nameConstraints]: (value, into) => {
    into.constraints = readNameConstraints(value);
  },
  [EXTENSION.subjectKeyIdentifier]: (value, into) => {
    into.subjectKey = hexadecimal(content(value));
  },
  [EXTENSION.authorityKeyIdentifier]: (value, into) => {
    const key = sequence(value).takeTagged(0);
    if (key !== undefined) into.authorityKey = hexadecimal(content(key));
  },
  [EXTENSION.proxyCertInfo]: (value, into) => {
    const fields = sequence(value);
    const length = fields.takeIf(Integer);
    const policy = sequence(fields.take(Sequence));
    fields.end();
    const language = policy.take(ObjectIdentifier).getValue();
    const hasPolicy = policy.takeIf(OctetString) !== undefined;
    policy.end();
    into.proxy = { pathLength: length && count(length), language, hasPolicy };
  },
  [EXTENSION.diracGroup]: (value, into) => {
    into.group = latin1(content(value));
  },
};

/**
 * Reads a certificate.
 *
 * @param der Its bytes.
 * @throws {Error} What is wrong with them.
 */
export function readCertificate(der: Uint8Array): Certificate {
  const { signed, body } = readSigned(decode(der));
  const version = body.takeTagged(0);
  const serial = body.take(Integer);
  const algorithm = encoded(body.take(Sequence));
  const issuer = readName(body.take(Sequence));
  const validity = sequence(body.take(Sequence));
  const notBefore = time(validity.take(UTCTime));
  const notAfter = time(validity.take(UTCTime));
  validity.end();
  const subject = readName(body.take(Sequence));
  const publicKey = encoded(body.take(Sequence));
  // Identifiers of issuer and subject, which nobody has used for decades.
  body.takeTagged(1);
  body.takeTagged(2);
  const extensions = body.takeTagged(3);
  body.end();
  if (hexadecimal(algorithm) !== signed.algorithmDer) throw new Error("it names two different algorithms of signature");
  if (extensions !== undefined && (version === undefined || count(untagged(version)) !== 2)) {
    throw new Error("it has extensions, but is not of version 3");
  }
  return {
    der,
    signed,
    serial: serialOf(serial),
    issuer,
    subject,
    notBefore,
    notAfter,
    publicKey,
    extensions: readExtensions(extensions),
  };
}

function readExtensions(node: Node | undefined): Extensions {
  const into: Extensions = { all: new Set(), critical: new Set() };
  for (const { id, critical, value } of node === undefined ? [] : listExtensions(untagged(node))) {
    if (into.all.has(id)) throw new Error(`it has the extension ${id} twice`);
    into.all.add(id);
    if (critical) into.critical.add(id);
    READERS[id]?.(decode(value), into);
  }
  return into;
}

/** The extensions of a certificate or a list. */
export function listExtensions(node: Node): { id: string; critical: boolean; value: Uint8Array }[] {
  return sequence(node).rest().map((extension) => {
    const fields = sequence(extension);
    const id = fields.take(ObjectIdentifier).getValue();
    const critical = truth(fields.takeIf(Boolean));
    const value = content(fields.take(OctetString));
    fields.end();
    return { id, critical, value };
  });
}

/** A serial number: hexadecimal, without leading zeros, as not everybody sets the one before a high bit. */
export function serialOf(node: Integer): string {
  return hexadecimal(content(node)).replace(/^(00)+/, "");
}

function identifier(node: Node): string {
  if (!(node instanceof ObjectIdentifier)) throw new Error("a purpose is not an identifier");
  return node.getValue();
}
