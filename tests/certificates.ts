/**
 * Certificates for tests: authorities, what they issue, X.509 proxies (RFC 3820) and lists of what was taken back; good
 * ones, and ones that are broken in one way. Every maker sets what a good one has; an option says what is to differ.
 *
 * @module
 */

// What @peculiar/x509 is built on needs this before it is loaded.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import * as asn1 from "asn1js";
import { Buffer } from "node:buffer";
import { isIP } from "node:net";

const { keyCertSign, cRLSign, digitalSignature } = x509.KeyUsageFlags;

/** Anyone's certificate and key. */
export interface Identity {
  readonly certificate: x509.X509Certificate;
  readonly keys: CryptoKeyPair;
  /** Those who stand behind it, nearest first, without the root. */
  readonly behind: readonly Identity[];
  /** The certificate itself: DER. */
  readonly der: Uint8Array;
  /** The certificate itself: PEM. */
  readonly own: string;
  /** The certificate and those behind it, as TLS wants them: PEM. */
  readonly cert: string;
  /** The private key: PEM. */
  readonly key: string;
}

/** How a certificate is broken: none of these unless given. */
export interface Wrongs {
  /** Whom the certificate names as its issuer; the true one signs it. */
  readonly issuerName?: string;
  /** Whose key signs it, though it names the true issuer. */
  readonly signer?: Identity;
  /** Whether a bit of its signature is turned. */
  readonly signature?: boolean;
}

/** What every certificate may say. */
export interface CertificateOptions {
  /** From when on it is valid: seconds from now. An hour ago unless given. */
  readonly from?: number;
  /** Until when it is valid: seconds from now. A day unless given. */
  readonly until?: number;
  /** What its key may do; `null` for a certificate that does not say so. */
  readonly usages?: x509.KeyUsageFlags | null;
  /** Further extensions. */
  readonly extensions?: readonly x509.Extension[];
  /** What its key is: `EC` (on the curve P-256) unless given; `RSA` has 2048 bits. */
  readonly keyType?: "EC" | "P-384" | "P-521" | "Ed25519" | "RSA" | "RSA-1024" | "RSA-4096";
  /** The digest that is signed: SHA-256 unless given. Keys on Edwards curves have their own. */
  readonly digest?: "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
  /** Its serial number: hexadecimal. */
  readonly serial?: string;
  readonly wrong?: Wrongs;
}

/** What the certificate of an authority may say. */
export interface AuthorityOptions extends CertificateOptions {
  /** As `/C=ch/O=Lab/CN=CA`. */
  readonly subject?: string;
  /** Who issues it: itself, unless given. */
  readonly of?: Identity;
  /** How many authorities may stand between it and an end entity. */
  readonly pathLength?: number;
}

/** What the certificate of an end entity may say. */
export interface IssueOptions extends CertificateOptions {
  /** As `/C=ch/O=Lab/CN=alice`; or its parts, for one that can't be written so. */
  readonly subject?: string | x509.JsonName;
  /** Who issues it: itself, unless given. */
  readonly of?: Identity;
  /** What it is for; `null` for one that does not say so. Both unless given. */
  readonly purposes?: readonly ("client" | "server")[] | null;
  /** The host names and addresses that it is for: none unless given. */
  readonly names?: readonly string[];
  /** Whether it claims to be an authority. */
  readonly authority?: boolean;
}

/** What a proxy may say. */
export interface ProxyOptions extends CertificateOptions {
  /** Whether it is a limited one. */
  readonly limited?: boolean;
  /** The policy by its identifier: "inherit all" unless it is limited or this is given. */
  readonly policy?: string;
  /** How many proxies may come after it: any number unless given. */
  readonly pathLength?: number;
  /** Its name, where it is not to be the issuer's with a `CN` more. */
  readonly subject?: string;
  /** The value of the `CN` more. */
  readonly commonName?: string;
  /** The part of the name more, where it is not to be a `CN` alone: `{ CN: ["1"], OU: ["2"] }`. */
  readonly lastPart?: Readonly<Record<string, string[]>>;
  /** DIRAC's group. */
  readonly group?: string;
  /** What type of string the group is: `Octet` holding the text itself unless given. */
  readonly groupType?: "Octet" | "Utf8" | "IA5";
  /** Whether `proxyCertInfo` is critical, as it must be. */
  readonly critical?: boolean;
}

/** What a list of what was taken back may say. */
export interface CrlOptions {
  /** Seconds from now: an hour ago unless given. */
  readonly from?: number;
  /** Seconds from now: a day unless given; `null` for a list that does not say. */
  readonly until?: number | null;
  readonly extensions?: readonly x509.Extension[];
  readonly wrong?: Pick<Wrongs, "issuerName" | "signer">;
}

/** Identifiers of extensions and policies. */
export const OIDS = {
  proxyCertInfo: "1.3.6.1.5.5.7.1.14",
  inheritAll: "1.3.6.1.5.5.7.21.1",
  independent: "1.3.6.1.5.5.7.21.2",
  limited: "1.3.6.1.4.1.3536.1.1.1.9",
  diracGroup: "1.2.42.42",
} as const;

