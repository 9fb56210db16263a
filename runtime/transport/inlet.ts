/**
 * Where sockets of clients on Node put what they read: into one buffer for all, since nobody keeps a chunk. Otherwise Node
 * makes a buffer for each, and each 32 MB of them have V8 collect garbage.
 *
 * @module
 */

import type { OnReadOpts } from "node:net";

/** As much as Node takes out of TLS at once: a record. In bytes. */
const SIZE = 16_384;

/** A socket fills it and has it read in one call, so that there is never anything of two in it that is still to be read. */
const SHARED = new Uint8Array(SIZE);

/** See the module's text. */
export class Inlet {
  /** For the socket's options. */
  readonly onread: OnReadOpts = {
    buffer: SHARED,
    callback: (count, buffer) => {
      const chunk = buffer.subarray(0, count);
      if (this.#receive === undefined) this.#early.push(chunk.slice());
      else this.#receive(chunk);
      return true;
    },
  };
  #receive: ((chunk: Uint8Array) => void) | undefined;
  /** What arrived before anybody could hear of it. */
  #early: Uint8Array[] = [];

  /**
   * Tells what arrives, from here on.
   *
   * @param receive Called with each chunk, which is good until the call returns.
   */
  open(receive: (chunk: Uint8Array) => void): void {
    this.#receive = receive;
    for (const chunk of this.#early) receive(chunk);
    this.#early = [];
  }
}
