/**
 * Random definitions and one change to each, of which it is known whom it breaks.
 *
 * @module
 */

import fc from "fast-check";
import type { Field, RecordType, Shape, Type } from "../../idl/definition.ts";
import { arbitraryShape } from "../arbitraries.ts";

/** Two shapes that differ in one thing. */
export interface Change {
  readonly writer: Shape;
  readonly reader: Shape;
  /** The message in which they differ; both receive it. */
  readonly name: string;
  readonly effect: Effect;
}

/** What a change does to who writes before it and reads after it, and to the other way round. */
interface Effect {
  readonly change: string;
  readonly forwards: boolean;
  readonly backwards: boolean;
}

/** A change: fields of the message before and after, and an enum that they may name. */
interface Edit extends Effect {
  readonly before: readonly Field[];
  readonly after: readonly Field[];
}

const ENUM: Type = { type: "ref", name: "ProbeBefore" };
const WIDER: Type = { type: "ref", name: "ProbeAfter" };
const NULL: Type = { type: "literal", value: null };

/** From one type to another; whether values of the first fit the second, and the other way round. */
const TYPE_CHANGES: readonly (readonly [Type, Type, boolean, boolean])[] = [
  [{ type: "int", min: 0, max: 5 }, { type: "int", min: 0, max: 9 }, true, false],
  [{ type: "int" }, { type: "int", min: 0 }, false, true],
  [{ type: "int" }, { type: "int|long" }, true, false],
  [{ type: "long" }, { type: "int|long" }, true, false],
  [{ type: "int" }, { type: "long" }, false, false],
  [{ type: "int" }, { type: "float" }, false, false],
  [{ type: "float", max: 1 }, { type: "float" }, true, false],
  [{ type: "long", min: "0" }, { type: "long", min: "-18446744073709551616" }, true, false],
  [{ type: "string", max: 3 }, { type: "string", max: 4 }, true, false],
  [{ type: "string", pattern: "[a-z]+" }, { type: "string" }, true, false],
  [{ type: "string", pattern: "[a-z]+" }, { type: "string", pattern: "[0-9]+" }, false, false],
  [{ type: "bytes" }, { type: "bytes", min: 1 }, false, true],
  [{ type: "timestamp" }, { type: "bytes" }, false, false],
  [ENUM, WIDER, true, false],
  [ENUM, { type: "string" }, true, false],
  [{ type: "bool" }, { type: "literal", value: true }, false, true],
  [{ type: "literal", value: 7 }, { type: "int", min: 7 }, true, false],
  [{ type: "bool" }, { type: "union", branches: [{ type: "bool" }, NULL] }, true, false],
  [
    { type: "union", branches: [NULL, { type: "int" }] },
    { type: "union", branches: [{ type: "int" }, NULL] },
    true,
    true,
  ],
  [
    { type: "union", branches: [NULL, { type: "long" }] },
    { type: "union", branches: [{ type: "int|long" }, NULL] },
    true,
    false,
  ],
];

/** What a type may lie in: the change goes through. */
const WRAPPINGS: readonly ((type: Type) => Type)[] = [
  (items) => ({ type: "list", items, max: 3 }),
  (values) => ({ type: "map", values }),
  (type) => ({ type: "record", fields: [{ name: "inner", type, optional: true }] }),
  (type) => ({
    type: "record",
    fields: [{ name: "other", type: { type: "int" }, default: 3 }, { name: "inner", type }],
  }),
  (items) => ({ type: "union", branches: [NULL, { type: "list", items }] }),
  (type) => ({
    type: "union",
    branches: [
      { type: "record", fields: [{ name: "kind", type: { type: "literal", value: "a" } }, { name: "inner", type }] },
      { type: "record", fields: [{ name: "kind", type: { type: "literal", value: "b" } }] },
      { type: "bytes" },
    ],
  }),
];

function arbitraryTypeChange(): fc.Arbitrary<Edit> {
  const wrappings = fc.array(fc.constantFrom(...WRAPPINGS), { maxLength: 3 });
  return fc.tuple(fc.constantFrom(...TYPE_CHANGES), wrappings).map(([[from, to, forwards, backwards], wrappings]) => {
    const [before, after] = [from, to].map((type) => wrappings.reduce((inner, wrap) => wrap(inner), type)) as [
      Type,
      Type,
    ];
    return edit("type", [{ name: "probe", type: before }], [{ name: "probe", type: after }], forwards, backwards);
  });
}

function arbitraryFieldChange(): fc.Arbitrary<Edit> {
  return fc.tuple(arbitraryTypeChange(), fc.nat(7)).map(([{ before }, kind]) => {
    const type = before[0]!.type;
    const required: Field = { name: "probe", type };
    const optional: Field = { name: "probe", type, optional: true };
    const preset = (value: number): Field => ({ name: "probe", type: { type: "int" }, default: value });
    switch (kind) {
      case 0:
        return edit("a new required field", [], [required], false, true);
      case 1:
        return edit("a new optional field", [], [optional], true, true);
      case 2:
        return edit("a new field with a default", [], [preset(1)], true, true);
      case 3:
        return edit("optional to required", [optional], [required], false, true);
      case 4:
        return edit("another default", [preset(1)], [preset(2)], true, true);
      case 5:
        return edit("required to default", [{ name: "probe", type: { type: "int" } }], [preset(2)], true, true);
      case 6:
        return edit("to any", [required], [{ name: "probe", type: { type: "any" } }], true, false);
      default:
        return edit("renamed", [required], [{ name: "probed", type }], false, false);
    }
  });
}

function edit(
  change: string,
  before: readonly Field[],
  after: readonly Field[],
  forwards: boolean,
  backwards: boolean,
): Edit {
  return { change, before, after, forwards, backwards };
}

/**
 * Random shapes and one change to one message of each.
 *
 * @returns Shapes before and after the change. Everything around it is random.
 */
export function arbitraryChange(): fc.Arbitrary<Change> {
  const edits = fc.oneof(arbitraryTypeChange(), arbitraryFieldChange());
  return arbitraryShape().chain((shape) => {
    const names = fc.constantFrom(...shape.messages.map(({ name }) => name), "Fresh");
    return fc.tuple(names, edits, fc.boolean()).map(([name, effect, first]) => ({
      writer: withProbe(shape, name, effect.before, first),
      reader: withProbe(shape, name, effect.after, first),
      name,
      effect,
    }));
  });
}

/** Puts fields before or behind those of a record, which is made a message. */
function withProbe(shape: Shape, name: string, fields: readonly Field[], first: boolean): Shape {
  const known = shape.types[name] as RecordType | undefined;
  const own = known?.fields ?? [];
  const types: Shape["types"] = {
    ...shape.types,
    ProbeBefore: { type: "enum", values: ["a", "b"] },
    ProbeAfter: { type: "enum", values: ["b", "c", "a"] },
    [name]: { type: "record", fields: first ? [...fields, ...own] : [...own, ...fields] },
  };
  return { ...shape, messages: [{ name, number: 0, receives: {} }], types };
}
