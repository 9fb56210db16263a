/**
 * Why a value can't be converted, where what there is may be one of Python's.
 *
 * @module
 */

import { describe, Failure } from "../../values/failure.ts";
import { DateTime, Day, Dict, Float, Time, Tuple } from "../python.ts";
import { floatText } from "../python_numbers.ts";

/**
 * Says that a value is not what its type asks for.
 *
 * @param expected What it asks for, such as "a string of at most 5 characters".
 * @param value What there is: an application's value, or Python's.
 * @returns To be thrown.
 */
export function mismatch(expected: string, value: unknown): Failure {
  return new Failure(`expected ${expected}, got ${describePython(value) ?? describe(value)}`);
}

/** What only Python has. */
function describePython(value: unknown): string | undefined {
  if (value instanceof Float) return `the float ${floatText(value.value)}`;
  if (value instanceof Tuple) return "a tuple";
  if (value instanceof Dict) return "a dictionary";
  if (value instanceof DateTime) return "a date and time";
  if (value instanceof Day) return "a date";
  return value instanceof Time ? "a time" : undefined;
}
