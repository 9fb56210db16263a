/**
 * Makes types of syntax: written out, as definitions have them. Aliases are replaced by what they stand for, except
 * recursive ones; unions within unions are flattened; `int` and `long` in a union become one.
 *
 * Each node is written out once, and what is wrong with it is told then. What has a problem is left out.
 *
 * @module
 */

import { appliedType, BUILTIN_NAMES, builtinType, literalType, type Report } from "./builtin.ts";
import type { EnumType, Field, RecordType, Type } from "./definition.ts";
import { show } from "./expectation.ts";
import { mergeIntegers } from "./integers.ts";
import { checkName } from "./names.ts";
import type { NamedType, Program, SourceFile, WrittenBranch } from "./program.ts";
import { MAX_DEPTH } from "./split.ts";
import { suggest } from "./suggest.ts";
import type { EnumNode, FieldNode, Name, NameNode, Span, TypeNode, UnionNode } from "./syntax.ts";

/** How large a type is when it is written out. */
interface Size {
  readonly depth: number;
  readonly count: number;
}

/** As how many types a pattern counts: it is compiled. */
const PATTERN_EFFORT = 100;

/** What a record comes to. */
export interface WrittenRecord {
  /** Absent if it is nested too deep. */
  readonly type: RecordType | undefined;
  /** Whether all of its fields are in it. */
  readonly isComplete: boolean;
}

const LEAF: Size = { depth: 1, count: 1 };

/** Writes types out. */
export class Lowering {
  readonly #program: Program;
  readonly #sizes = new Map<Type, Size>();

  constructor(program: Program) {
    this.#program = program;
  }

  /** How many types there are in one that has been written out, itself included. */
  count(type: Type): number {
    return this.#size(type).count;
  }

  /** Writes out a type; `undefined` if it has a problem. */
  type(file: SourceFile, node: TypeNode): Type | undefined {
    const report = this.#report(file);
    switch (node.kind) {
      case "text":
      case "number":
        return literalType(node, report);
      case "name":
        return this.#named(file, node, report);
      case "applied": {
        const item = this.type(file, node.item);
        const type = item && appliedType(node, item, report);
        return type && item && this.#measured(file, node, type, [item]);
      }
      case "inline": {
        const { type, isComplete } = this.record(file, node, node.fields);
        return isComplete ? type : undefined;
      }
      case "union":
        return this.#union(file, node, report);
    }
  }

  /** Writes out a record; fields that have a problem are left out. */
  record(file: SourceFile, place: Span, nodes: readonly FieldNode[]): WrittenRecord {
    const fields: Field[] = [];
    const names = new Map<string, Name>();
    for (const node of nodes) {
      const { name } = node;
      const other = names.get(name.text);
      if (other !== undefined) {
        const message = () => `There is a field ${show(name.text)} already: at ${file.source.at(other)}.`;
        this.#program.problem(file, name, message);
      }
      names.set(name.text, other ?? name);
      const isNamed = checkName(this.#program, file, name);
      const type = this.type(file, node.type);
      if (type === undefined || other !== undefined || !isNamed) continue;
      const field: Field = { name: name.text, type, ...(node.optional && { optional: true }) };
      fields.push(field);
      if (node.default !== undefined) this.#program.defaults.push({ file, node, type, field });
    }
    const type = this.#measured(file, place, { type: "record", fields }, fields.map((field) => field.type));
    return { type, isComplete: fields.length === nodes.length };
  }

  /** Writes out an enum. */
  enumeration(file: SourceFile, node: EnumNode): EnumType {
    const values = new Map<string, Name>();
    for (const name of node.values) {
      const other = values.get(name.text);
      if (other === undefined) values.set(name.text, name);
      else {
        const message = () => `There is a value ${show(name.text)} already: at ${file.source.at(other)}.`;
        this.#program.problem(file, name, message);
      }
      if (name.text.length > 255) this.#program.problem(file, name, "A name has 255 characters at the most.");
    }
    if (values.size === 0 && !node.incomplete) {
      this.#program.problem(file, node.name, "An enum has one value at least.");
    }
    return { type: "enum", values: [...values.keys()] };
  }

