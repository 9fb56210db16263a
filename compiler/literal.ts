/**
 * Values as TypeScript source: ASCII only, and never anything but a value.
 *
 * @module
 */

import type { Doc } from "../idl/layout.ts";
import { assigned, list } from "./printer.ts";

/**
 * A string literal.
 *
 * @param text The string.
 * @returns The literal, in ASCII; in double quotes, unless single ones need fewer escapes.
 */
export function quote(text: string): string {
  if (/^[\w ./:|-]*$/.test(text)) return `"${text}"`;
  const literal = JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  if (text.split('"').length <= text.split("'").length) return literal;
  const content = literal.slice(1, -1).replace(/\\.|'/g, (part) => part === "'" ? "\\'" : part === '\\"' ? '"' : part);
  return `'${content}'`;
}

/**
 * The name of a property, quoted where it must be.
 *
 * @param name The name.
 */
export function propertyName(name: string): string {
  // `{ "__proto__": x }` would set the prototype; in brackets it is a property like any other.
  if (name === "__proto__") return `["__proto__"]`;
  return /^[A-Za-z_$][A-Za-z0-9_$]*$/.test(name) ? name : quote(name);
}

/**
 * A value of plain data: JSON's kinds of values.
 *
 * @param value The value; members that are `undefined` are left out.
 * @returns Its source.
 */
export function literal(value: unknown): Doc {
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (typeof value !== "object" || value === null) return String(value);
  if (Array.isArray(value)) return list("[", value.map((item) => ({ kind: "lazy", make: () => literal(item) })), "]");
  const members = Object.entries(value).filter(([, member]) => member !== undefined).map(([name, member]): Doc => ({
    kind: "lazy",
    make: () => assigned(`${propertyName(name)}:`, literal(member)),
  }));
  return list("{", members, "}", { padding: " " });
}
