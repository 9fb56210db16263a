/**
 * Messages that are pulled, for libraries that take them so.
 *
 * @module
 */

/** So many may wait before a sender should wait, too. */
const HIGH_WATER = 1_024;

/** What one side puts in comes out at the other. */
export class Feed<T> implements AsyncIterable<T> {
  #waiting: T[] = [];
  #hungry: (() => void) | undefined;
  #full: { readonly promise: Promise<void>; readonly resolve: () => void } | undefined;
  #ended = false;

  /** Puts one in; a promise where the sender should wait. */
  put(value: T): Promise<void> | undefined {
    this.#waiting.push(value);
    this.#hungry?.();
    if (this.#waiting.length < HIGH_WATER) return undefined;
    if (this.#full === undefined) {
      let resolve = () => {};
      const promise = new Promise<void>((done) => resolve = done);
      this.#full = { promise, resolve };
    }
    return this.#full.promise;
  }

  end(): void {
    this.#ended = true;
    this.#hungry?.();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T> {
    while (!this.#ended) {
      const values = this.#waiting;
      this.#waiting = [];
      yield* values;
      this.#full?.resolve();
      this.#full = undefined;
      if (this.#waiting.length === 0 && !this.#ended) await new Promise<void>((resolve) => this.#hungry = resolve);
    }
  }
}
