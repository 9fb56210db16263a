/**
 * Python's values in a form that `assert.deepEqual` tells apart: it does not look into a {@link Dict}.
 *
 * @module
 */

import { Dict, type PyValue, Tuple } from "../../../../runtime/wire/diset/python.ts";

/** The same value, the order of its entries included. */
export function plain(value: PyValue): unknown {
  if (value instanceof Dict) return { dict: [...value].map(([key, item]) => [plain(key), plain(item)]) };
  if (value instanceof Tuple) return { tuple: value.items.map(plain) };
  if (value instanceof Uint8Array) return { bytes: [...value] };
  return Array.isArray(value) ? value.map(plain) : value;
}
