/**
 * Defaults: each is a value of its field's type.
 *
 * @module
 */

import { isUnicode, type Report, sentence, wholeNumber } from "../builtin.ts";
import type { Default, Type } from "../definition.ts";
import { show } from "../expectation.ts";
import type { Program, WrittenDefault } from "../program.ts";
import { defaultProblem, resolveReference } from "../rules.ts";
import { suggest } from "../suggest.ts";
import type { DefaultNode, NameNode, NumberNode } from "../syntax.ts";

/** Judges every default of the text, and gives it to its field. */
export function checkDefaults(program: Program): void {
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
    const value = valueOf(program, { node, type }, report);
    if (value === undefined) continue;
    const problem = defaultProblem(type, value, program.written);
    if (problem !== undefined) report(node.default!, sentence(problem));
    Object.assign(field, { default: value });
    program.values.set(node, value);
  }
}

function valueOf(
  program: Program,
  { node, type }: Pick<WrittenDefault, "node" | "type">,
  report: Report,
): Default | undefined {
  const value = node.default as DefaultNode;
  // What has a problem of its own is no ground for another one.
  const branches = (type.type === "union" ? type.branches : [type]).map((branch) => {
    if (branch.type === "ref" && program.byKey.get(branch.name)!.incomplete) return undefined;
    return resolveReference(branch, program.written);
  });
  if (!branches.every((branch) => branch !== undefined)) return undefined;
  if (value.kind === "text") return isUnicode(value, report) ? value.value : undefined;
  if (value.kind === "number") return numberOf(value, branches, report);
  return namedValue(value, branches, report);
}

/** A number, in the form that the type has for it. */
function numberOf(node: NumberNode, branches: readonly Type[], report: Report): Default | undefined {
  const kinds = new Set(branches.map(({ type }) => type));
  const number = Number(node.text) + 0; // no -0
  const digits = wholeNumber(node);
  if (digits === undefined) {
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

/** `true`, `false`, `null`, or an enum's value. */
function namedValue({ name }: NameNode, branches: readonly Type[], report: Report): Default | undefined {
  if (name.text === "true" || name.text === "false") return name.text === "true";
  if (name.text === "null") return null;
  const values = branches.flatMap((branch) => branch.type === "enum" ? branch.values : []);
  if (values.includes(name.text)) return name.text;
  if (values.length === 0) {
    return report(name, `${show(name.text)} is no value.`, () => "Text stands in double quotes.");
  }
  const hint = () =>
    suggest(name.text, values) ?? `There are ${values.slice(0, 10).join(", ")}${values.length > 10 ? ", …" : ""}.`;
  return report(name, `${show(name.text)} is none of the values that the field may have.`, hint);
}
