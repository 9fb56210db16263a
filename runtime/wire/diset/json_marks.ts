/**
 * Dictionaries that stand for something else, as `json_writer.ts` says. The original makes an object of any other class
 * that a mark names, and imports the module that the peer names for it. Here such a mark is refused, and nothing more.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { MARK } from "../../../idl/diset.ts";
import { HoldfastError } from "../../errors.ts";
import { DateTime, Day, type Dict, isDay, isTrue, type PyValue, Time } from "./python.ts";

/**
 * Makes what a dictionary stands for.
 *
 * @param dict Any; a mark that is empty, null or zero is taken out, as in the original.
 * @returns What it stands for, or itself.
 * @throws {HoldfastError} `protocol` if the mark is none that is known, or does not fit.
 */
export function unmarked(dict: Dict): PyValue {
  const mark = dict.get(MARK);
  if (mark === undefined) return dict;
  if (!isTrue(mark)) {
    dict.delete(MARK);
    return dict;
  }
  const text = dict.get("obj");
  const value = typeof text === "string" ? read(mark, text) : undefined;
  if (value !== undefined) return value;
  throw new HoldfastError("protocol", "A payload can't be read: a marked dictionary is none of date, time and bytes.");
}

function read(mark: PyValue, text: string): PyValue | undefined {
  switch (mark) {
    case "dt":
      return readDateTime(text);
    case "date":
      return readDay(text);
    case "b64":
      return readBase64(text);
    default:
      return undefined;
  }
}

// As Python's `strptime` reads `%Y-%m-%d` and `%H:%M:%S`.
const DAY = String.raw`(\d{4})-(1[0-2]|0?[1-9])-(3[01]|[12]\d|0?[1-9]| [1-9])`;
const TIME = String.raw`(2[0-3]|[01]\d|\d):([0-5]\d|\d):([0-5]\d|\d)`;
const DAY_ONLY = new RegExp(`^${DAY}$`);
const DAY_AND_TIME = new RegExp(`^${DAY}\\s+${TIME}$`);

function readDay(text: string): Day | undefined {
  const match = DAY_ONLY.exec(text);
  return match === null ? undefined : makeDay(match);
}

function readDateTime(text: string): DateTime | undefined {
  const match = DAY_AND_TIME.exec(text);
  const day = match === null ? undefined : makeDay(match);
  if (day === undefined) return undefined;
  const [hour, minute, second] = match!.slice(4).map(Number) as [number, number, number];
  return new DateTime(day, new Time(hour, minute, second, 0));
}

function makeDay(match: readonly string[]): Day | undefined {
  const [year, month, day] = match.slice(1, 4).map(Number) as [number, number, number];
  return isDay(year, month, day) ? new Day(year, month, day) : undefined;
}

const ASCII = /^[\0-\x7f]*$/;
const PLAIN_BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const DATA = /[A-Za-z0-9+/]/;

/** As Python's `b64decode`: what is no base64 is passed over, and what follows the padding. */
function readBase64(text: string): Uint8Array | undefined {
  if (!ASCII.test(text)) return undefined;
  let data = text;
  if (text.length % 4 !== 0 || !PLAIN_BASE64.test(text)) {
    const found = foundBase64(text);
    if (found === undefined) return undefined;
    data = found;
  }
  return new Uint8Array(Buffer.from(data, "base64"));
}

function foundBase64(text: string): string | undefined {
  let data = "";
  let pads = 0;
  for (const character of text) {
    if (DATA.test(character)) {
      data += character;
      pads = 0;
    } else if (character === "=" && data.length % 4 >= 2 && data.length % 4 + ++pads >= 4) return data;
  }
  return data.length % 4 === 0 ? data : undefined;
}
