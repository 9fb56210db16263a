/**
 * What the blocks of schemas share.
 *
 * @module
 */

import * as Type from "typebox";
import type { TSchema } from "typebox";

/** A schema of the values of `T`: what TypeBox calls an unsafe type, so that its `Static` gives back exactly `T`. */
export interface Of<T> {
  /** For the compiler alone. */
  readonly "~unsafe": T;
}

/** A schema that stands in {@link Fields} for a field that may be absent. */
export interface Maybe<T> extends Of<T> {
  readonly "~optional": true;
}

/** Bounds of a number, both inclusive. */
export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
}

/** Bounds of a `long`, both inclusive. */
export interface LongRange {
  readonly min?: bigint;
  readonly max?: bigint;
}

/** Bounds of a length, both inclusive. */
export interface LengthRange {
  readonly min?: number;
  readonly max?: number;
}

/** What a `string` may be bound to. */
export interface TextOptions extends LengthRange {
  /** What the whole string must match, in RE2's syntax. */
  readonly pattern?: string;
}

/**
 * Makes a schema of a type of our own: TypeBox's, and a refinement.
 *
 * @param schema What TypeBox can say of it.
 * @param check What it can't; it may be asked about any value.
 * @param message What is wrong with a value that is refused.
 * @returns The schema.
 */
export function refined<T>(schema: TSchema, check: (value: unknown) => boolean, message: string): Of<T> {
  return Type.Unsafe<T>(Type.Refine(schema, check, () => message));
}

/**
 * Whether a value is a number or a bigint within bounds.
 *
 * @param value Anything; NaN lies within no bounds, but passes where there are none.
 * @param range The bounds, both inclusive.
 * @returns Whether it is.
 */
export function isWithin(
  value: unknown,
  range: { readonly min?: number | bigint; readonly max?: number | bigint },
): boolean {
  if (typeof value !== "number" && typeof value !== "bigint") return false;
  return (range.min === undefined || value >= range.min) && (range.max === undefined || value <= range.max);
}
