/**
 * Whether a definition is one that the language could have written: what was said of its form (`form.ts`) holds already.
 *
 * @module
 */

import type { Docs, RecordType, Shape, Type, UnionType } from "../definition.ts";
import { patternProblem } from "../pattern.ts";
import {
  defaultProblem,
  FORBIDDEN_NAMES,
  infiniteTypes,
  isIdentifier,
  isServiceName,
  mentionedNames,
  namesOnCycles,
  rangeProblem,
  RESERVED_NAMES,
  unionConflicts,
} from "../rules.ts";
import { checkMessages } from "./messages.ts";
import { DefinitionError, type DefinitionLimits, quote } from "./problem.ts";

/**
 * Checks the meaning of a definition.
 *
 * @param shape Its shape, of the right form and no deeper than `limits` allow.
 * @param docs Its doc comments.
 * @param limits How large it may be.
 * @throws {DefinitionError} If the language could not have written it.
 */
export function checkMeaning(shape: Shape, docs: Docs, limits: DefinitionLimits): void {
  if (!isServiceName(shape.service)) throw new DefinitionError("shape.service", "System/Component is expected");
  if (shape.connect.type !== "record") throw new DefinitionError("shape.connect", "a record is expected");
  const names = Object.keys(shape.types);
  if (names.length > limits.names) throw new DefinitionError("shape.types", `there are more than ${limits.names}`);
  const checker = new TypeChecker(shape.types, limits);
  for (const name of names) {
    if (RESERVED_NAMES.has(name)) throw new DefinitionError("shape.types", `no type can be named ${name}`);
    checkName(name, "shape.types");
    checker.checkNamed(name);
  }
  checker.check(shape.connect, "shape.connect");
  checkAliases(shape.types);
  const [infinite] = infiniteTypes(shape.types);
  if (infinite !== undefined) throw new DefinitionError(`shape.types.${infinite}`, "it has no finite value");
  checkMessages(shape);
  checkReachable(shape);
  checkDocs(shape, docs);
}

function checkName(name: string, path: string): void {
  if (!isIdentifier(name)) throw new DefinitionError(path, `${quote(name)} is not a name`);
  if (FORBIDDEN_NAMES.has(name)) throw new DefinitionError(path, `the name ${name} is not allowed`);
}

/** Checks types one by one. */
class TypeChecker {
  readonly #types: Shape["types"];
  readonly #limits: DefinitionLimits;
  readonly #patterns = new Set<string>();

  constructor(types: Shape["types"], limits: DefinitionLimits) {
    this.#types = types;
    this.#limits = limits;
  }

  /** A named type is an enum, a record, or an alias that had to stay because it is recursive. */
  checkNamed(name: string): void {
    const type = this.#types[name]!;
    const path = `shape.types.${name}`;
    if (type.type !== "enum") return this.check(type, path);
    if (type.values.length === 0) throw new DefinitionError(path, "it has no values");
    if (new Set(type.values).size < type.values.length) throw new DefinitionError(path, "a value comes twice");
    const bad = type.values.find((value) => !isIdentifier(value));
    if (bad !== undefined) throw new DefinitionError(path, `${quote(bad)} is not a name`);
  }

