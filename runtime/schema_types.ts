/**
 * The blocks that schemas are built from: one for each type of the message language. Generated code uses them under the
 * name `Schema`, and `schemaOf` builds with them what is discovered while running.
 *
 * Every block is a schema of TypeBox's, so `Value.Check` and `Compile` take it, and accepts exactly the values that the
 * wire accepts (`runtime/value.ts` lists them). Where a keyword of TypeBox's means something else (its numbers have no
 * NaN, its strings may hold lone surrogates, its patterns backtrack, its bounds of large bigints are rounded when
 * compiled), the block brings a refinement of its own.
 *
 * @module
 */

export type { LengthRange, LongRange, Maybe, NumberRange, Of, TextOptions } from "./schema/common.ts";
export {
  Cyclic,
  Default,
  Dict,
  Fields,
  type FieldValues,
  type Flat,
  List,
  Optional,
  Ref,
  Union,
  type ValueOf,
} from "./schema/composites.ts";
export { Any, Bool, Bytes, Enum, Float, Int, Integer, Literal, Long, Text, Timestamp } from "./schema/scalars.ts";
export type { AnyValue } from "./value.ts";
