/**
 * Blocks for values that hold no others, and for `any`.
 *
 * @module
 */

import * as Type from "typebox";
import { compilePattern } from "../../idl/pattern.ts";
import { type AnyValue, countCodePoints, isAny, isBytes, isText, isTimestamp } from "../value.ts";
import {
  isWithin,
  type LengthRange,
  type LongRange,
  type NumberRange,
  type Of,
  refined,
  type TextOptions,
} from "./common.ts";

/**
 * `bool`.
 *
 * @returns A schema of booleans.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.Bool(), true));
 * ```
 */
export function Bool(): Of<boolean> {
  return Type.Unsafe(Type.Boolean());
}

/**
 * `int`: a number without fraction within ±(2^53−1).
 *
 * @param range Narrower bounds.
 * @returns A schema of such numbers.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(!Value.Check(Schema.Int({ min: 0, max: 10 }), 11));
 * ```
 */
export function Int(range: NumberRange = {}): Of<number> {
  const minimum = range.min ?? Number.MIN_SAFE_INTEGER;
  const maximum = range.max ?? Number.MAX_SAFE_INTEGER;
  return Type.Unsafe(Type.Integer({ minimum, maximum }));
}

/**
 * `long`: a bigint of any size.
 *
 * @param range Bounds.
 * @returns A schema of such bigints.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.Long({ min: 0n }), 2n ** 70n));
 * ```
 */
export function Long(range: LongRange = {}): Of<bigint> {
  return refined(Type.BigInt(), (value) => isWithin(value, range), `must be a bigint${within(range)}`);
}

/**
 * `int|long`: a number without fraction within ±(2^53−1), or a bigint; it arrives as a number where that is safe.
 *
 * @param range Bounds of both.
 * @returns A schema of such numbers and bigints.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.Integer(), 5) && Value.Check(Schema.Integer(), 5n));
 * ```
 */
export function Integer(range: LongRange = {}): Of<number | bigint> {
  const check = (value: unknown) => isWithin(value, range);
  return refined(Type.Union([Int(), Type.BigInt()]), check, `must be an integer${within(range)}`);
}

/**
 * `float`: any number, NaN and the infinities included; NaN is within no bounds.
 *
 * @param range Bounds.
 * @returns A schema of such numbers.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.Float(), NaN) && !Value.Check(Schema.Float({ min: 0 }), NaN));
 * ```
 */
export function Float(range: NumberRange = {}): Of<number> {
  const check = (value: unknown) => typeof value === "number" && isWithin(value, range);
  return refined(Type.Unknown(), check, `must be a number${within(range)}`);
}

/**
 * `string`: valid Unicode. The length counts code points.
 *
 * @param options Bounds of the length, and what the whole string must match.
 * @returns A schema of such strings.
 * @throws {RangeError} If the pattern can't be used.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.Text({ max: 8, pattern: "[a-z]+" }), "wombat"));
 * ```
 */
export function Text(options: TextOptions = {}): Of<string> {
  const pattern = options.pattern === undefined ? undefined : compilePattern(options.pattern);
  const bounded = options.min !== undefined || options.max !== undefined;
  const check = (value: unknown) =>
    isText(value) && (!bounded || isWithin(countCodePoints(value), options)) && pattern?.matches(value) !== false;
  const matching = options.pattern === undefined ? "" : ` that matches /${options.pattern}/`;
  return refined(Type.String(), check, `must be a valid string${long(options, "characters")}${matching}`);
}

/**
 * `bytes`: a `Uint8Array`.
 *
 * @param range Bounds of the number of bytes.
 * @returns A schema of such arrays.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.Bytes({ max: 4 }), new Uint8Array(4)));
 * ```
 */
export function Bytes(range: LengthRange = {}): Of<Uint8Array> {
  const check = (value: unknown) => isBytes(value) && isWithin(value.length, range);
  return refined(Type.Unknown(), check, `must be a Uint8Array${long(range, "bytes")}`);
}

/**
 * `timestamp`: a valid `Date`.
 *
 * @returns A schema of such dates.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.Timestamp(), new Date()));
 * ```
 */
export function Timestamp(): Of<Date> {
  return refined(Type.Unknown(), isTimestamp, "must be a valid Date");
}

/**
 * `any`: whatever can be sent without being described.
 *
 * @returns A schema of such values.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.Any(), { list: [1, 2n, null, new Date()] }));
 * ```
 */
export function Any(): Of<AnyValue> {
  const text =
    "must be made of null, booleans, numbers, bigints, strings, Uint8Arrays, Dates, arrays and plain objects";
  return refined(Type.Unknown(), isAny, text);
}

/**
 * A literal: `null`, `true`, `42` or `"text"`.
 *
 * @param value The literal.
 * @returns A schema of this one value.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.Literal("done"), "done"));
 * ```
 */
export function Literal<const T extends null | boolean | number | string>(value: T): Of<T> {
  return Type.Unsafe(value === null ? Type.Null() : Type.Literal(value as boolean | number | string));
}

/**
 * An `enum`: one of these strings.
 *
 * @param values The strings.
 * @returns A schema of them.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.Enum(["debug", "info"]), "info"));
 * ```
 */
export function Enum<const T extends string>(values: readonly T[]): Of<T> {
  return Type.Unsafe(Type.Enum([...values]));
}

function within(range: { readonly min?: number | bigint; readonly max?: number | bigint }): string {
  if (range.min === undefined && range.max === undefined) return "";
  return ` within ${range.min ?? ""}..${range.max ?? ""}`;
}

function long(range: LengthRange, unit: string): string {
  if (range.min === undefined && range.max === undefined) return "";
  return ` of ${range.min ?? ""}..${range.max ?? ""} ${unit}`;
}
