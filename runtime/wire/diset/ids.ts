/**
 * The `id` by which a frame asks to be answered: any value, which is written back as it came, and so may not be just
 * any amount of work.
 *
 * @module
 */

import { HoldfastError } from "../../errors.ts";
import { Dict, isList, type PyValue, Tuple } from "./python.ts";

/** How large it may be: its values, and the characters and bytes that they have. DIRAC's own are shorter than 100. */
const MOST = 8 * 1024;

/**
 * Looks at an id.
 *
 * @returns The same.
 * @throws {HoldfastError} `limit` where it is too large.
 */
export function checkId<T extends PyValue | undefined>(id: T): T {
  if (id !== undefined && !isSmall(id)) {
    throw new HoldfastError(
      "limit",
      `The id of a frame is larger than the ${MOST} bytes that it may have: use a short text.`,
    );
  }
  return id;
}

function isSmall(id: PyValue): boolean {
  let left = MOST;
  const open = [id];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    // What is in it is looked at only as far as there is room for it.
    left -= 1 + lengthOf(value);
    if (left < 0) return false;
    if (value instanceof Dict) { for (const entry of value) open.push(...entry); }
    else if (value instanceof Tuple) open.push(...value.items);
    else if (isList(value)) open.push(...value);
  }
  return true;
}

function lengthOf(value: PyValue): number {
  if (typeof value === "bigint") return value.toString(16).length;
  if (typeof value === "string" || value instanceof Uint8Array || isList(value)) return value.length;
  if (value instanceof Tuple) return value.items.length;
  return value instanceof Dict ? value.size : 0;
}
