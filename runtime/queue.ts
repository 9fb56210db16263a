/**
 * The one queue of the runtime.
 *
 * @module
 */

/** What all queues hold before their first item. */
const NONE: never[] = [];

/** First in, first out, each step in constant time. Holds no memory before its first item. */
export class Queue<T> {
  /** A ring; its length is a power of two. */
  #items: (T | undefined)[] = NONE;
  #head = 0;
  #length = 0;

  /** How many items wait. */
  get length(): number {
    return this.#length;
  }

  /** Appends an item. */
  push(item: T): void {
    if (this.#length === this.#items.length) this.#grow();
    this.#items[this.#head + this.#length & this.#items.length - 1] = item;
    this.#length++;
  }

  /** The first item, which stays. */
  peek(): T | undefined {
    return this.#length === 0 ? undefined : this.#items[this.#head];
  }

  /** Takes the first item. */
  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = this.#head + 1 & this.#items.length - 1;
    this.#length--;
    // A burst must not hold its memory for ever.
    if (this.#length === 0 && this.#items.length > 1024) this.#items = NONE;
    return item;
  }

  /** The items, in order; they stay. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (let i = 0; i < this.#length; i++) yield this.#items[this.#head + i & this.#items.length - 1] as T;
  }

  /** Takes out every item for which `test` holds, the others keep their order. */
  remove(test: (item: T) => boolean): T[] {
    const removed: T[] = [];
    for (let left = this.#length; left > 0; left--) {
      const item = this.shift() as T;
      if (test(item)) removed.push(item);
      else this.push(item);
    }
    return removed;
  }

  /** Takes all items, in order. */
  drain(): T[] {
    return this.remove(() => true);
  }

  #grow(): void {
    const items: (T | undefined)[] = new Array(Math.max(4, this.#items.length * 2));
    for (let i = 0; i < this.#length; i++) items[i] = this.#items[this.#head + i & this.#items.length - 1];
    this.#items = items;
    this.#head = 0;
  }
}
