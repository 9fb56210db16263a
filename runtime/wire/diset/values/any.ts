/**
 * `any`, as Python has it:
 *
 * | value | Python, and back |
 * | --- | --- |
 * | null, booleans, strings | `None`, `bool`, `str` |
 * | a number that is a safe integer, and not −0 | `int` |
 * | any other number | `float`; one without fraction comes back as the same number |
 * | a bigint | `int`; comes back as a number where that is safe |
 * | bytes | `bytes`; as text where the tagged format has made it that and it is UTF-8 |
 * | a timestamp | `datetime`; a `date` comes back as its first moment |
 * | a list, a map | `list`, `dict`; a `tuple` comes back as a list |
 *
 * @module
 */

import { isBytes, isTimestamp } from "../../../value.ts";
import { ANYTHING, isWhole } from "../../values/any.ts";
import type { Budgets } from "../../values/budget.ts";
import { DateTime, Day, Dict, Float, integer, itemsOf, type PyValue } from "../python.ts";
import { escapedBytes } from "../text.ts";
import { listCodec, mapCodec } from "./containers.ts";
import { mismatch } from "./mismatch.ts";
import { TIMESTAMP } from "./numbers.ts";
import { copyOf, validText } from "./scalars.ts";
import type { ValueCodec } from "./value_codec.ts";

/**
 * Makes the codec of `any`.
 *
 * @param checkDigits Throws where a number is too long.
 * @param budgets What is left of the limits.
 * @returns The codec of `any`.
 */
export function anyCodec(checkDigits: (value: bigint) => void, budgets: Budgets): ValueCodec {
  const any: ValueCodec = { expected: ANYTHING, encode, decode };
  const lists = listCodec({}, any, budgets);
  const maps = mapCodec({}, any, budgets);

  function encode(value: unknown): PyValue {
    switch (typeof value) {
      case "boolean":
        return value;
      case "number":
        return isWhole(value) ? value : new Float(value);
      case "bigint":
        checkDigits(value);
        return integer(value);
      case "string":
        return validText(value);
      case "object":
        return encodeObject(value);
      default:
        throw mismatch(ANYTHING, value);
    }
  }

  function encodeObject(value: object | null): PyValue {
    if (value === null) return null;
    if (Array.isArray(value)) return lists.encode(value);
    if (isBytes(value)) return copyOf(value);
    return isTimestamp(value) ? TIMESTAMP.encode(value) : maps.encode(value);
  }

  function decode(from: PyValue): unknown {
    if (typeof from === "string") return decodeText(from);
    if (typeof from !== "object" || from === null) return from;
    if (from instanceof Float) return from.value;
    if (from instanceof Dict) return maps.decode(from);
    if (from instanceof Uint8Array) return copyOf(from);
    if (from instanceof DateTime || from instanceof Day) return TIMESTAMP.decode(from);
    if (itemsOf(from) !== undefined) return lists.decode(from);
    throw mismatch(ANYTHING, from);
  }

  return any;
}

/** Text that stands for bytes is those again. */
function decodeText(text: string): string | Uint8Array {
  if (text.isWellFormed()) return text;
  const bytes = escapedBytes(text);
  return bytes === undefined ? validText(text) : copyOf(bytes);
}