const HASH = "SHA-256";
const KEYS: Readonly<Record<NonNullable<CertificateOptions["keyType"]>, EcKeyGenParams | RsaHashedKeyGenParams>> = {
  "EC": { name: "ECDSA", namedCurve: "P-256" },
  "P-384": { name: "ECDSA", namedCurve: "P-384" },
  "P-521": { name: "ECDSA", namedCurve: "P-521" },
  "Ed25519": { name: "Ed25519", namedCurve: "" },
  "RSA": rsa(2048),
  "RSA-1024": rsa(1024),
  "RSA-4096": rsa(4096),
};

function rsa(modulusLength: number): RsaHashedKeyGenParams {
  return { name: "RSASSA-PKCS1-v1_5", modulusLength, publicExponent: new Uint8Array([1, 0, 1]), hash: HASH };
}

/** A certificate authority. */
export async function makeAuthority(options: AuthorityOptions = {}): Promise<Identity> {
  const { subject = "/C=ch/O=Lab/CN=Test CA", of, pathLength, usages = keyCertSign | cRLSign } = options;
  return await make(nameOf(subject), of, { ...options, usages }, [
    new x509.BasicConstraintsExtension(true, pathLength, true),
  ]);
}

/** A certificate for a service or a client. */
export async function issue(options: IssueOptions = {}): Promise<Identity> {
  const { subject = "/C=ch/O=Lab/CN=alice", of, purposes = ["client", "server"], names = [] } = options;
  const { usages = digitalSignature } = options;
  return await make(nameOf(subject), of, { ...options, usages }, [
    new x509.BasicConstraintsExtension(options.authority ?? false, undefined, true),
    ...(purposes === null ? [] : [
      new x509.ExtendedKeyUsageExtension(purposes.map((purpose) => x509.ExtendedKeyUsage[`${purpose}Auth`])),
    ]),
    ...(names.length === 0 ? [] : [
      new x509.SubjectAlternativeNameExtension(
        names.map((value) => ({ type: isIP(value) === 0 ? "dns" as const : "ip" as const, value })),
      ),
    ]),
  ]);
}

/**
 * An X.509 proxy (RFC 3820).
 *
 * @param of Who delegates: an end entity, or another proxy.
 * @param options What it says.
 */
export async function makeProxy(of: Identity, options: ProxyOptions = {}): Promise<Identity> {
  const { limited, policy = limited ? OIDS.limited : OIDS.inheritAll, pathLength, group, critical = true } = options;
  const { usages = digitalSignature, commonName = String(++count) } = options;
  const subject = options.subject === undefined
    ? new x509.Name([...of.certificate.subjectName.toJSON(), { ...options.lastPart ?? { CN: [commonName] } }])
    : nameOf(options.subject);
  return await make(subject, of, { ...options, usages }, [
    new x509.Extension(OIDS.proxyCertInfo, critical, proxyCertInfo(policy, pathLength)),
    ...(group === undefined ? [] : [
      new x509.Extension(OIDS.diracGroup, false, groupValue(group, options.groupType ?? "Octet")),
    ]),
  ]);
}

/**
 * A list of certificates that were taken back: PEM.
 *
 * @param of The authority.
 * @param revoked What it has taken back.
 * @param options What else the list says.
 */
export async function makeCrl(of: Identity, revoked: readonly Identity[], options: CrlOptions = {}): Promise<string> {
  const { from = -3600, until = 86_400, wrong = {} } = options;
  const signer = wrong.signer ?? of;
  const crl = await x509.X509CrlGenerator.create({
    issuer: wrong.issuerName === undefined ? of.certificate.subjectName : nameOf(wrong.issuerName),
    thisUpdate: at(from),
    ...(until !== null && { nextUpdate: at(until) }),
    entries: revoked.map(({ certificate: { serialNumber } }) => ({
      serialNumber,
      revocationDate: at(from),
      // Without one, the library writes an empty list of extensions, which is none.
      reason: x509.X509CrlReason.keyCompromise,
    })),
    extensions: [
      await x509.AuthorityKeyIdentifierExtension.create(of.keys.publicKey),
      // Its number, which OpenSSL wants.
      new x509.Extension("2.5.29.20", false, new asn1.Integer({ value: 1 }).toBER()),
      ...(options.extensions ?? []),
    ],
    signingKey: signer.keys.privateKey,
    signingAlgorithm: signatureOf(signer.keys),
  });
  return pem(crl.rawData, "X509 CRL");
}

/**
 * A key that says that it belongs to a certificate, and is another: PEM. OpenSSL takes it for the right one, so who
 * uses it shows a certificate without having its key. The TLS of Bun and of Deno can tell.
 *
 * @param of Whose certificate: one with an EC key.
 */
