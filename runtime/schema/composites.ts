/**
 * Blocks for values that hold others.
 *
 * @module
 */

import * as Type from "typebox";
import { isPlainObject, isText } from "../value.ts";
import { type LengthRange, type Maybe, type Of, refined } from "./common.ts";

/**
 * `list<T>`: an array without holes.
 *
 * @param items The schema of its items.
 * @param range Bounds of their number.
 * @returns A schema of such arrays.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.List(Schema.Int(), { max: 3 }), [1, 2, 3]));
 * ```
 */
export function List<T>(items: Of<T>, range: LengthRange = {}): Of<T[]> {
  const options = present({ minItems: range.min, maxItems: range.max });
  return refined(Type.Array(items, options), isDense, "must be an array without holes");
}

/**
 * `map<T>`: a plain object with any keys. What is received has no prototype.
 *
 * @param values The schema of its values.
 * @param range Bounds of the number of its entries.
 * @returns A schema of such objects.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.Dict(Schema.Int()), { apples: 3 }));
 * ```
 */
export function Dict<T>(values: Of<T>, range: LengthRange = {}): Of<Record<string, T>> {
  const options = present({ minProperties: range.min, maxProperties: range.max });
  const check = (value: unknown) => isPlainObject(value) && Object.getOwnPropertyNames(value).every(isText);
  // Not TypeBox's Record: it lets a key with a line end go by unchecked.
  const dict = Type.Object({}, { ...options, additionalProperties: values });
  return refined(dict, check, "must be a plain object whose keys are valid strings");
}

/** What a schema, or any one of several, describes. */
export type ValueOf<S> = S extends Of<infer T> ? T : never;

/**
 * `T | U`: a value of one of several types.
 *
 * @param branches Their schemas.
 * @returns A schema of all of their values.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.Union([Schema.Text(), Schema.Literal(null)]), null));
 * ```
 */
export function Union<B extends readonly Of<unknown>[]>(branches: B): Of<ValueOf<B[number]>> {
  return Type.Unsafe(Type.Union([...branches]));
}

/** The object that {@link Fields} describes. */
export type FieldValues<P> = Flat<
  & { [K in keyof P as P[K] extends Maybe<unknown> ? never : K]: P[K] extends Of<infer T> ? T : never }
  & { [K in keyof P as P[K] extends Maybe<unknown> ? K : never]?: P[K] extends Of<infer T> ? T | undefined : never }
>;

/** One object type instead of an intersection. */
export type Flat<T> = { [K in keyof T]: T[K] };

/**
 * A message or a record: a plain object with these fields and no others.
 *
 * @param fields The schema of each field.
 * @returns A schema of such objects.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * const Ping = Schema.Fields({ id: Schema.Integer(), note: Schema.Optional(Schema.Text()) });
 * console.assert(Value.Check(Ping, { id: 1 }));
 * ```
 */
export function Fields<P extends { readonly [name: string]: Of<unknown> }>(fields: P): Of<FieldValues<P>> {
  return refined(Type.Object({ ...fields }, { additionalProperties: false }), isPlainObject, "must be a plain object");
}

/**
 * A field that may be absent, for {@link Fields}.
 *
 * @param schema The field's schema.
 * @returns The same for a field that may be absent or `undefined`.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.Fields({ note: Schema.Optional(Schema.Text()) }), {}));
 * ```
 */
export function Optional<T>(schema: Of<T>): Maybe<T> {
  return Type.Optional(schema) as Maybe<T>;
}

/**
 * A field with a default, for {@link Fields}: its sender may leave it out, its receiver always has it.
 *
 * @param schema The field's schema.
 * @param value What the receiver gets where the sender left it out.
 * @returns The same for a field with that default.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * console.assert(Value.Check(Schema.Fields({ retries: Schema.Default(Schema.Int(), 0) }), {}));
 * ```
 */
export function Default<T>(schema: Of<T>, value: NoInfer<T>): Maybe<T> {
  // Set on what TypeBox has copied: a spread would leave behind what it keeps in properties that are not enumerable.
  return Object.assign(Type.Optional(schema), { default: value }) as Maybe<T>;
}

/**
 * Types that refer to themselves or to each other.
 *
 * @param types The schema of each; they name each other by {@link Ref}.
 * @param name The one that is wanted.
 * @returns Its schema.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * interface Node {
 *   next?: Node | undefined;
 * }
 * const Node: Schema.Of<Node> = Schema.Cyclic({
 *   Node: Schema.Fields({ next: Schema.Optional(Schema.Ref<Node>("Node")) }),
 * }, "Node");
 * console.assert(Value.Check(Node, { next: { next: {} } }));
 * ```
 */
export function Cyclic<P extends { readonly [name: string]: Of<unknown> }, K extends string & keyof P>(
  types: P,
  name: K,
): P[K] extends Of<infer T> ? Of<T> : never {
  return Type.Unsafe(Type.Cyclic({ ...types }, name)) as unknown as P[K] extends Of<infer T> ? Of<T> : never;
}

/**
 * A reference to one of the types of the {@link Cyclic} that it stands in.
 *
 * @param name That type's name.
 * @returns A schema of its values.
 *
 * @example
 * ```ts
 * import { Schema } from "holdfast";
 *
 * console.assert(Schema.Ref("Node") !== undefined);
 * ```
 */
export function Ref<T>(name: string): Of<T> {
  return Type.Unsafe<T>(Type.Ref(name));
}

function isDense(value: unknown): boolean {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (value[i] === undefined) return false;
  return true;
}

/** The members of an object that are not `undefined`. */
function present(object: { readonly [key: string]: number | undefined }): { readonly [key: string]: number } {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}
