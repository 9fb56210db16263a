/**
 * Reads the original's tagged format, "DEncode": a byte that says what comes, and the value. `tagged_writer.ts` says
 * how each stands there.
 *
 * Like the original it takes white space, signs and underscores in whole numbers, `I` for `i`, `u` for `s`, a string
 * that ends with the payload before its length does, and passes over what follows the value. Unlike it, it reads the
 * digits of a float properly, and refuses a negative length, which would send the reader back to where it has been.
 *
 * @module
 */

import { DateTime, Day, Dict, Float, isDay, isTime, itemsOf, type PyValue, Time, Tuple } from "./python.ts";
import { parseInteger, parseMantissa } from "./python_numbers.ts";
import { Bounds, type PayloadLimits, unreadable } from "./reading.ts";
import { readText } from "./text.ts";

const END = 0x65; // e
const PLUS = 0x2b;
const MINUS = 0x2d;
const COLON = 0x3a;
const LIST = 0x6c;
const TUPLE = 0x74;

/** The first bytes of all values. */
const TAGS: ReadonlySet<number> = new Set([..."iIfbsunltdz"].map((tag) => tag.charCodeAt(0)));

/** Whether a payload may be of the tagged format: JSON may begin so, too. */
export function maybeTagged(payload: Uint8Array): boolean {
  return TAGS.has(payload[0] ?? 0);
}

/**
 * Reads the value that a payload begins with.
 *
 * @param payload The bytes; not needed any more afterwards.
 * @param limits Bounds on it.
 * @returns The value.
 * @throws {HoldfastError} `protocol` if there is none, `limit` if it goes beyond a limit.
 */
export function readTagged(payload: Uint8Array, limits: PayloadLimits): PyValue {
  return new TaggedReader(payload, limits).value();
}

class TaggedReader {
  readonly #bytes: Uint8Array;
  readonly #bounds: Bounds;
  #at = 0;

  constructor(bytes: Uint8Array, limits: PayloadLimits) {
    this.#bytes = bytes;
    this.#bounds = new Bounds(limits);
  }