export async function forgedKey(of: Identity): Promise<string> {
  const other = await crypto.subtle.generateKey(KEYS.EC, true, ["sign"]) as CryptoKeyPair;
  const { d } = await crypto.subtle.exportKey("jwk", other.privateKey);
  // An ECPrivateKey (RFC 5915), which names a public key beside the private one.
  const octets = (bytes: Uint8Array<ArrayBuffer>) => new asn1.OctetString({ valueHex: bytes.buffer });
  const tagged = (tagNumber: number, value: asn1.AsnType) =>
    new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber }, value: [value] });
  const der = new asn1.Sequence({
    value: [
      new asn1.Integer({ value: 1 }),
      octets(Uint8Array.from(Buffer.from(d!, "base64url"))),
      tagged(0, new asn1.ObjectIdentifier({ value: "1.2.840.10045.3.1.7" })),
      tagged(1, new asn1.BitString({ valueHex: await crypto.subtle.exportKey("raw", of.keys.publicKey) })),
    ],
  });
  return pem(der.toBER(), "EC PRIVATE KEY");
}

let count = 0;

async function make(
  subject: x509.Name,
  of: Identity | undefined,
  options: CertificateOptions,
  extensions: readonly x509.Extension[],
): Promise<Identity> {
  const { from = -3600, until = 86_400, usages, wrong = {}, keyType = "EC", serial } = options;
  const keys = await crypto.subtle.generateKey(KEYS[keyType], true, ["sign", "verify"]) as CryptoKeyPair;
  const issuer = of?.certificate.subjectName ?? subject;
  const signer = wrong.signer?.keys ?? of?.keys ?? keys;
  const made = await x509.X509CertificateGenerator.create({
    subject,
    issuer: wrong.issuerName === undefined ? issuer : nameOf(wrong.issuerName),
    publicKey: keys.publicKey,
    signingKey: await forDigest(signer.privateKey, options.digest),
    signingAlgorithm: signatureOf(signer, options.digest),
    notBefore: at(from),
    notAfter: at(until),
    ...(serial !== undefined && { serialNumber: serial }),
    extensions: [
      ...extensions,
      ...(usages === null || usages === undefined ? [] : [new x509.KeyUsagesExtension(usages, true)]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ...(of === undefined ? [] : [await x509.AuthorityKeyIdentifierExtension.create(of.keys.publicKey)]),
      ...(options.extensions ?? []),
    ],
  });
  const der = new Uint8Array(made.rawData);
  // The signature is the last that a certificate has.
  if (wrong.signature) der[der.length - 1]! ^= 1;
  const certificate = new x509.X509Certificate(der);
  const own = pem(der, "CERTIFICATE");
  const isRoot = of === undefined || of.certificate.subject === of.certificate.issuer;
  const behind = isRoot ? [] : [of, ...of.behind];
  return {
    certificate,
    keys,
    behind,
    der,
    own,
    cert: own + behind.map((one) => one.own).join(""),
    key: pem(await crypto.subtle.exportKey("pkcs8", keys.privateKey), "PRIVATE KEY"),
  };
}

/** `/C=ch/O=Lab/CN=alice`, as its parts. */
function nameOf(text: string | x509.JsonName): x509.Name {
  if (typeof text !== "string") return new x509.Name(text);
  return new x509.Name(
    text.split(/\/(?=[A-Za-z0-9.]+=)/).slice(1).map((part) => {
      const at = part.indexOf("=");
      return { [part.slice(0, at)]: [part.slice(at + 1)] };
    }),
  );
}

function proxyCertInfo(policy: string, pathLength: number | undefined): ArrayBuffer {
  const language = new asn1.Sequence({ value: [new asn1.ObjectIdentifier({ value: policy })] });
  const length = pathLength === undefined ? [] : [new asn1.Integer({ value: pathLength })];
  return new asn1.Sequence({ value: [...length, language] }).toBER();
}

function groupValue(group: string, type: NonNullable<ProxyOptions["groupType"]>): ArrayBuffer {
  if (type === "Utf8") return new asn1.Utf8String({ value: group }).toBER();
  if (type === "IA5") return new asn1.IA5String({ value: group }).toBER();
  return new asn1.OctetString({ valueHex: new TextEncoder().encode(group).buffer }).toBER();
}

function signatureOf(keys: CryptoKeyPair, digest: string = HASH): Algorithm & { hash: string } {
  return { name: keys.privateKey.algorithm.name, hash: digest };
}

/** WebCrypto has an RSA key bound to one digest. */
async function forDigest(key: CryptoKey, digest: string = HASH): Promise<CryptoKey> {
  const { name } = key.algorithm;
  if (!name.startsWith("RSA") || digest === HASH) return key;
  return await crypto.subtle.importKey(
    "pkcs8",
    await crypto.subtle.exportKey("pkcs8", key),
    { name, hash: digest },
    true,
    [
      "sign",
    ],
  );
}

/** Certificates know whole seconds. */
function at(seconds: number): Date {
  return new Date(Math.floor(Date.now() / 1000 + seconds) * 1000);
}

function pem(der: BufferSource, label: string): string {
  return `${x509.PemConverter.encode(der, label).trimEnd()}\n`;
}
