/**
 * Whether JSON has the form of a definition: the right members with the right types, and no others. What it means is not
 * looked at.
 *
 * @module
 */

import type { Docs, Shape } from "../definition.ts";
import { DefinitionError, type DefinitionLimits, quote } from "./problem.ts";

type Json = { readonly [key: string]: unknown };
type Members = { readonly [member: string]: Check };
type Check = (value: unknown, path: string, walk: Walk) => void;

/** How deep the walk is, and how deep it may go. */
interface Walk {
  readonly depth: number;
  readonly limits: DefinitionLimits;
}

const length = { "min?": number, "max?": number };
const digits = { "min?": text, "max?": text };

const bigDefault = object({ long: text });
const field = object({ name: text, type, "optional?": onlyTrue, "default?": defaultValue });
/** Each type by its name. A question mark ends the name of a member that may be absent. */
const TYPES: ReadonlyMap<unknown, Check> = types({
  bool: {},
  int: length,
  long: digits,
  "int|long": digits,
  float: length,
  string: { ...length, "pattern?": text },
  bytes: length,
  timestamp: {},
  any: {},
  literal: { value: scalar },
  enum: { values: list(text, "names") },
  list: { items: type, ...length },
  map: { values: type, ...length },
  union: { branches: list(type, "names") },
  record: { fields: list(field, "fields") },
  ref: { name: text },
});

const message = object({
  name: text,
  number,
  "receives?": object({ "reply?": text }),
  "sends?": object({ "reply?": text }),
});
const definition = object({
  shape: object({ service: text, connect: type, messages: list(message, "names"), types: dictionary(type) }),
  docs: dictionary(text),
});

/**
 * Checks the form of a definition.
 *
 * @param json What JSON has been parsed to.
 * @param limits How large the definition may be.
 * @returns The same, now known to have the form.
 * @throws {DefinitionError} If it has not.
 */
export function checkForm(json: unknown, limits: DefinitionLimits): { readonly shape: Shape; readonly docs: Docs } {
  definition(json, "", { depth: 0, limits });
  return json as { readonly shape: Shape; readonly docs: Docs };
}

function type(value: unknown, path: string, walk: Walk): void {
  if (walk.depth >= walk.limits.depth) throw new DefinitionError(path, "types are nested too deeply");
  const kind = isObject(value) ? value["type"] : undefined;
  const check = TYPES.get(kind);
  if (check === undefined) throw new DefinitionError(path, "no such type is known");
  check(value, path, { ...walk, depth: walk.depth + 1 });
}

function types(members: { readonly [type: string]: Members }): ReadonlyMap<unknown, Check> {
  return new Map(Object.entries(members).map(([name, own]) => [name, object({ type: text, ...own })]));
}

function onlyTrue(value: unknown, path: string): void {
  if (value !== true) throw new DefinitionError(path, "true is expected where it is present");
}

function defaultValue(value: unknown, path: string, walk: Walk): void {
  if (isObject(value)) bigDefault(value, path, walk);
  else scalar(value, path);
}

function scalar(value: unknown, path: string): void {
  if (typeof value === "object" && value !== null) throw new DefinitionError(path, "a literal is expected");
}

function number(value: unknown, path: string): void {
  if (typeof value !== "number") throw new DefinitionError(path, "a number is expected");
}

function text(value: unknown, path: string): void {
  if (typeof value !== "string") throw new DefinitionError(path, "a string is expected");
}

function object(members: Members): Check {
  const checks = new Map(Object.entries(members).map(([name, check]) => [name.replace("?", ""), check]));
  const required = Object.keys(members).filter((name) => !name.endsWith("?"));
  return (value, path, walk) => {
    if (!isObject(value)) throw new DefinitionError(path, "an object is expected");
    for (const name of required) {
      if (!Object.hasOwn(value, name)) throw new DefinitionError(path, `its ${name} is missing`);
    }
    for (const [name, member] of Object.entries(value)) {
      const check = checks.get(name);
      if (check === undefined) throw new DefinitionError(path, `no member ${quote(name)} is known`);
      check(member, path === "" ? name : `${path}.${name}`, walk);
    }
  };
}

function dictionary(member: Check): Check {
  return (value, path, walk) => {
    if (!isObject(value)) throw new DefinitionError(path, "an object is expected");
    for (const [name, inner] of Object.entries(value)) {
      member(inner, `${path}.${name.length > 60 ? `${name.slice(0, 60)}…` : name}`, walk);
    }
  };
}

function list(item: Check, limit: "names" | "fields"): Check {
  return (value, path, walk) => {
    if (!Array.isArray(value)) throw new DefinitionError(path, "a list is expected");
    const most = walk.limits[limit];
    if (value.length > most) throw new DefinitionError(path, `there are more than ${most}`);
    for (const [index, inner] of value.entries()) item(inner, `${path}[${index}]`, walk);
  };
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
