/**
 * Values that hold no others and are no numbers: what they have to be, on any wire.
 *
 * @module
 */

import type { BytesType, EnumType, StringType } from "../../../idl/definition.ts";
import { compilePattern } from "../../../idl/pattern.ts";
import { countCodePoints } from "../../value.ts";
import { range } from "./bounds.ts";
import type { Budget } from "./budget.ts";
import { Failure, mismatch, quote } from "./failure.ts";

/** What a `bool` has to be, in words that follow "expected". */
export const A_BOOLEAN = "true or false";

/**
 * Refuses text that is not valid Unicode.
 *
 * @param text The text.
 * @returns To be thrown.
 */
export function halfPair(text: string): Failure {
  return new Failure(`expected valid Unicode, got half of a surrogate pair in ${quote(text)}`);
}

/** What a `string` has to be. */
export interface StringCheck {
  /** In words that follow "expected". */
  readonly expected: string;
  /** At most so many characters, each of which is one or two UTF-16 code units. */
  readonly max: number;
  /** Refuses one for its length. */
  readonly wrongLength: (length: number | string) => Failure;
  /**
   * Throws a {@link Failure} where a text is not what it has to be.
   *
   * @param text Valid Unicode.
   * @param budget What is left of the characters that may be matched.
   * @param bytes How many it takes in UTF-8, if that is known: text of as many units is ASCII.
   */
  readonly check: (text: string, budget: Budget, bytes?: number) => void;
}

/**
 * Says what a `string` has to be.
 *
 * @param type `string`.
 * @returns What tells whether it is.
 */
export function stringCheck(type: StringType): StringCheck {
  const min = type.min ?? 0;
  const max = type.max ?? Infinity;
  const bounded = min > 0 || max < Infinity;
  const pattern = type.pattern === undefined ? undefined : compilePattern(type.pattern);
  const matching = type.pattern === undefined ? "" : ` that matches /${type.pattern}/`;
  const expected = `a string${range(type, "character")}${matching}`;
  const wrongLength = (length: number | string) => new Failure(`expected ${expected}, got one of ${length}`);
  return {
    expected,
    max,
    wrongLength,
    check(text, budget, bytes) {
      if (bounded) {
        const length = bytes === text.length ? bytes : countCodePoints(text);
        if (length < min || length > max) throw wrongLength(length);
      }
      if (pattern === undefined) return;
      budget.match(text.length);
      if (!pattern.matches(text)) throw mismatch(expected, text);
    },
  };
}

/** The `byteLength` of bytes: not the value's own, about which a subclass may lie. */
export const byteLengthOf: (this: Uint8Array) => number = Object.getOwnPropertyDescriptor(
  Object.getPrototypeOf(Uint8Array.prototype),
  "byteLength",
)!
  .get!;

/** What `bytes` have to be. */
export interface BytesCheck {
  /** In words that follow "expected". */
  readonly expected: string;
  /** Throws a {@link Failure} where there are too few or too many. */
  readonly check: (length: number) => void;
}

/**
 * Says what `bytes` have to be.
 *
 * @param type `bytes`.
 * @returns What tells whether they are.
 */
export function bytesCheck(type: BytesType): BytesCheck {
  const { min = 0, max = Infinity } = type;
  const expected = `bytes (a Uint8Array)${range(type, "byte")}`;
  return {
    expected,
    check(length) {
      if (length < min || length > max) throw new Failure(`expected ${expected}, got ${length}`);
    },
  };
}

/** How many of an enum's values an error lists. */
const LISTED = 8;

/**
 * Says what one of an enum has to be.
 *
 * @param type An enum.
 * @returns Words that follow "expected".
 */
export function oneOf({ values }: EnumType): string {
  const listed = values.slice(0, LISTED).map(quote).join(", ");
  return values.length > LISTED ? `one of ${listed} or ${values.length - LISTED} others` : `one of ${listed}`;
}
