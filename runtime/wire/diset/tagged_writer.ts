/**
 * Writes the original's tagged format, "DEncode". A byte says what comes:
 *
 * | tag | form | value |
 * | --- | --- | --- |
 * | `i` | `i-12e` | whole number |
 * | `f` | `f1.5e`, `f1e+16e`, `fnane`, `f-infe` | float |
 * | `b` | `b1`, `b0` | boolean |
 * | `s` | `s2:<2 bytes>` | text in UTF-8, or bytes, which arrive as text |
 * | `n` | `n` | None |
 * | `l`, `t` | `l` items `e` | list, tuple |
 * | `d` | `d` key value … `e` | dictionary |
 * | `z` | `za` tuple, `zd` tuple, `zt` tuple | date and time, date, time |
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { HoldfastError } from "../../errors.ts";
import { DateTime, Day, Dict, Float, type PyValue, Time, Tuple } from "./python.ts";
import { floatText } from "./python_numbers.ts";
import { escapedBytes } from "./text.ts";

/**
 * Writes a value.
 *
 * @param value The value.
 * @returns Its bytes.
 * @throws {HoldfastError} `invalid-message` if there is half a surrogate pair in a text: the original can't send that.
 */
export function writeTagged(value: PyValue): Uint8Array {
  const writer = new TaggedWriter();
  writer.value(value);
  return writer.bytes();
}

class TaggedWriter {
  readonly #parts: Uint8Array[] = [];
  /** What follows the parts. */
  #text = "";

  bytes(): Uint8Array {
    if (this.#parts.length === 0) return Buffer.from(this.#text);
    this.#flush();
    return Buffer.concat(this.#parts);
  }

  value(value: PyValue): void {
    switch (typeof value) {
      case "boolean":
        this.#text += value ? "b1" : "b0";
        break;
      case "number":
      case "bigint":
        this.#text += `i${value}e`;
        break;
      case "string":
        this.#string(value);
        break;
      default:
        this.#object(value);
    }
  }

  #string(text: string): void {
    if (text.isWellFormed()) {
      this.#text += `s${Buffer.byteLength(text)}:${text}`;
      return;
    }
    const bytes = escapedBytes(text);
    if (bytes !== undefined) return this.#raw(bytes);
    throw new HoldfastError("invalid-message", "A text has half of a surrogate pair, which can't be sent.");
  }

  #object(value: Exclude<PyValue, boolean | number | bigint | string>): void {
    if (value === null) this.#text += "n";
    else if (value instanceof Dict) this.#dict(value);
    else if (value instanceof Float) this.#text += `f${floatText(value.value)}e`;
    else if (value instanceof Uint8Array) this.#raw(value);
    else if (value instanceof Tuple) this.#items("t", value.items);
    else if (value instanceof DateTime) {
      this.#items("zat", [...dayItems(value.day), ...timeItems(value.time)]);
    } else if (value instanceof Day) this.#items("zdt", dayItems(value));
    else if (value instanceof Time) this.#items("ztt", timeItems(value));
    else this.#items("l", value);
  }

  #raw(bytes: Uint8Array): void {
    this.#text += `s${bytes.length}:`;
    this.#flush();
    this.#parts.push(bytes);
  }

  #flush(): void {
    this.#parts.push(Buffer.from(this.#text));
    this.#text = "";
  }

  #items(tag: string, items: readonly PyValue[]): void {
    this.#text += tag;
    for (const item of items) this.value(item);
    this.#text += "e";
  }

  #dict(dict: Dict): void {
    this.#text += "d";
    for (const [key, value] of dict) {
      this.value(key);
      this.value(value);
    }
    this.#text += "e";
  }
}

function dayItems({ year, month, day }: Day): PyValue[] {
  return [year, month, day];
}

/** The last is the zone. */
function timeItems({ hour, minute, second, microsecond }: Time): PyValue[] {
  return [hour, minute, second, microsecond, null];
}
