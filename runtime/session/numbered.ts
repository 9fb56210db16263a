/**
 * Things that have rising numbers and don't stay for long.
 *
 * @module
 */

/** The size of the first ring; a power of two, as all are. */
const FIRST_SIZE = 4;

/**
 * Finds things by their numbers, which never come again. Those of late have a place in a ring; one that stays while many
 * others come and go gives its place up, and goes to a map. Nothing is allocated before the first.
 */
export class Numbered<T extends { readonly request: number }> {
  #ring: (T | undefined)[] = [];
  #stayed: Map<number, T> | undefined;
  /** How many there are. */
  size = 0;

  /** The one of that number. */
  get(number: number): T | undefined {
    const item = this.#ring[number & this.#ring.length - 1];
    return item !== undefined && item.request === number ? item : this.#stayed?.get(number);
  }

  /** Adds one, of a number that was never used. */
  add(item: T): void {
    const at = this.#place(item.request);
    this.#ring[at] = item;
    this.size++;
  }

  /** Takes one out. */
  delete(number: number): T | undefined {
    const at = number & this.#ring.length - 1;
    const item = this.#ring[at];
    if (item !== undefined && item.request === number) {
      this.#ring[at] = undefined;
      this.size--;
      return item;
    }
    const stayed = this.#stayed?.get(number);
    if (stayed === undefined) return undefined;
    this.#stayed!.delete(number);
    this.size--;
    return stayed;
  }

  /** Takes all out, in the order of their numbers. */
  drain(): T[] {
    const items = [...this.#stayed?.values() ?? []];
    for (const item of this.#ring) if (item !== undefined) items.push(item);
    this.#stayed = undefined;
    this.#ring = [];
    this.size = 0;
    return items.sort((a, b) => a.request - b.request);
  }

  /** A place in the ring that is free. */
  #place(number: number): number {
    if (this.#ring.length === 0) this.#ring = new Array<undefined>(FIRST_SIZE).fill(undefined);
    for (;;) {
      const at = number & this.#ring.length - 1;
      const other = this.#ring[at];
      if (other === undefined) return at;
      if (2 * this.size < this.#ring.length) {
        (this.#stayed ??= new Map()).set(other.request, other);
        return at;
      }
      this.#grow();
    }
  }

  #grow(): void {
    const mask = 2 * this.#ring.length - 1;
    const ring = new Array<T | undefined>(mask + 1).fill(undefined);
    for (const item of this.#ring) if (item !== undefined) ring[item.request & mask] = item;
    this.#ring = ring;
  }
}
