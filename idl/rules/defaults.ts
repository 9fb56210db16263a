/**
 * Defaults of fields.
 *
 * @module
 */

import type { Default, Shape, StringType, Type } from "../definition.ts";
import { compilePattern, patternProblem } from "../pattern.ts";
import { isDigits, MAX_DIGITS } from "./ranges.ts";
import { unionLeaves } from "./unions.ts";

/**
 * How long a default that must match a pattern may be, in UTF-16 code units: a definition may have many, and come from
 * a peer.
 */
const LONGEST_MATCHED = 1_000;

/**
 * Turns a default into the value that the receiver gets.
 *
 * @param value The default as a definition has it.
 * @returns The value: a `bigint` for a `long`, otherwise what stands there.
 */
export function defaultValue(value: Default): null | boolean | number | bigint | string {
  return typeof value === "object" && value !== null ? BigInt(value.long) : value;
}

/**
 * Says why a value can't be a field's default.
 *
 * @param type The field's type.
 * @param value The default.
 * @param types The named types.
 * @returns The problem in plain words; `undefined` if there is none.
 */
export function defaultProblem(type: Type, value: Default, types: Shape["types"]): string | undefined {
  if (typeof value === "object" && value !== null && !isDigits(value.long)) {
    return `a whole number of ${MAX_DIGITS} digits at the most is wanted`;
  }
  if (typeof value === "string" && !value.isWellFormed()) return "the default is not valid Unicode";
  const leaves = unionLeaves([type], types, () => {});
  const problems: string[] = [];
  for (const leaf of leaves) {
    const problem = leafDefaultProblem(leaf.type, value);
    if (problem === undefined) return undefined;
    problems.push(problem);
  }
  return problems.length === 1 ? problems[0] : `${show(value)} is a value of none of the types that the field may have`;
}

function leafDefaultProblem(type: Type, value: Default): string | undefined {
  const actual = defaultValue(value);
  const fits = (good: boolean, wanted: string) => good ? undefined : `${show(value)} is not ${wanted}`;
  switch (type.type) {
    case "bool":
      return fits(typeof value === "boolean", "true or false");
    case "int":
      return fits(Number.isSafeInteger(value), "a whole number within ±(2^53−1)") ?? outside(type, actual as number);
    case "float":
      return fits(Number.isFinite(value), "a number") ?? outside(type, actual as number);
    case "long":
      return fits(typeof actual === "bigint", "a long") ?? outside(type, actual as bigint);
    case "int|long":
      return fits(isIntegerDefault(actual), "a whole number") ?? outside(type, actual as number | bigint);
    case "string":
      return fits(typeof value === "string", "a text in quotes") ?? textProblem(type, value as string);
    case "enum":
      return fits(typeof value === "string" && type.values.includes(value), `one of ${type.values.join(", ")}`);
    case "literal":
      return fits(value === type.value, JSON.stringify(type.value));
    case "any":
      return fits(typeof value !== "number" || Number.isFinite(value), "a number");
    default:
      return `a field of this type (${type.type}) can't have a default`;
  }
}

/** An `int|long` has one form for each value: a number where that is safe. */
function isIntegerDefault(value: unknown): boolean {
  if (typeof value === "bigint") return !Number.isSafeInteger(Number(value));
  return Number.isSafeInteger(value);
}

function outside(
  type: { readonly min?: number | string; readonly max?: number | string },
  value: number | bigint,
): string | undefined {
  const { min, max } = type;
  if (min !== undefined && value < bound(min)) return `${value} is less than ${min}`;
  return max !== undefined && value > bound(max) ? `${value} is more than ${max}` : undefined;
}

function bound(value: number | string): number | bigint {
  return typeof value === "string" ? BigInt(value) : value;
}

function textProblem(type: StringType, value: string): string | undefined {
  const length = [...value].length;
  if (length < (type.min ?? 0)) return `${show(value)} is shorter than ${type.min}`;
  if (length > (type.max ?? Infinity)) return `${show(value)} is longer than ${type.max}`;
  if (type.pattern === undefined) return undefined;
  if (value.length > LONGEST_MATCHED) {
    return `${show(value)} is longer than the ${LONGEST_MATCHED} characters that a pattern's default may have`;
  }
  if (patternProblem(type.pattern) !== undefined) return undefined;
  return compilePattern(type.pattern).matches(value) ? undefined : `${show(value)} does not match the pattern`;
}

function show(value: Default): string {
  const text = typeof value === "object" && value !== null ? value.long : JSON.stringify(value);
  return text.length > 40 ? `${text.slice(0, 40).toWellFormed()}…` : text;
}
