/**
 * From checked modules to TypeScript: one text for each.
 *
 * @module
 */

import { print } from "../idl/layout.ts";
import type { Module } from "../idl/module.ts";
import { commentText } from "./comment.ts";
import { declarationCode } from "./declaration.ts";
import { type Entities, link } from "./entities.ts";
import { type ExportedNames, exportedNames } from "./names.ts";
import { Scope } from "./scope.ts";
import { serviceCode } from "./service.ts";

/** Where generated files stand, and where they find what they need. */
export interface Layout {
  /** Whether only the types are written, for a declaration file; unless given, all is. */
  readonly declarations?: boolean;
  /** Where a module's generated file finds Holdfast: an import specifier. */
  readonly holdfast: (module: Module) => string;
  /** Where one module's generated file finds another's: an import specifier. */
  readonly specifier: (from: Module, to: Module) => string;
}

/**
 * Writes TypeScript for modules.
 *
 * @param modules Checked modules, all that they import among them.
 * @param layout Where the generated files stand.
 * @returns The text of each module's generated file: the same for the same modules, on every machine.
 */
export function generate(modules: readonly Module[], layout: Layout): Map<Module, string> {
  const entities = link(modules);
  const names = new Map(
    modules.map((module) => [module, exportedNames(module, (name) => entities.find(module, name).hasInput)]),
  );
  return new Map(modules.map((module) => [module, moduleCode(module, entities, names, layout)]));
}

function moduleCode(
  module: Module,
  entities: Entities,
  names: ReadonlyMap<Module, ExportedNames>,
  layout: Layout,
): string {
  const scope = new Scope(module, {
    isAmbient: layout.declarations === true,
    holdfast: layout.holdfast(module),
    specifier: (other) => layout.specifier(module, other),
    names: (other) => names.get(other) ?? exportedNames(other, () => false),
  });
  // Each is printed at once: the documents of a large file would fill the memory.
  const statements: string[] = [];
  for (const entity of entities.declared(module)) {
    statements.push(...declarationCode(entity, entities, scope).map(print));
  }
  for (const service of module.services) statements.push(...serviceCode(service, entities, scope).map(print));
  const header = [firstLine(module.file), ...scope.importDeclarations().map(print)].join("\n");
  return [header, ...statements].join("\n\n") + "\n";
}

/** Says what a file was made from: by its name alone, since where it stands differs from machine to machine. */
function firstLine(file: string): string {
  const name = file.replace(/^.*[/\\]/s, "");
  return `// Made from ${commentText(name)} by Holdfast's compiler. Change that file, not this one.`;
}
