/**
 * The names in one generated file: its own, and what it imports, found out while the file is written.
 *
 * @module
 */

import { type Doc, group } from "../idl/layout.ts";
import type { Module } from "../idl/module.ts";
import type { Entity } from "./entities.ts";
import { quote } from "./literal.ts";
import { claim, type ExportedNames } from "./names.ts";
import { list } from "./printer.ts";

/** The names of the standard library that generated types may use. */
const GLOBALS = ["Date", "Omit", "Record", "Uint8Array"] as const;

/** One of the names of the standard library that generated types may use. */
export type GlobalName = (typeof GLOBALS)[number];

/** What the file of a scope has to know about others. */
export interface Surroundings {
  /** Whether the file only declares what another has. */
  readonly isAmbient: boolean;
  /** Where generated code finds Holdfast, seen from this file. */
  readonly holdfast: string;
  /** Where another module's generated file is, seen from this one. */
  readonly specifier: (module: Module) => string;
  /** What another module's generated file exports. */
  readonly names: (module: Module) => ExportedNames;
}

/** The names in one generated file. */
export class Scope {
  /** The module that the file is made from. */
  readonly module: Module;
  /** What the file exports. */
  readonly names: ExportedNames;
  /** Whether the file only declares what another has: it has no values. */
  readonly isAmbient: boolean;
  readonly #surroundings: Surroundings;
  readonly #taken: Set<string>;
  /** By specifier, by exported name. */
  readonly #imports = new Map<string, Map<string, { readonly local: string; isValue: boolean }>>();

  /**
   * @param module The module that the file is made from.
   * @param surroundings Where to find what it imports.
   */
  constructor(module: Module, surroundings: Surroundings) {
    this.module = module;
    this.names = surroundings.names(module);
    this.isAmbient = surroundings.isAmbient;
    this.#surroundings = surroundings;
    this.#taken = new Set([...this.names.taken, ...GLOBALS]);
  }

  /**
   * The name of a declaration's type.
   *
   * @param entity The declaration, of this file or another.
   * @param input Whether what a sender gives is meant, where that differs.
   */
  type(entity: Entity, input: boolean): string {
    const names = this.#surroundings.names(entity.module);
    const { name } = entity.declaration;
    return this.#visible(entity, input && entity.hasInput ? names.input(name) : names.declaration(name), false);
  }

  /** The name of a declaration's schema. */
  schema(entity: Entity): string {
    return this.#visible(entity, this.#surroundings.names(entity.module).declaration(entity.declaration.name), true);
  }

  /** The name of something that Holdfast exports. */
  holdfast(name: string, kind: "type" | "value"): string {
    return this.#import(this.#surroundings.holdfast, name, kind === "value");
  }

  /** The name of something that the standard library has, also where the file declares the same name. */
  global(name: GlobalName): string {
    return this.names.taken.has(name) ? `globalThis.${name}` : name;
  }

  /** The import declarations for all names asked for so far: Holdfast's first. */
  importDeclarations(): Doc[] {
    return [...this.#imports].sort(([a], [b]) => this.#rank(a) - this.#rank(b) || compare(a, b)).map(
      ([specifier, names]) => {
        const items = [...names].sort(([a], [b]) => compare(a.toLowerCase(), b.toLowerCase()) || compare(a, b)).map(
          ([name, { local, isValue }]) => `${isValue ? "" : "type "}${name}${local === name ? "" : ` as ${local}`}`,
        );
        return group(["import ", list("{", items, "}", { padding: " " }), ` from ${quote(specifier)};`]);
      },
    );
  }

  #rank(specifier: string): number {
    return specifier === this.#surroundings.holdfast ? 0 : 1;
  }

  #visible(entity: Entity, name: string, isValue: boolean): string {
    if (entity.module === this.module) return name;
    return this.#import(this.#surroundings.specifier(entity.module), name, isValue);
  }

  #import(specifier: string, name: string, isValue: boolean): string {
    let names = this.#imports.get(specifier);
    if (names === undefined) this.#imports.set(specifier, names = new Map());
    let entry = names.get(name);
    if (entry === undefined) names.set(name, entry = { local: claim(name, this.#taken), isValue });
    entry.isValue ||= isValue;
    return entry.local;
  }
}

/** By code units: the same everywhere, whatever the locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
