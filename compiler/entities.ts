/**
 * The declarations of all modules, tied together: what a name in a file stands for, and what generated code has to know
 * about it that no single declaration tells.
 *
 * @module
 */

import type { Shape, Type } from "../idl/definition.ts";
import type { Declaration, Module } from "../idl/module.ts";
import { dependencyOrder } from "./order.ts";

/** A declaration in its file. */
export interface Entity {
  readonly module: Module;
  readonly declaration: Declaration;
  /** What it refers to, in the order of the text. */
  readonly uses: readonly Entity[];
  /** Whether a sender may leave something out that the receiver has: a field with a default, here or further in. */
  readonly hasInput: boolean;
  /** Those that it refers to and that refer back to it, itself included; none if there are none. */
  readonly circle: readonly Entity[];
}

/** The entities of all modules. */
export interface Entities {
  /** Those that a module declares, each after those that it uses, else in the order of the text. */
  declared(module: Module): readonly Entity[];
  /** What a name stands for in a file. */
  find(module: Module, name: string): Entity;
  /** What a name stands for in a service's definition, which may have taken it over from a base in another file. */
  findIn(module: Module, shape: Shape, name: string): Entity;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/**
 * Ties the declarations of modules together.
 *
 * @param modules Checked modules, all that they import among them.
 * @returns The entities.
 */
export function link(modules: readonly Module[]): Entities {
  const byFile = new Map(modules.map((module) => [module.file, module]));
  const own = new Map(
    modules.map((module) => [
      module,
      new Map(module.declarations.map((declaration): [string, Mutable<Entity>] => [
        declaration.name,
        { module, declaration, uses: [], hasInput: false, circle: [] },
      ])),
    ]),
  );
  const imported = (module: Module): Module[] =>
    module.imports.map(({ file }) => byFile.get(file)).filter((module) => module !== undefined);

  const find = (module: Module, name: string): Mutable<Entity> => {
    for (const at of [module, ...imported(module)]) {
      const entity = own.get(at)?.get(name);
      if (entity !== undefined) return entity;
    }
    throw new Error(`Nothing is called '${name}' in ${module.file}. This is a mistake of the checker's.`);
  };

  const all = modules.flatMap((module) => [...own.get(module)?.values() ?? []]);
  for (const entity of all) {
    entity.uses = [...references(entity.declaration.type)].map((name) => find(entity.module, name));
  }
  markInputs(all);

  const declared = new Map<Module, Entity[]>(modules.map((module) => [module, []]));
  for (const group of dependencyOrder(all, (entity) => entity.uses)) {
    for (const entity of group) {
      if (group.length > 1 || entity.uses.includes(entity)) entity.circle = group;
      declared.get(entity.module)?.push(entity);
    }
  }

  return {
    declared: (module) => declared.get(module) ?? [],
    find,
    findIn(module, shape, name) {
      const type = shape.types[name];
      let nearest: Entity | undefined;
      const seen = new Set([module]);
      for (const at of seen) {
        const entity = own.get(at)?.get(name);
        if (entity !== undefined && type !== undefined && isSameForm(entity.declaration.type, type)) return entity;
        nearest ??= entity;
        for (const next of imported(at)) seen.add(next);
      }
      return nearest ?? find(module, name);
    },
  };
}

/**
 * The names that a type refers to, in order, each once.
 *
 * @param type A type; its nesting is bounded by the checker.
 */
export function references(type: Type): Set<string> {
  const names = new Set<string>();
  const visit = (type: Type): void => {
    if (type.type === "ref") names.add(type.name);
    for (const part of parts(type)) visit(part);
  };
  visit(type);
  return names;
}

/** The types that a type is made of. */
function parts(type: Type): readonly Type[] {
  switch (type.type) {
    case "list":
      return [type.items];
    case "map":
      return [type.values];
    case "union":
      return type.branches;
    case "record":
      return type.fields.map((field) => field.type);
    default:
      return [];
  }
}

/** Whether a sender may leave out a default of this type's own, references aside. */
export function hasDefault(type: Type): boolean {
  if (type.type === "record" && type.fields.some((field) => field.default !== undefined)) return true;
  return parts(type).some(hasDefault);
}

/** Marks whatever has a default, and whatever uses what is marked. */
function markInputs(all: readonly Mutable<Entity>[]): void {
  const users = new Map<Entity, Mutable<Entity>[]>(all.map((entity) => [entity, []]));
  for (const entity of all) for (const used of entity.uses) users.get(used)?.push(entity);
  const marked = all.filter((entity) => hasDefault(entity.declaration.type));
  for (const entity of marked) entity.hasInput = true;
  for (let entity = marked.pop(); entity !== undefined; entity = marked.pop()) {
    for (const user of users.get(entity) ?? []) {
      if (user.hasInput) continue;
      user.hasInput = true;
      marked.push(user);
    }
  }
}

/** Two files far apart may both declare a name; a service uses one of them: the one with the same fields or values. */
function isSameForm(declared: Type, used: Type): boolean {
  if (declared.type === "record" && used.type === "record") {
    return declared.fields.map((field) => field.name).join() === used.fields.map((field) => field.name).join();
  }
  if (declared.type === "enum" && used.type === "enum") return declared.values.join() === used.values.join();
  return declared.type === used.type;
}
