/**
 * What turns values into Python's and back, made once from a definition.
 *
 * @module
 */

import type { RecordType, Shape } from "../../../idl/definition.ts";
import { HoldfastError } from "../../errors.ts";
import type { ValueLimits } from "../../limits.ts";
import type { Budget, Budgets } from "../values/budget.ts";
import { readFailure, writeFailure } from "../values/failure.ts";
import { requireFit } from "./fit.ts";
import type { Dict, PyValue } from "./python.ts";
import { valueCodecs } from "./values.ts";

/** Converts one record. Its two directions accept the same values, but for what only Python's side may leave out. */
export interface RecordCodec<P extends PyValue> {
  /**
   * Makes Python's values; defaults are filled in.
   *
   * @param value Anything: it is checked, and each of its properties is read once.
   * @throws {HoldfastError} `invalid-message`, which says where the value is not what its type asks for; `limit` where it
   * goes beyond a limit.
   */
  encode(value: unknown): P;

  /**
   * Makes a value of Python's.
   *
   * @returns A new object, which shares nothing with what was given.
   * @throws {HoldfastError} `invalid-message` where it is no value of the type; `limit` where it goes beyond a limit.
   */
  decode(from: P): Record<string, unknown>;
}

/** For the fields of a message: a list. */
export type MessageCodec = RecordCodec<readonly PyValue[]>;

/** The codecs of a service. */
export interface Codec {
  /** For the connect arguments: a dictionary. */
  readonly connect: RecordCodec<Dict>;

  /**
   * Gives the codec of a message.
   *
   * @param name A message: one that {@link Shape.messages} lists.
   * @returns Its codec, made when it is first asked for.
   * @throws {HoldfastError} `unknown-message` if there is none of that name.
   */
  message(name: string): MessageCodec;
}

/**
 * Makes the codecs of a service. They keep nothing between two calls, so that all connections can share them.
 *
 * @param shape A valid definition's shape.
 * @param limits Bounds on the values of one message. Depths of many thousands would end in a stack overflow.
 * @returns The codecs.
 * @throws {HoldfastError} `invalid-argument` where the original's protocol can't say all of it.
 */
export function createCodec(shape: Shape, limits: ValueLimits): Codec {
  requireFit(shape);
  const codecs = valueCodecs(shape.types, limits);
  const messages = new Map<string, MessageCodec>();
  return {
    connect: outermost("connect", codecs.of(shape.connect) as Conversions<Dict>, codecs.budgets),
    message(name) {
      let codec = messages.get(name);
      if (codec === undefined) {
        if (!Object.hasOwn(shape.types, name)) {
          throw new HoldfastError("unknown-message", `${shape.service} has no message ${name}.`);
        }
        const conversions = codecs.message(shape.types[name] as RecordType);
        messages.set(name, codec = outermost(name, conversions, codecs.budgets));
      }
      return codec;
    },
  };
}

/** What throws failures, and leaves the budgets to the caller. */
interface Conversions<P extends PyValue> {
  readonly encode: (value: unknown) => P;
  readonly decode: (from: P) => unknown;
}

/** Starts and ends the budgets, and makes errors for the caller of failures. */
function outermost<P extends PyValue>(name: string, record: Conversions<P>, budgets: Budgets): RecordCodec<P> {
  return {
    encode: (value) => within(budgets.encode, () => record.encode(value), (error) => writeFailure(error).toError(name)),
    decode: (from) =>
      within(
        budgets.decode,
        () => record.decode(from) as Record<string, unknown>,
        (error) => readFailure(error).toError(name),
      ),
  };
}

function within<T>(budget: Budget, convert: () => T, errorOf: (error: unknown) => HoldfastError): T {
  budget.start();
  try {
    return convert();
  } catch (error) {
    throw errorOf(error);
  } finally {
    budget.end();
  }
}
