/**
 * One declaration of a `.msg` file as TypeScript: its type, the type of what a sender gives where that differs, and its
 * schema.
 *
 * @module
 */

import type { Field, Type } from "../idl/definition.ts";
import { type Doc, group, indent, line, LINE_WIDTH, print, softline } from "../idl/layout.ts";
import { docComment } from "./comment.ts";
import { type Entities, type Entity, hasInput } from "./entities.ts";
import { propertyName, quote } from "./literal.ts";
import { assigned, list, opening } from "./printer.ts";
import type { Scope } from "./scope.ts";
import { callOf, defaultOf, schemaOf, schemaType } from "./typebox.ts";
import { type Docs, members, type TypeContext, typeOf } from "./typescript.ts";

/** Something that gets a type and a schema. */
export interface Subject {
  /** What the type and the schema are called. */
  readonly name: string;
  /** What the type of what a sender gives is called, where that differs. */
  readonly input: string | undefined;
  readonly type: Type;
  /** Doc comments, by `""` for the whole, or the name of a field or of an enum's value. */
  readonly docs: Docs;
  /** What a name in its type stands for. */
  readonly find: (name: string) => Entity;
  /** The declaration that it is, if it is one. */
  readonly entity?: Entity;
}

/**
 * Writes a declaration.
 *
 * @param entity The declaration.
 * @param entities All declarations.
 * @param scope The file that it goes to.
 * @returns The statements, each to be set apart by an empty line.
 */
export function declarationCode(entity: Entity, entities: Entities, scope: Scope): Doc[] {
  const { name, docs, type } = entity.declaration;
  return subjectCode({
    name: scope.names.declaration(name),
    input: entity.hasInput ? scope.names.input(name) : undefined,
    type,
    docs: (path) => Object.hasOwn(docs, path) ? docs[path] : undefined,
    find: (name) => entities.find(entity.module, name),
    entity,
  }, scope);
}

/**
 * Writes the types and the schema of something.
 *
 * @param subject What to write.
 * @param scope The file that it goes to.
 * @returns The statements, each to be set apart by an empty line.
 */
export function subjectCode(subject: Subject, scope: Scope): Doc[] {
  const { name, input, entity, find, docs } = subject;
  const isCircular = entity?.declaration.kind === "alias" && entity.circle.length > 0;
  const read: TypeContext = { scope, find, input: false, isCircular };
  const statements: Doc[] = [[docComment(docs("")), typeCode(name, subject, read)]];
  if (input !== undefined) {
    const doc = `What a sender gives for {@link ${name}}: what has a default may be left out.`;
    statements.push([docComment(doc), inputCode(input, subject, { ...read, input: true })]);
  }
  return [...statements, ...schemaCode(subject, scope)];
}

function typeCode(name: string, { type, docs }: Pick<Subject, "type" | "docs">, context: TypeContext): Doc {
  if (type.type === "record" && type.fields.length > 0) return interfaceCode(name, "", type.fields, docs, context);
  if (type.type === "enum" && type.values.some((value) => docs(value))) {
    const values = type.values.map((value) => [line, docComment(docs(value)), `| ${quote(value)}`]);
    return group([`export type ${name} =`, indent(values), ";"], true);
  }
  return [assigned(`export type ${name} =`, typeOf(type, context)), ";"];
}

/** The type of what a sender gives: what is different, and for the rest the other type, if one line can say so. */
function inputCode(name: string, subject: Subject, context: TypeContext): Doc {
  const { type } = subject;
  if (type.type !== "record") return typeCode(name, subject, context);
  const different = type.fields.filter((field) => isDifferent(field, context.find));
  const docs = withDefaults(subject.docs, different);
  const omitted = different.map((field) => quote(field.name)).join(" | ");
  const base = ` extends ${context.scope.global("Omit")}<${subject.name}, ${omitted}>`;
  const isShort = `export interface ${name}${base} {`.length <= LINE_WIDTH;
  return isShort && different.length < type.fields.length
    ? interfaceCode(name, base, different, docs, context)
    : interfaceCode(name, "", type.fields, docs, context);
}

/** Whether a sender may give something else for a field than the receiver gets. */
function isDifferent(field: Field, find: (name: string) => Entity): boolean {
  return field.default !== undefined || hasInput(field.type, find);
}

/** Doc comments that tell the defaults too. */
function withDefaults(docs: Docs, fields: readonly Field[]): Docs {
  const defaults = new Map(fields.flatMap((field) => field.default === undefined ? [] : [[field.name, field.default]]));
  return (name) => {
    const value = defaults.get(name);
    return value === undefined ? docs(name) : `${docs(name) ?? ""}\n@default ${print(defaultOf(value))}`;
  };
}

function interfaceCode(name: string, base: string, fields: readonly Field[], docs: Docs, context: TypeContext): Doc {
  const items = members(fields, context, docs);
  return [`export interface ${name}${base} `, list("{", items, "}", { separator: ";", broken: true })];
}

/**
 * Writes an exported constant.
 *
 * @param scope The file that it goes to.
 * @param name What it is called.
 * @param generic Its type.
 * @param argument That type's argument.
 * @param valueOf Makes its value, where it is to have one.
 */
export function constantCode(
  scope: Scope,
  name: string,
  generic: string,
  argument: string,
  valueOf: () => Doc,
): Doc {
  if (scope.isAmbient) {
    return group([`export declare const ${name}: ${generic}<`, indent([softline, argument]), softline, ">;"]);
  }
  const value = valueOf();
  const start = `export const ${name}: ${generic}<`;
  const head = `${start}${argument}> =`;
  if (head.length > LINE_WIDTH) {
    return [group([start, indent([softline, argument]), softline, "> = "], true), value, ";"];
  }
  const fits = head.length + 1 + opening(value).length <= LINE_WIDTH;
  return fits ? [head, " ", value, ";"] : [group([head, indent([line, value])], true), ";"];
}

/** The schema; before that of a circle's first member, what the schemas of all its members share. */
function schemaCode({ name, input, type, find, entity }: Subject, scope: Scope): Doc[] {
  const constant = (schema: () => Doc): Doc => [
    docComment(`The TypeBox schema of {@link ${input ?? name}}.`),
    constantCode(scope, name, schemaType(scope), input ?? name, schema),
  ];
  const [first, second] = entity?.circle ?? [];
  if (entity === undefined || first === undefined) return [constant(() => schemaOf(type, { scope, find }))];

  const { circle, declaration } = entity;
  const cyclic = (types: () => Doc): Doc => constant(() => callOf(scope, "Cyclic", [types(), quote(declaration.name)]));
  const types = (): Doc => {
    const members = circle.map(({ declaration: { name, type } }) =>
      assigned(`${propertyName(name)}:`, schemaOf(type, { scope, find, circle }))
    );
    return list("{", members, "}", { padding: " " });
  };
  if (second === undefined) return [cyclic(types)];
  const shared = `${first.declaration.name}$circle`;
  if (entity !== first || scope.isAmbient) return [cyclic(() => shared)];
  return [[docComment("These refer to each other."), `const ${shared} = `, types(), ";"], cyclic(() => shared)];
}
