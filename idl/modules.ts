/**
 * Makes modules of files in which no problem was found: their declarations, and the definition of each service.
 *
 * @module
 */

import { appliedType, builtinType, literalType } from "./builtin.ts";
import type { Definition, Docs, Exchange, Field, Message, RecordType, Rules, Type } from "./definition.ts";
import { mergeIntegers } from "./integers.ts";
import type { Declaration, Import, Module, Service } from "./module.ts";
import type { NamedService, NamedType, Program, SourceFile, Use } from "./program.ts";
import type { FieldNode, Name, TypeNode } from "./syntax.ts";
import { freezeDefinition } from "./validate.ts";

/**
 * Makes modules.
 *
 * @param program All files, checked and free of problems.
 * @returns A module for each file.
 */
export function makeModules(program: Program): Module[] {
  const types = byFile(program.types);
  const services = byFile(program.services);
  return program.files.map((file) => ({
    file: file.source.file,
    imports: file.imports.map(({ node, file: imported }) => makeImport(file, imported, node.specifier.value)),
    declarations: (types.get(file) ?? []).map((type) => makeDeclaration(program, type)),
    services: (services.get(file) ?? []).map((service) => makeService(program, service)),
  }));
}

function byFile<T extends { readonly file: SourceFile }>(all: readonly T[]): ReadonlyMap<SourceFile, readonly T[]> {
  const groups = new Map<SourceFile, T[]>();
  for (const one of all) {
    const group = groups.get(one.file);
    if (group === undefined) groups.set(one.file, [one]);
    else group.push(one);
  }
  return groups;
}

function makeImport(file: SourceFile, imported: SourceFile, specifier: string): Import {
  const names = [...file.used].filter((type) => type.file === imported).map(({ name }) => name.text);
  return { specifier, file: imported.source.file, names: names.sort() };
}

// ---- Declarations: as they are written, references to aliases included

function makeDeclaration(program: Program, type: NamedType): Declaration {
  const { file, name, node } = type;
  const docs: Record<string, string> = {};
  for (const [path, doc] of docsOf(type)) docs[path] = doc;
  switch (node.kind) {
    case "record":
      return { kind: "record", name: name.text, docs, type: recordAsWritten(program, file, node.fields) };
    case "enum":
      return { kind: "enum", name: name.text, docs, type: type.type! };
    case "alias":
      return { kind: "alias", name: name.text, docs, type: asWritten(program, file, node.type) };
    case "broken":
      throw new TypeError("A declaration without problems is none that could not be read.");
  }
}

function asWritten(program: Program, file: SourceFile, node: TypeNode): Type {
  const report = () => undefined; // what there is to say has been said
  switch (node.kind) {
    case "text":
    case "number":
      return literalType(node, report)!;
    case "name": {
      const builtin = builtinType(node, report)!;
      return builtin === "unknown" ? { type: "ref", name: node.name.text } : builtin;
    }
    case "applied":
      return appliedType(node, asWritten(program, file, node.item), report)!;
    case "inline":
      return recordAsWritten(program, file, node.fields);
    case "union": {
      const merged = program.mergedUnions.get(node);
      if (merged !== undefined) return new Namer(program).named(merged);
      const branches = node.branches.map((branch) => ({ type: asWritten(program, file, branch) }));
      const result = mergeIntegers(branches, (type) => ({ type }));
      const types = ("branches" in result ? result.branches : branches).map(({ type }) => type);
      return types.length === 1 ? types[0]! : { type: "union", branches: types };
    }
  }
}

function recordAsWritten(program: Program, file: SourceFile, nodes: readonly FieldNode[]): RecordType {
  const fields = nodes.map((node): Field => {
    const value = program.values.get(node);
    const type = asWritten(program, file, node.type);
    return {
      name: node.name.text,
      type,
      ...(node.optional && { optional: true }),
      ...(value !== undefined && { default: value }),
    };
  });
  return { type: "record", fields };
}

