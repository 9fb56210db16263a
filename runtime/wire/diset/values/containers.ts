/**
 * Lists and maps, as Python has them:
 *
 * | type | Python |
 * | --- | --- |
 * | `list<T>` | `list`; a `tuple` is taken, too |
 * | `map<T>` | `dict`; keys that are no text become what they are in JSON: `1` is `"1"`, `None` is `"null"` |
 *
 * @module
 */

import { MARK } from "../../../../idl/diset.ts";
import { isPlainObject } from "../../../value.ts";
import { type CountBounds, listCheck, mapCheck } from "../../values/bounds.ts";
import type { Budgets } from "../../values/budget.ts";
import { Failure, keyStep, notPlain, readFailure, writeFailure } from "../../values/failure.ts";
import { keyText } from "../json_writer.ts";
import { Dict, itemsOf, type PyValue } from "../python.ts";
import { mismatch } from "./mismatch.ts";
import { validText } from "./scalars.ts";
import type { ValueCodec } from "./value_codec.ts";

/**
 * Makes the codec of a list.
 *
 * @param bounds How many items a list may have.
 * @param items Converts an item.
 * @param budgets What is left of the limits.
 * @returns The codec of such lists.
 */
export function listCodec(bounds: CountBounds, items: ValueCodec, budgets: Budgets): ValueCodec {
  const { expected, check } = listCheck(bounds);
  return {
    expected,
    encode(value) {
      if (!Array.isArray(value)) throw mismatch(expected, value);
      const list: readonly unknown[] = value;
      const count = list.length;
      if (count >>> 0 !== count) throw mismatch(expected, value); // a proxy may say anything
      check(count);
      budgets.encode.enter(count);
      const written: PyValue[] = [];
      let i = 0;
      try {
        for (; i < count; i++) written.push(items.encode(list[i]));
      } catch (error) {
        throw writeFailure(error).within(`[${i}]`);
      }
      budgets.encode.leave();
      return written;
    },
    decode(from) {
      const list = itemsOf(from);
      if (list === undefined) throw mismatch(expected, from);
      check(list.length);
      budgets.decode.enter(list.length);
      const read: unknown[] = [];
      let i = 0;
      try {
        for (; i < list.length; i++) read.push(items.decode(list[i]!));
      } catch (error) {
        throw readFailure(error).within(`[${i}]`);
      }
      budgets.decode.leave();
      return read;
    },
  };
}

/**
 * Makes the codec of a map.
 *
 * @param bounds How many entries a map may have.
 * @param values Converts an entry's value.
 * @param budgets What is left of the limits.
 * @returns The codec of such maps.
 */
export function mapCodec(bounds: CountBounds, values: ValueCodec, budgets: Budgets): ValueCodec {
  const { expected, check } = mapCheck(bounds);
  return {
    expected,
    encode(value) {
      if (!isPlainObject(value)) throw notPlain(expected, value);
      const keys = Object.getOwnPropertyNames(value);
      check(keys.length);
      budgets.encode.enter(keys.length);
      const dict = new Dict();
      let key = "";
      try {
        for (key of keys) {
          if (key === MARK) {
            throw new Failure(`the original takes a dictionary with the key ${MARK} for something else`);
          }
          dict.set(validText(key), values.encode(value[key]));
        }
      } catch (error) {
        throw writeFailure(error).within(keyStep(key));
      }
      budgets.encode.leave();
      return dict;
    },
    decode(from) {
      if (!(from instanceof Dict)) throw mismatch(expected, from);
      budgets.decode.enter(from.size);
      const map: Record<string, unknown> = Object.create(null);
      let count = 0;
      let name = "";
      try {
        for (const [key, value] of from) {
          const text = keyText(key);
          if (text === undefined) throw mismatch("a key that is text, a number, true, false or None", key);
          name = validText(text);
          if (!Object.hasOwn(map, name)) count += 1;
          map[name] = values.decode(value);
        }
      } catch (error) {
        throw readFailure(error).within(keyStep(name));
      }
      check(count);
      budgets.decode.leave();
      return map;
    },
  };
}
