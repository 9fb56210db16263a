/**
 * What both readers share: bounds, and the errors for what they can't read.
 *
 * @module
 */

import { HoldfastError } from "../../errors.ts";
import type { ValueLimits } from "../../limits.ts";

/** Bounds on the values of one payload, as it is read. */
export type PayloadLimits = Pick<ValueLimits, "depth" | "digits" | "items">;

/** Counts what a reader has met. */
export class Bounds {
  /** How many digits a whole number may have. */
  readonly digits: number;
  readonly #limits: PayloadLimits;
  #depth = 0;
  #items = 0;

  constructor(limits: PayloadLimits) {
    this.#limits = limits;
    this.digits = limits.digits;
  }

  /** Goes into a list, a tuple or a dictionary. */
  enter(): void {
    if (++this.#depth > this.#limits.depth) {
      throw new HoldfastError("limit", `Values are nested more than ${this.#limits.depth} deep.`);
    }
  }

  /** Comes out of it again. */
  leave(): void {
    this.#depth -= 1;
  }

  /** Counts an item or an entry. */
  item(): void {
    if (++this.#items > this.#limits.items) {
      throw new HoldfastError("limit", `There are more than ${this.#limits.items} list items and dictionary entries.`);
    }
  }

  /** The error for a number of too many digits. */
  tooLong(): HoldfastError {
    return new HoldfastError("limit", `A whole number has more than ${this.digits} digits.`);
  }
}

/** The error for a payload that can't be read. */
export function unreadable(what: string, at: number): HoldfastError {
  return new HoldfastError("protocol", `A payload can't be read: ${what} at ${at}.`);
}
