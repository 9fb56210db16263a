/**
 * Values as the original's Python has them. What both encodings can carry, told apart as the receiver's type checks
 * tell it apart:
 *
 * | Python | here |
 * | --- | --- |
 * | `None`, `bool` | `null`, `boolean` |
 * | `int` | a `number` where that is safe, else a `bigint`: each number has one form, and `-0` is none |
 * | `float` | {@link Float} |
 * | `str` | a `string`; lone surrogates may be in it |
 * | `bytes` | a `Uint8Array` |
 * | `list`, `tuple`, `dict` | an array, {@link Tuple}, {@link Dict} |
 * | `datetime`, `date`, `time`, all without a zone | {@link DateTime}, {@link Day}, {@link Time} |
 *
 * @module
 */

/** See the module's text. */
export type PyValue =
  | null
  | boolean
  | number
  | bigint
  | Float
  | string
  | Uint8Array
  | readonly PyValue[]
  | Tuple
  | Dict
  | DateTime
  | Day
  | Time;

/** A `float`: `1.0` and `1` are two things. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** A `tuple`. */
export class Tuple {
  readonly items: readonly PyValue[];

  constructor(items: readonly PyValue[]) {
    this.items = items;
  }
}

/** A `date`: a day of the calendar. */
export class Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;

  /** The arguments are within {@link isDay}. */
  constructor(year: number, month: number, day: number) {
    this.year = year;
    this.month = month;
    this.day = day;
  }
}

/** A `time` of day. */
export class Time {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;

  /** The arguments are within {@link isTime}. */
  constructor(hour: number, minute: number, second: number, microsecond: number) {
    this.hour = hour;
    this.minute = minute;
    this.second = second;
    this.microsecond = microsecond;
  }
}

/** A `datetime`. */
export class DateTime {
  readonly day: Day;
  readonly time: Time;

  constructor(day: Day, time: Time) {
    this.day = day;
    this.time = time;
  }
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether Python knows that day: its years go from 1 to 9999. */
export function isDay(year: number, month: number, day: number): boolean {
  if (!(year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1)) return false;
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= DAYS[month - 1]! + (isLeap && month === 2 ? 1 : 0);
}

/** Whether there is that time of day; there are no leap seconds. */
export function isTime(hour: number, minute: number, second: number, microsecond: number): boolean {
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60
    && microsecond >= 0 && microsecond < 1_000_000;
}

/** The one form of a whole number. */
export function integer(value: bigint): number | bigint {
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

/** What Python takes for true. */
export function isTrue(value: PyValue): boolean {
  if (typeof value !== "object") return value !== false && value !== 0 && value !== "";
  if (value === null) return false;
  if (value instanceof Float) return value.value !== 0;
  if (value instanceof Tuple) return value.items.length > 0;
  if (value instanceof Dict) return value.size > 0;
  if (value instanceof Uint8Array || isList(value)) return value.length > 0;
  return true;
}

/** Whether it is a `list`. */
export function isList(value: PyValue): value is readonly PyValue[] {
  return Array.isArray(value);
}

/** The items of a `list` or a `tuple`; `undefined` for anything else. */
export function itemsOf(value: PyValue | undefined): readonly PyValue[] | undefined {
  return value instanceof Tuple ? value.items : Array.isArray(value) ? value : undefined;
}

/**
 * A `dict`: keys in the order in which they first came; of equal ones the first is kept, with the last value. As in
 * Python, `1`, `1.0` and `True` are equal. Any two NaN are, too, which in Python depends on where they come from.
 */
export class Dict {
  /** By what makes keys equal. Text and whole numbers, as most keys are, stand for themselves. */
  readonly #values = new Map<unknown, PyValue>();
  /** The keys that do not stand for themselves. */
  #keys: Map<unknown, PyValue> | undefined;

  /** A dictionary with text keys. */
  static of(entries: Iterable<readonly [string, PyValue]>): Dict {
    const dict = new Dict();
    for (const [key, value] of entries) dict.set(key, value);
    return dict;
  }

  /** How many entries it has. */
  get size(): number {
    return this.#values.size;
  }

  /** Whether there is an entry of that key. */
  has(key: PyValue): boolean {
    const index = indexOf(key);
    return index !== undefined && this.#values.has(index);
  }

  /** The value of a key; `undefined` if there is none. */
  get(key: PyValue): PyValue | undefined {
    const index = indexOf(key);
    return index === undefined ? undefined : this.#values.get(index);
  }

  /**
   * Sets an entry.
   *
   * @returns `false` if there can be no such key: lists and dictionaries are none, nor is what holds them.
   */
  set(key: PyValue, value: PyValue): boolean {
    const index = indexOf(key);
    if (index === undefined) return false;
    if (index !== key && !this.#values.has(index)) (this.#keys ??= new Map()).set(index, key);
    this.#values.set(index, value);
    return true;
  }

  /** Takes an entry out. */
  delete(key: PyValue): void {
    const index = indexOf(key);
    this.#values.delete(index);
    this.#keys?.delete(index);
  }

  /** The entries in order. */
  *[Symbol.iterator](): IterableIterator<[PyValue, PyValue]> {
    for (const [index, value] of this.#values) {
      const key = this.#keys?.get(index);
      yield [key === undefined ? index as PyValue : key, value];
    }
  }
}

/** What is the same for equal keys, and for no others. `undefined` for what can be no key. */
function indexOf(key: PyValue): unknown {
  switch (typeof key) {
    case "string":
      return key.startsWith("\0") ? `\0s${key}` : key;
    case "boolean":
      return key ? 1 : 0;
    case "object":
      if (key === null) return null;
      if (key instanceof Float) return floatIndex(key.value);
      return compositeIndex(key);
    default:
      return key;
  }
}

function floatIndex(value: number): unknown {
  return Number.isInteger(value) ? integer(BigInt(value)) : value;
}

/** Text that begins with NUL, which that of no other key does. */
function compositeIndex(key: Uint8Array | readonly PyValue[] | Tuple | Dict | DateTime | Day | Time): unknown {
  if (key instanceof Tuple) {
    const parts: string[] = [];
    for (const item of key.items) {
      const index = indexOf(item);
      if (index === undefined) return undefined;
      const text = String(index);
      parts.push(`${index === null ? "n" : typeof index === "string" ? "s" : "i"}${text.length}:${text}`);
    }
    return `\0t${parts.join("")}`;
  }
  if (key instanceof Uint8Array) return `\0b${key.join()}`;
  if (key instanceof DateTime) return `\0a${dayIndex(key.day)} ${timeIndex(key.time)}`;
  if (key instanceof Day) return `\0d${dayIndex(key)}`;
  return key instanceof Time ? `\0c${timeIndex(key)}` : undefined;
}

function dayIndex({ year, month, day }: Day): string {
  return `${year}-${month}-${day}`;
}

function timeIndex({ hour, minute, second, microsecond }: Time): string {
  return `${hour}:${minute}:${second}.${microsecond}`;
}
