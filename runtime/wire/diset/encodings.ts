/**
 * The two encodings of a payload. The writer chooses one; the reader takes both, frame by frame.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { ValueLimits } from "../../limits.ts";
import { readJson } from "./json_reader.ts";
import { writeJson } from "./json_writer.ts";
import type { PyValue } from "./python.ts";
import type { PayloadLimits } from "./reading.ts";
import { maybeTagged, readTagged } from "./tagged_reader.ts";
import { writeTagged } from "./tagged_writer.ts";

export type { PayloadLimits } from "./reading.ts";

/** How a payload is written: `json`, the original's default, or `dencode`, the older tagged format. */
export type Encoding = "json" | "dencode";

/** So much deeper than a message's fields lie the values in a payload: the result, its value, `attrs`, a marked value. */
const AROUND = 4;

/** So many items and entries have room beside those of a message's values: what is around them, and its fields. */
const BESIDE = 1_000;

/**
 * The bounds on a payload within which a message's values have room. Until they are known to be its values, fields of
 * records count as any other entries of dictionaries.
 *
 * @param limits The bounds on a message's values.
 */
export function payloadLimits(limits: ValueLimits): PayloadLimits {
  return { depth: limits.depth + AROUND, digits: limits.digits, items: limits.items + BESIDE };
}

/** A payload that was read. */
export interface Payload {
  readonly value: PyValue;
  /** How it was written. */
  readonly encoding: Encoding;
}

/**
 * Reads a payload: as the tagged format, or as JSON where it is none.
 *
 * @param payload The bytes; not needed any more afterwards.
 * @param limits Bounds on it. Depths of many thousands would end in a stack overflow.
 * @throws {HoldfastError} `protocol` if it is neither, `limit` if it goes beyond a limit.
 */
export function decodePayload(payload: Uint8Array, limits: PayloadLimits): Payload {
  if (!maybeTagged(payload)) return { value: readJson(payload, limits), encoding: "json" };
  try {
    return { value: readTagged(payload, limits), encoding: "dencode" };
  } catch (error) {
    try {
      return { value: readJson(payload, limits), encoding: "json" };
    } catch {
      throw error; // `true` and `false` begin as the tagged format does; little else that does is JSON
    }
  }
}

/**
 * Writes a payload.
 *
 * @param value The value.
 * @param encoding How.
 * @throws {HoldfastError} `invalid-message` for what that encoding has no place for.
 */
export function encodePayload(value: PyValue, encoding: Encoding): Uint8Array {
  return encoding === "json" ? Buffer.from(writeJson(value), "latin1") : writeTagged(value);
}
