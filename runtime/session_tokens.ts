/**
 * The tokens by which clients go on with their sessions.
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
