/**
 * What a certificate's key is for, read in microseconds: for each connection of a client's. TLS has found the certificate
 * to be well formed and signed, so nothing of that is looked at again.
 *
 * @module
 */

/** The first bit of a key usage: signatures other than those on certificates. */
const DIGITAL_SIGNATURE = 0x80;

const SEQUENCE = 0x30;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const BOOLEAN = 0x01;
const EXTENSIONS = 0xa3;
/** Its identifier, 2.5.29.15, with tag and length. */
const KEY_USAGE = [0x06, 0x03, 0x55, 0x1d, 0x0f];

/** An element of DER: its tag, and where its content lies. */
interface Element {
  readonly tag: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Whether a certificate lets its key sign, as the handshake of TLS does. One that does not say what its key is for does.
 *
 * @param certificate DER.
 * @throws {RangeError} Where it is none.
 */
export function maySign(certificate: Uint8Array): boolean {
  const [whole] = elements(certificate, 0, certificate.length);
  const [content] = inside(certificate, whole, SEQUENCE);
  const extensions = inside(certificate, content, SEQUENCE).find(({ tag }) => tag === EXTENSIONS);
  if (extensions === undefined) return true;
  const [list] = inside(certificate, extensions, EXTENSIONS);
  for (const extension of inside(certificate, list, SEQUENCE)) {
    if (!KEY_USAGE.every((byte, i) => certificate[extension.from + i] === byte)) continue;
    const [, critical, last] = inside(certificate, extension, SEQUENCE);
    const value = critical?.tag === BOOLEAN ? last : critical;
    const [bits] = inside(certificate, value, OCTET_STRING);
    if (bits?.tag !== BIT_STRING) throw new RangeError("its keyUsage can't be read");
    // Behind the count of unused bits.
    return bits.from + 1 < bits.to && (certificate[bits.from + 1]! & DIGITAL_SIGNATURE) !== 0;
  }
  return true;
}

function inside(der: Uint8Array, element: Element | undefined, tag: number): readonly Element[] {
  if (element?.tag !== tag) throw new RangeError("it is no certificate");
  return elements(der, element.from, element.to);
}

/** The elements between two places, one behind the other. */
function elements(der: Uint8Array, from: number, to: number): readonly Element[] {
  const found: Element[] = [];
  for (let at = from; at < to;) {
    const tag = der[at++]!;
    let length = der[at++]!;
    if (length > 0x80) {
      let size = length & 0x7f;
      for (length = 0; size > 0; size--) length = length * 0x100 + der[at++]!;
    }
    if (!(at + length <= to)) throw new RangeError("it is no certificate");
    found.push({ tag, from: at, to: at + length });
    at += length;
  }
  return found;
}
