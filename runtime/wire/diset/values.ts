/**
 * Makes the codec of a type: closures that call one another, as the type is put together. What each kind of value is in
 * Python is said beside the code for it, in `values/`, and for users in `docs/diset_values.md`.
 *
 * @module
 */

import type { Field, RecordType, Shape, Type } from "../../../idl/definition.ts";
import { admitsNull } from "../../../idl/diset.ts";
import { defaultValue } from "../../../idl/rules.ts";
import type { ValueLimits } from "../../limits.ts";
import { Budget, type Budgets } from "../values/budget.ts";
import { digitsCheck } from "../values/numbers.ts";
import { anyCodec } from "./values/any.ts";
import { listCodec, mapCodec } from "./values/containers.ts";
import { floatCodec, intCodec, longCodec, TIMESTAMP } from "./values/numbers.ts";
import { type FieldPlan, type MessageCodec, messageCodec, recordCodec } from "./values/record.ts";
import { BOOL, bytesCodec, enumCodec, literalCodec, stringCodec } from "./values/scalars.ts";
import { unionCodec } from "./values/union.ts";
import type { ValueCodec } from "./values/value_codec.ts";

/** The codecs of a definition's types. */
export interface ValueCodecs {
  /** What is left of the limits: the caller starts and ends each. */
  readonly budgets: Budgets;
  /** Makes the codec of a type. */
  of(type: Type): ValueCodec;
  /** Makes the codec of a message. */
  message(type: RecordType): MessageCodec;
}

/**
 * Prepares the codecs of named types.
 *
 * @param types The named types, valid.
 * @param limits Bounds on the values of one message.
 * @returns Their codecs.
 */
export function valueCodecs(types: Shape["types"], limits: ValueLimits): ValueCodecs {
  const budgets: Budgets = { encode: new Budget(limits), decode: new Budget(limits) };
  const checkDigits = digitsCheck(limits.digits);
  const any = anyCodec(checkDigits, budgets);
  const byName = new Map<string, ValueCodec>();

  function named(name: string): ValueCodec {
    let codec = byName.get(name);
    if (codec === undefined) byName.set(name, codec = of(types[name]!));
    return codec;
  }

  /** Made on first use: a chain of types that refer to one another may be long, or come back to its start. */
  function reference(name: string): ValueCodec {
    let target: ValueCodec | undefined;
    return {
      get expected() {
        return named(name).expected;
      },
      encode: (value) => (target ??= named(name)).encode(value),
      decode: (from) => (target ??= named(name)).decode(from),
    };
  }

  function plan(field: Field): FieldPlan {
    const optional = field.optional === true;
    return {
      name: field.name,
      codec: of(field.type),
      optional,
      default: field.default === undefined ? undefined : defaultValue(field.default),
      noneIsAbsent: (optional || field.default !== undefined) && !admitsNull(field.type, types),
    };
  }

  function of(type: Type): ValueCodec {
    switch (type.type) {
      case "bool":
        return BOOL;
      case "int":
        return intCodec(type);
      case "long":
      case "int|long":
        return longCodec(type, checkDigits);
      case "float":
        return floatCodec(type);
      case "string":
        return stringCodec(type, budgets);
      case "bytes":
        return bytesCodec(type);
      case "timestamp":
        return TIMESTAMP;
      case "any":
        return any;
      case "literal":
        return literalCodec(type);
      case "enum":
        return enumCodec(type);
      case "list":
        return listCodec(type, of(type.items), budgets);
      case "map":
        return mapCodec(type, of(type.values), budgets);
      case "union":
        return unionCodec(type, types, of);
      case "record":
        return recordCodec(type, plan, budgets);
      case "ref":
        return reference(type.name);
    }
  }

  return { budgets, of, message: (type) => messageCodec(type, plan, budgets) };
}
