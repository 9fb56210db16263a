/**
 * Source text of functions that read values: `r` is the reader, `d` the depth around the value.
 *
 * Records are made by object literals, so that all values of a type have one hidden class, or a few.
 *
 * @module
 */

import type { ListType, MapType, RecordType, Type, UnionType } from "../../../../idl/definition.ts";
import { type FieldBits, recordBits } from "./plan.ts";
import { countCheck, deeper, number, outside, refuse, type Unit } from "./unit.ts";

const PARAMETERS = "r, d";

/**
 * Makes the source that reads a value.
 *
 * @param unit Where functions and constants go to that it needs.
 * @param type The value's type.
 * @param value The variable that it goes to.
 * @returns Statements that read it from `r`, or throw.
 */
export function decodeSource(unit: Unit, type: Type, value: string): string {
  if (!unit.takes(type)) return interpreted(unit, type, value);
  switch (type.type) {
    case "bool":
      return `${value} = r.byte();\nif (${value} > 1) throw BAIL;\n${value} = ${value} === 1;\n`;
    case "int":
      return `${value} = r.signedVarint();\n${refuse(outside(value, type))}`;
    case "float": {
      const bounded = type.min !== undefined || type.max !== undefined ? ` || ${value} !== ${value}` : "";
      return `${value} = r.float();\n${refuse(bounded + outside(value, type))}`;
    }
    case "string":
      if (type.min === undefined && type.max === undefined) return `${value} = r.string();\n`;
      return `${value} = readBounded(r, ${number(type.min ?? 0)}, ${number(type.max ?? Infinity)});\n`;
    case "bytes":
      return `${value} = readBytes(r, ${number(type.min ?? 0)}, ${number(type.max ?? Infinity)});\n`;
    case "timestamp":
      return `${value} = readTime(r);\n`;
    case "literal":
      return `if (r.byte() !== 0) throw BAIL;\n${value} = ${unit.constant(type.value)};\n`;
    case "enum":
      return `${value} = ${unit.constant(type.values)}[r.varint()];\nif (${value} === undefined) throw BAIL;\n`;
    case "list":
      return `${value} = ${unit.addFunction(PARAMETERS, () => listBody(unit, type))}(r, d);\n`;
    case "map":
      return `${value} = ${unit.addFunction(PARAMETERS, () => mapBody(unit, type))}(r, d);\n`;
    case "record":
      return `${value} = ${unit.addFunction(PARAMETERS, () => recordBody(unit, type))}(r, d);\n`;
    case "union":
      return unionSource(unit, type, value);
    case "ref": {
      const target = unit.target(type.name);
      return typeof target === "string" ? `${value} = ${target}.decode(r, d);\n` : decodeSource(unit, target, value);
    }
    default:
      return interpreted(unit, type, value);
  }
}

/** By the interpreting codec, which is told how deep the value lies. */
function interpreted(unit: Unit, type: Type, value: string): string {
  return `B.depth = d;\n${value} = ${unit.constant(unit.context.interpreted(type))}.decode(r);\n`;
}

/** Any value takes a byte at least. */
const COUNT = "const n = r.varint();\nif (n > r.end - r.at";

function listBody(unit: Unit, type: ListType): string {
  return `${COUNT}${outside("n", type)}) throw BAIL;
${deeper(unit)}${countCheck(unit)}const list = [];
for (let i = 0; i < n; i++) {
  let item;
${decodeSource(unit, type.items, "item")}list.push(item);
}
return list;
`;
}

function mapBody(unit: Unit, type: MapType): string {
  return `${COUNT}${outside("n", type)}) throw BAIL;
${deeper(unit)}${countCheck(unit)}const map = bare(null);
  let last = "";
for (let i = 0; i < n; i++) {
const name = r.key();
if (i > 0 && name <= last) throw BAIL;
last = name;
  let item;
${decodeSource(unit, type.values, "item")}map[name] = item;
}
return map;
`;
}

function recordBody(unit: Unit, type: RecordType): string {
  const { fields, bytes, unused } = recordBits(type);
  const variables = fields.map(() => unit.variable());
  const bits = Array.from({ length: bytes }, () => unit.variable());
  const test = (bit: number) => `(${bits[bit >> 3]} & ${1 << (bit & 7)}) !== 0`;
  const head = bits.map((variable) => `const ${variable} = r.byte();\n`).join("");
  const last = bytes > 0 && unused !== 0 ? `if ((${bits[bytes - 1]} & ${unused}) !== 0) throw BAIL;\n` : "";
  const reads = fields.map(({ field, presence, value }, i) => {
    if (value >= 0) {
      const absent = presence >= 0 ? `if (${variables[i]} && !(${test(presence)})) throw BAIL;\n` : "";
      return `const ${variables[i]} = ${test(value)};\n${absent}`;
    }
    const source = decodeSource(unit, field.type, variables[i]!);
    return `let ${variables[i]};\n` + (presence >= 0 ? `if (${test(presence)}) {\n${source}}\n` : source);
  });
  return `${deeper(unit)}${head}${last}${reads.join("")}${literalSource(fields, variables, test)}`;
}

/**
 * The record itself. Absent fields are no properties: where there are some that may be absent, one literal stands for
 * when all are there, one for when none is, and in between it is put together.
 */
function literalSource(
  fields: readonly FieldBits[],
  variables: readonly string[],
  test: (bit: number) => string,
): string {
  const optional = fields.filter(({ presence }) => presence >= 0);
  const literal = (isThere: (bits: FieldBits) => boolean) =>
    `{ ${
      fields.flatMap((bits, i) => isThere(bits) ? [`${JSON.stringify(bits.field.name)}: ${variables[i]}`] : [])
        .join(", ")
    } }`;
  const all = `return ${literal(() => true)};\n`;
  if (optional.length === 0) return all;
  const none = `return ${literal(({ presence }) => presence < 0)};\n`;
  const tests = optional.map(({ presence }) => test(presence));
  if (optional.length === 1) return `if (${tests[0]}) ${all}${none}`;
  const steps = fields.map(({ field, presence }, i) => {
    const step = `record[${JSON.stringify(field.name)}] = ${variables[i]};\n`;
    return presence < 0 ? step : `if (${test(presence)}) ${step}`;
  });
  return `if (${tests.join(" && ")}) ${all}if (!(${tests.join(" || ")})) ${none}`
    + `const record = {};\n${steps.join("")}return record;\n`;
}

function unionSource(unit: Unit, type: UnionType, value: string): string {
  const cases = type.branches.map((branch, i) =>
    `case ${i}: {\n${
      branch.type === "literal" ? `${value} = ${unit.constant(branch.value)};\n` : decodeSource(unit, branch, value)
    }break;\n}\n`
  );
  return `switch (r.varint()) {\n${cases.join("")}default: throw BAIL;\n}\n`;
}
