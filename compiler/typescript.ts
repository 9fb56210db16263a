/**
 * Types of a definition as TypeScript types.
 *
 * @module
 */

import type { Field, Type } from "../idl/definition.ts";
import { type Doc, group, type IfBroken, indent, type Line, softline } from "../idl/layout.ts";
import { docComment } from "./comment.ts";
import type { Entity } from "./entities.ts";
import { propertyName, quote } from "./literal.ts";
import { assigned, list } from "./printer.ts";
import type { Scope } from "./scope.ts";

/** Where a type stands. */
export interface TypeContext {
  readonly scope: Scope;
  /** What a name stands for here. */
  readonly find: (name: string) => Entity;
  /** Whether it is what a sender gives (fields with a default may be left out) or what the receiver gets. */
  readonly input: boolean;
  /** Set inside an alias that refers to itself: TypeScript takes no `Record` of it then. */
  readonly isCircular?: boolean;
}

/** Doc comments, by the name of what they are about. */
export type Docs = (name: string) => string | undefined;

/**
 * Writes a type.
 *
 * @param type The type.
 * @param context Where it stands.
 */
export function typeOf(type: Type, context: TypeContext): Doc {
  const { scope } = context;
  switch (type.type) {
    case "bool":
      return "boolean";
    case "int":
    case "float":
      return "number";
    case "long":
      return "bigint";
    case "string":
      return "string";
    case "bytes":
      return scope.global("Uint8Array");
    case "timestamp":
      return scope.global("Date");
    case "any":
      return `${scope.holdfast("Schema", "value")}.AnyValue`;
    case "literal":
      return typeof type.value === "string" ? quote(type.value) : String(type.value);
    case "ref":
      return scope.type(context.find(type.name), context.input);
    case "list": {
      const items = branchesOf(type.items, context);
      return items.length === 1 ? [items, "[]"] : group(["(", unionContent(items), softline, ")[]"]);
    }
    case "map": {
      const values = branchesOf(type.values, context);
      if (context.isCircular) {
        return list("{", [["[key: string]: ", unionOf(values)]], "}", { padding: " ", separator: ";" });
      }
      return [scope.global("Record"), list("<", ["string", unionArgument(values)], ">", { trailing: false })];
    }
    case "record":
      if (type.fields.length === 0) return [scope.global("Record"), "<string, never>"];
      return list("{", members(type.fields, context), "}", { padding: " ", separator: ";" });
    case "int|long":
    case "enum":
    case "union":
      return unionOf(branchesOf(type, context));
  }
}

/**
 * Writes the fields of an object type.
 *
 * @param fields The fields.
 * @param context Where they stand.
 * @param docs Their doc comments; if there is one, the members need lines of their own.
 * @returns One document for each.
 */
export function members(fields: readonly Field[], context: TypeContext, docs: Docs = () => undefined): Doc[] {
  return fields.map((field) => {
    const branches = branchesOf(field.type, context);
    const mayBeAbsent = field.optional === true || (context.input && field.default !== undefined);
    const type = mayBeAbsent ? unionOf([...branches, "undefined"]) : unionOf(branches);
    return [docComment(docs(field.name)), assigned(`${propertyName(field.name)}${mayBeAbsent ? "?" : ""}:`, type)];
  });
}

/** The branches of the TypeScript union that a type becomes: one, if it becomes none. */
function branchesOf(type: Type, context: TypeContext): Doc[] {
  switch (type.type) {
    case "int|long":
      return ["number", "bigint"];
    case "enum":
      return type.values.map(quote);
    case "union":
      return type.branches.flatMap((branch) => branchesOf(branch, context));
    default:
      return [typeOf(type, context)];
  }
}

const FIRST_BRANCH: Line = { kind: "line", flat: "", after: "| " };
const FIRST_ARGUMENT: IfBroken = { kind: "ifBroken", text: "| " };
const NEXT_BRANCH: Line = { kind: "line", flat: " | ", after: "| " };

/** A union, broken as a whole if it does not fit. */
function unionOf(branches: readonly Doc[]): Doc {
  return branches.length === 1 ? branches : group(unionContent(branches));
}

/** The same as a generic's last argument, which begins a line of its own anyway where the union is broken. */
function unionArgument(branches: readonly Doc[]): Doc {
  if (branches.length === 1) return branches;
  return group(branches.map((branch, index) => [index === 0 ? FIRST_ARGUMENT : NEXT_BRANCH, branch]));
}

function unionContent(branches: readonly Doc[]): Doc {
  return indent(branches.map((branch, index) => [index === 0 ? FIRST_BRANCH : NEXT_BRANCH, branch]));
}
