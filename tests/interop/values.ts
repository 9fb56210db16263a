/**
 * Values of Python on the way to and from the programs with DIRAC in them; `exchange.py` is the other side.
 *
 * @module
 */

/** A value of Python: `int` is a bigint, `float` a number, `dict` an object where its keys are text, else a map. */
export type PythonValue =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Python
  | readonly PythonValue[]
  | ReadonlyMap<PythonValue, PythonValue>
  | { readonly [name: string]: PythonValue };

/** A `dict` with text for keys. */
export type Dict = { readonly [name: string]: PythonValue };

/** A value of a kind that JavaScript lacks: a tuple's items, or a text (ISO 8601, or what Python prints of `other`). */
export class Python {
  readonly kind: "tuple" | "datetime" | "date" | "time" | "other";
  readonly value: PythonValue;

  constructor(kind: Python["kind"], value: PythonValue) {
    this.kind = kind;
    this.value = value;
  }
}

/** Writes a value as JSON can hold it. */
export function portable(value: PythonValue): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "bigint") return { int: String(value) };
  if (typeof value === "number") return { float: Object.is(value, -0) ? "-0.0" : String(value) };
  if (value instanceof Uint8Array) return { bytes: hex(value) };
  if (value instanceof Python) return { [value.kind]: portable(value.value) };
  if (isList(value)) return value.map(portable);
  const entries: Iterable<[PythonValue, PythonValue]> = value instanceof Map ? value : Object.entries(value);
  return { dict: Array.from(entries, ([key, item]) => [portable(key), portable(item)]) };
}

/** Reads what {@link portable}, here or there, has written. */
export function native(line: unknown): PythonValue {
  if (Array.isArray(line)) return line.map(native);
  if (typeof line !== "object" || line === null) return line as null | boolean | string;
  const [[kind, inner] = ["", null]] = Object.entries(line);
  switch (kind) {
    case "int":
      return BigInt(inner);
    case "float":
      return FLOATS.get(inner) ?? Number(inner);
    case "bytes":
      return unhex(inner);
    case "dict":
      return dict(inner.map(([key, item]: [unknown, unknown]) => [native(key), native(item)]));
    case "tuple":
    case "datetime":
    case "date":
    case "time":
    case "other":
      return new Python(kind, native(inner));
  }
  throw new Error(`Nothing is of the kind ${kind}.`);
}

/** As Python writes them, where JavaScript does not read that. */
const FLOATS: ReadonlyMap<string, number> = new Map([["nan", NaN], ["inf", Infinity], ["-inf", -Infinity]]);

function dict(entries: readonly (readonly [PythonValue, PythonValue])[]): PythonValue {
  if (!entries.every(([key]) => typeof key === "string")) return new Map(entries);
  return Object.fromEntries(entries);
}

function isList(value: PythonValue): value is readonly PythonValue[] {
  return Array.isArray(value);
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function unhex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (digits) => parseInt(digits, 16));
}
