/**
 * Bounds: of a number's value, or of the length of a string, bytes, a list or a map.
 *
 * @module
 */

import type { Type } from "../definition.ts";

/** How many decimal digits a bound or a default of a `long` may have. */
export const MAX_DIGITS = 4_300;

/**
 * Says what is wrong with a type's own bounds.
 *
 * @param type A type; what is nested in it is not looked at.
 * @returns The problem in plain words; `undefined` if there is none.
 */
export function rangeProblem(type: Type): string | undefined {
  switch (type.type) {
    case "int":
      return bounds(type, Number.isSafeInteger, "a whole number within ±(2^53−1): for larger ones declare long");
    case "float":
      return bounds(type, Number.isFinite, "a number");
    case "long":
    case "int|long": {
      const { min, max } = type;
      if (![min, max].every((bound) => bound === undefined || isDigits(bound))) {
        return `a bound of ${type.type} must be a whole number of ${MAX_DIGITS} digits at the most`;
      }
      return min !== undefined && max !== undefined && BigInt(min) > BigInt(max) ? emptyRange(min, max) : undefined;
    }
    case "string":
    case "bytes":
    case "list":
    case "map":
      return bounds(type, (bound) => Number.isSafeInteger(bound) && bound >= 0, "a whole number that is not negative");
    default:
      return undefined;
  }
}

function bounds(
  type: { readonly type: string; readonly min?: number; readonly max?: number },
  isBound: (bound: number) => boolean,
  wanted: string,
): string | undefined {
  const { min, max } = type;
  if (![min, max].every((bound) => bound === undefined || isBound(bound))) {
    return `a bound of ${type.type} must be ${wanted}`;
  }
  return min !== undefined && max !== undefined && min > max ? emptyRange(min, max) : undefined;
}

function emptyRange(min: number | string, max: number | string): string {
  return `nothing lies between ${min} and ${max}: the lower bound is the larger one`;
}

/**
 * Whether a text is an integer in its one decimal form: no plus, no leading zero, no `-0`.
 *
 * @param text The text.
 * @returns Whether it can be a bound or a default of a `long`.
 */
export function isDigits(text: string): boolean {
  return text.length <= MAX_DIGITS + (text.startsWith("-") ? 1 : 0) && /^(?:0|-?[1-9][0-9]*)$/.test(text);
}
