/**
 * `any`: what it takes.
 *
 * @module
 */

/** In words that follow "expected". */
export const ANYTHING = "null, a boolean, a number, a bigint, a string, bytes, a Date, an array or a plain object";

/**
 * Tells the two kinds of number apart, as `any` does.
 *
 * @param value A number.
 * @returns Whether it goes as a whole number: it is a safe integer, and not −0.
 */
export function isWhole(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}
