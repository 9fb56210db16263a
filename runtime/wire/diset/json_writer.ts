/**
 * Writes the original's JSON, byte for byte as Python's `json.dumps` does: `, ` and `: ` between values, all but ASCII
 * escaped, floats with their dot. Bytes and dates are dictionaries with a mark:
 *
 * | value | JSON |
 * | --- | --- |
 * | date and time | `{"__dCls": "dt", "obj": "2024-02-29 23:59:58"}`: fractions of a second are dropped |
 * | date | `{"__dCls": "date", "obj": "2024-02-29"}` |
 * | bytes | `{"__dCls": "b64", "obj": "AP8="}` |
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { MARK } from "../../../idl/diset.ts";
import { HoldfastError } from "../../errors.ts";
import { DateTime, Day, Dict, Float, type PyValue, Time, Tuple } from "./python.ts";
import { floatText } from "./python_numbers.ts";

/**
 * Writes a value. Tuples arrive as lists, and keys as text.
 *
 * @param value The value.
 * @returns It as JSON; ASCII.
 * @throws {HoldfastError} `invalid-message` for what JSON, or its reader, has no place for: a time without a date, a key
 * that is no text, number, boolean or None, a dictionary with the key `__dCls`, a year before 1000.
 */
export function writeJson(value: PyValue): string {
  switch (typeof value) {
    case "string":
      return quoted(value);
    case "object":
      return value === null ? "null" : written(value);
    default:
      return String(value);
  }
}

function written(value: Exclude<PyValue, null | boolean | number | bigint | string>): string {
  if (value instanceof Dict) return dictionary(value);
  if (value instanceof Float) return floatJson(value.value);
  if (value instanceof Uint8Array) return marked("b64", base64(value));
  if (value instanceof Tuple) return list(value.items);
  if (value instanceof DateTime) {
    const { hour, minute, second } = value.time;
    return marked("dt", `${date(value.day)} ${[hour, minute, second].map(padded).join(":")}`);
  }
  if (value instanceof Day) return marked("date", date(value));
  if (value instanceof Time) throw unwritable("a time without a date");
  return list(value);
}

function list(items: readonly PyValue[]): string {
  return `[${items.map(writeJson).join(", ")}]`;
}

function dictionary(dict: Dict): string {
  const entries: string[] = [];
  for (const [key, value] of dict) {
    const name = keyText(key);
    if (name === undefined) throw unwritable("such a key of a dictionary");
    if (name === MARK) throw unwritable(`a dictionary with the key ${MARK}`);
    entries.push(`${quoted(name)}: ${writeJson(value)}`);
  }
  return `{${entries.join(", ")}}`;
}

/**
 * The text that stands for a key.
 *
 * @param key The key.
 * @returns The text; `undefined` if there is none: for bytes, tuples and dates.
 */
export function keyText(key: PyValue): string | undefined {
  if (typeof key === "string") return key;
  if (key instanceof Float) return floatJson(key.value);
  return key === null || typeof key !== "object" ? String(key) : undefined;
}

function floatJson(value: number): string {
  if (Number.isFinite(value)) return floatText(value);
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

/** What does not stand for itself in a text. */
const ESCAPED = /["\\]|[^ -~]/;
const ALL_ESCAPED = /["\\]|[^ -~]/g;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '\\"',
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

function quoted(text: string): string {
  return ESCAPED.test(text) ? `"${text.replace(ALL_ESCAPED, escaped)}"` : `"${text}"`;
}

function escaped(unit: string): string {
  return ESCAPES[unit] ?? `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}

function marked(kind: string, text: string): string {
  return `{"${MARK}": "${kind}", "obj": "${text}"}`;
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64");
}

function date({ year, month, day }: Day): string {
  if (year < 1000) throw unwritable("a year before 1000");
  return [year, month, day].map(padded).join("-");
}

function padded(number: number): string {
  return String(number).padStart(2, "0");
}

function unwritable(what: string): HoldfastError {
  return new HoldfastError("invalid-message", `The original's JSON has no place for ${what}.`);
}
