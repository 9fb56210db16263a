/**
 * Reads the original's JSON, as Python's `json.loads` does: `NaN` and the infinities are numbers, a whole number has any
 * size and is no float, of equal keys the last wins, half a surrogate pair may stand alone.
 *
 * The runtimes' own `JSON.parse` knows neither those words nor the order of keys that look like numbers, and has no bound
 * on nesting. So there is one reader for all, which a `JSON.parse` that tells the source text could not replace.
 *
 * @module
 */

import { unmarked } from "./json_marks.ts";
import { Dict, Float, type PyValue } from "./python.ts";
import { decimal } from "./python_numbers.ts";
import { Bounds, type PayloadLimits, unreadable } from "./reading.ts";
import { readJsonText } from "./text.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;

/**
 * Reads a payload that is one JSON value, and white space around it.
 *
 * @param payload The bytes; not needed any more afterwards.
 * @param limits Bounds on it.
 * @returns The value.
 * @throws {HoldfastError} `protocol` if it is none, `limit` if it goes beyond a limit.
 */
export function readJson(payload: Uint8Array, limits: PayloadLimits): PyValue {
  const text = readJsonText(payload);
  if (text === undefined) throw unreadable("there is neither text nor tags", 0);
  return new JsonReader(text, limits).whole();
}

class JsonReader {
  readonly #text: string;
  readonly #bounds: Bounds;
  #at = 0;

  constructor(text: string, limits: PayloadLimits) {
    this.#text = text;
    this.#bounds = new Bounds(limits);
  }

  whole(): PyValue {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw unreadable("something follows the value", this.#at);
    return value;
  }

  #value(): PyValue {
    this.#space();
    switch (this.#text[this.#at]) {
      case "{":
        return this.#dictionary();
      case "[":
        return this.#list();
      case '"':
        return this.#string();
      case "t":
        return this.#word("true", true);
      case "f":
        return this.#word("false", false);
      case "n":
        return this.#word("null", null);
      case "N":
        return this.#word("NaN", new Float(NaN));
      case "I":
        return this.#word("Infinity", new Float(Infinity));
      default:
        return this.#number();
    }
  }

  #word(word: string, value: PyValue): PyValue {
    if (!this.#text.startsWith(word, this.#at)) throw unreadable("there is no value", this.#at);
    this.#at += word.length;
    return value;
  }

  #list(): PyValue {
    const items: PyValue[] = [];
    this.#bounds.enter();
    this.#at += 1;
    if (!this.#ends("]")) {
      do {
        this.#bounds.item();
        items.push(this.#value());
      } while (this.#goesOn("]"));
    }
    this.#bounds.leave();
    return items;
  }

  #dictionary(): PyValue {
    const dict = new Dict();
    this.#bounds.enter();
    this.#at += 1;
    if (!this.#ends("}")) {
      do {
        this.#bounds.item();
        this.#space();
        if (this.#text.charCodeAt(this.#at) !== QUOTE) throw unreadable("there is no key", this.#at);
        const key = this.#string();
        this.#space();
        if (this.#text[this.#at] !== ":") throw unreadable("there is no colon", this.#at);
        this.#at += 1;
        dict.set(key, this.#value());
      } while (this.#goesOn("}"));
    }
    this.#bounds.leave();
    return unmarked(dict);
  }

  /** Whether an empty list or dictionary ends here; then passes over its end. */
  #ends(end: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== end) return false;
    this.#at += 1;
    return true;
  }

  /** Whether a comma comes, not the end; passes over either. */
  #goesOn(end: string): boolean {
    this.#space();
    const found = this.#text[this.#at];
    if (found !== "," && found !== end) throw unreadable(`there is neither a comma nor ${end}`, this.#at);
    this.#at += 1;
    return found === ",";
  }

  #space(): void {
    for (;; this.#at++) {
      const unit = this.#text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
    }
  }

  #string(): string {
    const text = this.#text;
    const begin = this.#at + 1;
    let escapes = false;
    for (let i = begin;; i++) {
      const unit = text.charCodeAt(i);
      if (unit === QUOTE) {
        this.#at = i + 1;
        return escapes ? unescaped(text, begin, i) : text.slice(begin, i);
      }
      // It is NaN behind the text's end.
      if (!(unit >= 0x20)) throw unreadable("a string goes on beyond its line or its payload", i);
      if (unit === BACKSLASH) {
        escapes = true;
        i += 1;
      }
    }
  }

  #number(): number | bigint | Float {
    const text = this.#text;
    const begin = this.#at;
    const isNegative = text.charCodeAt(begin) === MINUS;
    if (isNegative && text.startsWith("Infinity", begin + 1)) {
      this.#at += 9;
      return new Float(-Infinity);
    }
    const first = isNegative ? begin + 1 : begin;
    const whole = text[first] === "0" ? first + 1 : digitsEnd(text, first);
    if (whole === first) throw unreadable("there is no value", begin);
    // What does not go on as a number ends before the dot or the exponent, and is not followed by what may follow it.
    const fraction = text[whole] === "." ? digitsEnd(text, whole + 1) : whole;
    const end = exponentEnd(text, fraction > whole + 1 ? fraction : whole);
    this.#at = end;
    if (end > whole) return new Float(Number(text.slice(begin, end)));
    const value = decimal(isNegative, text.slice(first, whole), this.#bounds.digits);
    if (value === "limit") throw this.#bounds.tooLong();
    return value;
  }
}

/** Behind the digits that stand at a place. */
function digitsEnd(text: string, at: number): number {
  let i = at;
  for (let unit = text.charCodeAt(i); unit >= 0x30 && unit <= 0x39; unit = text.charCodeAt(i)) i += 1;
  return i;
}

/** Behind the exponent that stands at a place, if one does. */
function exponentEnd(text: string, at: number): number {
  if (text[at] !== "e" && text[at] !== "E") return at;
  const digits = text[at + 1] === "+" || text[at + 1] === "-" ? at + 2 : at + 1;
  const end = digitsEnd(text, digits);
  return end === digits ? at : end;
}

/** The runtime's own reader knows escapes, and takes lone surrogates. */
function unescaped(text: string, begin: number, end: number): string {
  try {
    return JSON.parse(text.slice(begin - 1, end + 1));
  } catch {
    throw unreadable("there is an unknown escape behind", begin);
  }
}
