/**
 * What the values of one frame have used of their limits. They hold for writing and for reading, since the other side
 * could not read what this one wrote beyond them.
 *
 * @module
 */

import { HoldfastError } from "../../errors.ts";
import type { ValueLimits } from "../../limits.ts";
import { Failure } from "./failure.ts";

/** Counts what is nested and what is held, in one direction. One is used again and again. */
export class Budget {
  /** How many values lie around the one that is at hand. */
  depth = 0;
  /** How many list items and map entries there are. */
  items = 0;
  /** How many characters have been matched. */
  matched = 0;
  /** Whether a frame's values are being worked on. */
  busy = false;
  readonly #limits: ValueLimits;

  /**
   * Makes a budget of which nothing has been used.
   *
   * @param limits How much there is.
   */
  constructor(limits: ValueLimits) {
    this.#limits = limits;
  }

  /**
   * Starts on a frame's values.
   *
   * @throws {HoldfastError} `invalid-message` if those of another one are still being written: then an accessor in it is
   * sending something, whose bytes would end up in its midst.
   */
  start(): void {
    if (this.busy) {
      throw new HoldfastError("invalid-message", "An accessor of what is being sent can't send anything itself.");
    }
    this.busy = true;
    this.depth = 0;
    this.items = 0;
    this.matched = 0;
  }

  /** Ends what `start` started. */
  end(): void {
    this.busy = false;
  }

  /**
   * Goes into a list, a map or a record.
   *
   * @param count How many items or entries it holds; 0 for a record.
   * @throws {Failure} if it is nested too deep, or if there are too many.
   */
  enter(count: number): void {
    if (++this.depth > this.#limits.depth) {
      throw new Failure(`values are nested more than ${this.#limits.depth} deep`, "limit");
    }
    this.items += count;
    if (this.items > this.#limits.items) {
      throw new Failure(`there are more than ${this.#limits.items} list items and map entries`, "limit");
    }
  }

  /**
   * Has a text matched against a pattern.
   *
   * @param length How long it is, in UTF-16 code units.
   * @throws {Failure} if that is too much, together with those before it.
   */
  match(length: number): void {
    this.matched += length;
    if (this.matched > this.#limits.matched) {
      throw new Failure(`there are more than ${this.#limits.matched} characters to be matched by patterns`, "limit");
    }
  }

  /** Comes out of it again. */
  leave(): void {
    this.depth -= 1;
  }
}

/** The budgets of the two directions. */
export interface Budgets {
  /** Of what is written. */
  readonly encode: Budget;
  /** Of what is read. */
  readonly decode: Budget;
}