  check(type: Type, path: string): void {
    const range = rangeProblem(type);
    if (range !== undefined) throw new DefinitionError(path, range);
    switch (type.type) {
      case "enum":
        throw new DefinitionError(path, "an enum must have a name");
      case "string":
        return this.#checkPattern(type.pattern, path);
      case "literal":
        if (typeof type.value !== "number" || Number.isSafeInteger(type.value)) return;
        throw new DefinitionError(path, "a literal number must be whole and within ±(2^53−1)");
      case "ref":
        if (Object.hasOwn(this.#types, type.name)) return;
        throw new DefinitionError(path, `no type is named ${quote(type.name)}`);
      case "list":
        return this.check(type.items, `${path}.items`);
      case "map":
        return this.check(type.values, `${path}.values`);
      case "record":
        return this.#checkRecord(type, path);
      case "union":
        return this.#checkUnion(type, path);
    }
  }

  #checkPattern(pattern: string | undefined, path: string): void {
    if (pattern === undefined || this.#patterns.has(pattern)) return;
    if (this.#patterns.size >= this.#limits.patterns) throw new DefinitionError(path, "there are too many patterns");
    this.#patterns.add(pattern);
    const problem = patternProblem(pattern);
    if (problem !== undefined) throw new DefinitionError(path, problem);
  }

  #checkRecord(record: RecordType, path: string): void {
    const names = new Set<string>();
    for (const [index, field] of record.fields.entries()) {
      const place = `${path}.fields[${index}]`;
      checkName(field.name, place);
      if (names.has(field.name)) throw new DefinitionError(place, `${field.name} comes twice`);
      names.add(field.name);
      this.check(field.type, place);
      if (field.default === undefined) continue;
      if (field.optional) throw new DefinitionError(place, "a field can't both be optional and have a default");
      const problem = defaultProblem(field.type, field.default, this.#types);
      if (problem !== undefined) throw new DefinitionError(place, `its default can't be: ${problem}`);
    }
  }

  #checkUnion(union: UnionType, path: string): void {
    if (union.branches.length < 2) throw new DefinitionError(path, "a union has two branches at least");
    const kinds = new Set<string>();
    for (const [index, branch] of union.branches.entries()) {
      this.check(branch, `${path}.branches[${index}]`);
      const target = branch.type === "ref" ? this.#types[branch.name]! : branch;
      if (target.type === "union") throw new DefinitionError(path, "a union's branch can't be a union itself");
      kinds.add(target.type);
    }
    if (kinds.has("int") && kinds.has("long")) throw new DefinitionError(path, "int beside long must be int|long");
    const [conflict] = unionConflicts(union.branches, this.#types);
    if (conflict === undefined) return;
    throw new DefinitionError(path, `branches ${conflict.a} and ${conflict.b} can't be told apart: ${conflict.reason}`);
  }
}

/** Aliases are written out where they are used, but for those that lead back to themselves through aliases alone. */
function checkAliases(types: Shape["types"]): void {
  const aliases = Object.entries(types).filter(([, type]) => type.type !== "record" && type.type !== "enum");
  const recursive = namesOnCycles(new Map(aliases.map(([name, type]) => [name, mentionedNames(type)])));
  for (const [name, type] of aliases) {
    if (recursive.has(name) && type.type !== "ref") continue;
    throw new DefinitionError(`shape.types.${name}`, "only a record, an enum or a recursive type has a name");
  }
}

function checkReachable(shape: Shape): void {
  const reached = new Set<string>();
  const open = [...shape.messages.map((message) => message.name), ...mentionedNames(shape.connect)];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    for (const next of mentionedNames(shape.types[name]!)) open.push(next);
  }
  const stray = Object.keys(shape.types).find((name) => !reached.has(name));
  if (stray !== undefined) throw new DefinitionError(`shape.types.${stray}`, "nothing leads to it");
}

function checkDocs(shape: Shape, docs: Docs): void {
  const members = new Map<string, ReadonlySet<string>>([["connect", memberNames(shape.connect)]]);
  for (const [name, type] of Object.entries(shape.types)) members.set(name, memberNames(type));
  for (const path of Object.keys(docs)) {
    const [name = "", member, ...rest] = path.split(".", 3);
    const known = path === ""
      || (member === undefined
        ? Object.hasOwn(shape.types, name)
        : members.get(name)?.has(member) && rest.length === 0);
    if (known !== true) throw new DefinitionError("docs", `there is no ${quote(path)}`);
  }
}

function memberNames(type: Type): ReadonlySet<string> {
  if (type.type === "record") return new Set(type.fields.map((field) => field.name));
  return new Set(type.type === "enum" ? type.values : []);
}
