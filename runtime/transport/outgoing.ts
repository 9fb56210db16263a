/**
 * Bytes that wait to leave, for the runtimes whose sockets take only a part of what they are given.
 *
 * @module
 */

/**
 * What leaves in one write. Small pieces are put together, since a write costs the same whatever its size up to here;
 * large ones are cut, since Deno looks at all that it is given, however little of it the system takes.
 */
const PIECE = 65_536;

/** A queue of bytes, in the order in which they were pushed. */
export class Outgoing {
  #pieces: Uint8Array[] = [];
  /** How many bytes wait. */
  size = 0;

  /**
   * Adds to the end.
   *
   * @param bytes What is to leave; kept, not copied.
   */
  push(bytes: Uint8Array): void {
    this.#pieces.push(bytes);
    this.size += bytes.length;
  }

  /**
   * What should leave next. Asking again gives the same bytes, perhaps with more behind them.
   *
   * @returns The first bytes; only for a queue that is not empty.
   */
  front(): Uint8Array {
    const first = this.#pieces[0]!;
    if (first.length >= PIECE) return first.subarray(0, PIECE);
    if (this.#pieces.length === 1) return first;
    let count = 0;
    let length = 0;
    for (const piece of this.#pieces) {
      if (length > 0 && length + piece.length > PIECE) break;
      length += piece.length;
      count++;
    }
    if (count === 1) return first;
    const gathered = new Uint8Array(length);
    let at = 0;
    for (const piece of this.#pieces.splice(0, count, gathered)) {
      gathered.set(piece, at);
      at += piece.length;
    }
    return gathered;
  }

  /**
   * Takes bytes off the front.
   *
   * @param count How many have left; not more than `front` gave.
   */
  taken(count: number): void {
    const first = this.#pieces[0]!;
    if (count === first.length) this.#pieces.shift();
    else this.#pieces[0] = first.subarray(count);
    this.size -= count;
  }

  /** Drops all. */
  clear(): void {
    this.#pieces = [];
    this.size = 0;
  }
}
