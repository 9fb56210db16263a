/**
 * The declarations of all modules, tied together: what a name in a file stands for, and what generated code has to know
 * about it that no single declaration tells.
 *
 * @module
 */

import type { Type } from "../idl/definition.ts";
import { components } from "../idl/graph.ts";
import type { Declaration, Module } from "../idl/module.ts";
import { innerTypes, mentionedNames } from "../idl/rules.ts";

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
  /** What a name stands for in a file: the file declares it or imports it, also where a service took it over. */
  find(module: Module, name: string): Entity;
}

/** An entity while it is being made. */
interface Draft extends Entity {
  uses: readonly Draft[];
  hasInput: boolean;
  circle: readonly Draft[];
}

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
      new Map(module.declarations.map((declaration): [string, Draft] => [
        declaration.name,
        { module, declaration, uses: [], hasInput: false, circle: [] },
      ])),
    ]),
  );
  const imported = (module: Module): Module[] =>
    module.imports.map(({ file }) => byFile.get(file)).filter((module) => module !== undefined);

  const find = (module: Module, name: string): Draft => {
    for (const at of [module, ...imported(module)]) {
      const entity = own.get(at)?.get(name);
      if (entity !== undefined) return entity;
    }
    throw new Error(`Nothing is called '${name}' in ${module.file}. This is a mistake of the checker's.`);
  };

  const all = modules.flatMap((module) => [...own.get(module)?.values() ?? []]);
  for (const entity of all) {
    entity.uses = [...mentionedNames(entity.declaration.type)].map((name) => find(entity.module, name));
  }
  markInputs(all);

  const place = new Map(all.map((entity, index) => [entity, index]));
  const declared = new Map<Module, Entity[]>(modules.map((module) => [module, []]));
  for (const component of components<Draft>(all, (entity) => entity.uses)) {
    component.sort((a, b) => (place.get(a) ?? 0) - (place.get(b) ?? 0));
    for (const entity of component) {
      if (component.length > 1 || entity.uses.includes(entity)) entity.circle = component;
      declared.get(entity.module)?.push(entity);
    }
  }
  return { declared: (module) => declared.get(module) ?? [], find };
}

/**
 * Whether a sender of a type may leave something out that the receiver has.
 *
 * @param type The type.
 * @param find What a name in it stands for.
 */
export function hasInput(type: Type, find: (name: string) => Entity): boolean {
  return hasDefault(type) || [...mentionedNames(type)].some((name) => find(name).hasInput);
}

/** Whether a sender may leave out a default of this type's own, references aside. */
function hasDefault(type: Type): boolean {
  if (type.type === "record" && type.fields.some((field) => field.default !== undefined)) return true;
  return innerTypes(type).some(hasDefault);
}

/** Marks whatever has a default, and whatever uses what is marked. */
function markInputs(all: readonly Draft[]): void {
  const users = new Map<Entity, Draft[]>(all.map((entity) => [entity, []]));
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
