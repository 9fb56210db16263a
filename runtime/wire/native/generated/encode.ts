/**
 * Source text of functions that write values: `w` is the writer, `v` the value, `d` the depth around it.
 *
 * All of a record's properties are read first, each once, and then checked while they are written.
 *
 * @module
 */

import type { EnumType, ListType, MapType, RecordType, Type, UnionType } from "../../../../idl/definition.ts";
import { defaultValue, isIdentifier } from "../../../../idl/rules.ts";
import { branchesOf, finder } from "../../values/union.ts";
import { type FieldBits, recordBits } from "./plan.ts";
import { countCheck, deeper, number, outside, refuse, type Unit } from "./unit.ts";

/** Up to so many values of an enum, one comparison after the other is at least as fast as a table. */
const MOST_COMPARED = 16;

/** Up to so many fields, it is faster to look for each property's name among them than to list the names. */
const MOST_LOOKED_FOR = 4;

const PARAMETERS = "w, v, d";

/**
 * Makes the source that writes a value.
 *
 * @param unit Where functions and constants go to that it needs.
 * @param type The value's type.
 * @param value The variable that holds it.
 * @returns Statements that append it to `w`, or throw.
 */
export function encodeSource(unit: Unit, type: Type, value: string): string {
  if (!unit.takes(type)) return interpreted(unit, type, value);
  switch (type.type) {
    case "bool":
      return `if (typeof ${value} !== "boolean") throw BAIL;\nw.byte(${value} ? 1 : 0);\n`;
    case "int": {
      const whole = `${value} !== (${value} | 0) && !isSafeInteger(${value})`;
      return `if (typeof ${value} !== "number" || ${whole}${outside(value, type)}) throw BAIL;\n`
        + `w.signedVarint(${value});\n`;
    }
    case "float": {
      // NaN is within no bounds.
      const bounded = type.min !== undefined || type.max !== undefined ? ` || ${value} !== ${value}` : "";
      return `if (typeof ${value} !== "number"${bounded}${outside(value, type)}) throw BAIL;\nw.float(${value});\n`;
    }
    case "string":
      if (type.min === undefined && type.max === undefined) return `writeText(w, ${value});\n`;
      return `writeBounded(w, ${value}, ${number(type.min ?? 0)}, ${number(type.max ?? Infinity)});\n`;
    case "bytes":
      return `writeBytes(w, ${value}, ${number(type.min ?? 0)}, ${number(type.max ?? Infinity)});\n`;
    case "timestamp":
      return `writeTime(w, ${value});\n`;
    case "literal":
      return `if (${value} !== ${unit.constant(type.value)}) throw BAIL;\nw.byte(0);\n`;
    case "enum":
      return enumSource(unit, type, value);
    case "list":
      return `${unit.addFunction(PARAMETERS, () => listBody(unit, type))}(w, ${value}, d);\n`;
    case "map":
      return `${unit.addFunction(PARAMETERS, () => mapBody(unit, type))}(w, ${value}, d);\n`;
    case "record":
      return `${unit.addFunction(PARAMETERS, () => recordBody(unit, type))}(w, ${value}, d);\n`;
    case "union":
      return unionSource(unit, type, value);
    case "ref": {
      const target = unit.target(type.name);
      return typeof target === "string" ? `${target}.encode(w, ${value}, d);\n` : encodeSource(unit, target, value);
    }
    default:
      return interpreted(unit, type, value);
  }
}

/** By the interpreting codec, which is told how deep the value lies. */
function interpreted(unit: Unit, type: Type, value: string): string {
  const codec = `${unit.constant(unit.context.interpreted(type))}.encode(w, ${value});\n`;
  const whole = type.type === "int|long" && type.min === undefined && type.max === undefined;
  return (whole ? `if (isSafeInteger(${value})) w.signedVarint(${value});\nelse ` : "B.depth = d;\n") + codec;
}

function enumSource(unit: Unit, type: EnumType, value: string): string {
  const { values } = type;
  if (values.length > MOST_COMPARED || !values.every(isIdentifier)) {
    const place = unit.variable();
    const places = unit.constant(new Map(values.map((value, place) => [value, place])));
    return `const ${place} = ${places}.get(${value});\nif (${place} === undefined) throw BAIL;\nw.varint(${place});\n`;
  }
  const cases = values.map((name, place) => `case ${JSON.stringify(name)}: w.byte(${place}); break;\n`).join("");
  return `switch (${value}) {\n${cases}default: throw BAIL;\n}\n`;
}

