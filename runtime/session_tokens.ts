/**
 * The tokens by which clients go on with their sessions, and the transport ids by which they are known.
 *
 * @module
 */

import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/** As many as SHA-256 gives, in bytes. */
const KEY_SIZE = 32;

/**
 * Makes and checks tokens. A token is the HMAC of its session's transport id, by a key that never leaves the process: so
 * that nothing has to be kept of it, and who learns a transport id, which is no secret, learns nothing of the token.
 */
export class SessionTokens {
  readonly #key: Uint8Array = randomBytes(KEY_SIZE);
  readonly #idKey: Uint8Array = randomBytes(KEY_SIZE);
  #sessions = 0;

  /** A number that no other session has. */
  number(): number {
    return ++this.#sessions;
  }

  /**
   * The transport id of a session that a client asked for by a nonce. It is made from that, so that the nonce is known
   * again without being kept, and from the session's number, so that it is another where the client uses a nonce again.
   *
   * @returns A UUID, of version 8.
   */
  transportId(number: number, nonce: Uint8Array): string {
    const bytes = createHmac("sha256", this.#idKey).update(`${number} `).update(nonce).digest().subarray(0, 16);
    bytes[6] = (bytes[6]! & 0x0f) | 0x80;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    return bytes.toString("hex").replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  /** The token of a session: 32 bytes. */
  of(transportId: string): Uint8Array {
    return new Uint8Array(createHmac("sha256", this.#key).update(transportId).digest());
  }

  /** Whether that is the token of a session; takes the same time wherever they differ. */
  isOf(transportId: string, token: Uint8Array): boolean {
    const own = this.of(transportId);
    return token.length === own.length && timingSafeEqual(own, token);
  }
}
