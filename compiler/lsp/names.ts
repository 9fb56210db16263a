/**
 * Names in a text, and what each stands for: the ground for hovering, going to definitions, and renaming.
 *
 * @module
 */

import { BUILTIN_NAMES } from "../../idl/builtin.ts";
import type { NamedType, Program, SourceFile } from "../../idl/program.ts";
import type {
  AuthNode,
  ClauseNode,
  DeclarationNode,
  FieldNode,
  Name,
  ServiceNode,
  Span,
  TypeNode,
} from "../../idl/syntax.ts";
import { holds } from "./places.ts";

/** What a name may stand for. */
export type Meaning =
  | { readonly kind: "type"; readonly type: NamedType }
  | { readonly kind: "service"; readonly node: DeclarationNode }
  | { readonly kind: "field"; readonly node: FieldNode }
  | { readonly kind: "value"; readonly type: NamedType }
  | { readonly kind: "file" }
  | { readonly kind: "builtin"; readonly node?: TypeNode }
  | { readonly kind: "rule" };

/** A name in a text. */
export interface Mention {
  /** Where it stands. */
  readonly place: Span;
  readonly name: string;
  readonly meaning: Meaning;
  /** Where what it stands for is declared; absent for what is built in. */
  readonly declared?: { readonly file: SourceFile; readonly place: Span };
}

/**
 * Finds the name at a place.
 *
 * @param program Files whose names are known.
 * @param file One of them.
 * @param offset The place in its text.
 */
export function mentionAt(program: Program, file: SourceFile, offset: number): Mention | undefined {
  const near = file.tree.declarations.filter((node) => holds(node, offset));
  const found = near.flatMap((node) =>
    [...mentionsOf(program, file, node)].filter(({ place }) => holds(place, offset))
  );
  return found.at(-1);
}

/**
 * Finds all names of a file.
 *
 * @param program Files whose names are known.
 * @param file One of them.
 */
export function* mentionsIn(program: Program, file: SourceFile): Iterable<Mention> {
  for (const node of file.tree.declarations) yield* mentionsOf(program, file, node);
}

/** Whether two names stand for the same thing; their programs need not be the same. */
export function isSame(one: Mention, other: Mention): boolean {
  return one.declared !== undefined && other.declared !== undefined
    && (one.meaning.kind === "file") === (other.meaning.kind === "file")
    && one.declared.file.source.file === other.declared.file.source.file
    && one.declared.place.start === other.declared.place.start;
}

/** Whether this is where the thing is declared. */
export function isDeclaration({ place, declared }: Mention, file: SourceFile): boolean {
  return declared?.place === place && declared.file === file;
}

const typesByNode = new WeakMap<Program, ReadonlyMap<DeclarationNode, NamedType>>();

/**
 * Finds the type that a declaration declares; `undefined` if it declares none.
 *
 * @param program Files whose names are known.
 * @param node The declaration.
 */
export function declaredBy(program: Program, node: DeclarationNode): NamedType | undefined {
  let types = typesByNode.get(program);
  if (types === undefined) {
    types = new Map(program.types.map((type) => [type.node, type]));
    typesByNode.set(program, types);
  }
  return types.get(node);
}

function* mentionsOf(program: Program, file: SourceFile, node: DeclarationNode): Iterable<Mention> {
  switch (node.kind) {
    case "import": {
      const to = file.imports.find((one) => one.node === node)?.file;
      const declared = to && { file: to, place: { start: 0, end: 0 } };
      yield {
        place: node.specifier,
        name: node.specifier.value,
        meaning: { kind: "file" },
        ...(declared && { declared }),
      };
      break;
    }
    case "service":
      yield* mentionsOfService(file, node);
      break;
    default: {
      if (node.name === undefined) break;
      const own = declaredBy(program, node);
      if (own === undefined) {
        if (node.kind === "broken") yield declaredAs(file, node.name, { kind: "service", node });
        break;
      }
      yield declaredAs(file, node.name, { kind: "type", type: own });
      if (node.kind === "enum") {
        for (const name of node.values) yield declaredAs(file, name, { kind: "value", type: own });
      }
      if (node.kind === "record") yield* mentionsOfFields(file, node.fields);
      if (node.kind === "alias") yield* mentionsOfType(file, node.type);
    }
  }
}

