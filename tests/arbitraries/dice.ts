/**
 * Random choices, made one by one while something is put together.
 *
 * @module
 */

import fc from "fast-check";

/** Throws for fast-check, so that a failing case comes out again, and smaller. */
export class Dice {
  readonly #generate: fc.GeneratorValue;

  /** @param generate What fast-check's `gen` gives. */
  constructor(generate: fc.GeneratorValue) {
    this.#generate = generate;
  }

  /** A value that an arbitrary gives: made by `builder` of `args`, by which fast-check knows it again. */
  of<T, A extends unknown[]>(builder: (...args: A) => fc.Arbitrary<T>, ...args: A): T {
    return this.#generate(builder, ...args);
  }

  /** A whole number from 0 to `max`; 0 is the simplest. */
  upTo(max: number): number {
    return this.of(fc.nat, max);
  }

  /** Once in so many times. */
  chance(times: number): boolean {
    return this.upTo(times - 1) === times - 1;
  }

  /** One of several; the first is the simplest. */
  pick<T>(from: readonly T[]): T {
    return from[this.upTo(from.length - 1)]!;
  }

  /** As many of several as are asked for, in any order. */
  some<T>(from: readonly T[], count: number): T[] {
    const left = [...from];
    const taken: T[] = [];
    while (taken.length < count && left.length > 0) taken.push(...left.splice(this.upTo(left.length - 1), 1));
    return taken;
  }
}
