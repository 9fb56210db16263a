/**
 * What counts as a value: the questions that schemas and codec both ask, so that they accept the same set, but for one
 * kind of record.
 *
 * - **Objects**, for records and maps, are plain: no arrays, no instances of classes, no dates, no `Map`s. Properties that
 *   are named by symbols are not looked at.
 * - **Records** have their fields by name; one that is `undefined` is absent. An enumerable property of a record's own
 *   that is no field is refused. One that is not enumerable, as libraries add to what they watch, is passed over by the
 *   codec, as by `JSON.stringify`, but refused by schemas: TypeBox makes no difference there.
 * - **Maps** have as keys all their own properties with string names, enumerable or not, and no `undefined`.
 * - **Lists** are arrays without holes; what else hangs on the array is not looked at.
 * - **Numbers**: an `int` is a safe integer, `-0` among them, which arrives as `0`. A `float` is any number, and keeps
 *   its sign; where it has bounds, NaN is outside them.
 * - **Strings** are primitive and valid Unicode: no lone surrogates. Their length counts code points.
 * - **Bytes** are any `Uint8Array`, Node's `Buffer` included, whatever memory is behind it.
 * - **Timestamps** are valid `Date`s.
 *
 * How deep values may be nested, and how many of them there may be, belongs to a connection's limits and not to a type.
 *
 * @module
 */

/**
 * Whether a value is an object that may stand for a record or a map.
 *
 * @param value Anything.
 * @returns Whether it is an object whose prototype is `null`, or the `Object.prototype` of any realm.
 */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
}

/**
 * Whether a value is bytes.
 *
 * @param value Anything.
 * @returns Whether it is a `Uint8Array` or an instance of a class derived from it.
 */
export function isBytes(value: unknown): value is Uint8Array {
  return ArrayBuffer.isView(value) && value instanceof Uint8Array;
}

/**
 * Whether a value is a timestamp.
 *
 * @param value Anything.
 * @returns Whether it is a `Date`, and a valid one.
 */
export function isTimestamp(value: unknown): value is Date {
  if (!(value instanceof Date)) return false;
  try {
    return !Number.isNaN(Date.prototype.getTime.call(value));
  } catch {
    return false; // only made to look like one
  }
}

/**
 * Whether a value is a string.
 *
 * @param value Anything.
 * @returns Whether it is a primitive string without lone surrogates.
 */
export function isText(value: unknown): value is string {
  return typeof value === "string" && value.isWellFormed();
}

/**
 * The length of a text as ranges count it.
 *
 * @param text Valid Unicode.
 * @returns How many code points it has.
 */
export function countCodePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    if ((text.charCodeAt(i) & 0xfc00) === 0xd800) count--;
  }
  return count;
}

/** A value of type `any`. */
export type AnyValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | Date
  | readonly AnyValue[]
  | { readonly [key: string]: AnyValue };

/**
 * Whether a value is one that `any` can hold.
 *
 * @param value Anything, of any depth.
 * @returns Whether it is made of nulls, booleans, numbers, bigints, strings, bytes, timestamps, arrays without holes and
 * plain objects, and holds itself nowhere. The same object may stand in several places.
 */
export function isAny(value: unknown): value is AnyValue {
  const children = anyChildren(value);
  if (children === undefined) return false;
  if (children.length === 0) return true;
  const around = new Set<unknown>(); // what the value looked at lies in
  const known = new Set<unknown>();
  const open: { readonly value: unknown; readonly children: Iterator<unknown> }[] = [];
  const enter = (value: unknown, children: readonly unknown[]) => {
    around.add(value);
    open.push({ value, children: children.values() });
  };
  enter(value, children);
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const next = top.children.next();
    if (next.done === true) {
      open.pop();
      around.delete(top.value);
      known.add(top.value);
      continue;
    }
    const inner = anyChildren(next.value);
    if (inner === undefined || around.has(next.value)) return false;
    if (inner.length > 0 && !known.has(next.value)) enter(next.value, inner);
  }
  return true;
}

/** What a value of type `any` is made of; `undefined` if it is none. */
function anyChildren(value: unknown): readonly unknown[] | undefined {
  switch (typeof value) {
    case "boolean":
    case "number":
    case "bigint":
      return [];
    case "string":
      return value.isWellFormed() ? [] : undefined;
    case "object": {
      if (value === null || isBytes(value) || isTimestamp(value)) return [];
      if (Array.isArray(value)) return value;
      if (!isPlainObject(value)) return undefined;
      const keys = Object.getOwnPropertyNames(value);
      return keys.every((key) => key.isWellFormed()) ? keys.map((key) => value[key]) : undefined;
    }
    default:
      return undefined;
  }
}
