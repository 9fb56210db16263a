/**
 * What the tables of certificates have in common: a few authorities, and extensions that the maker of certificates has no
 * words for.
 *
 * @module
 */

// What @peculiar/x509 is built on needs this before it is loaded.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import * as asn1 from "asn1js";
import { Buffer } from "node:buffer";
import { sign } from "node:crypto";
import type { ClientTrust } from "../../../runtime/certificates/client_verifier.ts";
import type { Evidence } from "../../../runtime/principal.ts";
import { makeAuthority } from "../../certificates.ts";
import type { Identity } from "../../certificates.ts";

/** One row of a table. */
export interface Case {
  readonly name: string;
  /** What the client shows: DER. */
  readonly chain: readonly Uint8Array[];
  readonly trust: ClientTrust;
  /** What it proves, or why it proves nothing. */
  readonly expected: Partial<Evidence> | RegExp;
  /** Why OpenSSL says otherwise; it says the same unless given. */
  readonly difference?: string;
}

/** An authority that is trusted, one below it, and one that nobody trusts. */
export interface Authorities {
  readonly root: Identity;
  readonly middle: Identity;
  readonly foreign: Identity;
}

/** Makes the authorities. */
export async function makeAuthorities(): Promise<Authorities> {
  const root = await makeAuthority({ subject: "/C=ch/O=Lab/CN=Root" });
  return {
    root,
    middle: await makeAuthority({ of: root, subject: "/C=ch/O=Lab/CN=Middle" }),
    foreign: await makeAuthority({ subject: "/C=ch/O=Elsewhere/CN=Root" }),
  };
}

/** What a client sends that shows that identity: DER. */
export function chainOf({ der, behind }: Identity): Uint8Array[] {
  return [der, ...behind.map((one) => one.der)];
}

/** A certificate, or something else, in PEM. */
export function pemOf(bytes: Uint8Array, label = "CERTIFICATE"): string {
  return `${x509.PemConverter.encode(bytes as Uint8Array<ArrayBuffer>, label)}\n`;
}

/** A value in DER: its tag, and what it consists of. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const bytes = [length >>> 24, (length >>> 16) & 0xff, (length >>> 8) & 0xff, length & 0xff];
  while (bytes[0] === 0 && bytes.length > 1) bytes.shift();
  const header = length < 0x80 ? [tag, length] : [tag, 0x80 | bytes.length, ...bytes];
  return Buffer.concat([new Uint8Array(header), ...parts]);
}

/** `AlgorithmIdentifier` of ECDSA with SHA-256. */
export const ECDSA_SHA256: Uint8Array = new Uint8Array(
  new asn1.Sequence({ value: [new asn1.ObjectIdentifier({ value: "1.2.840.10045.4.3.2" })] }).toBER(),
);

/** Anything at all, signed with a key on P-256. */
export function signed(body: Uint8Array, { key }: Identity): Uint8Array {
  const signature = sign("sha256", body, key);
  return der(0x30, body, ECDSA_SHA256, der(0x03, new Uint8Array([0]), signature));
}

/** An extension of any kind. */
export function extension(oid: string, critical: boolean, value: asn1.BaseBlock): x509.Extension {
  return new x509.Extension(oid, critical, value.toBER());
}

/** A purpose by its identifier. */
export function purposes(...oids: string[]): x509.Extension {
  return new x509.ExtendedKeyUsageExtension(oids);
}

/** Further names: `[type, value]`. */
export function altNames(...names: x509.JsonGeneralName[]): x509.Extension {
  return new x509.SubjectAlternativeNameExtension(names);
}

/** What a constraint is on: a distinguished name, a host, an e-mail address, an address and its mask. */
export type Base = { readonly dn: string } | { readonly dns: string } | { readonly email: string } | {
  readonly ip: readonly number[];
} | { readonly uri: string };

/** Name constraints. */
export function nameConstraints(permitted: readonly Base[], excluded: readonly Base[] = []): x509.Extension {
  const subtrees = (tagNumber: number, bases: readonly Base[]) =>
    bases.length === 0 ? [] : [
      new asn1.Constructed({
        idBlock: { tagClass: 3, tagNumber },
        value: bases.map((base) => new asn1.Sequence({ value: [generalName(base)] })),
      }),
    ];
  return extension(
    "2.5.29.30",
    true,
    new asn1.Sequence({ value: [...subtrees(0, permitted), ...subtrees(1, excluded)] }),
  );
}

function generalName(base: Base): asn1.BaseBlock {
  if ("dn" in base) {
    const name = new x509.Name(
      base.dn.split("/").slice(1).map((part) => {
        const [type, value] = part.split("=");
        return { [type!]: [value!] };
      }),
    );
    const { result } = asn1.fromBER(name.toArrayBuffer());
    return new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber: 4 }, value: [result] });
  }
  const [tagNumber, bytes] = "ip" in base
    ? [7, new Uint8Array(base.ip)]
    : "dns" in base
    ? [2, new TextEncoder().encode(base.dns)]
    : "email" in base
    ? [1, new TextEncoder().encode(base.email)]
    : [6, new TextEncoder().encode(base.uri)];
  return new asn1.Primitive({ idBlock: { tagClass: 3, tagNumber }, valueHex: bytes.slice().buffer });
}