/** A name where it is declared. */
function declaredAs(file: SourceFile, name: Name, meaning: Meaning): Mention {
  return { place: name, name: name.text, meaning, declared: { file, place: name } };
}

function* mentionsOfService(file: SourceFile, node: ServiceNode): Iterable<Mention> {
  yield declaredAs(file, node.name, { kind: "service", node });
  const base = node.base && file.services.get(node.base.text);
  if (node.base !== undefined && base !== undefined) {
    const declared = { file: base.file, place: base.name };
    yield { place: node.base, name: node.base.text, meaning: { kind: "service", node: base.node }, declared };
  }
  yield* rules(node.auth);
  for (const clause of node.clauses) yield* mentionsOfClause(file, clause);
}

function* mentionsOfClause(file: SourceFile, clause: ClauseNode): Iterable<Mention> {
  if (clause.kind === "connect") yield* mentionsOfFields(file, clause.fields);
  else {
    for (const { message, reply } of clause.uses) {
      yield* typeNamed(file, message);
      if (reply !== undefined) yield* typeNamed(file, reply);
    }
  }
  yield* rules(clause.auth);
}

function* rules(auth: AuthNode | undefined): Iterable<Mention> {
  for (const word of auth?.words ?? []) yield { place: word, name: word.text, meaning: { kind: "rule" } };
}

function* mentionsOfFields(file: SourceFile, fields: readonly FieldNode[]): Iterable<Mention> {
  for (const field of fields) {
    yield declaredAs(file, field.name, { kind: "field", node: field });
    yield* mentionsOfType(file, field.type);
    const value = field.default;
    if (value === undefined || value.kind === "number") continue;
    const name = value.kind === "text" ? value.value : value.name.text;
    // These are never an enum's values, whatever it lists.
    if (value.kind === "name" && /^(true|false|null)$/.test(name)) {
      yield { place: value.name, name, meaning: { kind: "builtin" } };
      continue;
    }
    const [type, declared] = valueNamed(file, field.type, name) ?? [];
    if (type !== undefined && declared !== undefined) {
      const place = value.kind === "text" ? { start: value.start + 1, end: value.end - 1 } : value.name;
      yield { place, name, meaning: { kind: "value", type }, declared: { file: type.file, place: declared } };
    }
  }
}

function* mentionsOfType(file: SourceFile, node: TypeNode): Iterable<Mention> {
  switch (node.kind) {
    case "name":
      if (BUILTIN_NAMES.includes(node.name.text)) {
        yield { place: node.name, name: node.name.text, meaning: { kind: "builtin", node } };
      } else yield* typeNamed(file, node.name);
      break;
    case "applied":
      yield { place: node.name, name: node.name.text, meaning: { kind: "builtin", node } };
      yield* mentionsOfType(file, node.item);
      break;
    case "union":
      for (const branch of node.branches) yield* mentionsOfType(file, branch);
      break;
    case "inline":
      yield* mentionsOfFields(file, node.fields);
  }
}

function* typeNamed(file: SourceFile, name: Name): Iterable<Mention> {
  const type = file.types.get(name.text);
  if (type === undefined) return;
  yield {
    place: name,
    name: name.text,
    meaning: { kind: "type", type },
    declared: { file: type.file, place: type.name },
  };
}

/** An enum's value, where a field of some type may have it. */
function valueNamed(file: SourceFile, type: TypeNode, name: string): [NamedType, Name] | undefined {
  for (const named of enumsIn(file, type)) {
    const value = named.node.kind === "enum" ? named.node.values.find(({ text }) => text === name) : undefined;
    if (value !== undefined) return [named, value];
  }
  return undefined;
}

/**
 * Finds the enums whose values a field of some type may have; also what can't be read just now and may be one.
 *
 * @param file Where the type stands.
 * @param type The type.
 */
export function* enumsIn(file: SourceFile, type: TypeNode): Iterable<NamedType> {
  const seen = new Set<NamedType>();
  const open = [{ file, type }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { file, type } = next;
    if (type.kind === "union") { for (const branch of type.branches) open.push({ file, type: branch }); }
    const named = type.kind === "name" ? file.types.get(type.name.text) : undefined;
    if (named === undefined || seen.has(named)) continue;
    seen.add(named);
    if (named.node.kind === "alias") open.push({ file: named.file, type: named.node.type });
    else if (named.node.kind !== "record") yield named;
  }
}
