/**
 * Random values that are nearly of a type.
 *
 * @module
 */

import fc from "fast-check";
import type { Shape, Type } from "../../idl/definition.ts";
import { Dice } from "./dice.ts";
import { put } from "./properties.ts";
import { arbitraryValue } from "./values.ts";

/**
 * Random values that are nearly of a type: right ones in which something was changed, and some that have nothing to do
 * with it. Most are wrong; which are, the test has to ask.
 *
 * @param type The type.
 * @param types The named types.
 * @returns Values of any kind.
 */
export function arbitraryWrongValue(type: Type, types: Shape["types"]): fc.Arbitrary<unknown> {
  return fc.tuple(arbitraryValue(type, types), fc.gen()).map(([value, generate]) => spoil(value, new Dice(generate)));
}

/** Changes something somewhere in a value. */
function spoil(value: unknown, dice: Dice): unknown {
  const root = [value];
  const places: { readonly holder: object; readonly key: string }[] = [{ holder: root, key: "0" }];
  for (let i = 0; i < places.length; i++) {
    const { holder, key } = places[i]!;
    const inner = (holder as Record<string, unknown>)[key];
    if (!isContainer(inner)) continue;
    for (const key of Object.keys(inner)) places.push({ holder: inner, key });
  }
  const { holder, key } = dice.pick(places);
  const old = (holder as Record<string, unknown>)[key];
  put(holder, key, dice.chance(2) ? dice.pick(JUNK)() : changed(old, dice));
  return root[0];
}

function isContainer(value: unknown): value is object {
  return Array.isArray(value) || typeof value === "object" && value !== null && !(value instanceof Date)
      && !ArrayBuffer.isView(value);
}

/** Something that is like a value, and not the same. */
function changed(value: unknown, dice: Dice): unknown {
  switch (typeof value) {
    case "boolean":
      return dice.pick([!value, Number(value), String(value)]);
    case "number":
      return dice.pick([
        value + 1,
        value - 1,
        value + 0.5,
        -value,
        NaN,
        Infinity,
        -Infinity,
        String(value),
        toBigInt(value),
      ]);
    case "bigint":
      return dice.pick([value + 1n, value - 1n, -value, value * 2n ** 64n, Number(value), String(value)]);
    case "string":
      return dice.pick([
        `${value}x`,
        value.slice(1),
        value.toUpperCase(),
        `${value}\ud800`,
        `${value}\n`,
        `${value}é😀`,
        [value],
      ]);
    case "object":
      if (value === null) return dice.pick([undefined, {}, 0, "null"]);
      if (value instanceof Date) return dice.pick([new Date(NaN), value.getTime(), value.toISOString()]);
      if (value instanceof Uint8Array) {
        return dice.pick([
          new Uint8Array([...value, 0]),
          value.slice(1),
          [...value],
          value.buffer,
          new Int8Array(value),
        ]);
      }
      return Array.isArray(value) ? changedList(value, dice) : changedObject(value as Record<string, unknown>, dice);
    default:
      return dice.pick(JUNK)();
  }
}

function toBigInt(value: number): unknown {
  return Number.isInteger(value) ? BigInt(value) : value;
}

function changedList(list: unknown[], dice: Dice): unknown {
  return dice.pick<() => unknown>([
    () => list.slice(1),
    () => [...list, ...list, list[0]],
    () => [...list, undefined],
    () => Object.assign([...list], { length: list.length + 1 }),
    () => Object.assign([...list], { more: 1 }),
    () => ({ ...list }),
    () => Object.setPrototypeOf([...list], (class extends Array {}).prototype),
    () => new Set(list),
  ])();
}

function changedObject(object: Record<string, unknown>, dice: Dice): unknown {
  const keys = Object.keys(object);
  const key = keys.length > 0 ? dice.pick(keys) : "none";
  const without = (left: string) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== left));
  return dice.pick<() => unknown>([
    () => without(key),
    () => ({ ...object, more: 1 }),
    () => ({ ...object, more: undefined }),
    () => ({ ...object, [key]: undefined }),
    () => ({ ...object, "\udfff": object[key] }),
    () => ({ ...object, [Symbol("more")]: 1 }),
    () => Object.assign(Object.create(null), object),
    () => Object.assign(Object.create({ more: 1 }), object),
    () => Object.create(object),
    // A field that is not enumerable is one; of what is none, and not enumerable, schemas think otherwise than the wire.
    () => Object.defineProperty(without(key), key, { value: object[key], enumerable: keys.length === 0 }),
    () => Object.defineProperty({ ...object }, key, { get: () => object[key], enumerable: true }),
    () => Object.assign(new (class Example {})(), object),
    () => new Map(Object.entries(object)),
    () => [object],
  ])();
}

/** What belongs nowhere, or not where one would think. */
const JUNK: readonly (() => unknown)[] = [
  () => undefined,
  () => null,
  () => ({}),
  () => [],
  () => "",
  () => 0,
  () => -0,
  () => NaN,
  () => 1.5,
  () => 2 ** 53,
  () => 5n,
  () => 2n ** 64n,
  () => true,
  () => "on",
  () => "\ud83d",
  () => [undefined],
  () => new Array(2),
  () => ({ a: undefined }),
  () => Object.create(null),
  () => Object.create({}),
  () => Object.create(Date.prototype),
  () => Object.create(Uint8Array.prototype),
  () => Object.create(Array.prototype),
  () => new Date(0),
  () => new Date(NaN),
  () => new (class extends Date {})(0),
  () => new Uint8Array([1]),
  () => new (class extends Uint8Array {})(2),
  () => new Uint8Array(new SharedArrayBuffer(2)),
  () => new Uint16Array(1),
  () => new DataView(new ArrayBuffer(1)),
  () => new ArrayBuffer(1),
  () => new Map([["a", 1]]),
  () => new Set([1]),
  () => new String("on"),
  () => new Number(0),
  () => new Boolean(true),
  () => Object(5n),
  () => Symbol("on"),
  () => () => null,
  () => class Example {},
  () => /x/,
  () => new Error("x"),
  () => Promise.resolve(null),
  () => new Proxy({}, {}),
  () => new Proxy([], {}),
];
