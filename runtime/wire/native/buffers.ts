/**
 * The buffers of a session's output: large ones are used again, since a new one costs as much as to fill it.
 *
 * @module
 */

/** Buffers of this size and more are used again, in bytes. */
export const LARGE_SIZE: number = 16 * 1024;

/** How many bytes are kept to be used again. */
const MOST_SPARE = 1024 * 1024;

/** Sizes are multiples of this, in bytes, so that a buffer fits frames that are a little longer, too. */
const STEP = 4 * 1024;

/** A buffer is not used for so many times fewer bytes than it has. */
const MOST_WASTE = 4;

/** See the module's text. */
export class Buffers {
  /** Those that it has made, and that may be given back; made when the first is. */
  #own: WeakSet<ArrayBufferLike> | undefined;
  #spare: Uint8Array[] | undefined;
  #spareSize = 0;

  /**
   * Makes a buffer, or finds one.
   *
   * @param least How many bytes it has, at least. What they are is not said.
   * @param size How many it has, about, if it is new: no fewer than {@link LARGE_SIZE}.
   */
  make(least: number, size: number): Uint8Array {
    const spare = this.#spare ?? [];
    for (let i = spare.length - 1; i >= 0; i--) {
      const bytes = spare[i]!;
      if (bytes.length < least || bytes.length > MOST_WASTE * size) continue;
      spare[i] = spare.at(-1)!;
      spare.length -= 1;
      this.#spareSize -= bytes.length;
      return bytes;
    }
    const bytes = new Uint8Array(Math.ceil(size / STEP) * STEP);
    (this.#own ??= new WeakSet()).add(bytes.buffer);
    return bytes;
  }

  /** Whether these bytes stand in a large buffer made here, and not given up. */
  owns(bytes: Uint8Array): boolean {
    return this.#own?.has(bytes.buffer) === true;
  }

  /** The buffer of these bytes is never to be used again. */
  giveUp(bytes: Uint8Array): void {
    this.#own?.delete(bytes.buffer);
  }

  /** Nobody needs what stands in the buffer of these bytes any more. */
  reuse({ buffer }: Uint8Array): void {
    if (this.#spareSize + buffer.byteLength > MOST_SPARE) return;
    this.#spareSize += buffer.byteLength;
    (this.#spare ??= []).push(new Uint8Array(buffer));
  }
}
