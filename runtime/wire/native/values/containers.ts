/**
 * Lists and maps. On the wire:
 *
 * | type | bytes |
 * | --- | --- |
 * | `list<T>` | count, items |
 * | `map<T>` | count, then each key, as a string, with its value; keys ascend by their UTF-16 code units |
 *
 * Any value takes a byte at least, so that a count can be held against the bytes that are left. Since keys ascend, a map
 * has one form only, and a key that comes twice is found without looking back.
 *
 * @module
 */

import { isPlainObject } from "../../../value.ts";
import { type CountBounds, listCheck, mapCheck } from "../../values/bounds.ts";
import type { Budgets } from "../../values/budget.ts";
import { Failure, keyStep, mismatch, notPlain, quote, readFailure, writeFailure } from "../../values/failure.ts";
import type { Reader } from "../reader.ts";
import { writeText } from "./scalars.ts";
import type { ValueCodec } from "./value_codec.ts";

/**
 * Makes the codec of a list.
 *
 * @param bounds How many items a list may have.
 * @param items Writes and reads an item.
 * @param budgets What is left of the limits.
 * @returns The codec of such lists.
 */
export function listCodec(bounds: CountBounds, items: ValueCodec, budgets: Budgets): ValueCodec {
  const { expected, check } = listCheck(bounds);
  return {
    expected,
    encode(to, value) {
      if (!Array.isArray(value)) throw mismatch(expected, value);
      const list: readonly unknown[] = value;
      const count = list.length;
      if (count >>> 0 !== count) throw mismatch(expected, value); // a proxy may say anything
      check(count);
      budgets.encode.enter(count);
      to.varint(count);
      let i = 0;
      try {
        for (; i < count; i++) items.encode(to, list[i]);
      } catch (error) {
        throw writeFailure(error).within(`[${i}]`);
      }
      budgets.encode.leave();
    },
    decode(from) {
      const count = readCount(from);
      check(count);
      budgets.decode.enter(count);
      const list: unknown[] = [];
      let i = 0;
      try {
        for (; i < count; i++) list.push(items.decode(from));
      } catch (error) {
        throw readFailure(error).within(`[${i}]`);
      }
      budgets.decode.leave();
      return list;
    },
  };
}

/**
 * Makes the codec of a map.
 *
 * @param bounds How many entries a map may have.
 * @param values Writes and reads an entry's value.
 * @param budgets What is left of the limits.
 * @returns The codec of such maps.
 */
export function mapCodec(bounds: CountBounds, values: ValueCodec, budgets: Budgets): ValueCodec {
  const { expected, check } = mapCheck(bounds);
  return {
    expected,
    encode(to, value) {
      if (!isPlainObject(value)) throw notPlain(expected, value);
      const keys = ascending(Object.getOwnPropertyNames(value));
      check(keys.length);
      budgets.encode.enter(keys.length);
      to.varint(keys.length);
      let key = "";
      try {
        for (key of keys) {
          writeText(to, key);
          values.encode(to, value[key]);
        }
      } catch (error) {
        throw writeFailure(error).within(keyStep(key));
      }
      budgets.encode.leave();
    },
    decode(from) {
      const count = readCount(from);
      check(count);
      budgets.decode.enter(count);
      const map: Record<string, unknown> = Object.create(null);
      let key = "";
      try {
        for (let i = 0; i < count; i++) {
          const next = from.key();
          if (i > 0 && next <= key) throw new Failure(`the key ${quote(next)} comes twice or out of order`);
          key = next;
          map[key] = values.decode(from);
        }
      } catch (error) {
        throw readFailure(error).within(keyStep(key));
      }
      budgets.decode.leave();
      return map;
    },
  };
}

/**
 * Sorts keys by UTF-16 code units, as `<` compares; most maps need no more than a look.
 *
 * @param keys Sorted in place.
 * @returns The same.
 */
export function ascending(keys: string[]): string[] {
  for (let i = 1; i < keys.length; i++) {
    if (keys[i]! < keys[i - 1]!) return keys.sort();
  }
  return keys;
}

function readCount(from: Reader): number {
  const count = from.varint();
  if (count > from.end - from.at) {
    throw new Failure(`${count} values can't stand in the ${from.end - from.at} bytes left`);
  }
  return count;
}
