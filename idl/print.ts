/**
 * From a definition back to `.msg` text, for people to read what a service has told, and to compile it.
 *
 * @module
 */

import type { Definition, Field, Rules, Type } from "./definition.ts";
import { format } from "./format.ts";
import { type Clause, orderClauses } from "./print/clauses.ts";
import { fieldText, typeText } from "./print/types.ts";
import { mentionedNames } from "./rules.ts";

const RULES_UNKNOWN =
  `// A service does not tell who may do what. This is here because something must be said, and lets nobody in.
auth none
`;
const NUMBERS_LOST =
  `// This text gives the messages other numbers than the service does, which may have kept some of them back.
`;

/**
 * Writes a definition as `.msg` text.
 *
 * @param definition A definition that is right: parsed, generated or read from a service.
 * @returns Text that compiles to an equal shape, with the same doc comments, and with the same rules where it has any: a
 * definition that came from a service has none, and lets nobody in. Where message numbers have gaps, the text says that
 * they come out differently.
 *
 * @example
 * ```ts
 * import { parse, print } from "holdfast";
 *
 * const definition = parse("Ping < id: int|long > service Test/Ping { auth all receives Ping }");
 * console.log(print(definition));
 * ```
 */
export function print(definition: Definition): string {
  const declarations = orderTypes(definition).map((name) => declaration(name, definition));
  return format([...declarations, service(definition)].join("\n")).text;
}

/** Each named type behind those that it mentions, as far as they don't mention each other, and before its first use. */
function orderTypes({ shape }: Definition): string[] {
  const ordered = new Set<string>();
  const entered = new Set<string>();
  const open: { readonly name: string; readonly left: boolean }[] = [];
  const plan = (names: Iterable<string>) => {
    for (const name of [...names].toReversed()) open.push({ name, left: false });
  };
  plan([...mentionedNames(shape.connect), ...shape.messages.map((message) => message.name)]);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.left) ordered.add(next.name);
    if (entered.has(next.name)) continue;
    entered.add(next.name);
    open.push({ name: next.name, left: true });
    plan(mentionedNames(shape.types[next.name]!));
  }
  return [...ordered];
}

function declaration(name: string, definition: Definition): string {
  const type = definition.shape.types[name]!;
  const doc = docText(definition, name);
  if (type.type === "record") return `${doc}${name} ${fields(type.fields, name, definition)}\n`;
  if (type.type !== "enum") return `${doc}type ${name} = ${typeText(type)}\n`;
  const values = type.values.map((value) => `${docText(definition, `${name}.${value}`)}${value}`);
  return `${doc}enum ${name} {${values.join(",")}}\n`;
}

function fields(fields: readonly Field[], owner: string, definition: Definition): string {
  const texts = fields.map((field) =>
    docText(definition, `${owner}.${field.name}`) + fieldText(field, isEnum(field.type, definition))
  );
  return `<${texts.join(",")}>`;
}

function isEnum(type: Type, { shape }: Definition): boolean {
  return type.type === "ref" && shape.types[type.name]!.type === "enum";
}

/** Begins with the end of a line, since a doc comment has one of its own. */
function docText({ docs }: Definition, path: string): string {
  const text = Object.hasOwn(docs, path) ? docs[path]! : undefined;
  if (text === undefined) return "";
  return `\n${text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => `/// ${line}`.trimEnd()).join("\n")}\n`;
}

function service(definition: Definition): string {
  const { shape, rules } = definition;
  const { clauses, exact } = orderClauses(shape.messages);
  const known = Object.keys(rules).length > 0 || clauses.length === 0;
  const lines = clauses.map((clause) => clauseText(clause, known ? rules : undefined));
  return `${docText(definition, "")}service ${shape.service} {\n`
    + (known ? "" : RULES_UNKNOWN) + connectText(definition) + (exact ? "" : NUMBERS_LOST) + lines.join("") + "}\n";
}

function connectText(definition: Definition): string {
  const { connect } = definition.shape;
  const auth = Object.hasOwn(definition.rules, "connect") ? ` ${authText(definition.rules["connect"]!)}` : "";
  if (connect.fields.length === 0) return auth === "" ? "" : `connect${auth}\n`;
  return `connect ${fields(connect.fields, "connect", definition)}${auth}\n`;
}

function clauseText({ direction, message, reply }: Clause, rules: Rules | undefined): string {
  const action = `${direction} ${message}`;
  const auth = rules === undefined ? "" : ` ${authText(Object.hasOwn(rules, action) ? rules[action]! : [])}`;
  return `${action}${reply === undefined ? "" : ` -> ${reply}`}${auth}\n`;
}

function authText(words: readonly string[]): string {
  return `auth ${words.length === 0 ? "none" : words.join(", ")}`;
}