function listBody(unit: Unit, type: ListType): string {
  const item = unit.variable();
  return `if (!isArray(v)) throw BAIL;
const n = v.length;
if (n >>> 0 !== n${outside("n", type)}) throw BAIL;
${deeper(unit)}${countCheck(unit)}w.varint(n);
for (let i = 0; i < n; i++) {
const ${item} = v[i];
${encodeSource(unit, type.items, item)}}
`;
}

function mapBody(unit: Unit, type: MapType): string {
  const item = unit.variable();
  return `const names = keys(v);
const n = names.length;
${refuse(outside("n", type))}${deeper(unit)}${countCheck(unit)}w.varint(n);
for (let i = 0; i < n; i++) {
const name = names[i];
writeText(w, name);
const ${item} = v[name];
${encodeSource(unit, type.values, item)}}
`;
}

function recordBody(unit: Unit, type: RecordType): string {
  const { fields, bytes } = recordBits(type);
  const variables = fields.map(() => unit.variable());
  const named = fields.map(({ field }) => JSON.stringify(field.name));
  const reads = fields.map(({ field }, i) =>
    field.default === undefined
      ? `const ${variables[i]} = v[${named[i]}];\n`
      : `let ${variables[i]} = v[${named[i]}];\n`
        + `if (${variables[i]} === undefined) ${variables[i]} = ${unit.constant(defaultValue(field.default))};\n`
  );
  return `${deeper(unit)}${reads.join("")}plain(v);
${namesSource(unit, type)}${bitsSource(fields, variables, bytes)}${
    fields.map((bits, i) => fieldSource(unit, bits, variables[i]!)).join("")
  }`;
}

/** That all properties are fields: by `for`-`in`, which makes no list of them, or in a list of many. */
function namesSource(unit: Unit, { fields }: RecordType): string {
  const named = fields.map(({ name }) => JSON.stringify(name));
  if (fields.length <= MOST_LOOKED_FOR) {
    const isNoField = named.map((name) => `if (name !== ${name}) `).join("");
    return `for (const name in v) ${isNoField}inherited(v, name);\n`;
  }
  const inOrder = named.map((name) => `if (names[n] === ${name}) n++;\n`).join("");
  const known = unit.constant(new Set(fields.map(({ name }) => name)));
  return `const names = namesOf(v);\n  let n = 0;\n${inOrder}if (n !== names.length) allKnown(names, ${known});\n`;
}

/** The bytes of bits, all of which are known before anything is written. */
function bitsSource(fields: readonly FieldBits[], variables: readonly string[], bytes: number): string {
  const terms: string[][] = Array.from({ length: bytes }, () => []);
  const checks: string[] = [];
  for (const [i, { presence, value }] of fields.entries()) {
    const variable = variables[i]!;
    if (presence >= 0) terms[presence >> 3]!.push(`(${variable} === undefined ? 0 : ${1 << (presence & 7)})`);
    if (value < 0) continue;
    const absent = presence >= 0 ? ` && ${variable} !== undefined` : "";
    checks.push(`if (typeof ${variable} !== "boolean"${absent}) throw BAIL;\n`);
    terms[value >> 3]!.push(`(${variable} === true ? ${1 << (value & 7)} : 0)`);
  }
  return checks.join("") + terms.map((byte) => `w.byte(${byte.length === 0 ? 0 : byte.join(" | ")});\n`).join("");
}

function fieldSource(unit: Unit, { field, presence, value }: FieldBits, variable: string): string {
  if (value >= 0) return "";
  const source = encodeSource(unit, field.type, variable);
  return presence >= 0 ? `if (${variable} !== undefined) {\n${source}}\n` : `{\n${source}}\n`;
}

function unionSource(unit: Unit, type: UnionType, value: string): string {
  const place = unit.variable();
  const find = unit.constant(finder(branchesOf(type, unit.context.types)));
  const cases = type.branches.map((branch, i) =>
    `case ${i}: {\n${branch.type === "literal" ? "" : encodeSource(unit, branch, value)}break;\n}\n`
  );
  return `const ${place} = ${find}(${value});
if (${place} === undefined) throw BAIL;
w.varint(${place});
switch (${place}) {\n${cases.join("")}}\n`;
}
