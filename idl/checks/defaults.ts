/**
 * Defaults: each is a value of its field's type.
 *
 * @module
 */

import { isUnicode, type Report, sentence, wholeNumber } from "../builtin.ts";
import type { Default, Type } from "../definition.ts";
import { show } from "../expectation.ts";
import type { Lowering } from "../lower.ts";
import type { Program } from "../program.ts";
import { defaultProblem, resolveReference } from "../rules.ts";
import { suggest } from "../suggest.ts";
import type { DefaultNode, NameNode, NumberNode, Span, TextNode } from "../syntax.ts";

/** Judges every default of the text, and gives it to its field. */
export function checkDefaults(program: Program, lowering: Lowering): void {
  for (const { file, node, type, field } of program.defaults) {
    const report: Report = (place, message, hint) => {
      program.problem(file, place, message, hint);
      return undefined;
    };
    if (node.optional) {
      const hint = () => "A field with a default may be left out anyway: take the `?` away, or the default.";
      report(node.default!, `${show(node.name.text)} can't both be optional and have a default.`, hint);
      continue;
    }
    const branches = branchesOf(program, type);
    // The branches of a union and the values of an enum are gone through for each field of that type.
    const effort = sum(branches.map((branch) => branch?.type === "enum" ? branch.values.length : 1));
    if (!program.spend(lowering.count(type) + Math.floor(effort / 16), file, node.default!)) return;
    // What has a problem of its own is no ground for another one.
    if (!branches.every((branch) => branch !== undefined)) continue;
    const value = valueOf(node.default!, branches, report);
    if (value === undefined) continue;
    const problem = defaultProblem(type, value, program.written);
    if (problem !== undefined) report(node.default!, sentence(problem));
    Object.assign(field, { default: value });
    program.values.set(node, value);
  }
}

/** What a value may be; `undefined` for what has problems. */
function branchesOf(program: Program, type: Type): (Type | undefined)[] {
  return (type.type === "union" ? type.branches : [type]).map((branch) => {
    if (branch.type === "ref" && program.byKey.get(branch.name)!.incomplete) return undefined;
    return resolveReference(branch, program.written);
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0);
}

function valueOf(node: DefaultNode, branches: readonly Type[], report: Report): Default | undefined {
  if (node.kind === "text") return textOf(node, branches, report);
  if (node.kind === "number") return numberOf(node, branches, report);
  return namedValue(node, branches, report);
}

/** A number, in the form that the type has for it. */
function numberOf(node: NumberNode, branches: readonly Type[], report: Report): Default | undefined {
  const kinds = new Set(branches.map(({ type }) => type));
  const number = Number(node.text) + 0; // no -0
  const digits = wholeNumber(node);
  if (digits === undefined) {
    if (!Number.isFinite(number)) return report(node, "This is too large for a `float`.");
    if (kinds.has("float") || kinds.has("any")) return number;
    return report(node, "A whole number is written without fraction, exponent or leading zeros.");
  }
  const isSafe = Number.isSafeInteger(number);
  const takesNumber = (["int", "int|long", "float", "any", "literal"] as const).some((kind) => kinds.has(kind));
  if (isSafe ? takesNumber : kinds.has("float") && !kinds.has("long")) return number;
  if (kinds.has("long") || kinds.has("int|long") || kinds.has("any")) return { long: digits };
  if (isSafe) return number;
  return report(node, "This is not within ±(2^53−1).", () => "Declare the field a `long`.");
}

function textOf(node: TextNode, branches: readonly Type[], report: Report): Default | undefined {
  if (!isUnicode(node, report)) return undefined;
  const values = enumValues(branches);
  const isEnum = values.length > 0 && !branches.some(({ type }) => type === "string" || type === "literal");
  return !isEnum || values.includes(node.value) ? node.value : reportValue(node, node.value, values, report);
}

/** `true`, `false`, `null`, or an enum's value. */
function namedValue({ name }: NameNode, branches: readonly Type[], report: Report): Default | undefined {
  if (name.text === "true" || name.text === "false") return name.text === "true";
  if (name.text === "null") return null;
  const values = enumValues(branches);
  if (values.length === 0) {
    return report(name, `${show(name.text)} is no value.`, () => "Text stands in double quotes.");
  }
  return values.includes(name.text) ? name.text : reportValue(name, name.text, values, report);
}

function enumValues(branches: readonly Type[]): readonly string[] {
  return branches.flatMap((branch) => branch.type === "enum" ? branch.values : []);
}

function reportValue(place: Span, value: string, values: readonly string[], report: Report): undefined {
  const some = () => `There are ${values.slice(0, 10).join(", ")}${values.length > 10 ? ", …" : ""}.`;
  const hint = () => suggest(value, values) ?? some();
  return report(place, `${show(value)} is none of the values that the field may have.`, hint);
}