  /**
   * Takes note of how large a type is that is made of others.
   *
   * @returns The type; `undefined` if it is too deep, which has been reported.
   */
  #measured<T extends Type>(file: SourceFile, place: Span, type: T, inner: readonly Type[]): T | undefined {
    const size = sum(inner.map((type) => this.#size(type)));
    if (size.depth > MAX_DEPTH) {
      const message = `Types are nested more than ${MAX_DEPTH} deep here, with aliases written out.`;
      return this.#report(file)(place, message, () => "Declare records for the inner ones.");
    }
    this.#sizes.set(type, size);
    return type;
  }

  #size(type: Type): Size {
    return this.#sizes.get(type) ?? LEAF;
  }

  #report(file: SourceFile): Report {
    return (place, message, hint) => {
      this.#program.problem(file, place, message, hint);
      return undefined;
    };
  }

  #named(file: SourceFile, node: NameNode, report: Report): Type | undefined {
    if (node.range?.pattern && !this.#program.spend(PATTERN_EFFORT, file, node.range.pattern)) return undefined;
    const builtin = builtinType(node, report);
    if (builtin !== "unknown") return builtin;
    const type = file.types.get(node.name.text);
    if (type === undefined) return file.open ? undefined : reportUnknown(file, node.name, report);
    file.used.add(type);
    if (node.range !== undefined) {
      return report(node.range, `${show(node.name.text)} has no range here.`, () => "Only built-in types take one.");
    }
    return writtenOut(type);
  }

  #union(file: SourceFile, node: UnionNode, report: Report): Type | undefined {
    const types = node.branches.map((branch) => this.type(file, branch));
    const branches: WrittenBranch[] = [];
    for (const [index, branch] of node.branches.entries()) {
      const type = types[index];
      if (type === undefined) return undefined;
      const inner = flat(file, branch, type);
      if (!this.#program.spend(inner.length, file, branch)) return undefined;
      for (const type of inner) branches.push({ type, node: branch });
    }
    const merged = mergeIntegers(branches, (type, _, last) => ({ type, node: last.node }));
    if ("problem" in merged) return report(merged.problem.node, merged.message, () => "Write `int|long(0..10)`.");
    this.#program.unions.push({ file, branches: merged.branches });
    const all = merged.branches.map(({ type }) => type);
    const union = all.length === 1 ? all[0] : this.#measured(file, node, { type: "union", branches: all }, all);
    const isMergedByAlias = merged.branches.length < branches.length && branches.some(isIntegerByAlias);
    if (isMergedByAlias && union !== undefined) this.#program.mergedUnions.set(node, union);
    return union;
  }
}

function reportUnknown(file: SourceFile, name: Name, report: Report): undefined {
  const known = function*() {
    yield* file.types.keys();
    yield* BUILTIN_NAMES;
    yield* ["list", "map"];
  };
  return report(name, () => `There is no type ${show(name.text)}.`, () => suggest(name.text, known()) ?? UNKNOWN_HINT);
}

const UNKNOWN_HINT = "Declare it, or import the file that declares it.";

/** What a name stands for; `undefined` if that has a problem of its own. */
function writtenOut(type: NamedType): Type | undefined {
  const target = type.same ?? type;
  if (target.node.kind === "broken") return undefined;
  if (target.node.kind !== "alias" || target.recursive) return target.ref;
  return target.type;
}

/** A union's branches where a branch is one itself, if only by name. */
function flat(file: SourceFile, node: TypeNode, type: Type): readonly Type[] {
  const alias = type.type === "ref" && node.kind === "name" ? file.types.get(node.name.text) : undefined;
  const behind = (alias?.same ?? alias)?.recursive ? (alias?.same ?? alias)?.type : type;
  return behind?.type === "union" ? behind.branches : [type];
}

function isIntegerByAlias({ type, node }: WrittenBranch): boolean {
  return (type.type === "int" || type.type === "long") && !(node.kind === "name" && node.name.text === type.type);
}

function sum(inner: readonly Size[]): Size {
  let { depth, count } = LEAF;
  for (const size of inner) {
    depth = Math.max(depth, size.depth + 1);
    count += size.count;
  }
  return { depth, count };
}
