/**
 * Numbers as text, as Python writes and reads them.
 *
 * @module
 */

import { integer } from "./python.ts";

/**
 * What `repr` gives for a float: the shortest text that reads back as it, with an exponent from 1e16 on and below 1e-4.
 *
 * @param value Any number.
 * @returns `1.0`, `1e+16`, `1.5e-07`, `nan`, `inf`, `-inf`.
 */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  const size = Math.abs(value);
  if (size === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  if (size >= 1e-4 && size < 1e16) {
    // JavaScript writes such numbers without an exponent, as Python does.
    const text = String(value);
    return text.includes(".") ? text : `${text}.0`;
  }
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  return `${mantissa}e${exponent[0]}${exponent.slice(1).padStart(2, "0")}`;
}

/** Python's white space, as far as it is ASCII, around digits that single underscores may part. */
const INTEGER = /^[\t-\r ]*([+-]?)([0-9]+(?:_[0-9]+)*)[\t-\r ]*$/;

/**
 * Reads a whole number as `int` does: with white space around it, a sign, and underscores between its digits.
 *
 * @param text ASCII.
 * @param digits How many digits it may have, leading zeros included.
 * @returns The number; `undefined` if it is none; `"limit"` if it has too many digits.
 */
export function parseInteger(text: string, digits: number): number | bigint | "limit" | undefined {
  if (text.length > longest(digits)) return "limit";
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const plain = match[2]!.replaceAll("_", "");
  return decimal(match[1] === "-", plain, digits);
}

/**
 * Makes a number of digits.
 *
 * @param negative Whether a minus stands before them.
 * @param plain The digits.
 * @param digits How many there may be.
 * @returns The number, or `"limit"` if there are too many digits.
 */
export function decimal(negative: boolean, plain: string, digits: number): number | bigint | "limit" {
  if (plain.length <= 15) return negative ? 0 - Number(plain) : Number(plain);
  if (plain.length > digits) return "limit";
  const value = BigInt(plain);
  return integer(negative ? -value : value);
}

/** More than so many digits take, with what may stand around and between them. Longer text is not even looked at. */
function longest(digits: number): number {
  return 2 * digits + 32;
}

const FLOAT = /^[+-]?(?:[0-9]+(?:_[0-9]+)*(?:\.(?:[0-9]+(?:_[0-9]+)*)?)?|\.[0-9]+(?:_[0-9]+)*)$/;
const NAMED = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i;

/**
 * Reads a float without exponent, as `float` does.
 *
 * @param text ASCII, or other bytes, each as the character of that number.
 * @param digits How many digits it may have, more or less.
 * @returns It in a form that `Number` reads as Python does, or the number that it names; `undefined` if it is none.
 */
export function parseMantissa(text: string, digits: number): string | number | undefined {
  // JavaScript takes a no-break space for white space.
  if (text.length > longest(digits) || text.includes("\xa0")) return undefined;
  const trimmed = text.trim();
  if (FLOAT.test(trimmed)) return trimmed.replaceAll("_", "");
  const named = NAMED.exec(trimmed);
  if (named === null) return undefined;
  if (named[2] === undefined) return NaN;
  return named[1] === "-" ? -Infinity : Infinity;
}
