/**
 * Source text of functions that write, or read, the values of one named type, while it is put together.
 *
 * A definition may be a peer's. Its text becomes no source text but for names of fields and values of enums, as string
 * literals, and only if they are identifiers; all the rest of it stands in a list of constants, to which the source
 * refers by place.
 *
 * @module
 */

import type { RecordType, Type } from "../../../../idl/definition.ts";
import { FORBIDDEN_NAMES, isIdentifier } from "../../../../idl/rules.ts";
import type { ValueLimits } from "../../../limits.ts";
import type { ValueCodec } from "../values/value_codec.ts";

/** How many types there may be in one unit; containers beyond are left to the interpreting codec. */
const MOST_TYPES = 500;

/** Engines do not optimize functions that are much longer than what comes of this. */
const MOST_FIELDS = 200;
const MOST_BRANCHES = 64;

/** What source is made of. */
export interface UnitContext {
  readonly types: { readonly [name: string]: Type };
  readonly limits: ValueLimits;
  /** The interpreting codec of a type. */
  readonly interpreted: (type: Type) => ValueCodec;
  /** What has the functions of another named type, as `encode` and `decode`. */
  readonly link: (name: string) => object;
}

/** The source text of some functions. */
export class Unit {
  readonly context: UnitContext;
  /** What the source knows as `c0`, `c1`, and so on. */
  readonly constants: unknown[] = [];
  /** The functions. */
  functions = "";
  #variables = 0;
  #types = 0;

  /**
   * Begins one.
   *
   * @param context What it is made of.
   */
  constructor(context: UnitContext) {
    this.context = context;
  }

  /**
   * Thinks of a name.
   *
   * @returns A name not used before.
   */
  variable(): string {
    return `v${this.#variables++}`;
  }

  /**
   * Takes note of a constant.
   *
   * @param value Anything.
   * @returns The name by which the source knows it.
   */
  constant(value: unknown): string {
    return `c${this.constants.push(value) - 1}`;
  }

  /**
   * Adds a function.
   *
   * @param parameters The names of its parameters.
   * @param body Makes its statements, and may add functions meanwhile.
   * @returns Its name.
   */
  addFunction(parameters: string, body: () => string): string {
    const name = `f${this.#variables++}`;
    const statements = body();
    this.functions += `function ${name}(${parameters}) {\n${statements}}\n`;
    return name;
  }

  /**
   * Finds what is behind a name.
   *
   * @param name The name of a type.
   * @returns The type, if its source is best put where its name stands; else, the name by which the source knows what has
   * its functions.
   */
  target(name: string): Type | string {
    const type = this.context.types[name]!;
    return type.type === "enum" ? type : this.constant(this.context.link(name));
  }

  /**
   * Counts a type.
   *
   * @param type The type.
   * @returns Whether source is made for it: else, it is left to the interpreting codec.
   */
  takes(type: Type): boolean {
    this.#types += 1;
    switch (type.type) {
      case "any":
      case "long":
      case "int|long":
        return false;
      case "string":
        return type.pattern === undefined;
      case "list":
      case "map":
        return this.#types <= MOST_TYPES;
      case "union":
        return this.#types <= MOST_TYPES && type.branches.length <= MOST_BRANCHES;
      case "record":
        return this.#types <= MOST_TYPES && type.fields.length <= MOST_FIELDS && hasCleanNames(type);
      default:
        return true;
    }
  }
}

/** The checker and the validator let no others through: this makes sure, here, where it matters. */
function hasCleanNames(type: RecordType): boolean {
  return type.fields.every(({ name }) => isIdentifier(name) && !FORBIDDEN_NAMES.has(name));
}

/**
 * Makes a condition.
 *
 * @param value What the source knows the number by.
 * @param bounds Both inclusive.
 * @returns What holds if the number is outside, with `||` before each part; "" without bounds.
 */
export function outside(value: string, bounds: { readonly min?: number; readonly max?: number }): string {
  const below = bounds.min === undefined ? "" : ` || ${value} < ${number(bounds.min)}`;
  return bounds.max === undefined ? below : `${below} || ${value} > ${number(bounds.max)}`;
}

/**
 * Makes the source of a number.
 *
 * @param value A number; nothing else would become source as it stands.
 * @returns Its literal.
 */
export function number(value: number): string {
  return String(Number(value));
}

/**
 * Makes the source that refuses.
 *
 * @param conditions Each with `||` before it, or "".
 * @returns A statement that throws if one of them holds.
 */
export function refuse(conditions: string): string {
  return conditions === "" ? "" : `if (${conditions.slice(" || ".length)}) throw BAIL;\n`;
}

/**
 * Makes the source that goes into a container.
 *
 * @param unit Where it stands.
 * @returns A statement that counts `d` up, and throws where that is too deep.
 */
export function deeper(unit: Unit): string {
  return `if (++d > ${unit.context.limits.depth}) throw BAIL;\n`;
}

/**
 * Makes the source that counts `n` items.
 *
 * @param unit Where it stands.
 * @returns A statement that throws where there are too many in all.
 */
export function countCheck(unit: Unit): string {
  return `if ((B.items += n) > ${unit.context.limits.items}) throw BAIL;\n`;
}
