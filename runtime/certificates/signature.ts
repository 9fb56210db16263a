/**
 * Signatures of certificates and lists. What is weak is refused: MD5, SHA-1, RSA below 2048 bits; and so is what makes
 * work, or is not the same on all runtimes: RSA above 4096 bits, curves but P-256, P-384 and Ed25519, RSASSA-PSS, DSA.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createPublicKey, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { BitString, bitString, encoded, hexadecimal, ObjectIdentifier, Sequence, sequence } from "./der.ts";
import type { Fields, Node } from "./der.ts";

/** What somebody has signed: a certificate, or a list. */
export interface Signed {
  readonly bytes: Uint8Array;
  /** The identifier of the algorithm. */
  readonly algorithm: string;
  /** The algorithm with its parameters: hexadecimal. */
  readonly algorithmDer: string;
  readonly signature: Uint8Array;
}

/** The algorithms of signature: what a key must be for it, and the digest. */
const ALGORITHMS: Readonly<Record<string, { readonly key: string; readonly digest: string | undefined }>> = {
  "1.2.840.113549.1.1.11": { key: "rsa", digest: "sha256" },
  "1.2.840.113549.1.1.12": { key: "rsa", digest: "sha384" },
  "1.2.840.113549.1.1.13": { key: "rsa", digest: "sha512" },
  "1.2.840.10045.4.3.2": { key: "ec", digest: "sha256" },
  "1.2.840.10045.4.3.3": { key: "ec", digest: "sha384" },
  "1.2.840.10045.4.3.4": { key: "ec", digest: "sha512" },
  "1.3.101.112": { key: "ed25519", digest: undefined },
};

/** What others are called, as far as it is worth telling. */
const REFUSED: Readonly<Record<string, string>> = {
  "1.2.840.113549.1.1.4": "RSA with MD5",
  "1.2.840.113549.1.1.5": "RSA with SHA-1",
  "1.2.840.113549.1.1.10": "RSASSA-PSS",
  "1.2.840.10045.4.1": "ECDSA with SHA-1",
};

/** Those that public authorities may use. */
const CURVES: readonly (string | undefined)[] = ["prime256v1", "secp384r1"];
const LEAST_RSA = 2048;
const MOST_RSA = 4096;
/** Above, checking takes long; the runtimes that have a bound have it hereabouts. */
const MOST_EXPONENT = 0xffff_ffffn;
/** An RSA key of 4096 bits has 550 bytes. */
const MOST_KEY_BYTES = 800;

/**
 * Reads what is around a certificate or a list.
 *
 * @returns What is signed, and its fields.
 * @throws {Error} What is wrong with it.
 */
export function readSigned(node: Node): { readonly signed: Signed; readonly body: Fields } {
  const outer = sequence(node);
  const body = outer.take(Sequence);
  const algorithm = outer.take(Sequence);
  const signature = outer.take(BitString);
  outer.end();
  return {
    signed: {
      bytes: encoded(body),
      algorithm: sequence(algorithm).take(ObjectIdentifier).getValue(),
      algorithmDer: hexadecimal(encoded(algorithm)),
      signature: bitString(signature),
    },
    body: sequence(body),
  };
}

/**
 * Reads a public key that is strong enough, and of a kind that is known on all runtimes.
 *
 * @param der The key as `SubjectPublicKeyInfo`: DER.
 * @throws {Error} What is wrong with it.
 */
export function readPublicKey(der: Uint8Array): KeyObject {
  // First, as a huge key is work for whoever reads it.
  if (der.length > MOST_KEY_BYTES) throw new Error(`its key is larger than any that is taken (RSA: ${MOST_RSA} bits)`);
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(der), format: "der", type: "spki" });
  } catch (cause) {
    throw new Error("its key can't be read, or is of a kind that is not taken", { cause });
  }
  const { modulusLength = 0, publicExponent = 0n, namedCurve } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === "rsa") {
    if (modulusLength < LEAST_RSA) throw new Error(`its RSA key has ${modulusLength} bits: ${LEAST_RSA} are the least`);
    if (modulusLength > MOST_RSA) throw new Error(`its RSA key has ${modulusLength} bits: ${MOST_RSA} are the most`);
    if (publicExponent < 3n || publicExponent > MOST_EXPONENT) {
      throw new Error("its RSA key has an exponent out of bounds");
    }
  } else if (key.asymmetricKeyType === "ec") {
    if (!CURVES.includes(namedCurve)) {
      throw new Error("its key is on a curve that is not taken (P-256 and P-384 are)");
    }
  } else if (key.asymmetricKeyType !== "ed25519") {
    throw new Error(`its key is of a kind that is not taken (RSA, EC, Ed25519 are)`);
  }
  return key;
}

/** What is wrong with the algorithm of a signature, whoever has made it; `undefined` if nothing is. */
export function faultOfAlgorithm({ algorithm }: Signed): string | undefined {
  if (Object.hasOwn(ALGORITHMS, algorithm)) return undefined;
  return `its signature is of a kind that is weak or not taken: ${REFUSED[algorithm] ?? algorithm}`;
}

/** Whether that key has made the signature, with an algorithm that is taken. */
export function isSignedBy({ bytes, algorithm, signature }: Signed, key: KeyObject): boolean {
  const known = Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined;
  if (known === undefined || known.key !== key.asymmetricKeyType) return false;
  try {
    return verify(known.digest, bytes, key, signature);
  } catch {
    // Some runtimes throw at a signature that can't be one.
    return false;
  }
}
