/**
 * Chains of certificates as somebody has sent them: nothing about them is sure.
 *
 * @module
 */

import { HoldfastError } from "../errors.ts";
import { readCertificate } from "./certificate.ts";
import type { Certificate } from "./certificate.ts";

/** How many certificates a chain may have. */
const MOST_CERTIFICATES = 10;

/** How many bytes all of them may have: as much as OpenSSL takes by default. */
const MOST_BYTES = 102_400;

/**
 * Reads a chain as somebody has sent it.
 *
 * @param chain The certificates: DER.
 * @throws {HoldfastError} `certificate` when there is none, there are too many, or one can't be read.
 */
export function readChain(chain: readonly Uint8Array[]): readonly [Certificate, ...Certificate[]] {
  if (chain.length > MOST_CERTIFICATES) {
    throw new HoldfastError(
      "certificate",
      `There are ${chain.length} certificates: ${MOST_CERTIFICATES} are the most.`,
    );
  }
  const bytes = chain.reduce((sum, { length }) => sum + length, 0);
  if (bytes > MOST_BYTES) {
    throw new HoldfastError("certificate", `The certificates have ${bytes} bytes: ${MOST_BYTES} are the most.`);
  }
  const [first, ...rest] = chain.map((der, index) => {
    try {
      return readCertificate(der);
    } catch (cause) {
      const text = `Certificate ${index + 1} of ${chain.length} can't be read: ${(cause as Error).message}.`;
      throw new HoldfastError("certificate", text, { cause });
    }
  });
  if (first === undefined) throw new HoldfastError("certificate", "There is no certificate.");
  return [first, ...rest];
}
