/**
 * From a definition to TypeBox schemas, for what is discovered while running. What was compiled has its schemas in the
 * generated code, built from the same blocks.
 *
 * @module
 */

import type { Field, Shape, Type } from "../idl/definition.ts";
import { defaultValue, mentionedNames, namesOnCycles } from "../idl/rules.ts";
import * as Schema from "./schema_types.ts";

/** How many types may be written out in a schema before it refers to all of them by name. */
const MAX_WRITTEN_OUT = 1_000;

/** A key that no named type can have; those of other types are their names. */
const ROOT = "connect";

/**
 * Makes the schema of a message, of another named type, or of the connect arguments.
 *
 * @param shape The shape of a service.
 * @param name The name of one of {@link Shape.types}, or `connect` for the connect arguments.
 * @returns A schema that accepts exactly what can be sent as such a value.
 * @throws {RangeError} If the shape has no type of that name.
 *
 * @example
 * ```ts
 * import { parse, schemaOf } from "holdfast";
 * import { Value } from "typebox/value";
 *
 * const { shape } = parse("Ping < id: int|long > service Test/Ping { auth all receives Ping }");
 * console.assert(Value.Check(schemaOf(shape, "Ping"), { id: 1 }));
 * ```
 */
export function schemaOf(shape: Shape, name: string): Schema.Of<unknown> {
  const type = name === ROOT ? shape.connect : Object.hasOwn(shape.types, name) ? shape.types[name] : undefined;
  if (type === undefined) throw new RangeError(`The service has no type named ${name}.`);
  const reached = reachedFrom(name, type, shape.types);
  const byName = namedTypes(reached);
  const builder = new Builder(shape.types, byName);
  if (byName.size === 0) return builder.build(type);
  const named = [...new Set([...byName, name])];
  const types = named.map((each) => [keyOf(each), builder.build(reached.get(each)!)] as const);
  return Schema.Cyclic(Object.fromEntries(types), keyOf(name)) as Schema.Of<unknown>;
}

/** The type itself and all that it leads to, by name. */
function reachedFrom(name: string, type: Type, types: Shape["types"]): ReadonlyMap<string, Type> {
  const reached = new Map<string, Type>();
  const open: [string, Type][] = [[name, type]];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const [at, type] = next;
    if (reached.has(at)) continue;
    reached.set(at, type);
    for (const mentioned of mentionedNames(type)) open.push([mentioned, types[mentioned]!]);
  }
  return reached;
}

/** The types that must be referred to: those that lead back to themselves, or all, where the schema would grow too large. */
function namedTypes(reached: ReadonlyMap<string, Type>): ReadonlySet<string> {
  const edges = new Map([...reached].map(([name, type]) => [name, mentionedNames(type)]));
  const cyclic = namesOnCycles(edges);
  const sizes = new Map<string, number>();
  // A type is sized once all that it leads to is: it is met a second time then.
  const open = [...reached.keys()];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (cyclic.has(name) || sizes.has(name)) continue;
    const inner = [...edges.get(name)!].filter((each) => !cyclic.has(each));
    const unsized = inner.filter((each) => !sizes.has(each));
    if (unsized.length > 0) open.push(name, ...unsized);
    else sizes.set(name, inner.reduce((sum, each) => sum + sizes.get(each)!, 1));
  }
  const tooLarge = [...sizes.values()].some((size) => size > MAX_WRITTEN_OUT);
  return tooLarge ? new Set(reached.keys()) : cyclic;
}

/** TypeBox does not look for references below keys of these two names. */
function keyOf(name: string): string {
  return name === "const" || name === "enum" ? `${name}.` : name;
}

/** Turns types into schemas, each named type once. */
class Builder {
  readonly #types: Shape["types"];
  readonly #byName: ReadonlySet<string>;
  readonly #built = new Map<string, Schema.Of<unknown>>();

  constructor(types: Shape["types"], byName: ReadonlySet<string>) {
    this.#types = types;
    this.#byName = byName;
  }

  build(type: Type): Schema.Of<unknown> {
    switch (type.type) {
      case "bool":
        return Schema.Bool();
      case "int":
        return Schema.Int(type);
      case "long":
        return Schema.Long(bigRange(type));
      case "int|long":
        return Schema.Integer(bigRange(type));
      case "float":
        return Schema.Float(type);
      case "string":
        return Schema.Text(type);
      case "bytes":
        return Schema.Bytes(type);
      case "timestamp":
        return Schema.Timestamp();
      case "any":
        return Schema.Any();
      case "literal":
        return Schema.Literal(type.value);
      case "enum":
        return Schema.Enum(type.values);
      case "list":
        return Schema.List(this.build(type.items), type);
      case "map":
        return Schema.Dict(this.build(type.values), type);
      case "union":
        return Schema.Union(type.branches.map((branch) => this.build(branch)));
      case "record":
        return Schema.Fields(Object.fromEntries(type.fields.map((field) => [field.name, this.#field(field)])));
      case "ref":
        return this.#byName.has(type.name) ? Schema.Ref(keyOf(type.name)) : this.#named(type.name);
    }
  }

  #field(field: Field): Schema.Of<unknown> {
    const schema = this.build(field.type);
    if (field.default !== undefined) return Schema.Default(schema, defaultValue(field.default));
    return field.optional ? Schema.Optional(schema) : schema;
  }

  #named(name: string): Schema.Of<unknown> {
    let schema = this.#built.get(name);
    if (schema === undefined) this.#built.set(name, schema = this.build(this.#types[name]!));
    return schema;
  }
}

function bigRange(type: { readonly min?: string; readonly max?: string }): Schema.LongRange {
  return {
    ...(type.min !== undefined && { min: BigInt(type.min) }),
    ...(type.max !== undefined && { max: BigInt(type.max) }),
  };
}
