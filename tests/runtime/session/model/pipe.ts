/**
 * Bytes on their way in the model. They are read when they arrive, and no earlier, as those of a socket may be.
 *
 * @module
 */

/** See the module's text. */
export class Pipe {
  #parts: Uint8Array[] = [];
  /** How many there are. */
  length = 0;

  /** Sends bytes. */
  push(bytes: Uint8Array): void {
    this.#parts.push(bytes);
    this.length += bytes.length;
  }

  /** Takes as many as there are of so many: they arrive. */
  take(count: number): Uint8Array {
    const taken = new Uint8Array(Math.min(count, this.length));
    for (let at = 0; at < taken.length;) {
      const first = this.#parts[0]!;
      const part = first.subarray(0, taken.length - at);
      taken.set(part, at);
      at += part.length;
      if (part.length < first.length) this.#parts[0] = first.subarray(part.length);
      else this.#parts.shift();
    }
    this.length -= taken.length;
    return taken;
  }

  /** Loses them. */
  clear(): void {
    this.#parts = [];
    this.length = 0;
  }
}
