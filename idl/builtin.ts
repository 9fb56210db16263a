/**
 * Built-in types as they are written, with their ranges.
 *
 * @module
 */

import type { Type } from "./definition.ts";
import { show } from "./expectation.ts";
import { patternProblem } from "./pattern.ts";
import { rangeProblem } from "./rules.ts";
import { suggest } from "./suggest.ts";
import type { AppliedNode, NameNode, NumberNode, RangeNode, Span, TextNode } from "./syntax.ts";

/** Takes note of a problem; gives back nothing, so that what has one can be left out. */
export type Report = (place: Span, message: string | (() => string), hint?: () => string | undefined) => undefined;

/** What a range may say of a type. */
type Bounds = "whole" | "digits" | "any" | "length" | "text" | "none";

const BUILTINS: ReadonlyMap<string, { readonly type: Type; readonly bounds: Bounds }> = new Map(
  Object.entries({
    bool: { type: { type: "bool" }, bounds: "none" },
    int: { type: { type: "int" }, bounds: "whole" },
    long: { type: { type: "long" }, bounds: "digits" },
    float: { type: { type: "float" }, bounds: "any" },
    string: { type: { type: "string" }, bounds: "text" },
    bytes: { type: { type: "bytes" }, bounds: "length" },
    timestamp: { type: { type: "timestamp" }, bounds: "none" },
    any: { type: { type: "any" }, bounds: "none" },
    null: { type: { type: "literal", value: null }, bounds: "none" },
    true: { type: { type: "literal", value: true }, bounds: "none" },
    false: { type: { type: "literal", value: false }, bounds: "none" },
  }),
);

/** The names of the built-in types that take no other type. */
export const BUILTIN_NAMES: readonly string[] = [...BUILTINS.keys()];

/**
 * Makes a type of a built-in one's name.
 *
 * @returns The type; `undefined` if there is a problem, which has been reported; `"unknown"` if it is no built-in name.
 */
export function builtinType({ name, range }: NameNode, report: Report): Type | undefined | "unknown" {
  if (name.text === "list" || name.text === "map") {
    return report(
      name,
      `${show(name.text)} does not say of what.`,
      () => `Write \`${name.text}<string>\`, for instance.`,
    );
  }
  const builtin = BUILTINS.get(name.text);
  if (builtin === undefined) return "unknown";
  return range === undefined ? builtin.type : withRange(builtin.type, builtin.bounds, range, report);
}

/**
 * Makes a list or a map.
 *
 * @returns The type; `undefined` if there is a problem, which has been reported.
 */
export function appliedType({ name, range }: AppliedNode, item: Type, report: Report): Type | undefined {
  if (name.text !== "list" && name.text !== "map") {
    const hint = () => suggest(name.text, ["list", "map"]) ?? "Only `list<…>` and `map<…>` take a type in brackets.";
    return report(name, `There is no ${show(`${name.text}<…>`)}.`, hint);
  }
  const type: Type = name.text === "list" ? { type: "list", items: item } : { type: "map", values: item };
  return range === undefined ? type : withRange(type, "length", range, report);
}

/**
 * Makes a literal.
 *
 * @returns The type; `undefined` if there is a problem, which has been reported.
 */
export function literalType(node: TextNode | NumberNode, report: Report): Type | undefined {
  if (node.kind === "text") {
    return isUnicode(node, report) ? { type: "literal", value: node.value } : undefined;
  }
  const digits = wholeNumber(node);
  if (digits !== undefined && Number.isSafeInteger(Number(digits))) return { type: "literal", value: Number(digits) };
  return report(node, "A number that stands for itself is a whole one within ±(2^53−1), without leading zeros.");
}

/** Whether text is valid Unicode: escapes can write half a character. */
export function isUnicode(node: TextNode, report: Report): boolean {
  if (node.value.isWellFormed()) return true;
  report(node, "This text has half of a surrogate pair in it.", () => "Write the character itself, or both halves.");
  return false;
}

/** A whole number's digits in their one form; `undefined` if it is written otherwise. */
export function wholeNumber({ text }: NumberNode): string | undefined {
  return /^-?(?:0|[1-9][0-9]*)$/.test(text) ? (text === "-0" ? "0" : text) : undefined;
}

function withRange(type: Type, bounds: Bounds, range: RangeNode, report: Report): Type | undefined {
  const { min, max, pattern } = range;
  const named = `\`${type.type === "literal" ? String(type.value) : type.type}\``;
  if (bounds === "none") return report(range, `${named} has no range.`);
  if (pattern !== undefined) {
    if (bounds !== "text") return report(pattern, `A pattern is for \`string\`, not for ${named}.`);
    const problem = patternProblem(pattern.source);
    if (problem !== undefined) return report(pattern, sentence(problem));
  } else if (min === undefined && max === undefined) {
    return report(range, "This range says nothing.", () => "A range is written `1..5`, `1..` or `..5`.");
  }
  const ends: { min?: number | string; max?: number | string } = {};
  for (const [end, node] of [["min", min], ["max", max]] as const) {
    if (node === undefined) continue;
    const digits = wholeNumber(node);
    if (bounds !== "any" && digits === undefined) {
      return report(node, `A bound of ${named} is a whole number, without fraction, exponent or leading zeros.`);
    }
    if (!Number.isFinite(Number(node.text)) && bounds !== "digits") {
      return report(node, `This is too large for ${named}.`);
    }
    ends[end] = bounds === "digits" ? digits! : Number(node.text) + 0; // no -0
  }
  const ranged = { ...type, ...ends, ...(pattern && { pattern: pattern.source }) } as Type;
  const problem = rangeProblem(ranged);
  return problem === undefined ? ranged : report(range, sentence(problem));
}

/** Makes a sentence of what the rules say. */
export function sentence(problem: string): string {
  return `${problem.charAt(0).toUpperCase()}${problem.slice(1)}.`;
}