  value(): PyValue {
    const tag = this.#bytes[this.#at++];
    switch (tag) {
      case 0x69: // i
      case 0x49: // I
        return this.#integer(END);
      case 0x66: // f
        return this.#float();
      case 0x62: // b
        return this.#bool();
      case 0x73: // s
      case 0x75: // u
        return this.#string();
      case 0x6e: // n
        return null;
      case LIST:
        return this.#items();
      case TUPLE:
        return new Tuple(this.#items());
      case 0x64: // d
        return this.#dict();
      case 0x7a: // z
        return this.#date();
      default:
        throw unreadable(tag === undefined ? "it ends" : "there is no value", this.#at - 1);
    }
  }

  /** Text up to a byte, which is passed over. Bytes that are no ASCII belong to no number, however they are read. */
  #until(byte: number): string {
    const end = this.#bytes.indexOf(byte, this.#at);
    if (end < 0) throw unreadable("a number without an end begins", this.#at);
    // Of what is too long for a number, so much shows that it is.
    const shown = Math.min(end, this.#at + 2 * this.#bounds.digits + 64);
    let text = "";
    for (let i = this.#at; i < shown; i++) text += String.fromCharCode(this.#bytes[i]!);
    this.#at = end + 1;
    return text;
  }

  #integer(end: number): number | bigint {
    const small = this.#smallInteger(end);
    if (small !== undefined) return small;
    const begin = this.#at;
    const value = parseInteger(this.#until(end), this.#bounds.digits);
    if (value === "limit") throw this.#bounds.tooLong();
    if (value === undefined) throw unreadable("there is no whole number", begin);
    return value;
  }

  /** A whole number as it is usually written: up to 15 digits, perhaps with a minus. */
  #smallInteger(end: number): number | undefined {
    const bytes = this.#bytes;
    const isNegative = bytes[this.#at] === MINUS;
    const begin = isNegative ? this.#at + 1 : this.#at;
    let value = 0;
    let i = begin;
    for (; i < begin + 15; i++) {
      const digit = bytes[i]! - 0x30;
      if (!(digit >= 0 && digit <= 9)) break;
      value = value * 10 + digit;
    }
    if (i === begin || bytes[i] !== end) return undefined;
    this.#at = i + 1;
    return isNegative ? 0 - value : value;
  }

  /** It ends at the first `e` that no sign follows. */
  #float(): Float {
    const begin = this.#at;
    const mantissa = parseMantissa(this.#until(END), this.#bounds.digits);
    const sign = this.#bytes[this.#at];
    if (mantissa === undefined) throw unreadable("there is no float", begin);
    if (sign !== PLUS && sign !== MINUS) return new Float(Number(mantissa));
    const exponent = this.#integer(END);
    const value = Number(typeof mantissa === "string" ? `${mantissa}e${exponent}` : mantissa);
    if (typeof mantissa === "string" && !Number.isFinite(value)) throw unreadable("there is too large a float", begin);
    return new Float(value);
  }

  #bool(): boolean {
    const digit = (this.#bytes[this.#at++] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) throw unreadable("there is no boolean", this.#at - 1);
    return digit !== 0;
  }

  #string(): string {
    const begin = this.#at;
    const length = Number(this.#integer(COLON));
    if (length < 0) throw unreadable("there is a negative length", begin);
    const end = Math.min(this.#at + length, this.#bytes.length);
    const text = readText(this.#bytes, this.#at, end, "escape")!;
    this.#at = end;
    return text;
  }

  /** Whether the list, tuple or dictionary goes on; else what ends it is passed over. */
  #goesOn(): boolean {
    if (this.#bytes[this.#at] !== END) return true;
    this.#at += 1;
    this.#bounds.leave();
    return false;
  }

  #items(): PyValue[] {
    this.#bounds.enter();
    const items: PyValue[] = [];
    while (this.#goesOn()) {
      this.#bounds.item();
      items.push(this.value());
    }
    return items;
  }

  #dict(): Dict {
    this.#bounds.enter();
    const dict = new Dict();
    while (this.#goesOn()) {
      this.#bounds.item();
      const begin = this.#at;
      if (!dict.set(this.value(), this.value())) throw unreadable("there is a key that can be none", begin);
    }
    return dict;
  }

  #date(): DateTime | Day | Time {
    const begin = this.#at;
    const kind = this.#bytes[this.#at++];
    const tag = this.#bytes[this.#at];
    // Were a date read here, there would be no bound on how deep they lie in each other.
    const items = tag === LIST || tag === TUPLE ? itemsOf(this.value()) : undefined;
    const date = items && makeDate(kind, items);
    if (date === undefined) throw unreadable("there is no date or time", begin);
    return date;
  }
}

/** What Python's constructors make of these arguments; a zone can only be `None`. */
function makeDate(kind: number | undefined, items: readonly PyValue[]): DateTime | Day | Time | undefined {
  switch (kind) {
    case 0x61: { // a
      const day = items.length <= 8 && makeDay(items.slice(0, 3));
      const time = day && makeTime(items.slice(3));
      return day && time ? new DateTime(day, time) : undefined;
    }
    case 0x64: // d
      return makeDay(items);
    case 0x74: // t
      return makeTime(items);
    default:
      return undefined;
  }
}

function makeDay(items: readonly PyValue[]): Day | undefined {
  const [year, month, day] = items;
  if (items.length !== 3 || typeof year !== "number" || typeof month !== "number" || typeof day !== "number") {
    return undefined;
  }
  return isDay(year, month, day) ? new Day(year, month, day) : undefined;
}

function makeTime(items: readonly PyValue[]): Time | undefined {
  const [hour = 0, minute = 0, second = 0, microsecond = 0, zone = null] = items;
  if (
    items.length > 5 || zone !== null || typeof hour !== "number" || typeof minute !== "number"
    || typeof second !== "number" || typeof microsecond !== "number"
  ) return undefined;
  return isTime(hour, minute, second, microsecond) ? new Time(hour, minute, second, microsecond) : undefined;
}
