/**
 * Whole numbers that are too large for a `number`.
 *
 * @module
 */

const HEX = "0123456789abcdef";

/**
 * Reads a zigzag varint, in a time linear in its length: by way of hexadecimal digits, since shifting is not.
 *
 * @param bytes Where it stands.
 * @param at Its first byte.
 * @param last Its last byte.
 * @returns The number.
 */
export function readZigzag(bytes: Uint8Array, at: number, last: number): bigint {
  let digits = "";
  let bits = 0;
  let count = 0;
  for (let i = at; i <= last; i++) {
    bits |= (bytes[i]! & 0x7f) << count;
    count += 7;
    for (; count >= 4; count -= 4) {
      digits = HEX[bits & 0xf]! + digits;
      bits >>>= 4;
    }
  }
  const value = BigInt(`0x${HEX[bits]}${digits}`);
  return (value & 1n) === 0n ? value >> 1n : -(value >> 1n) - 1n;
}
