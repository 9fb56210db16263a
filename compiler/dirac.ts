/**
 * Handlers for DIRAC, in Python: what DIRAC's clients have to know of a service's messages. They load it as they load
 * any handler's module, and look at nothing but its `MSG_DEFINITIONS`.
 *
 * @module
 */

import { dirname, join } from "node:path";
import type { Definition, RecordType, Shape, Type } from "../idl/definition.ts";
import { misfits } from "../idl/diset.ts";
import type { Problem } from "../idl/mod.ts";
import type { Module } from "../idl/module.ts";
import { fileProblem } from "../idl/problem.ts";
import { commentText } from "./comment.ts";
import { type Output, shownPath } from "./files.ts";

/** How wide a line of the modules may be. */
const WIDTH = 110;

/**
 * Makes the handlers' modules: `PingPongHandler.py` for `Framework/PingPong`, named like the class inside, as DIRAC
 * wants it.
 *
 * @param modules Checked modules.
 * @param out The folder to write to; beside each `.msg` file unless given.
 * @returns The files, or why not.
 */
export function handlersOf(
  modules: readonly Module[],
  out: string | undefined,
): { readonly outputs: readonly Output[]; readonly problems: readonly Problem[] } {
  const outputs = new Map<string, Output & { readonly service: string }>();
  const problems: Problem[] = [];
  for (const { file, services } of modules) {
    for (const { definition, name } of services) {
      const path = shownPath(join(out ?? dirname(file), `${classOf(definition.shape)}.py`));
      const other = outputs.get(path);
      const reasons = misfits(definition.shape).map((why) => `DIRAC's protocol can't say all of ${name}: ${why}.`);
      if (other !== undefined) {
        reasons.push(
          `${other.service} and ${name} are both written to ${path}: put them into two files, and give each its own --out.`,
        );
      }
      problems.push(...reasons.map((reason) => fileProblem(file, reason)));
      outputs.set(path, { path, text: handlerText(definition, file), service: name });
    }
  }
  return { outputs: problems.length > 0 ? [] : [...outputs.values()], problems };
}

function classOf({ service }: Shape): string {
  return `${service.slice(service.indexOf("/") + 1)}Handler`;
}

function handlerText({ docs, shape }: Definition, file: string): string {
  const definitions = shape.messages.flatMap(({ name }) => [
    ...commentLines(docs[name]),
    `${JSON.stringify(name)}: ${fieldsText(shape.types[name] as RecordType, shape, docs, name)},`,
  ]);
  const usesDates = definitions.some((line) => line.includes("datetime.datetime"));
  const lines = [
    `# Made by holdfast compile --target dirac from ${commentText(file.replace(/^.*[\\/]/, ""))}. Change that instead.`,
    `"""The messages of ${shape.service}."""`,
    ...(usesDates ? ["import datetime", ""] : []),
    "from DIRAC.Core.DISET.RequestHandler import RequestHandler",
    "",
    "",
    `class ${classOf(shape)}(RequestHandler):`,
    ...indented(['"""Tells DIRAC\'s clients what they may send and receive."""', "", "MSG_DEFINITIONS = {"]),
    ...indented(indented(definitions.flatMap((one) => one.split("\n")))),
    ...indented(["}"]),
  ];
  return `${lines.join("\n")}\n`;
}

/** A message's fields: on one line, if that has room and there is nothing to say about them. */
function fieldsText(record: RecordType, shape: Shape, docs: Definition["docs"], name: string): string {
  const fields = record.fields.map((field) => {
    const isOptional = field.optional === true;
    const types = isOptional ? [...pythonTypes(field.type, shape), "type(None)"] : pythonTypes(field.type, shape);
    return { entry: `${JSON.stringify(field.name)}: ${union(types)}`, doc: docs[`${name}.${field.name}`] };
  });
  const short = `{${fields.map(({ entry }) => entry).join(", ")}}`;
  if (fields.every(({ doc }) => doc === undefined) && name.length + short.length + 16 <= WIDTH) return short;
  const lines = fields.flatMap(({ doc, entry }) => [...commentLines(doc), `${entry},`]);
  return ["{", ...indented(lines), "}"].join("\n");
}

/** What DIRAC compares a value with, by `isinstance`; `None` lets everything in. */
function union(types: readonly string[]): string {
  const different = [...new Set(types)];
  if (different.includes("None")) return "None";
  return different.length === 1 ? different[0]! : `(${different.join(", ")})`;
}

/** The types of Python that a type's values have where they arrive. */
function pythonTypes(type: Type, shape: Shape): readonly string[] {
  switch (type.type) {
    case "bool":
      return ["bool"];
    case "int":
    case "long":
    case "int|long":
      return ["int"];
    case "float":
      return ["float"];
    case "string":
    case "enum":
      return ["str"];
    case "bytes":
      // DIRAC's older encoding has no bytes, and makes text of them.
      return ["bytes", "str"];
    case "timestamp":
      return ["datetime.datetime"];
    case "any":
      return ["None"];
    case "literal":
      return [LITERALS[type.value === null ? "null" : typeof type.value as "boolean" | "number" | "string"]];
    case "list":
      return ["list"];
    case "map":
    case "record":
      return ["dict"];
    case "union":
      return type.branches.flatMap((branch) => pythonTypes(branch, shape));
    case "ref":
      return pythonTypes(shape.types[type.name]!, shape);
  }
}

const LITERALS = { null: "type(None)", boolean: "bool", number: "int", string: "str" } as const;

function commentLines(doc: string | undefined): string[] {
  if (doc === undefined) return [];
  return doc.split("\n").map((line) => `# ${commentText(line)}`.trimEnd());
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => line === "" ? "" : `    ${line}`);
}
