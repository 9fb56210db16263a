/**
 * What a definition must hold to beyond its form: names, ranges, defaults, finite types, and unions whose branches can
 * be told apart. The checker of `.msg` text and the validator of what comes over the wire both ask here.
 *
 * Types may refer to each other in chains of any length, and all of this may be a peer's: nothing here recurses along
 * references, and time is linear in the size of what is given. Nesting inside one type is bounded by the callers.
 *
 * @module
 */

export { defaultProblem, defaultValue } from "./rules/defaults.ts";
export { isRequired } from "./rules/fields.ts";
export { infiniteTypes } from "./rules/finite.ts";
export { rangeProblem } from "./rules/ranges.ts";
export { innerTypes, mentionedNames, namesOnCycles, resolveReference } from "./rules/references.ts";
export {
  type UnionConflict,
  unionConflicts,
  unionLeaves,
  unionTag,
  type ValueKind,
  valueKinds,
} from "./rules/unions.ts";

/**
 * What no field, record, alias or message may be called: `prototype`, and what every object has from birth, so that
 * `object[name]` never finds anything that nobody put there. An enum's values are strings only: they may.
 */
export const FORBIDDEN_NAMES: ReadonlySet<string> = new Set([
  "prototype",
  "__proto__",
  "constructor",
  "hasOwnProperty",
  "isPrototypeOf",
  "propertyIsEnumerable",
  "toLocaleString",
  "toString",
  "valueOf",
  "__defineGetter__",
  "__defineSetter__",
  "__lookupGetter__",
  "__lookupSetter__",
]);

/** What no declaration may be called: the built-in types and literals, and what doc comments of connect arguments hang on. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set([
  "any",
  "bool",
  "bytes",
  "connect",
  "false",
  "float",
  "int",
  "list",
  "long",
  "map",
  "null",
  "string",
  "timestamp",
  "true",
]);

/**
 * Whether a name is an identifier: an ASCII letter or `_`, then letters, digits or `_`, 255 characters at the most.
 *
 * @param name The name.
 * @returns Whether it can name a field, a type, a message or an enum's value. {@link FORBIDDEN_NAMES} are identifiers.
 */
export function isIdentifier(name: string): boolean {
  return name.length <= 255 && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name);
}

/**
 * Whether a name is a service's: two identifiers with a slash between them.
 *
 * @param name The name, such as `Framework/PingPong`.
 * @returns Whether it can name a service.
 */
export function isServiceName(name: string): boolean {
  const parts = name.split("/", 3);
  return parts.length === 2 && parts.every(isIdentifier);
}
