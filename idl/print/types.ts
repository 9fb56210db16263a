/**
 * From types to the text that the language has for them.
 *
 * @module
 */

import type { Default, Field, Type } from "../definition.ts";

/**
 * Writes a type.
 *
 * @param type The type; an enum is written as the union of its values.
 * @returns Its text, on one line.
 */
export function typeText(type: Type): string {
  switch (type.type) {
    case "literal":
      return JSON.stringify(type.value);
    case "enum":
      return type.values.map((value) => JSON.stringify(value)).join(" | ");
    case "list":
      return `list<${typeText(type.items)}>${rangeText(type)}`;
    case "map":
      return `map<${typeText(type.values)}>${rangeText(type)}`;
    case "union":
      return type.branches.map(typeText).join(" | ");
    case "record":
      return type.fields.length === 0 ? "< >" : `< ${type.fields.map((field) => fieldText(field)).join(", ")} >`;
    case "ref":
      return type.name;
    case "bool":
    case "timestamp":
    case "any":
      return type.type;
    default:
      return type.type + rangeText(type);
  }
}

/**
 * Writes a field.
 *
 * @param field The field.
 * @param isEnum Whether its type is an enum, whose values stand without quotes.
 * @returns Its text, on one line, without a comma.
 */
export function fieldText(field: Field, isEnum = false): string {
  const optional = field.optional ? "?" : "";
  const ending = field.default === undefined ? "" : ` = ${defaultText(field.default, isEnum)}`;
  return `${field.name}${optional}: ${typeText(field.type)}${ending}`;
}

function defaultText(value: Default, isEnum: boolean): string {
  if (typeof value === "object" && value !== null) return value.long;
  return typeof value === "string" && isEnum ? value : JSON.stringify(value);
}

interface Range {
  readonly min?: number | string;
  readonly max?: number | string;
  readonly pattern?: string;
}

function rangeText({ min, max, pattern }: Range): string {
  const parts: string[] = [];
  if (min !== undefined || max !== undefined) parts.push(`${min ?? ""}..${max ?? ""}`);
  // A pair of a backslash and what it escapes is left alone; a bare slash would end the pattern.
  if (pattern !== undefined) parts.push(`/${pattern.replace(/\\.|\//gsu, (part) => part === "/" ? "\\/" : part)}/`);
  return parts.length === 0 ? "" : `(${parts.join(", ")})`;
}