/** Doc comments: of a declaration itself by "", of its fields or values by their names. */
function* docsOf({ file: { tree }, node }: NamedType): Iterable<[path: string, doc: string]> {
  const own = tree.docs.get(node.start);
  if (own !== undefined) yield ["", own.text];
  const members: readonly (FieldNode | Name)[] = node.kind === "record"
    ? node.fields
    : node.kind === "enum"
    ? node.values
    : [];
  for (const member of members) {
    const doc = tree.docs.get(member.start);
    if (doc !== undefined) yield ["name" in member ? member.name.text : member.text, doc.text];
  }
}

// ---- Services: written out

function makeService(program: Program, service: NamedService): Service {
  const { file, name, node } = service;
  const doc = file.tree.docs.get(node.start)?.text;
  return { name: name.text, ...(doc !== undefined && { doc }), definition: makeDefinition(program, service) };
}

function makeDefinition(program: Program, { name, node, file, resolved, reached }: NamedService): Definition {
  const { connect, uses, auth } = resolved!;
  const namer = new Namer(program);
  const types: Record<string, Type> = {};
  const docs: Record<string, string> = {};
  const doc = file.tree.docs.get(node.start);
  if (doc !== undefined) docs[""] = doc.text;
  for (const field of connect?.fields ?? []) {
    const doc = connect!.file.tree.docs.get(field.start);
    if (doc !== undefined) docs[`connect.${field.name.text}`] = doc.text;
  }
  for (const type of reached!) {
    types[type.name.text] = namer.named(type.type!);
    for (const [path, doc] of docsOf(type)) docs[path === "" ? type.name.text : `${type.name.text}.${path}`] = doc;
  }
  const rules: Record<string, readonly string[]> = {};
  if (connect?.auth !== undefined) rules["connect"] = connect.auth;
  for (const [action, use] of uses) rules[action] = (use.auth ?? auth)!;
  const shape = {
    service: name.text,
    connect: connect === undefined ? { type: "record", fields: [] } as const : namer.named(connect.type) as RecordType,
    messages: makeMessages(uses.values()),
    types,
  };
  return freezeDefinition({ shape, docs: docs satisfies Docs, rules: rules satisfies Rules });
}

/** Numbers are given in the order of first mention, a reply's after its request's. */
function makeMessages(uses: Iterable<Use>): Message[] {
  const messages = new Map<string, { name: string; number: number; receives?: Exchange; sends?: Exchange }>();
  const mention = (name: string) => {
    let message = messages.get(name);
    if (message === undefined) messages.set(name, message = { name, number: messages.size });
    return message;
  };
  for (const { direction, message, reply } of uses) {
    mention(message.name.text)[direction] = reply === undefined ? {} : { reply: reply.name.text };
    if (reply !== undefined) mention(reply.name.text);
  }
  return [...messages.values()];
}

/** Turns the keys that types refer to, which are unique among all files, back into names. */
class Namer {
  readonly #program: Program;
  readonly #named = new Map<Type, Type>();

  constructor(program: Program) {
    this.#program = program;
  }

  /** A type with names in it: itself, if all keys are names. */
  named(type: Type): Type {
    const known = this.#named.get(type);
    if (known !== undefined) return known;
    const named = this.#make(type);
    this.#named.set(type, named);
    return named;
  }

  #make(type: Type): Type {
    switch (type.type) {
      case "ref": {
        const name = this.#program.byKey.get(type.name)!.name.text;
        return name === type.name ? type : { type: "ref", name };
      }
      case "list": {
        const items = this.named(type.items);
        return items === type.items ? type : { ...type, items };
      }
      case "map": {
        const values = this.named(type.values);
        return values === type.values ? type : { ...type, values };
      }
      case "union": {
        const branches = type.branches.map((branch) => this.named(branch));
        return branches.every((branch, index) => branch === type.branches[index]) ? type : { ...type, branches };
      }
      case "record": {
        const fields = type.fields.map((field) => ({ ...field, type: this.named(field.type) }));
        return fields.every(({ type: named }, index) => named === type.fields[index]!.type)
          ? type
          : { ...type, fields };
      }
      default:
        return type;
    }
  }
}
