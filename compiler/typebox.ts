/**
 * Types of a definition as TypeBox schemas: calls of the builders that Holdfast exports for generated code.
 *
 * @module
 */

import type { Default, Field, Type } from "../idl/definition.ts";
import type { Doc } from "../idl/layout.ts";
import { defaultValue } from "../idl/rules.ts";
import type { Entity } from "./entities.ts";
import { literal, propertyName, quote } from "./literal.ts";
import { assigned, list, opening } from "./printer.ts";
import type { Scope } from "./scope.ts";

/** Where a schema stands. */
export interface SchemaContext {
  readonly scope: Scope;
  /** What a name stands for here. */
  readonly find: (name: string) => Entity;
  /** The circle that it is part of: its members refer to each other by name, not by constants. */
  readonly circle?: readonly Entity[];
}

/**
 * Writes a schema.
 *
 * @param type The type.
 * @param context Where it stands.
 */
export function schemaOf(type: Type, context: SchemaContext): Doc {
  const { scope } = context;
  const inner = (type: Type): Doc => schemaOf(type, context);
  const call = (name: string, ...values: Doc[]): Doc => callOf(scope, name, values);
  switch (type.type) {
    case "bool":
      return call("Bool");
    case "int":
      return call("Int", ...bounds(type));
    case "long":
      return call("Long", ...bigBounds(type));
    case "int|long":
      return call("Integer", ...bigBounds(type));
    case "float":
      return call("Float", ...bounds(type));
    case "string":
      return call("Text", ...bounds(type));
    case "bytes":
      return call("Bytes", ...bounds(type));
    case "timestamp":
      return call("Timestamp");
    case "any":
      return call("Any");
    case "literal":
      return call("Literal", literal(type.value));
    case "enum":
      return call("Enum", literal(type.values));
    case "list":
      return call("List", inner(type.items), ...bounds(type));
    case "map":
      return call("Dict", inner(type.values), ...bounds(type));
    case "union":
      return call("Union", list("[", type.branches.map(inner), "]"));
    case "record":
      return call("Fields", fieldsOf(type.fields, context));
    case "ref": {
      const entity = context.find(type.name);
      if (entity.circle.length === 0 || entity.circle !== context.circle) return scope.schema(entity);
      return [builder(scope, "Ref"), `<${scope.type(entity, true)}>(${quote(entity.declaration.name)})`];
    }
  }
}

/**
 * Writes a call of one of Holdfast's builders.
 *
 * @param scope The file that it goes to.
 * @param name The builder.
 * @param values What it is given.
 */
export function callOf(scope: Scope, name: string, values: readonly Doc[]): Doc {
  const [only, ...more] = values;
  // A single argument that can be broken hugs its brackets: `Fields({`, and not the brace on a line of its own.
  return only !== undefined && more.length === 0 && opening(only).canBreak
    ? [builder(scope, name), "(", only, ")"]
    : [builder(scope, name), list("(", values, ")")];
}

/**
 * The generic type of schemas.
 *
 * @param scope The file that it goes to.
 */
export function schemaType(scope: Scope): string {
  return builder(scope, "Of");
}

function builder(scope: Scope, name: string): string {
  return `${scope.holdfast("Schema", "value")}.${name}`;
}

function fieldsOf(fields: readonly Field[], context: SchemaContext): Doc {
  const members = fields.map((field) => assigned(`${propertyName(field.name)}:`, fieldOf(field, context)));
  return list("{", members, "}", { padding: " " });
}

function fieldOf(field: Field, context: SchemaContext): Doc {
  const schema = schemaOf(field.type, context);
  if (field.optional) return callOf(context.scope, "Optional", [schema]);
  if (field.default !== undefined) return callOf(context.scope, "Default", [schema, defaultOf(field.default)]);
  return schema;
}

/** A field's default, as the value that the receiver gets. */
export function defaultOf(value: Default): Doc {
  const given = defaultValue(value);
  return typeof given === "bigint" ? `${given}n` : literal(given);
}

function bounds(type: { readonly min?: number; readonly max?: number; readonly pattern?: string }): Doc[] {
  const { min, max, pattern } = type;
  if (min === undefined && max === undefined && pattern === undefined) return [];
  return [literal({ min, max, pattern })];
}

function bigBounds({ min, max }: { readonly min?: string; readonly max?: string }): Doc[] {
  const members = Object.entries({ min, max }).flatMap(([name, digits]) =>
    digits === undefined ? [] : [`${name}: ${digits}n`]
  );
  return members.length === 0 ? [] : [list("{", members, "}", { padding: " " })];
}
